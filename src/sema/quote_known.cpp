#include "sema/quote_known.h"

#include <span>
#include <string>

#include "sema/decl.h"

namespace vestige::sema {

using ast::BaseType;
using types::Kind;
using types::Type;

namespace {

class TypeQuoter {
 public:
  explicit TypeQuoter(Checker& c) : c_(c), quotes_(*c.input.quotes), lane_(quotes_.lane()) {}

  ast::TypeDecl* Make(const Type* type) {
    constexpr struct {
      types::Qualifiers qualifier;
      uint32_t flag;
    } kFlags[] = {{types::kConst, ast::kTypeConstant},
                  {types::kRef, ast::kTypeRef},
                  {types::kTemp, ast::kTypeTemporary},
                  {types::kImplicit, ast::kTypeImplicit},
                  {types::kExplicit, ast::kTypeExplicit}};
    auto* made = lane_.Make<ast::TypeDecl>();
    for (const auto& [qualifier, flag] : kFlags) {
      if ((type->qualifiers & qualifier) != 0) made->flags |= flag;
    }
    Parts(*made, type);
    return made;
  }

  // Noted before it has fields: they may lead back to it.
  ast::Structure* StructureOf(const types::StructInfo* info) {
    if (info == nullptr) return nullptr;
    if (void* known = quotes_.Known(info)) return static_cast<ast::Structure*>(known);
    EnsureComplete(c_, info->type);
    auto* made = lane_.Make<ast::Structure>();
    quotes_.Note(info, made);
    made->name.Assign(info->name.text());
    if (info->is_class) made->flags |= ast::kStructureIsClass;
    if (info->is_private) made->flags |= ast::kStructureIsPrivate;
    made->parent = StructureOf(info->parent);
    for (const types::Field& field : info->fields) {
      auto* variable = lane_.Make<ast::Variable>();
      variable->name.Assign(field.name.text());
      variable->_type = Make(field.type);
      ast::Append(made->fields, variable);
    }
    return made;
  }

  ast::Enumeration* EnumerationOf(const types::EnumInfo* info) {
    if (void* known = quotes_.Known(info)) return static_cast<ast::Enumeration*>(known);
    auto* made = lane_.Make<ast::Enumeration>();
    quotes_.Note(info, made);
    made->name.Assign(info->name.text());
    made->baseType = ast::BaseTypeOfWord(types::TypeName(info->storage));
    made->isPrivate = info->is_private;
    for (const types::EnumValue& value : info->values) {
      auto* variable = lane_.Make<ast::Variable>();
      variable->name.Assign(value.name.text());
      variable->init = Number(value.value, info->storage->size());
      ast::Append(made->list, variable);
    }
    return made;
  }

 private:
  ast::Expression* Number(int64_t value, uint32_t bytes) {
    if (bytes == 8) {
      auto* made = lane_.Make<ast::ExprConstInt64>();
      made->value = value;
      return reinterpret_cast<ast::Expression*>(made);
    }
    auto* made = lane_.Make<ast::ExprConstInt>();
    made->value = static_cast<int32_t>(value);
    return reinterpret_cast<ast::Expression*>(made);
  }

  void Parts(ast::TypeDecl& made, const Type* type) {
    switch (type->kind) {
      case Kind::kPointer:
        made.baseType = BaseType::tPointer;
        if (type->is_smart) made.flags |= ast::kTypeSmartPtr;
        if (type->element->kind != Kind::kVoid) made.firstType = Make(type->element);
        return;
      case Kind::kArray:
        return OfOne(made, BaseType::tArray, type);
      case Kind::kIterator:
        return OfOne(made, BaseType::tIterator, type);
      case Kind::kTable:
        made.baseType = BaseType::tTable;
        made.firstType = Make(type->key);
        // A set has no values.
        if (type->element->kind != Kind::kVoid) made.secondType = Make(type->element);
        return;
      case Kind::kFixedArray:
        made.fixedDim = static_cast<int32_t>(type->dim);
        return OfOne(made, BaseType::tFixedArray, type);
      case Kind::kTuple:
        return Members(made, BaseType::tTuple, type);
      case Kind::kVariant:
        return Members(made, BaseType::tVariant, type);
      case Kind::kFunction:
        return Callable(made, BaseType::tFunction, type);
      case Kind::kLambda:
        return Callable(made, BaseType::tLambda, type);
      case Kind::kBlock:
        return Callable(made, BaseType::tBlock, type);
      case Kind::kStruct:
        made.baseType = type->struct_info->native != nullptr ? BaseType::tHandle : BaseType::tStructure;
        made.alias.Assign(type->struct_info->name.text());
        made.structType = StructureOf(type->struct_info);
        return;
      case Kind::kEnum:
        made.baseType = BySize(type->enum_info->storage, BaseType::tEnumeration, BaseType::tEnumeration8,
                               BaseType::tEnumeration16, BaseType::tEnumeration64);
        made.alias.Assign(type->enum_info->name.text());
        made.enumType = EnumerationOf(type->enum_info);
        return;
      case Kind::kBitfield:
        return Bitfield(made, type);
      default: {
        const std::string name = types::TypeName(type->unqualified);
        made.baseType = ast::BaseTypeOfWord(name);
        if (made.baseType != BaseType::none) return;
        made.baseType = BaseType::alias;
        made.alias.Assign(name);
      }
    }
  }

  static BaseType BySize(const Type* storage, BaseType four, BaseType one, BaseType two, BaseType eight) {
    const uint32_t bytes = storage->size();
    return bytes == 1 ? one : bytes == 2 ? two : bytes == 8 ? eight : four;
  }

  void OfOne(ast::TypeDecl& made, BaseType base, const Type* type) {
    made.baseType = base;
    made.firstType = Make(type->element);
  }

  void Members(ast::TypeDecl& made, BaseType base, const Type* type) {
    made.baseType = base;
    for (const Type* part : type->parts) ast::Append(made.argTypes, Make(part));
    for (base::Symbol name : type->names) ast::Append(made.argNames, name.text());
  }

  void Callable(ast::TypeDecl& made, BaseType base, const Type* type) {
    Members(made, base, type);
    made.firstType = Make(type->element);
  }

  void Bitfield(ast::TypeDecl& made, const Type* type) {
    made.baseType = BySize(types::Representation(type), BaseType::tBitfield, BaseType::tBitfield8,
                           BaseType::tBitfield16, BaseType::tBitfield64);
    if (type->enum_info == nullptr) return;
    made.alias.Assign(type->enum_info->name.text());
    for (const types::EnumValue& flag : type->enum_info->values.first(type->enum_info->flag_count)) {
      ast::Append(made.argNames, flag.name.text());
    }
  }

  Checker& c_;
  ast::Quotes& quotes_;
  ast::Lane& lane_;
};

}  // namespace

ast::TypeDecl* TreeOfType(Checker& c, const Type* type) { return TypeQuoter(c).Make(type); }

ast::Structure* TreeOfStruct(Checker& c, const types::StructInfo* info) { return TypeQuoter(c).StructureOf(info); }

ast::Enumeration* TreeOfEnum(Checker& c, const types::EnumInfo* info) { return TypeQuoter(c).EnumerationOf(info); }

}  // namespace vestige::sema
