// Types of values, hash-consed: equal types are one object, so comparing types is comparing pointers.
//
// A Type is immutable apart from lazily computed layout and traits. The same object describes values at run time
// (printing, cloning, finalizing, marking, census), which is why it outlives syntax trees: types belong to the
// TypeTable of a program, and the table lives as long as any code or heap that uses them.
//
// Qualifiers are part of the type: `int const` and `int` are two objects whose `unqualified` is the same one. A
// reference
// (`T&`) is the qualifier kRef: the value is then the address of a T.
//
// Floor 2. Knows no syntax and no memory layout of containers beyond their size.

#ifndef VESTIGE_TYPES_TYPE_H_
#define VESTIGE_TYPES_TYPE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/location.h"
#include "base/symbol.h"

namespace vestige {
struct NativeType;
}

namespace vestige::types {

enum class Kind : uint8_t {
#define VESTIGE_TYPE_KIND(Name, text, bytes, align) k##Name,
#include "types/kinds.def"
#undef VESTIGE_TYPE_KIND
};

// Qualifier bits of a type. The last seven occur in declarations of generic parameters only, and steer matching.
enum Qualifier : uint16_t {
  kConst = 1 << 0,
  kRef = 1 << 1,
  kTemp = 1 << 2,         // `T#`: must not outlive its scope
  kImplicit = 1 << 3,     // accepts T and T#
  kExplicit = 1 << 4,     // no derived types
  kRemoveConst = 1 << 5,  // -const
  kRemoveRef = 1 << 6,    // -&
  kRemoveTemp = 1 << 7,   // -#
  kRemoveDim = 1 << 8,    // -[]
  kExactConst = 1 << 9,   // ==const
  kExactRef = 1 << 10,    // ==&
};
using Qualifiers = uint16_t;

struct Type;
struct StructInfo;
struct EnumInfo;

// A member of a struct: where it is and what it holds.
struct Field {
  base::Symbol name;
  const Type* type = nullptr;
  uint32_t offset = 0;
  base::Location location;
  bool is_private = false;
  bool do_not_delete = false;  // @do_not_delete: finalizing the struct leaves what it refers to alone
  bool is_method = false;      // a virtual method: a function pointer filled in by construction
  bool has_init = false;       // declared with an initialiser
};

// Traits a value of a type may have; computed from its parts once the parts are complete.
struct Traits {
  bool is_pod = true;    // no strings, lambdas or containers: copying the bits copies the value
  bool is_raw = true;    // not even pointers of any sort: the bits mean the same everywhere
  bool can_copy = true;  // `=` copies the bits
  bool can_move = true;
  bool can_clone = true;
  bool holds_heap = false;     // the collector must look inside
  bool needs_delete = false;   // `delete` would free something or run a finalizer
  bool unsafe_delete = false;  // deleting frees through raw pointers or lambdas
  bool has_init = false;       // default construction is more than zeros
  bool holds_class = false;    // is, or has inside, an object of a class (not a pointer to one)
  bool holds_counted = false;  // is or has inside a smart pointer
  bool clones_by_bits = true;  // cloning is copying: no containers, no clone function of its own
  bool plain_delete = true;  // deleting can only free containers inside: no pointers, callables, finalizers, constants
  // Known after TypeTable::Freeze. Deleting may run script code: a finalizer of its own, of a part, or of what it
  // points at, however far away.
  bool runs_script = false;
};

// One type. Made by TypeTable only.
struct Type {
  Kind kind = Kind::kVoid;
  Qualifiers qualifiers = 0;
  // Dense, in order of making, from 1: blocks carry it, and the census counts by it.
  uint32_t id = 0;
  // Array/FixedArray/Iterator element, Table value (void for a set), Pointer target (void for `void?`), result of
  // Function/Lambda/Block, base type of Distinct, storage type of Bitfield.
  const Type* element = nullptr;
  const Type* key = nullptr;                 // Table
  uint32_t dim = 0;                          // FixedArray: number of elements
  bool is_smart = false;                     // Pointer: smart_ptr<element>, which owns a reference to a RefCounted
  std::span<const Type* const> parts = {};   // Tuple/Variant members, arguments of callables, alternatives of Option
  std::span<const base::Symbol> names = {};  // names of parts; empty, or as many as parts (a name may be empty)
  StructInfo* struct_info = nullptr;         // Struct
  EnumInfo* enum_info = nullptr;             // Enum, Bitfield (null: anonymous bitfield)
  base::Symbol name = {};                    // Auto: bound name; Distinct: declared name
  base::Symbol module = {};                  // Distinct
  const Type* unqualified = nullptr;         // this type without qualifiers; itself when it has none

