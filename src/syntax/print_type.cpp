// Types as text. Floor 2 (syntax).

#include "syntax/printer.h"

namespace vestige::syntax {

void Printer::PrintType(const TypeExpr* type) {
  if (type == nullptr) return Add("#");
  PrintBareType(*type);
  struct Word {
    TypeQualifier qualifier;
    std::string_view text;
  };
  constexpr Word kWords[] = {
      {kTypeRemoveConst, " -const"}, {kTypeRemoveReference, " -&"}, {kTypeRemoveTemporary, " -#"},
      {kTypeRemoveDim, " -[]"},      {kTypeConst, " const"},        {kTypeReference, "&"},
      {kTypeTemporary, "#"},         {kTypeImplicit, " implicit"},  {kTypeExplicit, " explicit"},
      {kTypeExactConst, " ==const"}, {kTypeExactReference, " ==&"},
  };
  for (const Word& word : kWords) {
    if (type->qualifiers & word.qualifier) Add(word.text);
  }
}

void Printer::PrintAngle(std::string_view word, const TypeExpr* type) {
  Add(word);
  Add("<");
  PrintType(type);
  Add(">");
}

// (a : int; b) : R
void Printer::PrintSignature(const CallableTypeExpr& type) {
  if (!type.parameters.empty()) {
    Add("(");
    PrintParameters(type.parameters);
    Add(")");
  }
  if (type.result != nullptr) {
    if (!type.parameters.empty()) Add(":");
    PrintType(type.result);
  }
}

void Printer::PrintTypeMembers(std::span<const TypeMember> members, std::string_view separator) {
  std::string_view before;
  for (const TypeMember& member : members) {
    Add(before);
    before = separator;
    if (!member.name.empty()) {
      Add(member.name);
      Add(":");
    }
    PrintType(member.type);
  }
}

void Printer::PrintBareType(const TypeExpr& type) {
  switch (type.kind) {
    case TypeKind::kBasic:
      return Add(BasicTypeWord(As<BasicTypeExpr>(&type)->basic));
    case TypeKind::kNamed:
      return PrintName(As<NamedTypeExpr>(&type)->name);
    case TypeKind::kAuto: {
      Add("auto");
      const base::Symbol name = As<AutoTypeExpr>(&type)->name;
      if (!name.empty()) Add("(" + std::string(name.text()) + ")");
      return;
    }
    case TypeKind::kTypedecl:
      Add("typedecl(");
      PrintExpr(As<TypedeclTypeExpr>(&type)->expr);
      return Add(")");
    case TypeKind::kPointer:
      PrintType(As<PointerTypeExpr>(&type)->target);
      return Add("?");
    case TypeKind::kArray:
      return PrintAngle("array", As<ArrayTypeExpr>(&type)->element);
    case TypeKind::kIterator:
      return PrintAngle("iterator", As<IteratorTypeExpr>(&type)->element);
    case TypeKind::kSmartPtr:
      return PrintAngle("smart_ptr", As<SmartPtrTypeExpr>(&type)->target);
    case TypeKind::kTypeOf:
      return PrintAngle("type", As<TypeOfTypeExpr>(&type)->type);
    case TypeKind::kTable: {
      const auto* table = As<TableTypeExpr>(&type);
      Add("table<");
      PrintType(table->key);
      if (table->value != nullptr) {
        Add(";");
        PrintType(table->value);
      }
      return Add(">");
    }
    case TypeKind::kCallable: {
      const auto* callable = As<CallableTypeExpr>(&type);
      constexpr std::string_view kForms[] = {"block", "function", "lambda"};
      Add(kForms[static_cast<int>(callable->form)]);
      if (callable->parameters.empty() && callable->result == nullptr) return;
      Add("<");
      PrintSignature(*callable);
      return Add(">");
    }
    case TypeKind::kTuple:
      Add("tuple<");
      PrintTypeMembers(As<TupleTypeExpr>(&type)->members, ";");
      return Add(">");
    case TypeKind::kVariant:
      Add("variant<");
      PrintTypeMembers(As<VariantTypeExpr>(&type)->members, ";");
      return Add(">");
    default:
      return PrintComposedType(type);
  }
}

// Types with lists of something else than types and members.
void Printer::PrintComposedType(const TypeExpr& type) {
  switch (type.kind) {
    case TypeKind::kBitfield: {
      const auto* bitfield = As<BitfieldTypeExpr>(&type);
      Add("bitfield");
      if (bitfield->storage != BasicType::kUInt) {
        Add(" : ");
        Add(BasicTypeWord(bitfield->storage));
        Add(" ");
      }
      Add("<");
      std::string_view before;
      for (base::Symbol bit : bitfield->bits) {
        Add(before);
        before = ";";
        Add(bit);
      }
      return Add(">");
    }
    case TypeKind::kFixedArray: {
      const auto* array = As<FixedArrayTypeExpr>(&type);
      PrintType(array->element);
      for (const Expr* size : array->sizes) {
        Add("[");
        if (size != nullptr) PrintExpr(size);
        Add("]");
      }
      return;
    }
    case TypeKind::kOptions: {
      std::string_view before;
      for (const TypeExpr* alternative : As<OptionsTypeExpr>(&type)->alternatives) {
        Add(before);
        before = "|";
        PrintType(alternative);
      }
      return;
    }
    case TypeKind::kMacro: {
      const auto* macro = As<MacroTypeExpr>(&type);
      if (macro->has_dollar) Add("$");
      PrintName(macro->name);
      if (!macro->types.empty()) {
        std::string_view before = "<";
        for (const TypeExpr* argument : macro->types) {
          Add(before);
          before = ";";
          PrintType(argument);
        }
        Add(">");
      }
      if (!macro->arguments.empty() || (macro->types.empty() && !macro->has_dollar)) {
        Add("(");
        PrintArguments(macro->arguments);
        Add(")");
      }
      return;
    }
    case TypeKind::kTag:
      Add("$t(");
      PrintExpr(As<TagTypeExpr>(&type)->expr);
      return Add(")");
    default:
      return;
  }
}

}  // namespace vestige::syntax
