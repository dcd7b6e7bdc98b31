// Quoted types. Floor 3.

#include "sema/quote_builder.h"

namespace vestige::sema {

using ast::BaseType;
using syntax::As;

namespace {

uint32_t FlagsOf(const syntax::TypeExpr* type) {
  constexpr struct {
    uint16_t qualifier;
    uint32_t flag;
  } kFlags[] = {{syntax::kTypeConst, ast::kTypeConstant},
                {syntax::kTypeReference, ast::kTypeRef},
                {syntax::kTypeTemporary, ast::kTypeTemporary},
                {syntax::kTypeImplicit, ast::kTypeImplicit},
                {syntax::kTypeExplicit, ast::kTypeExplicit},
                {syntax::kTypeExactConst, ast::kTypeExplicitConst},
                {syntax::kTypeExactReference, ast::kTypeExplicitRef},
                {syntax::kTypeRemoveConst, ast::kTypeRemoveConstant},
                {syntax::kTypeRemoveReference, ast::kTypeRemoveRef},
                {syntax::kTypeRemoveTemporary, ast::kTypeRemoveTemporary},
                {syntax::kTypeRemoveDim, ast::kTypeRemoveDim}};
  uint32_t flags = 0;
  for (const auto& [qualifier, flag] : kFlags) {
    if ((type->qualifiers & qualifier) != 0) flags |= flag;
  }
  return flags;
}

BaseType BaseOfCallable(syntax::CallableForm form) {
  switch (form) {
    case syntax::CallableForm::kBlock:
      return BaseType::tBlock;
    case syntax::CallableForm::kFunction:
      return BaseType::tFunction;
    case syntax::CallableForm::kLambda:
      break;
  }
  return BaseType::tLambda;
}

}  // namespace

ast::TypeDecl* QuoteBuilder::Named(const syntax::QualifiedName& name, syntax::Place place) {
  auto* made = Make<ast::TypeDecl>(place);
  made->baseType = BaseType::alias;
  made->alias.Assign(QuotedName(name));
  return made;
}

void QuoteBuilder::Members(ast::TypeDecl& made, std::span<const syntax::TypeMember> members) {
  bool is_named = false;
  for (const syntax::TypeMember& member : members) {
    ast::Append(made.argTypes, Type(member.type));
    is_named = is_named || !member.name.empty();
  }
  for (const syntax::TypeMember& member : members) {
    if (is_named) ast::Append(made.argNames, member.name.text());
  }
}

// T[2][3] is an array of 2 arrays of 3.
ast::TypeDecl* QuoteBuilder::FixedArray(const syntax::FixedArrayTypeExpr* type) {
  ast::TypeDecl* made = Type(type->element);
  for (size_t i = type->sizes.size(); i-- > 0;) {
    auto* outer = Make<ast::TypeDecl>(type->place);
    outer->baseType = BaseType::tFixedArray;
    outer->firstType = made;
    if (const auto* number = As<syntax::NumberExpr>(type->sizes[i])) {
      outer->fixedDim = static_cast<int32_t>(number->bits);
    } else if (type->sizes[i] != nullptr) {
      outer->fixedDimExpr = Expr(type->sizes[i]);
    }
    made = outer;
  }
  return made;
}

ast::TypeDecl* QuoteBuilder::Type(const syntax::TypeExpr* type) {
  if (type == nullptr) return nullptr;
  ast::TypeDecl* made = nullptr;
  if (const auto* fixed = As<syntax::FixedArrayTypeExpr>(type)) {
    made = FixedArray(fixed);
  } else if (const auto* of = As<syntax::TypeOfTypeExpr>(type)) {
    made = Type(of->type);
  } else {
    made = Make<ast::TypeDecl>(type->place);
    TypeParts(*made, type);
  }
  made->flags |= FlagsOf(type);
  return made;
}

void QuoteBuilder::TypeParts(ast::TypeDecl& made, const syntax::TypeExpr* type) {
  made.baseType = BaseType::alias;
  if (const auto* t = As<syntax::BasicTypeExpr>(type)) {
    made.baseType = ast::BaseTypeOfWord(syntax::BasicTypeWord(t->basic));
    if (made.baseType == BaseType::none) made.alias.Assign(syntax::BasicTypeWord(t->basic));
  } else if (const auto* t = As<syntax::NamedTypeExpr>(type)) {
    made.alias.Assign(QuotedName(t->name));
  } else if (const auto* t = As<syntax::AutoTypeExpr>(type)) {
    made.baseType = BaseType::autoinfer;
    made.alias.Assign(t->name.text());
  } else if (const auto* t = As<syntax::TypedeclTypeExpr>(type)) {
    made.baseType = BaseType::typeDecl;
    made.fixedDimExpr = Expr(t->expr);
  } else if (const auto* t = As<syntax::PointerTypeExpr>(type)) {
    made.baseType = BaseType::tPointer;
    made.firstType = Type(t->target);
  } else if (const auto* t = As<syntax::SmartPtrTypeExpr>(type)) {
    made.baseType = BaseType::tPointer;
    made.flags |= ast::kTypeSmartPtr;
    made.firstType = Type(t->target);
  } else if (const auto* t = As<syntax::ArrayTypeExpr>(type)) {
    made.baseType = BaseType::tArray;
    made.firstType = Type(t->element);
  } else if (const auto* t = As<syntax::TableTypeExpr>(type)) {
    made.baseType = BaseType::tTable;
    made.firstType = Type(t->key);
    made.secondType = Type(t->value);
  } else if (const auto* t = As<syntax::IteratorTypeExpr>(type)) {
    made.baseType = BaseType::tIterator;
    made.firstType = Type(t->element);
  } else if (const auto* t = As<syntax::CallableTypeExpr>(type)) {
    made.baseType = BaseOfCallable(t->form);
    for (const syntax::Variable& parameter : t->parameters) {
      ast::TypeDecl* of = Type(parameter.type);
      if (of == nullptr) {
        of = Make<ast::TypeDecl>(parameter.place);
        of->baseType = BaseType::autoinfer;
      }
      if (!parameter.is_var) of->flags |= ast::kTypeConstant;
      ast::Append(made.argTypes, of);
      ast::Append(made.argNames, parameter.name.text());
    }
    made.firstType = Type(t->result);
  } else if (const auto* t = As<syntax::TupleTypeExpr>(type)) {
    made.baseType = BaseType::tTuple;
    Members(made, t->members);
  } else if (const auto* t = As<syntax::VariantTypeExpr>(type)) {
    made.baseType = BaseType::tVariant;
    Members(made, t->members);
  } else if (const auto* t = As<syntax::BitfieldTypeExpr>(type)) {
    made.baseType = BaseType::tBitfield;
    for (base::Symbol bit : t->bits) ast::Append(made.argNames, bit.text());
  } else if (const auto* t = As<syntax::OptionsTypeExpr>(type)) {
    made.baseType = BaseType::option;
    for (const syntax::TypeExpr* option : t->alternatives) {
      if (option != nullptr) ast::Append(made.argTypes, Type(option));
    }
  } else if (const auto* t = As<syntax::MacroTypeExpr>(type)) {
    made.baseType = BaseType::typeMacro;
    made.alias.Assign(QuotedName(t->name));
    for (const syntax::TypeExpr* part : t->types) ast::Append(made.argTypes, Type(part));
  } else if (const auto* t = As<syntax::TagTypeExpr>(type)) {
    made.flags |= ast::kTypeTag;
    made.fixedDimExpr = Tag('t', t->expr, type->place);
  }
}

}  // namespace vestige::sema
