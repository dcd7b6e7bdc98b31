// Arrays, fixed arrays and tables from their elements. Floor 3.

#include <string>

#include "absl/container/flat_hash_set.h"
#include "fmt/format.h"
#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/make.h"
#include "sema/type_verify.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

// The wanted part, unless it is still to be inferred.
const Type* Known(const Type* type) {
  return type == nullptr || type->is_generic() || type->kind == Kind::kVoid ? nullptr : type;
}

// The type an element gives to its container: the first one decides.
const Type* StoredType(Checker& c, const TExpr* value, syntax::Place place) {
  if (value->type->kind == Kind::kVoid || value->type->kind == Kind::kNull) {
    c.Error(30108, place, fmt::format("array element type can't be {}", types::TypeName(value->type)));
    return nullptr;
  }
  return c.types.WithoutQualifiers(value->type, types::kConst | types::kRef | types::kTemp);
}

// A value of a type that exactly one member of the variant has stands for a variant with that member. Null: it does
// not.
TExpr* AsVariant(Checker& c, TExpr* value, const Type* type, syntax::Place place) {
  if (type->kind != Kind::kVariant || value->type->kind == Kind::kVariant) return nullptr;
  size_t found = type->parts.size();
  for (size_t i = 0; i < type->parts.size(); ++i) {
    if (type->parts[i]->unqualified != value->type->unqualified) continue;
    if (found != type->parts.size()) return nullptr;
    found = i;
  }
  if (found == type->parts.size()) return nullptr;
  TMember member;
  member.offset = type->part_offset(found);
  member.value = value;
  if (!ElementMode(c, value, 30908, place, &member.mode)) return c.ErrorExpr(place.location);
  TMake* make = c.Node<TMake>(place.location, type);
  make->variant_index = static_cast<int32_t>(found);
  make->members = c.arena.Copy(std::span<const TMember>(&member, 1));
  return make;
}

// `value` as an element of `type`; null after a message.
TExpr* CheckElement(Checker& c, TExpr* value, const Type* type, std::string_view what, syntax::Place place) {
  const int errors = c.error_count;
  if (TExpr* variant = AsVariant(c, value, type, place)) return IsError(variant) ? nullptr : variant;
  TExpr* converted = Convert(c, value, type, place);
  if (converted != nullptr) return IsError(converted) ? nullptr : converted;
  if (c.error_count == errors) {
    c.Error(30915, place, fmt::format("can't initialize {}; {} = {}", what, types::TypeName(type), Describe(value)),
            "not the same type");
  }
  return nullptr;
}

// Elements with their types; `*type` is found by the first one when it is null.
bool CheckElements(Checker& c, const syntax::ArrayLiteralExpr* literal, const Type** type,
                   std::vector<TExpr*>* values) {
  bool ok = true;
  for (const syntax::Argument& argument : literal->elements) {
    Want want;
    want.type = *type;
    TExpr* value = CheckExpr(c, argument.value, want);
    if (IsError(value)) {
      ok = false;
      continue;
    }
    if (*type == nullptr) *type = StoredType(c, value, argument.value->place);
    if (*type == nullptr) return false;
    value = CheckElement(c, value, *type, "array element", argument.value->place);
    ok = ok && value != nullptr;
    values->push_back(value);
  }
  return ok;
}

bool Members(Checker& c, std::span<TExpr* const> values, uint32_t stride, std::vector<TMember>* members) {
  for (size_t i = 0; i < values.size(); ++i) {
    TMember member;
    member.offset = static_cast<uint32_t>(i) * stride;
    member.value = values[i];
    if (!ElementMode(c, values[i], 30908, {values[i]->location, 1}, &member.mode)) return false;
    members->push_back(member);
  }
  return true;
}

}  // namespace

TExpr* MakeArrayOf(Checker& c, const Type* element, std::span<TExpr* const> values, syntax::Place place) {
  EnsureComplete(c, element);
  const Type* type = c.types.Array(element);
  if (!VerifyType(c, type, place)) return c.ErrorExpr(place.location);
  if (values.empty()) return c.Node<TZero>(place.location, type);
  TMakeArray* make = c.Node<TMakeArray>(place.location, type);
  std::vector<TMember> members;
  if (!Members(c, values, 0, &members)) return c.ErrorExpr(place.location);
  make->elements = c.arena.Copy(members);
  return make;
}

