// Files: the list of declarations, and all of them but structs and functions. Floor 2 (syntax).

#include "syntax/lexer.h"
#include "syntax/parser_impl.h"

namespace vestige::syntax {

constexpr int kCodeNoFile = 20603;

Module* Parser::ParseModule() {
  module_ = arena_.New<Module>();
  while (!Is(TokenKind::kEndOfFile)) {
    if (Accept(TokenKind::kNewLine) || Accept(TokenKind::kSemicolon)) continue;
    ParseTopLevel();
    if (stopped_) Recover(0);
  }
  module_->options = arena_.Copy(options_);
  module_->requires_list = arena_.Copy(requires_);
  module_->expectations = arena_.Copy(expectations_);
  module_->declarations = arena_.Copy(declarations_);
  return module_;
}

void Parser::ParseTopLevel() {
  std::span<Annotation*> annotations;
  if (Is(TokenKind::kLeftBracket)) {
    annotations = ParseAnnotations();
    SkipLineEnds();
    if (!Is(TokenKind::kKwDef) && !Is(TokenKind::kKwStruct) && !Is(TokenKind::kKwClass) && !Is(TokenKind::kKwEnum)) {
      return Unexpected();
    }
  }
  switch (kind_) {
    case TokenKind::kKwDef:
      return AddDecl(ParseFunction(annotations, false));
    case TokenKind::kKwStruct:
    case TokenKind::kKwClass:
      return ParseStruct(annotations);
    case TokenKind::kKwEnum:
      return ParseEnum(annotations);
    case TokenKind::kTypeBitfield:
      return ParseBitfield();
    case TokenKind::kKwTuple:
      return ParseMembersAlias(true);
    case TokenKind::kKwVariant:
      return ParseMembersAlias(false);
    case TokenKind::kKwTypedef:
      return AddDecl(ParseTypedef());
    case TokenKind::kKwLet:
    case TokenKind::kKwVar:
      return ParseGlobals();
    case TokenKind::kKwModule:
      return ParseModuleLine();
    case TokenKind::kKwOptions:
      return ParseOptions();
    case TokenKind::kKwRequire:
      return ParseRequire();
    case TokenKind::kKwExpect:
      return ParseExpect();
    case TokenKind::kReader:
      return ParseReaderDecl();
    case TokenKind::kKwInclude:
      return ParseInclude();
    default:
      return Unexpected();
  }
}

Visibility Parser::ParseVisibility() {
  if (Accept(TokenKind::kKwPublic)) return Visibility::kPublic;
  if (Accept(TokenKind::kKwPrivate)) return Visibility::kPrivate;
  return Visibility::kDefault;
}

// module NAME shared public !inscope
void Parser::ParseModuleLine() {
  const Place keyword = Here();
  Next();
  const Place place = Here();
  const base::Symbol name = Accept(TokenKind::kDollar) ? Intern("$") : ExpectName();
  if (stopped_) return;
  if (!module_->name.empty()) {
    Complain(place, 20510, "this module already has a name " + std::string(module_->name.text()));
  } else if (!declarations_.empty()) {
    Complain(keyword, kCodeSyntax, "module name has to be first declaration");
  }
  module_->name = name;
  module_->place = place;
  module_->is_shared = Accept(TokenKind::kKwShared);
  module_->visibility = ParseVisibility();
  if (Accept(TokenKind::kBang)) {
    module_->is_inscope = true;
    Expect(TokenKind::kKwInscope);
  }
}

void Parser::ParseOptions() {
  Next();
  do {
    const AnnotationArgument option = ParseAnnotationArgument();
    if (!stopped_) options_.push_back(option);
  } while (Accept(TokenKind::kComma));
  ExpectStatementEnd();
}

// Names joined by `/` and `.`, possibly behind `./`, `../` or `%/`, as written.
base::Symbol Parser::ParseModulePath() {
  std::string path;
  while (Is(TokenKind::kDot) || Is(TokenKind::kDotDot) || Is(TokenKind::kPercent)) {
    path += TokenText(kind_);
    Next();
    if (Accept(TokenKind::kSlash)) path += '/';
  }
  while (true) {
    path += ExpectName().text();
    if (!Is(TokenKind::kSlash) && !Is(TokenKind::kDot)) break;
    path += TokenText(kind_);
    Next();
  }
  return Intern(path);
}

void Parser::ParseRequire() {
  Next();
  Require require;
  if (Accept(TokenKind::kQuestion)) require.guard = ParseModulePath();
  require.place = Here();
  const uint32_t first = pos_;
  require.path = ParseModulePath();
  if (stopped_) return;
  require.place.length = std::max<uint32_t>(1, static_cast<uint32_t>(require.path.text().size()));
  require.place.location = LocationOf(first);
  if (Accept(TokenKind::kKwAs)) require.alias = ExpectName();
  require.is_public = Accept(TokenKind::kKwPublic);
  if (!stopped_) requires_.push_back(require);
  ExpectStatementEnd();
}

// The file is parsed where it is named; what it holds is added to the lists of this one.
void Parser::ParseInclude() {
  const Place keyword = Here();
  Next();
  Place place = Here();
  const base::Symbol path = ParseModulePath();
  if (stopped_) return;
  place.length = std::max<uint32_t>(1, static_cast<uint32_t>(path.text().size()));
  if (includes_ == nullptr) return Fail(keyword, kCodeSyntax, "there are no files to include here");
  const IncludeReader::Answer answer = includes_->Open(path.text(), place.location);
  if (!answer.error.empty()) Complain(place, kCodeNoFile, answer.error);
  ExpectStatementEnd();
  if (answer.file == nullptr || sink_ == nullptr) return;
  const Module* part = Parser(*answer.file, interner_, arena_, sink_, includes_).ParseModule();
  if (!part->name.empty()) Complain(part->place, 20510, "an included file belongs to the module that includes it");
  options_.insert(options_.end(), part->options.begin(), part->options.end());
  requires_.insert(requires_.end(), part->requires_list.begin(), part->requires_list.end());
  expectations_.insert(expectations_.end(), part->expectations.begin(), part->expectations.end());
  declarations_.insert(declarations_.end(), part->declarations.begin(), part->declarations.end());
}

void Parser::ParseExpect() {
  Next();
  do {
    Expectation expectation;
    expectation.place = Here();
    expectation.code = static_cast<int32_t>(Payload());
    if (!Expect(TokenKind::kInteger)) return;
    if (Accept(TokenKind::kColon)) {
      expectation.count = static_cast<int32_t>(Payload());
      if (!Expect(TokenKind::kInteger)) return;
    }
    expectations_.push_back(expectation);
  } while (Accept(TokenKind::kComma));
}

// let / var [shared] [private] name : type = init, or the same for a group in braces.
void Parser::ParseGlobals() {
  GlobalsDecl* globals = New<GlobalsDecl>(Here());
  globals->is_var = Is(TokenKind::kKwVar);
  Next();
  globals->is_shared = Accept(TokenKind::kKwShared);
  globals->visibility = ParseVisibility();
  Variable prototype;
  prototype.is_var = globals->is_var;
  List<Variable> variables(*this);
  SkipLineEnds();
  if (Is(TokenKind::kLeftBrace)) {
    globals->is_group = true;
    const size_t depth = frames_.size();
    Open(LineEnd::kSemicolon);
    while (!Is(TokenKind::kRightBrace) && !Is(TokenKind::kEndOfFile) && !Is(TokenKind::kStop)) {
      if (Accept(TokenKind::kNewLine) || Accept(TokenKind::kSemicolon)) continue;
      prototype.tags = ParseTags();
      ParseVariables(variables, prototype);
      ExpectStatementEnd();
      if (stopped_) Recover(depth + 1);
    }
    Close(TokenKind::kRightBrace);
  } else {
    prototype.tags = ParseTags();
    ParseVariables(variables, prototype);
    ExpectStatementEnd();
  }
  if (stopped_) return;
  globals->variables = variables.Take();
  if (!globals->variables.empty()) globals->place = globals->variables.front().place;
  AddDecl(globals);
}

// name [= value], separated by commas or line ends; the cursor is at the opening brace.
std::span<EnumValue> Parser::ParseEnumValues() {
  List<EnumValue> values(*this);
  if (!Is(TokenKind::kLeftBrace)) {
    Unexpected(TokenKind::kLeftBrace);
    return {};
  }
  Open(LineEnd::kComma);
  while (!Is(TokenKind::kRightBrace) && !Is(TokenKind::kStop)) {
    if (Accept(TokenKind::kNewLine) || Accept(TokenKind::kComma)) continue;
    EnumValue value;
    value.place = Here();
    value.name = ExpectName();
    if (Accept(TokenKind::kEqual)) value.value = ParseExpr();
    values.Add(value);
    if (!Is(TokenKind::kNewLine) && !Is(TokenKind::kComma) && !Is(TokenKind::kRightBrace)) Unexpected();
  }
  Close(TokenKind::kRightBrace);
  return values.Take();
}

void Parser::ParseEnum(std::span<Annotation*> annotations) {
  Next();
  EnumDecl* decl = New<EnumDecl>(Here());
  decl->annotations = annotations;
  decl->visibility = ParseVisibility();
  decl->place = Here();
  decl->name = ExpectName();
  decl->storage = BasicType::kInt;
  if (Accept(TokenKind::kColon)) {
    if (!IsBasicType(kind_)) return Unexpected();
    decl->has_storage = true;
    decl->storage = BasicTypeOf(kind_);
    Next();
  }
  SkipLineEnds();
  decl->values = ParseEnumValues();
  AddDecl(decl);
}

void Parser::ParseBitfield() {
  Next();
  BitfieldDecl* decl = New<BitfieldDecl>(Here());
  decl->visibility = ParseVisibility();
  decl->place = Here();
  decl->name = ExpectName();
  decl->storage = BasicType::kUInt;
  if (Accept(TokenKind::kColon)) {
    if (!IsBasicType(kind_)) return Unexpected();
    decl->has_storage = true;
    decl->storage = BasicTypeOf(kind_);
    Next();
  }
  SkipLineEnds();
  decl->bits = ParseEnumValues();
  AddDecl(decl);
}

// tuple Name { a : int; string }, variant Name { a : int; b : string }.
void Parser::ParseMembersAlias(bool is_tuple) {
  const Place keyword = Here();
  Next();
  AliasDecl* decl = New<AliasDecl>(keyword);
  decl->has_body = true;
  decl->visibility = ParseVisibility();
  decl->place = Here();
  decl->name = ExpectName();
  SkipLineEnds();
  if (!Is(TokenKind::kLeftBrace)) return Unexpected(TokenKind::kLeftBrace);
  Open(LineEnd::kSemicolon);
  const std::span<TypeMember> members = ParseTypeMembers(!is_tuple);
  Close(TokenKind::kRightBrace);
  if (is_tuple) {
    TupleTypeExpr* type = New<TupleTypeExpr>(decl->place);
    type->members = members;
    decl->type = type;
  } else {
    VariantTypeExpr* type = New<VariantTypeExpr>(decl->place);
    type->members = members;
    decl->type = type;
  }
  AddDecl(decl);
}

// typedef [private] [distinct] Name = type
AliasDecl* Parser::ParseTypedef() {
  Next();
  AliasDecl* decl = New<AliasDecl>(Here());
  decl->visibility = ParseVisibility();
  if (Is(TokenKind::kName) && PeekKind() == TokenKind::kName) {
    if (SymbolOf(Payload()).text() != "distinct") {
      Fail(Here(), kCodeSyntax, "expected 'distinct', got '" + std::string(SymbolOf(Payload()).text()) + "'");
    }
    decl->is_distinct = true;
    Next();
  }
  decl->place = Here();
  decl->name = ExpectName();
  Expect(TokenKind::kEqual);
  decl->type = ParseType();
  ExpectStatementEnd();
  return decl;
}

void Parser::ParseReaderDecl() {
  ReaderDecl* decl = New<ReaderDecl>(Here());
  decl->reader = As<ReaderExpr>(ParseReader());
  AddDecl(decl);
}

}  // namespace vestige::syntax
