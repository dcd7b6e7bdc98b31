// Types as text.

#include "ast/printer.h"
#include "ast/quotes.h"
#include "fmt/format.h"

namespace vestige::ast {

bool Printer::IsAlive(const void* owner, const void* link) {
  if (link == nullptr) return false;
  Lane& lane = *NodeHeader::Of(const_cast<void*>(owner))->lane;
  const NodeHeader* header = lane.registry().Find(link);
  if (header == nullptr && lane.quotes() != nullptr) header = lane.quotes()->registry().Find(link);
  return header != nullptr && header->is_alive();
}

void Printer::Type(const TypeDecl* type) {
  TypeHead(*type);
  Suffixes(*type);
}

void Printer::Callable(std::string_view word, const TypeDecl& type) {
  Put(word);
  Put("<");
  const std::span<void* const> parameters = type.argTypes.span();
  const std::span<const Text> names = type.argNames.span();
  for (size_t i = 0; i < parameters.size(); ++i) {
    Put(i == 0 ? "(" : ";");
    const auto* parameter = static_cast<const TypeDecl*>(parameters[i]);
    if (parameter != nullptr && (parameter->flags & kTypeConstant) == 0) Put("var ");
    if (names.size() == parameters.size()) {
      Put(names[i]);
    } else {
      Put(fmt::format("arg{}", i));
    }
    Put(":");
    Node(parameters[i]);
  }
  if (!parameters.empty()) Put(")");
  if (type.firstType != nullptr) {
    if (!parameters.empty()) Put(":");
    Node(type.firstType);
  }
  Put(">");
}

void Printer::Members(std::string_view word, const TypeDecl& type) {
  Put(word);
  Put("<");
  const std::span<void* const> members = type.argTypes.span();
  const std::span<const Text> names = type.argNames.span();
  for (size_t i = 0; i < members.size(); ++i) {
    if (i != 0) Put(";");
    if (names.size() == members.size() && !names[i].view().empty()) {
      Put(names[i]);
      Put(":");
    }
    Node(members[i]);
  }
  Put(">");
}

void Printer::Pointer(const TypeDecl& type) {
  const bool is_smart = (type.flags & kTypeSmartPtr) != 0;
  if (is_smart) Put("smart_ptr<");
  if (type.firstType != nullptr) {
    Node(type.firstType);
  } else {
    Put("void");
  }
  Put(is_smart ? ">" : "?");
}

// The name, or else the flags.
void Printer::Bitfield(const TypeDecl& type) {
  if (!type.alias.view().empty()) return Put(type.alias);
  Put("bitfield");
  if (type.argNames.span().empty()) return;
  bool first = true;
  for (const Text& flag : type.argNames.span()) {
    Put(first ? "<" : ";");
    first = false;
    Put(flag);
  }
  Put(">");
}

void Printer::FixedArray(const TypeDecl& type) {
  Node(type.firstType);
  Put("[");
  if (type.fixedDimExpr != nullptr) {
    Node(type.fixedDimExpr);
  } else {
    Put(fmt::format("{}", type.fixedDim));
  }
  Put("]");
}

void Printer::TypeHead(const TypeDecl& type) {
  const auto of = [&](std::string_view word) {
    Put(word);
    if (type.firstType == nullptr) return;
    Put("<");
    Node(type.firstType);
    if (type.secondType != nullptr) {
      Put(";");
      Node(type.secondType);
    }
    Put(">");
  };
  switch (type.baseType) {
    case BaseType::alias:
      if ((type.flags & kTypeTag) != 0) {
        Put("$t(");
        if (const auto* tag = As<ExprTag>(type.fixedDimExpr)) Node(tag->subexpr);
        Put(")");
      } else {
        Put(type.alias);
      }
      return;
    case BaseType::autoinfer:
      Put("auto");
      if (!type.alias.view().empty()) Put(fmt::format("({})", type.alias.view()));
      return;
    case BaseType::option:
      Arguments(type.argTypes, "|");
      return;
    case BaseType::typeDecl:
      Put("typedecl(");
      Node(type.fixedDimExpr);
      Put(")");
      return;
    case BaseType::tStructure:
      Put(IsAlive(&type, type.structType) ? type.structType->name : type.alias);
      return;
    case BaseType::tEnumeration:
    case BaseType::tEnumeration8:
    case BaseType::tEnumeration16:
    case BaseType::tEnumeration64:
      Put(IsAlive(&type, type.enumType) ? type.enumType->name : type.alias);
      return;
    case BaseType::tArray:
      return of("array");
    case BaseType::tTable:
      return of("table");
    case BaseType::tIterator:
      return of("iterator");
    case BaseType::tPointer:
      return Pointer(type);
    case BaseType::tBlock:
      return Callable("block", type);
    case BaseType::tFunction:
      return Callable("function", type);
    case BaseType::tLambda:
      return Callable("lambda", type);
    case BaseType::tTuple:
      return Members("tuple", type);
    case BaseType::tVariant:
      return Members("variant", type);
    case BaseType::tFixedArray:
      return FixedArray(type);
    case BaseType::tBitfield:
    case BaseType::tBitfield8:
    case BaseType::tBitfield16:
    case BaseType::tBitfield64:
      return Bitfield(type);
    default:
      Put(BaseTypeWord(type.baseType).empty() ? type.alias.view() : BaseTypeWord(type.baseType));
  }
}

void Printer::Suffixes(const TypeDecl& type) {
  constexpr struct {
    uint32_t flag;
    std::string_view text;
  } kSuffixes[] = {{kTypeConstant, " const"},    {kTypeRef, "&"},
                   {kTypeTemporary, "#"},        {kTypeImplicit, " implicit"},
                   {kTypeExplicit, " explicit"}, {kTypeExplicitConst, " ==const"},
                   {kTypeExplicitRef, " ==&"},   {kTypeRemoveConstant, " -const"},
                   {kTypeRemoveRef, " -&"},      {kTypeRemoveTemporary, " -#"},
                   {kTypeRemoveDim, " -[]"}};
  for (const auto& [flag, text] : kSuffixes) {
    if ((type.flags & flag) != 0) Put(text);
  }
}

}  // namespace vestige::ast