TExpr* MakeArrayLiteral(Checker& c, const syntax::ArrayLiteralExpr* literal, Want want) {
  const bool is_fixed = literal->form == syntax::ArrayForm::kFixedArray;
  const Type* element = nullptr;
  if (literal->element != nullptr) {
    element = ResolveType(c, literal->element, TypeUse::kValue, c.fn->module);
    if (IsError(element)) return c.ErrorExpr(literal->place.location);
  } else if (want.type != nullptr && want.type->kind == (is_fixed ? Kind::kFixedArray : Kind::kArray)) {
    element = Known(want.type->element);
  }
  std::vector<TExpr*> values;
  if (!CheckElements(c, literal, &element, &values)) {
    // The first element has decided about the type, so what is done with the literal is judged all the same.
    if (element == nullptr || !is_fixed || IsError(element)) return c.ErrorExpr(literal->place.location);
    const uint32_t count = static_cast<uint32_t>(literal->elements.size());
    return c.Node<TZero>(literal->place.location, c.types.FixedArray(element, count));
  }
  if (element == nullptr) return c.Error(30112, literal->place, "array type can't be inferred, it has no elements");
  if (!is_fixed) return MakeArrayOf(c, element, values, literal->place);
  if (values.empty()) return c.Error(30109, literal->place, "array dimension can't be 0 or less");
  EnsureComplete(c, element);
  const Type* type = c.types.FixedArray(element, static_cast<uint32_t>(values.size()));
  if (!VerifyType(c, type, literal->place)) return c.ErrorExpr(literal->place.location);
  TMake* make = c.Node<TMake>(literal->place.location, type);
  std::vector<TMember> members;
  if (!Members(c, values, element->size(), &members)) return c.ErrorExpr(literal->place.location);
  make->members = c.arena.Copy(members);
  return make;
}

namespace {

// Entries of a table literal as they come; the first one decides types that nobody stated.
class TableMaker {
 public:
  TableMaker(Checker& c, const syntax::TableLiteralExpr* literal) : c_(c), literal_(literal) {}

  TExpr* Make(Want want) {
    if (!FindTypes(want)) return c_.ErrorExpr(literal_->place.location);
    for (const syntax::Argument& entry : literal_->entries) {
      if (!AddEntry(entry.value)) return c_.ErrorExpr(literal_->place.location);
    }
    if (key_ == nullptr) return c_.Error(30248, literal_->place, "table type can't be inferred, it has no entries");
    if (value_ == nullptr) value_ = c_.types.void_type();
    EnsureComplete(c_, value_);
    const Type* type = c_.types.Table(key_, value_);
    if (!VerifyType(c_, type, literal_->place)) return c_.ErrorExpr(literal_->place.location);
    if (keys_.empty()) return c_.Node<TZero>(literal_->place.location, type);
    CheckDuplicates();
    TMakeTable* make = c_.Node<TMakeTable>(literal_->place.location, type);
    make->keys = c_.arena.Copy(keys_);
    make->values = c_.arena.Copy(values_);
    return make;
  }

 private:
  bool FindTypes(Want want) {
    if (literal_->key != nullptr) {
      key_ = ResolveType(c_, literal_->key, TypeUse::kValue, c_.fn->module);
      value_ = literal_->value == nullptr ? c_.types.void_type()
                                          : ResolveType(c_, literal_->value, TypeUse::kValue, c_.fn->module);
      return !IsError(key_) && !IsError(value_);
    }
    if (want.type != nullptr && want.type->kind == Kind::kTable) {
      key_ = Known(want.type->key);
      value_ = want.type->element->is_generic() ? nullptr : want.type->element;
    }
    return true;
  }

  bool AddEntry(const syntax::Expr* written) {
    const auto* pair = syntax::As<syntax::MapToExpr>(written);
    TExpr* key = Value(pair == nullptr ? written : pair->key, &key_, "table key");
    if (key == nullptr) return false;
    const bool is_set = value_ != nullptr && value_->kind == Kind::kVoid;
    if (pair == nullptr) {
      if (value_ == nullptr) value_ = c_.types.void_type();
      if (value_->kind != Kind::kVoid) {
        c_.Error(30248, written->place, "table entry has no value");
        return false;
      }
      keys_.push_back(key);
      return true;
    }
    if (is_set) {
      c_.Error(30248, written->place, "a set has keys only");
      return false;
    }
    TMember member;
    member.value = Value(pair->value, &value_, "table value");
    if (member.value == nullptr) return false;
    if (!ElementMode(c_, member.value, 30949, pair->value->place, &member.mode)) return false;
    keys_.push_back(key);
    values_.push_back(member);
    return true;
  }

  // Constant keys must differ.
  void CheckDuplicates() {
    absl::flat_hash_set<uint64_t> numbers;
    absl::flat_hash_set<std::string_view> texts;
    for (const TExpr* key : keys_) {
      const TConst* constant = ConstantOf(key);
      if (constant == nullptr || key->type->size() > sizeof(uint64_t)) continue;
      const bool is_text = key->type->kind == Kind::kString;
      const bool is_new = is_text ? texts.insert(constant->text).second : numbers.insert(constant->bits[0]).second;
      if (!is_new) c_.Error(30706, {key->location, 1}, "duplicate key in table initialization");
    }
  }

  TExpr* Value(const syntax::Expr* written, const Type** type, std::string_view what) {
    Want want;
    want.type = *type;
    TExpr* value = CheckExpr(c_, written, want);
    if (IsError(value)) return nullptr;
    if (*type == nullptr) *type = StoredType(c_, value, written->place);
    return *type == nullptr ? nullptr : CheckElement(c_, value, *type, what, written->place);
  }

  Checker& c_;
  const syntax::TableLiteralExpr* literal_;
  const Type* key_ = nullptr;
  const Type* value_ = nullptr;
  std::vector<TExpr*> keys_;
  std::vector<TMember> values_;
};

}  // namespace

TExpr* MakeTableLiteral(Checker& c, const syntax::TableLiteralExpr* literal, Want want) {
  return TableMaker(c, literal).Make(want);
}

}  // namespace vestige::sema
