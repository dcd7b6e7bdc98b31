"""Reading C++ sources just well enough to count: comments and literals blanked, functions and declarations found.

Not a parser. It relies on the house format (clang-format), in which a function's header stands on its own lines.
"""

import re

_TOKEN = re.compile(
    r'R"(?P<tag>[^()\s\\]{0,16})\(.*?\)(?P=tag)"'  # raw string
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])*'"
    r"|//[^\n]*"
    r"|/\*.*?\*/",
    re.DOTALL,
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)


def _blank(match):
    text = match.group(0)
    filler = '"' if text[0] in "\"R'" else " "
    blanked = "".join("\n" if character == "\n" else " " for character in text)
    return filler + blanked[1:-1] + filler if filler == '"' and len(text) > 1 else blanked


def without_noise(text):
    """`text` with comments, literals and preprocessor lines blanked; every line keeps its number."""
    quiet = _TOKEN.sub(_blank, text)
    return _DIRECTIVE.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), quiet)


_NOT_FUNCTION = re.compile(r"^(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b|=\s*$|\breturn\b")
_NAME = re.compile(r"([~\w:]+|operator\s*[^\s\w(]+|operator\(\))\s*\($")


def _function_name(head):
    """The name before the first parenthesis at depth 0 of a function's header, or None."""
    depth = 0
    for index, character in enumerate(head):
        if character == "<":
            depth += 1
        elif character == ">" and depth > 0:
            depth -= 1
        elif character == "(" and depth == 0:
            found = _NAME.search(head[: index + 1])
            return found.group(1) if found else "?"
    return None


def functions(text):
    """Yields (name, first line, line count) of every function body that is not inside another one."""
    quiet = without_noise(text)
    stack = []  # per open brace: (is function, name, first line)
    head_start = 0
    line = 1
    head_line = None
    parentheses = 0
    for index, character in enumerate(quiet):
        if character == "\n":
            line += 1
            continue
        if character == "(":
            parentheses += 1
        elif character == ")":
            parentheses -= 1
        if head_line is None and not character.isspace():
            head_line = line
        if character == "{":
            head = " ".join(quiet[head_start:index].split())
            head = re.sub(r"^(?:public|private|protected):\s*", "", head)
            inside = any(entry[0] for entry in stack)
            name = None
            if not inside and parentheses == 0 and not _NOT_FUNCTION.search(re.sub(r"^template <.*?> ", "", head)):
                name = _function_name(head)
            stack.append((name is not None, name, head_line))
        elif character == "}":
            if stack:
                is_function, name, first = stack.pop()
                if is_function:
                    yield name, first, line - first + 1
        if character in "{}" or (character == ";" and parentheses == 0):
            head_start = index + 1
            head_line = None


def undocumented(text):
    """Yields (line, text) of every declaration of a header at namespace or public class scope without a comment.

    A declaration is documented by a comment that ends on the line above it or stands on its own line. Forward
    declarations, defaulted and deleted members, destructors and using-declarations need none. Data members of a struct
    may leave it to the struct's own comment and their names.
    """
    lines = text.split("\n")
    quiet_lines = without_noise(text).split("\n")
    comment_lines = {
        number
        for number, (raw, quiet) in enumerate(zip(lines, quiet_lines), 1)
        if "//" in raw and "//" not in quiet
    }
    only_comment = {number for number in comment_lines if not quiet_lines[number - 1].strip()}

    scopes = []  # "open" scopes are looked into, "closed" ones (bodies, private parts) are not
    statement = []
    first = None
    for number, quiet in enumerate(quiet_lines, 1):
        for character in quiet:
            if first is None and not character.isspace() and character not in "};,":
                first = number
                statement = []
            statement.append(character)
            head = " ".join("".join(statement).split())
            looked_into = all(kind == "open" for kind, _ in scopes)
            if character == ":" and re.fullmatch(r"(public|private|protected):", head):
                if scopes:
                    scopes[-1] = ("open" if head == "public:" else "private", scopes[-1][1])
                first = None
            elif character == "{":
                opens = re.search(r"\b(namespace|class|struct|union|enum)\b", head) and "(" not in head
                if looked_into and first and not head.startswith("namespace") and head.count("(") == head.count(")"):
                    if _needs_comment(head) and not _has_comment(first, number, only_comment, comment_lines):
                        yield first, head
                if opens:
                    private = re.match(r"^(template <.*?> )?class\b", head)
                    scopes.append(("private" if private else "open", _scope_kind(head)))
                else:
                    scopes.append(("body", "body"))
                first = None
            elif character == "}":
                if scopes and scopes[-1][1] == "enum" and scopes[-1][0] == "open" and first:
                    if not _has_comment(first, number, only_comment, comment_lines):
                        yield first, head
                if scopes:
                    scopes.pop()
                first = None
            elif character == ";" or (character == "," and scopes and scopes[-1][1] == "enum"):
                is_field = scopes and scopes[-1][1] == "struct" and character == ";" and "(" not in head
                if looked_into and first and _needs_comment(head) and not is_field:
                    if not _has_comment(first, number, only_comment, comment_lines):
                        yield first, head
                first = None


def _scope_kind(head):
    if re.search(r"\benum\b", head):
        return "enum"
    return "struct" if re.search(r"\bstruct\b", head) else "scope"


def _needs_comment(head):
    if re.search(r"=\s*(default|delete);?$", head) or re.match(r"^(using|friend|static_assert|extern)\b", head):
        return False
    if re.match(r"^(enum )?(class|struct|enum) [\w:]+;$", head):  # forward declarations
        return False
    return not re.match(r"^(virtual )?~", head)


def _has_comment(first, last, only_comment, comment_lines):
    return first - 1 in only_comment or any(number in comment_lines for number in range(first, last + 1))