  bool is_const() const { return (qualifiers & kConst) != 0; }
  bool is_ref() const { return (qualifiers & kRef) != 0; }
  bool is_temp() const { return (qualifiers & kTemp) != 0; }

  bool is_integer() const { return kind >= Kind::kInt8 && kind <= Kind::kUInt64; }
  bool is_storage_integer() const { return kind >= Kind::kInt8 && kind <= Kind::kUInt16; }
  bool is_floating() const { return kind == Kind::kFloat || kind == Kind::kDouble; }
  bool is_numeric() const { return kind >= Kind::kInt8 && kind <= Kind::kDouble; }
  bool is_smart_pointer() const { return is_smart; }
  bool is_vector() const { return kind >= Kind::kInt2 && kind <= Kind::kFloat4; }
  bool is_range() const { return kind >= Kind::kRange && kind <= Kind::kURange64; }
  bool is_unsigned() const;
  // By value everywhere: scalars, vectors, ranges, strings, enums, bitfields, pointers and callables that are pointers.
  // Smart pointers are passed so, but only moved and cloned.
  bool is_workhorse() const;
  // Passed by reference: containers, structs, tuples, variants, fixed arrays, blocks.
  bool is_ref_type() const;
  // Contains auto, an option or any: a pattern, not the type of a value.
  bool is_generic() const;

  // Bytes and alignment of a value; of the pointer when the type is a reference. Complete structs only.
  uint32_t size() const { return cached_align != 0 ? cached_size : ComputeSize(); }
  uint32_t align() const { return cached_align != 0 ? cached_align : ComputeAlign(); }
  const Traits& traits() const { return traits_known ? cached_traits : ComputeTraits(); }
  // Offset of member `index` of a tuple or a variant (all variant members share one).
  uint32_t part_offset(size_t index) const;

  // Lazily computed; use the functions above. cached_align is what says that size and offsets are known.
  uint32_t ComputeSize() const;
  uint32_t ComputeAlign() const;
  const Traits& ComputeTraits() const;
  mutable uint32_t cached_size = 0;
  mutable uint32_t cached_align = 0;
  mutable bool traits_known = false;
  mutable bool computing = false;
  mutable Traits cached_traits = {};
  mutable std::span<uint32_t> cached_offsets = {};
};

// A function of the script by number; exec's function table is indexed by it.
constexpr uint32_t kNoFunction = 0xffffffff;

// A struct or class declaration. Filled in by sema in two steps (name, then members); laid out once complete.
struct StructInfo {
  base::Symbol name;
  base::Symbol module;
  base::Location location;
  const Type* type = nullptr;  // the unqualified Type of kind Struct
  StructInfo* parent = nullptr;
  std::span<Field> fields;  // the parent's first
  uint32_t size = 0;
  uint32_t align = 1;
  bool is_class = false;     // the first fields are then __rtti (the address of this) and __finalize
  bool is_complete = false;  // fields known and laid out
  // The host's own type: what C++ knows of it (include/vestige/native.h). Null for structs of scripts.
  const NativeType* native = nullptr;
  bool safe_when_uninitialized = false;
  bool is_persistent = false;  // [persistent]
  bool is_private = false;
  bool has_init = false;  // some field has an initialiser, also inherited
  // Script functions that replace the structural operations; kNoFunction when there is none. They take references:
  // finalize(var self : T), clone(var dst : T; src : T).
  uint32_t finalize_function = kNoFunction;
  uint32_t clone_function = kNoFunction;

  const Field* FindField(base::Symbol field_name) const;
};

struct EnumValue {
  base::Symbol name;
  int64_t value = 0;
};

// An enum or named bitfield declaration. For a bitfield a value is the mask of the flag.
struct EnumInfo {
  base::Symbol name;
  base::Symbol module;
  base::Location location;
  const Type* type = nullptr;
  const Type* storage = nullptr;      // int8..uint64
  std::span<const EnumValue> values;  // bitfield: flags first, then named combinations
  uint32_t flag_count = 0;            // bitfield: how many of `values` are single flags
  bool is_private = false;

  const EnumValue* FindName(base::Symbol value_name) const;
};

// False while a struct that a value would contain has no members yet: size and traits are then provisional.
bool IsComplete(const Type* type);

// The type whose bits a value of `type` has, unqualified: the storage of enums and bitfields, the base of distinct
// types, otherwise the type itself.
const Type* Representation(const Type* type);

// Text of a type as `typeinfo typename` and messages spell it (reference: "array<int>", "int const&").
std::string TypeName(const Type* type);

// True when a value of `from` may be used as `to` by adding const or dropping a reference only.
bool SameIgnoringConstRef(const Type* a, const Type* b);

}  // namespace vestige::types

#endif  // VESTIGE_TYPES_TYPE_H_
