// The maker and owner of types.
//
// One table per program (with the modules it uses); each distinct type is made once. Not thread-safe while compiling;
// reading types from several contexts is safe once layout and traits were asked for (code generation does that).
// Floor 2.

#ifndef VESTIGE_TYPES_TYPE_TABLE_H_
#define VESTIGE_TYPES_TYPE_TABLE_H_

#include <array>
#include <span>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "base/arena.h"
#include "types/type.h"

namespace vestige::types {

// Types without parts come first in every table, so their numbers are known without one. `kind` is at most kString.
constexpr uint32_t BasicTypeId(Kind kind) { return static_cast<uint32_t>(kind) + 1; }

class TypeTable {
 public:
  TypeTable();
  TypeTable(const TypeTable&) = delete;
  TypeTable& operator=(const TypeTable&) = delete;

  // A type without parts: scalars, vectors, ranges, string, void, null, any, plain auto.
  const Type* Basic(Kind kind) const { return basic_[static_cast<size_t>(kind)]; }
  const Type* void_type() const { return Basic(Kind::kVoid); }
  const Type* bool_type() const { return Basic(Kind::kBool); }
  const Type* int_type() const { return Basic(Kind::kInt); }
  const Type* string_type() const { return Basic(Kind::kString); }

  const Type* Auto(base::Symbol name);
  const Type* Option(std::span<const Type* const> alternatives);
  const Type* Pointer(const Type* target);
  const Type* SmartPointer(const Type* target);
  // A pointer to `target` of the sort that `like`, a pointer, is.
  const Type* PointerLike(const Type* like, const Type* target);
  const Type* Array(const Type* element);
  const Type* Table(const Type* key, const Type* value);
  const Type* Iterator(const Type* element);
  // `dim` elements; of more dimensions: the outermost is applied last, int[3][2] = FixedArray(FixedArray(int, 2), 3).
  const Type* FixedArray(const Type* element, uint32_t dim);
  const Type* Tuple(std::span<const Type* const> parts, std::span<const base::Symbol> names);
  const Type* Variant(std::span<const Type* const> parts, std::span<const base::Symbol> names);
  // kind is kFunction, kLambda or kBlock.
  const Type* Callable(Kind kind, const Type* result, std::span<const Type* const> arguments,
                       std::span<const base::Symbol> names);
  const Type* Distinct(base::Symbol name, base::Symbol module, const Type* base_type);
  const Type* AnonymousBitfield(const Type* storage);

  // Nominal types: a new type each time. The info is zeroed but for name, module and location.
  StructInfo* NewStruct(base::Symbol name, base::Symbol module, base::Location location);
  EnumInfo* NewEnum(base::Symbol name, base::Symbol module, base::Location location, const Type* storage);
  EnumInfo* NewBitfield(base::Symbol name, base::Symbol module, base::Location location, const Type* storage);
  // Gives `info` its fields and lays it out (C rules: each field at the next multiple of its alignment). False when a
  // field's type is incomplete (a struct inside itself).
  bool CompleteStruct(StructInfo* info, std::span<const Field> fields);
  void SetValues(EnumInfo* info, std::span<const EnumValue> values, uint32_t flag_count);

  // `type` with exactly these qualifiers.
  const Type* Qualified(const Type* type, Qualifiers qualifiers);
  const Type* WithQualifiers(const Type* type, Qualifiers added) { return Qualified(type, type->qualifiers | added); }
  const Type* WithoutQualifiers(const Type* type, Qualifiers removed) {
    return Qualified(type, static_cast<Qualifiers>(type->qualifiers & ~removed));
  }
  const Type* WithConst(const Type* type) { return WithQualifiers(type, kConst); }

  // Declarations are complete, the functions of structs included: recomputes layout and traits of every type, so that
  // they can be read by several threads from now on. Called again after more types were made, before they are used.
  void Freeze();

  // By Type::id, from 1; for the census.
  const Type* ById(uint32_t id) const { return by_id_[id]; }
  uint32_t type_count() const { return static_cast<uint32_t>(by_id_.size()); }

 private:
  // Compare what a type is made of, not its address.
  struct ShapeHash {
    size_t operator()(const Type* type) const;
  };
  struct ShapeEqual {
    bool operator()(const Type* a, const Type* b) const;
  };
  const Type* Make(const Type& prototype);
  Type* NewType(const Type& prototype);

  base::Arena arena_;
  std::array<const Type*, 64> basic_{};
  std::vector<const Type*> by_id_;
  absl::flat_hash_set<const Type*, ShapeHash, ShapeEqual> made_;
};

}  // namespace vestige::types

#endif  // VESTIGE_TYPES_TYPE_TABLE_H_
