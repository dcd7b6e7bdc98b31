#include "ast/describe.h"

#include <charconv>
#include <string>

#include "ast/printer.h"
#include "fmt/format.h"

namespace vestige::ast {

namespace {

// Shortest text that reads back as the same number.
template <typename T>
std::string Shortest(T value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof(text), value);
  return std::string(text, end.ptr);
}

// A call without results of its own: name(arguments).
template <typename T>
const T* CallAs(void* node) {
  return NodeHeader::Of(node)->kind == KindOfNode<T>::kValue ? static_cast<const T*>(node) : nullptr;
}

}  // namespace

std::string DescribeNode(NodeHeader* header) {
  Printer printer;
  printer.Node(header->node());
  return printer.Take();
}

void Printer::Node(void* node) {
  if (node == nullptr) return;
  if (InfoOf(NodeHeader::Of(node)->kind).family != NodeKind::kExpression) next_is_bare_ = false;
  if (depth_ >= kMaxDepth || text_.size() >= kMaxBytes) {
    Put("...");
    return;
  }
  ++depth_;
  const NodeHeader& header = *NodeHeader::Of(node);
  switch (InfoOf(header.kind).family) {
    case NodeKind::kTypeDecl:
      Type(static_cast<const TypeDecl*>(node));
      break;
    case NodeKind::kVariable:
      OfVariable(*static_cast<const Variable*>(node));
      break;
    case NodeKind::kMakeFieldDecl:
      OfField(*static_cast<const MakeFieldDecl*>(node), " = ", " <- ");
      break;
    case NodeKind::kMakeStruct:
      Arguments(static_cast<const MakeStruct*>(node)->list, ", ");
      break;
    case NodeKind::kFunction:
      OfFunction(*static_cast<const Function*>(node));
      break;
    case NodeKind::kEnumeration:
      OfMembers("enum", static_cast<const Enumeration*>(node)->name, static_cast<const Enumeration*>(node)->list);
      break;
    case NodeKind::kStructure:
      OfMembers((static_cast<const Structure*>(node)->flags & kStructureIsClass) != 0 ? "class" : "struct",
                static_cast<const Structure*>(node)->name, static_cast<const Structure*>(node)->fields);
      break;
    default:
      Expr(node);
  }
  --depth_;
}

void Printer::Expr(void* node) {
  const bool is_bare = next_is_bare_;
  next_is_bare_ = false;
  if ((static_cast<const Expression*>(node)->genFlags & kAlwaysSafe) == 0) return Described(node, is_bare);
  Put("unsafe(");
  Described(node, true);
  Put(")");
}

void Printer::Described(void* node, bool is_bare) {
  if (Constant(node) || Operator(node, is_bare) || Assignment(node, is_bare) || Access(node) || Call(node) ||
      Literal(node) || Closure(node))
    return;
  if (Statement(node)) return;
  Jump(node);
}

void Printer::PutString(std::string_view text) {
  Put("\"");
  PutEscaped(text);
  Put("\"");
}

void Printer::PutEscaped(std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\n':
        Put("\\n");
        break;
      case '\t':
        Put("\\t");
        break;
      case '\r':
        Put("\\r");
        break;
      case '"':
      case '\\':
      case '{':
      case '}':
        text_.push_back('\\');
        text_.push_back(c);
        break;
      default:
        text_.push_back(c);
    }
  }
}

bool Printer::Constant(void* node) {
  if (const auto* c = As<ExprConstInt>(node)) {
    Put(fmt::format("{}", c->value));
  } else if (const auto* c = As<ExprConstUInt>(node)) {
    Put(fmt::format("{:#x}", c->value));
  } else if (const auto* c = As<ExprConstUInt8>(node)) {
    Put(fmt::format("{:#x}u8", c->value));
  } else if (const auto* c = As<ExprConstInt64>(node)) {
    Put(fmt::format("{}l", c->value));
  } else if (const auto* c = As<ExprConstUInt64>(node)) {
    Put(fmt::format("{:#x}ul", c->value));
  } else if (const auto* c = As<ExprConstFloat>(node)) {
    Put(Shortest(c->value) + "f");
  } else if (const auto* c = As<ExprConstDouble>(node)) {
    Put(Shortest(c->value) + "lf");
  } else if (const auto* c = As<ExprConstBool>(node)) {
    Put(c->value ? "true" : "false");
  } else if (const auto* c = As<ExprConstString>(node)) {
    PutString(c->value.view());
  } else if (As<ExprConstPtr>(node) != nullptr) {
    Put("null");
  } else if (const auto* var = As<ExprVar>(node)) {
    Put(var->name);
  } else if (const auto* tag = As<ExprTag>(node)) {
    Put("$");
    Put(tag->name);
    Put("(");
    Node(tag->subexpr);
    Put(")");
  } else {
    return false;
  }
  return true;
}

