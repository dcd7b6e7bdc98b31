// Structs and classes. Floor 2 (syntax).

#include "syntax/parser_impl.h"

namespace vestige::syntax {

// struct [template] [private] [sealed] Name : Parent { members }, or `;` for none.
void Parser::ParseStruct(std::span<Annotation*> annotations) {
  StructDecl* decl = New<StructDecl>(Here());
  decl->annotations = annotations;
  decl->is_class = Is(TokenKind::kKwClass);
  Next();
  decl->is_template = Accept(TokenKind::kKwTemplate);
  decl->visibility = ParseVisibility();
  decl->is_sealed = Accept(TokenKind::kKwSealed);
  decl->place = Here();
  decl->name = ExpectName();
  if (Accept(TokenKind::kColon)) {
    decl->parent_place = Here();
    decl->parent = ParseQualifiedName();
  }
  if (Accept(TokenKind::kSemicolon)) {
    decl->has_body = false;
    return AddDecl(decl);
  }
  SkipLineEnds();
  if (!Is(TokenKind::kLeftBrace)) return Unexpected(TokenKind::kLeftBrace);
  decl->members = ParseMembers();
  AddDecl(decl);
}

std::span<StructMember> Parser::ParseMembers() {
  List<StructMember> members(*this);
  const size_t depth = frames_.size() + 1;
  Open(LineEnd::kSemicolon);
  while (!Is(TokenKind::kRightBrace) && !Is(TokenKind::kEndOfFile) && !Is(TokenKind::kStop)) {
    if (Accept(TokenKind::kNewLine) || Accept(TokenKind::kSemicolon)) continue;
    ParseMember(members);
    if (stopped_) Recover(depth);
  }
  Close(TokenKind::kRightBrace);
  return members.Take();
}

void Parser::ParseMember(List<StructMember>& members) {
  if (Is(TokenKind::kKwTypedef)) {
    members.Add({.alias = ParseTypedef()});
    return;
  }
  std::span<Annotation*> annotations;
  if (Is(TokenKind::kLeftBracket)) {
    annotations = ParseAnnotations();
    SkipLineEnds();
    if (!Is(TokenKind::kKwDef)) return Unexpected(TokenKind::kKwDef);
  }
  if (Is(TokenKind::kKwDef)) {
    members.Add({.method = ParseFunction(annotations, true)});
    return;
  }
  Variable prototype;
  prototype.tags = ParseTags();
  for (bool more = true; more;) {
    if (Accept(TokenKind::kKwStatic)) {
      prototype.is_static = true;
    } else if (Accept(TokenKind::kKwOverride)) {
      prototype.is_override = true;
    } else if (Accept(TokenKind::kKwSealed)) {
      prototype.is_sealed = true;
    } else if (Is(TokenKind::kKwPublic) || Is(TokenKind::kKwPrivate)) {
      prototype.visibility = ParseVisibility();
    } else {
      more = false;
    }
  }
  List<Variable> variables(*this);
  ParseVariables(variables, prototype);
  ExpectStatementEnd();
  if (stopped_) return;
  for (Variable& field : variables.Take()) members.Add({.field = &field});
}

}  // namespace vestige::syntax
