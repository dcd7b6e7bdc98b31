// Literals and closures as text.

#include "ast/printer.h"

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
    Tuple(*e);
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
    Interpolation(*e);
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

void Printer::Tuple(const ExprMakeTuple& tuple) {
  const std::span<const Text> names = tuple.recordNames.span();
  const std::span<void* const> values = tuple.values.span();
  for (size_t i = 0; i < values.size(); ++i) {
    if (i != 0) Put(",");
    if (i < names.size() && !names[i].view().empty()) {
      Put(names[i]);
      Put(" = ");
    }
    Node(values[i]);
  }
}

void Printer::Interpolation(const ExprStringBuilder& builder) {
  Put("\"");
  for (void* element : builder.elements.span()) {
    const auto* text = element != nullptr ? As<ExprConstString>(element) : nullptr;
    if (text != nullptr) {
      PutEscaped(text->value.view());
      continue;
    }
    // "{value:format}" is a call of fmt.
    const auto* call = element != nullptr ? As<ExprCall>(element) : nullptr;
    const std::span<void* const> arguments = call != nullptr ? call->arguments.span() : std::span<void* const>();
    const auto* format = arguments.size() == 2 && call->name.view() == "fmt" && arguments[0] != nullptr
                             ? As<ExprConstString>(arguments[0])
                             : nullptr;
    Put("{");
    Bare(format != nullptr ? arguments[1] : element);
    if (format != nullptr) Put(format->value);
    Put("}");
  }
  Put("\"");
}

namespace {

bool IsUntyped(const TypeDecl* type) {
  return type == nullptr || (type->baseType == BaseType::autoinfer && type->alias.view().empty() &&
                             (type->flags & ~uint32_t{kTypeConstant}) == 0);
}

}  // namespace

void Printer::Parameters(const List& list, bool of_closure) {
  bool first = true;
  for (void* node : list.span()) {
    if (!first) Put("; ");
    first = false;
    const auto* variable = static_cast<const Variable*>(node);
    if (variable != nullptr && (variable->flags & kVariableIsVar) != 0) Put("var ");
    if (of_closure && variable != nullptr && variable->init == nullptr && variable->tag == nullptr &&
        IsUntyped(variable->_type)) {
      Put(variable->name);
    } else {
      Node(node);
    }
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
    Captures(e->_capture);
    if (!e->_capture.span().empty()) Put(" ");
    Node(e->_block);
  } else if (const auto* e = As<ExprMakeGenerator>(node)) {
    Put("generator<");
    Node(e->iterType);
    Put(">");
    Captures(e->_capture);
    const std::span<void* const> arguments = e->arguments.span();
    if (arguments.size() == 1 && arguments[0] != nullptr && As<ExprBlock>(arguments[0]) != nullptr) {
      Body(arguments[0]);
    } else {
      Put("(");
      Arguments(e->arguments, ",");
      Put(")");
    }
  } else if (const auto* e = As<ExprArrayComprehension>(node)) {
    Put(e->tableSyntax ? "{" : e->generatorSyntax ? "[iterator " : "[");
    Node(e->exprFor);
    Put("; ");
    const auto* pair = e->tableSyntax && e->subexpr != nullptr ? As<ExprMakeTuple>(e->subexpr) : nullptr;
    if (pair != nullptr && pair->isKeyValue) {
      Arguments(pair->values, " => ");
    } else {
      Bare(e->subexpr);
    }
    if (e->exprWhere != nullptr) {
      Put("; where ");
      Bare(e->exprWhere);
    }
    Put(e->tableSyntax ? "}" : "]");
  } else {
    return false;
  }
  return true;
}

void Printer::Captures(const TextList& list) {
  bool first = true;
  for (const Text& capture : list.span()) {
    Put(first ? " capture(" : ", ");
    first = false;
    Put(capture);
  }
  if (!first) Put(")");
}

}  // namespace vestige::ast
