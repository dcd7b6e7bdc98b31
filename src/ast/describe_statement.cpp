// Literals, closures and statements as text.

#include "ast/printer.h"
#include "fmt/format.h"

namespace vestige::ast {

bool Printer::Literal(void* node) {
  const auto of_type = [&](std::string_view word, TypeDecl* type) {
    Put(word);
    if (type == nullptr) return;
    Put("<");
    Node(type);
    Put(">");
  };
  if (const auto* e = As<ExprMakeTuple>(node)) {
    Put("tuple(");
    Arguments(e->values, ",");
    Put(")");
  } else if (const auto* e = As<ExprMakeArray>(node)) {
    of_type("fixed_array", e->makeType);
    Put("(");
    Arguments(e->values, ", ");
    Put(")");
  } else if (const auto* e = As<ExprMakeStruct>(node)) {
    of_type(e->structs.span().empty() ? "default" : "struct", e->makeType);
    if (!e->structs.span().empty()) {
      Put("(");
      Arguments(e->structs, "; ");
      Put(")");
    }
  } else if (const auto* e = As<ExprStringBuilder>(node)) {
    Put("string_builder(");
    Arguments(e->elements, ", ");
    Put(")");
  } else if (const auto* e = As<ExprNew>(node)) {
    Put("new ");
    Node(e->typeexpr);
    if (e->initializer || !e->arguments.span().empty()) {
      Put("(");
      Arguments(e->arguments, ",", true);
      Put(")");
    }
  } else if (const auto* e = As<ExprAscend>(node)) {
    Put("new ");
    Node(e->subexpr);
  } else if (const auto* e = As<ExprCast>(node)) {
    of_type((e->castFlags & 2) != 0 ? "reinterpret" : (e->castFlags & 1) != 0 ? "upcast" : "cast", e->castType);
    Put("(");
    Node(e->subexpr);
    Put(")");
  } else if (const auto* e = As<ExprRef2Ptr>(node)) {
    Put("addr(");
    Node(e->subexpr);
    Put(")");
  } else if (const auto* e = As<ExprPtr2Ref>(node)) {
    Put("deref(");
    Node(e->subexpr);
    Put(")");
  } else if (const auto* e = As<ExprTypeInfo>(node)) {
    Put("typeinfo ");
    Put(e->trait);
    if (!e->subtrait.view().empty()) {
      Put("<");
      Put(e->subtrait);
      if (!e->extratrait.view().empty()) {
        Put(";");
        Put(e->extratrait);
      }
      Put(">");
    }
    Put("(");
    if (e->typeexpr != nullptr) of_type("type", e->typeexpr);
    Bare(e->subexpr);
    Put(")");
  } else if (const auto* e = As<ExprTypeDecl>(node)) {
    of_type("type", e->typeexpr);
  } else {
    return false;
  }
  return true;
}

void Printer::Parameters(const List& list) {
  bool first = true;
  for (void* node : list.span()) {
    if (!first) Put("; ");
    first = false;
    const auto* variable = static_cast<const Variable*>(node);
    if (variable != nullptr && (variable->flags & kVariableIsVar) != 0) Put("var ");
    Node(node);
  }
}

bool Printer::Closure(void* node) {
  if (const auto* e = As<ExprAddr>(node)) {
    Put("@@");
    if (e->funcType != nullptr) {
      Put("<");
      Node(e->funcType);
      Put(">");
    }
    if (e->tag != nullptr) {
      Node(e->tag);
    } else {
      Put(e->target);
    }
  } else if (const auto* e = As<ExprMakeBlock>(node)) {
    Put(e->form == 1 ? "@" : e->form == 2 ? "@@" : "$");
    bool first = true;
    for (const Text& capture : e->_capture.span()) {
      Put(first ? " capture(" : ", ");
      first = false;
      Put(capture);
    }
    if (!first) Put(") ");
    Node(e->_block);
  } else if (const auto* e = As<ExprMakeGenerator>(node)) {
    Put("generator<");
    Node(e->iterType);
    Put(">(");
    Arguments(e->arguments, ",");
    Put(")");
  } else if (const auto* e = As<ExprArrayComprehension>(node)) {
    Put(e->tableSyntax ? "{" : e->generatorSyntax ? "[[" : "[{");
    Node(e->exprFor);
    Put("; ");
    Bare(e->subexpr);
    if (e->exprWhere != nullptr) {
      Put("; where ");
      Bare(e->exprWhere);
    }
    Put(e->tableSyntax ? "}" : e->generatorSyntax ? "]]" : "}]");
  } else {
    return false;
  }
  return true;
}

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
    Parameters(block.arguments);
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
    Put("assume ");
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
  Put("def ");
  Put(function.name);
  if (!function.arguments.span().empty()) {
    Put("(");
    Parameters(function.arguments);
    Put(")");
  }
  if (function.result != nullptr) {
    Put(" : ");
    Node(function.result);
  }
  Body(function.body);
}

void Printer::OfMembers(std::string_view word, const Text& name, const List& members) {
  Put(word);
  Put(" ");
  Put(name);
  Put(" ");
  Braces(members);
}

}  // namespace vestige::ast