bool Printer::Operator(void* node, bool is_bare) {
  if (const auto* op = As<ExprOp1>(node)) {
    const bool is_behind = op->op.view() == "+++" || op->op.view() == "---";
    const bool is_plain = is_bare || (op->subexpr != nullptr && As<ExprVar>(op->subexpr) != nullptr);
    if (!is_behind) Put(op->op);
    if (!is_plain) Put("(");
    Node(op->subexpr);
    if (is_behind) Put(op->op.view().substr(1));
    if (!is_plain) Put(")");
  } else if (const auto* op = As<ExprOp2>(node)) {
    if (!is_bare) Put("(");
    Node(op->left);
    Put(" ");
    Put(op->op);
    Put(" ");
    Node(op->right);
    if (!is_bare) Put(")");
  } else if (const auto* op = As<ExprOp3>(node)) {
    if (!is_bare) Put("(");
    Node(op->subexpr);
    Put(" ? ");
    Node(op->left);
    Put(" : ");
    Node(op->right);
    if (!is_bare) Put(")");
  } else if (const auto* op = As<ExprNullCoalescing>(node)) {
    Node(op->subexpr);
    Put(" ?? ");
    Node(op->defaultValue);
  } else if (const auto* op = As<ExprIs>(node)) {
    Node(op->subexpr);
    Put(" is type<");
    Node(op->typeexpr);
    Put(">");
  } else {
    return false;
  }
  return true;
}

// The right side of a statement stands alone, too.
bool Printer::Assignment(void* node, bool is_bare) {
  if (const auto* op = As<ExprCopy>(node)) {
    Node(op->left);
    Put(" = ");
    next_is_bare_ = is_bare;
    Node(op->right);
  } else if (const auto* op = As<ExprMove>(node)) {
    Node(op->left);
    Put(" <- ");
    Node(op->right);
  } else if (const auto* op = As<ExprClone>(node)) {
    Node(op->left);
    Put(" := ");
    next_is_bare_ = is_bare;
    Node(op->right);
  } else {
    return false;
  }
  next_is_bare_ = false;
  return true;
}

bool Printer::Access(void* node) {
  const auto field = [&](const auto* access, std::string_view sign) {
    Node(access->value);
    Put(sign);
    if (access->tag != nullptr) {
      Node(access->tag);
    } else {
      Put(access->name);
    }
  };
  const auto at = [&](const auto* access, std::string_view open) {
    Node(access->subexpr);
    Put(open);
    Node(access->index);
    Put("]");
  };
  if (const auto* access = As<ExprField>(node)) {
    field(access, ".");
  } else if (const auto* access = As<ExprSafeField>(node)) {
    field(access, "?.");
  } else if (const auto* access = As<ExprIsVariant>(node)) {
    field(access, " is ");
  } else if (const auto* access = As<ExprAsVariant>(node)) {
    field(access, " as ");
  } else if (const auto* access = As<ExprSafeAsVariant>(node)) {
    field(access, " ?as ");
  } else if (const auto* access = As<ExprAt>(node)) {
    at(access, "[");
  } else if (const auto* access = As<ExprSafeAt>(node)) {
    at(access, "?[");
  } else {
    return false;
  }
  return true;
}

void Printer::Arguments(const List& list, std::string_view between, bool are_bare) {
  bool first = true;
  for (void* node : list.span()) {
    if (!first) Put(between);
    first = false;
    next_is_bare_ = are_bare;
    Node(node);
    next_is_bare_ = false;
  }
}

void Printer::OfField(const MakeFieldDecl& field, std::string_view copies, std::string_view moves) {
  Put(field.name);
  Put((field.flags & kFieldMoves) != 0 ? moves : (field.flags & kFieldClones) != 0 ? " := " : copies);
  Node(field.value);
}

bool Printer::MethodCall(const ExprInvoke& invoke) {
  const std::span<void* const> arguments = invoke.arguments.span();
  if (!invoke.isInvokeMethod || arguments.empty() || arguments[0] == nullptr) return false;
  Node(arguments[0]);
  Put("(");
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (i > 1) Put(",");
    Bare(arguments[i]);
  }
  Put(")");
  return true;
}

bool Printer::Call(void* node) {
  const auto call = [&](const auto* c) {
    if (c->tag != nullptr) {
      Node(c->tag);
    } else {
      Put(c->name);
    }
    Put("(");
    Arguments(c->arguments, ",", true);
    Put(")");
    return true;
  };
  if (const auto* c = CallAs<ExprCall>(node)) return call(c);
  if (const auto* c = CallAs<ExprInvoke>(node)) return MethodCall(*c) || call(c);
  if (const auto* c = CallAs<ExprAssert>(node)) return call(c);
  if (const auto* c = CallAs<ExprStaticAssert>(node)) return call(c);
  if (const auto* c = CallAs<ExprDebug>(node)) return call(c);
  if (const auto* c = CallAs<ExprQuote>(node)) return call(c);
  if (const auto* c = As<ExprNamedCall>(node)) {
    Put(c->name);
    Put("(");
    Arguments(c->nonNamedArguments, ",");
    if (c->arguments != nullptr) {
      if (!c->nonNamedArguments.span().empty()) Put(",");
      Put("[");
      bool first = true;
      for (void* field : c->arguments->list.span()) {
        if (!first) Put(",");
        first = false;
        if (field != nullptr) OfField(*static_cast<const MakeFieldDecl*>(field), "=", "<-");
      }
      Put("]");
    }
    Put(")");
    return true;
  }
  return false;
}

}  // namespace vestige::ast
