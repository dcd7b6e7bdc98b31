// Statements and declarations as text.

#include "ast/printer.h"
#include "fmt/format.h"

namespace vestige::ast {

void Printer::Line() {
  text_.push_back('\n');
  text_.append(static_cast<size_t>(indent_), '\t');
}

void Printer::Braces(const List& list) {
  Put("{");
  ++indent_;
  for (void* node : list.span()) {
    Line();
    Bare(node);
  }
  --indent_;
  Line();
  Put("}");
}

void Printer::BlockLines(const ExprBlock& block) {
  if ((block.blockFlags & kBlockIsClosure) != 0 && (block.returnType != nullptr || !block.arguments.span().empty())) {
    Put("(");
    Parameters(block.arguments, true);
    Put(")");
    if (block.returnType != nullptr) {
      Put(":");
      Node(block.returnType);
    }
    Put(" ");
  }
  Braces(block.list);
  if (block.finalList.span().empty()) return;
  Put(" finally ");
  Braces(block.finalList);
}

void Printer::Body(void* node) {
  if (node == nullptr) return;
  Put(" ");
  Node(node);
}

bool Printer::Statement(void* node) {
  if (const auto* s = As<ExprBlock>(node)) {
    BlockLines(*s);
  } else if (const auto* s = As<ExprLet>(node)) {
    Put((s->letFlags & kLetIsVar) != 0 ? "var " : "let ");
    if ((s->letFlags & kLetInScope) != 0) Put("inscope ");
    Arguments(s->variables, "; ");
  } else if (const auto* s = As<ExprIfThenElse>(node)) {
    Put((s->if_flags & kIfStatic) != 0 ? "static_if ( " : "if ( ");
    Bare(s->cond);
    Put(" )");
    Body(s->if_true);
    if (s->if_false != nullptr) Put(" else");
    Body(s->if_false);
  } else if (const auto* s = As<ExprFor>(node)) {
    Put("for ( ");
    bool first = true;
    for (const Text& name : s->iterators.span()) {
      if (!first) Put(", ");
      first = false;
      Put(name);
    }
    Put(" in ");
    Arguments(s->sources, ",");
    Put(" )");
    Body(s->body);
  } else if (const auto* s = As<ExprWhile>(node)) {
    Put("while ( ");
    Bare(s->cond);
    Put(" )");
    Body(s->body);
  } else if (const auto* s = As<ExprWith>(node)) {
    Put("with ( ");
    if (!s->moduleName.view().empty()) Put("module ");
    Put(s->moduleName);
    Node(s->_with);
    Put(" )");
    Body(s->body);
  } else if (const auto* s = As<ExprUnsafe>(node)) {
    Put("unsafe");
    Body(s->body);
  } else if (const auto* s = As<ExprTryCatch>(node)) {
    Put("try");
    Body(s->try_block);
    Put(" recover");
    Body(s->catch_block);
  } else {
    return false;
  }
  return true;
}

bool Printer::Jump(void* node) {
  const auto result = [&](std::string_view word, const auto* s) {
    Put(word);
    if ((s->returnFlags & kReturnMoves) != 0) Put(" <-");
    if (s->subexpr == nullptr) return;
    Put(" ");
    Bare(s->subexpr);
  };
  if (const auto* s = As<ExprReturn>(node)) {
    result("return", s);
  } else if (const auto* s = As<ExprYield>(node)) {
    result("yield", s);
  } else if (As<ExprBreak>(node) != nullptr) {
    Put("break");
  } else if (As<ExprContinue>(node) != nullptr) {
    Put("continue");
  } else if (const auto* s = As<ExprDelete>(node)) {
    Put("delete");
    Body(s->subexpr);
  } else if (const auto* s = As<ExprAssume>(node)) {
    Put(s->assumeType != nullptr ? "typedef " : "assume ");
    Put(s->alias);
    Put(" = ");
    Node(s->subexpr);
    Node(s->assumeType);
  } else if (const auto* s = As<ExprLabel>(node)) {
    Put(fmt::format("label {}:", s->labelName));
  } else if (const auto* s = As<ExprGoto>(node)) {
    Put(s->subexpr == nullptr ? fmt::format("goto label {}", s->labelName) : std::string("goto"));
    Body(s->subexpr);
  } else {
    return false;
  }
  return true;
}

void Printer::OfVariable(const Variable& variable) {
  if (variable.tag != nullptr) {
    Node(variable.tag);
  } else {
    Put(variable.name);
  }
  if (!variable._aka.view().empty()) {
    Put(" aka ");
    Put(variable._aka);
  }
  if (variable._type != nullptr) {
    Put(":");
    Node(variable._type);
  }
  if (variable.init == nullptr) return;
  Put((variable.flags & kVariableMoves) != 0 ? " <- " : (variable.flags & kVariableClones) != 0 ? " := " : " = ");
  Node(variable.init);
}

void Printer::OfFunction(const Function& function) {
  if ((function.flags & kFunctionExports) != 0) Put("[export]\n");
  if ((function.flags & kFunctionIsInit) != 0) Put("[init]\n");
  if ((function.flags & kFunctionIsShutdown) != 0) Put("[finalize]\n");
  Put((function.flags & kFunctionIsPrivate) != 0 ? "def private " : "def ");
  FunctionName(function.name.view());
  if (!function.arguments.span().empty()) {
    Put("(");
    Parameters(function.arguments, false);
    Put(")");
  }
  if (function.result != nullptr) {
    Put(" : ");
    Node(function.result);
  }
  Body(function.body);
}

// Operators have names that are no names: `+`, `[]`, `.`field`, `is`Type`.
void Printer::FunctionName(std::string_view name) {
  constexpr std::string_view kWords[] = {"is`", "as`", "?as`", ".`", "?.`"};
  for (const std::string_view word : kWords) {
    if (!name.starts_with(word)) continue;
    Put("operator ");
    Put(word.substr(0, word.size() - 1));
    Put(" ");
    return Put(name.substr(word.size()));
  }
  const char first = name.empty() ? '_' : name.front();
  const bool is_letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
  if (!is_letter && first != '`') Put("operator ");
  Put(name);
}

void Printer::OfMembers(std::string_view word, const Text& name, const List& members) {
  Put(word);
  Put(" ");
  Put(name);
  Put(" ");
  Braces(members);
}

}  // namespace vestige::ast
