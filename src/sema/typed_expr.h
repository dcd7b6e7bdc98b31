// Expressions of the typed program (typed.h has the essay). Floor 3.

#ifndef VESTIGE_SEMA_TYPED_EXPR_H_
#define VESTIGE_SEMA_TYPED_EXPR_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "base/location.h"
#include "sema/typed_base.h"
#include "types/type.h"

namespace vestige::sema {

enum class ExprKind : uint8_t {
  kConst,
  kZero,
  kLocal,
  kGlobal,
  kField,
  kDeref,
  kAddress,
  kIndex,
  kSafeField,
  kSafeIndex,
  kCoalesce,
  kSwizzle,
  kVariantIs,
  kVariantAs,
  kUnary,
  kBinary,
  kLogic,
  kConditional,
  kCast,
  kAssign,
  kCompound,
  kStep,
  kCall,
  kNativeCall,
  kInvoke,
  kNew,
  kMake,
  kMakeArray,
  kMakeTable,
  kClosure,
  kFunctionRef,
  kString,
  kStmtExpr,
  kTableFind,
};

struct TExpr {
  ExprKind kind;
  bool is_place = false;
  base::Location location;
  const types::Type* type = nullptr;
};

// Casts with a check of the kind; null stays null.
template <typename T>
T* As(TExpr* expr) {
  return expr != nullptr && expr->kind == T::kKind ? static_cast<T*>(expr) : nullptr;
}

// A workhorse constant: scalars sign- or zero-extended in bits[0] (float and double by bit pattern), vectors and ranges
// in memory order over bits[0..1], strings in `text` (NUL-terminated, null data for the empty string), null pointers 0.
struct TConst : TExpr {
  static constexpr ExprKind kKind = ExprKind::kConst;
  uint64_t bits[2] = {0, 0};
  std::string_view text;
  bool adapts = false;  // sema's own: made of integer literals, so it may still become another number type
};

// All bits zero, of any type.
struct TZero : TExpr {
  static constexpr ExprKind kKind = ExprKind::kZero;
};

struct TLocalRef : TExpr {
  static constexpr ExprKind kKind = ExprKind::kLocal;
  TLocal* local = nullptr;
};

struct TGlobalRef : TExpr {
  static constexpr ExprKind kKind = ExprKind::kGlobal;
  TGlobal* global = nullptr;
};

// Member at a fixed offset of a struct, tuple or variant (unchecked), or component of a range. A place when base is
// one. Pointers are dereferenced by a TDeref underneath.
struct TField : TExpr {
  static constexpr ExprKind kKind = ExprKind::kField;
  TExpr* base = nullptr;
  uint32_t offset = 0;
};

// `*p`, `p.field`'s dereference: the place a pointer points at. Panics `dereferencing null pointer, <hint>`.
struct TDeref : TExpr {
  static constexpr ExprKind kKind = ExprKind::kDeref;
  TExpr* pointer = nullptr;
  std::string_view hint;   // "p is null"; may be empty
  bool unchecked = false;  // known not to be null
};

// Address of a place, as a value. Type: pointer (addr), or whatever sema needs (reinterpret).
struct TAddress : TExpr {
  static constexpr ExprKind kKind = ExprKind::kAddress;
  TExpr* place = nullptr;
};

enum class IndexMode : uint8_t {
  kArray,    // dynamic array, checked: `array index out of range, %d of %u`
  kFixed,    // fixed array, checked: `index out of range, %d of %u[, hint]`
  kTable,    // mutable table: finds or inserts a default value
  kVector,   // component of a vector, checked: `vector index out of range`
  kPointer,  // p[i], unchecked, in elements
};

// Element. index is int, uint, int64 or uint64 (kTable: the key type). A place (kVector: when base is one).
struct TIndex : TExpr {
  static constexpr ExprKind kKind = ExprKind::kIndex;
  IndexMode mode = IndexMode::kArray;
  TExpr* base = nullptr;  // place of the container; kPointer: the pointer value
  TExpr* index = nullptr;
  TExpr* initial = nullptr;  // kTable: what a new key gets; evaluated then only. Null: zeros
  std::string_view hint;
};

// Pointer to the value of `key`, or null. base is a table place, or a pointer to a table (null gives null).
struct TTableFind : TExpr {
  static constexpr ExprKind kKind = ExprKind::kTableFind;
  TExpr* table = nullptr;
  TExpr* key = nullptr;
};

// `p?.f`: pointer to the field, null when p is null. When the field is itself a pointer, sema adds the load by a TDeref
// of this with `unchecked` guarded as the language says (kSafeField with load_pointer).
struct TSafeField : TExpr {
  static constexpr ExprKind kKind = ExprKind::kSafeField;
  TExpr* pointer = nullptr;
  uint32_t offset = 0;
  bool load_pointer = false;  // the field is a pointer: the result is its value, not its address
};

// `a?[i]`: pointer to the element or null (null container, index out of range).
struct TSafeIndex : TExpr {
  static constexpr ExprKind kKind = ExprKind::kSafeIndex;
  IndexMode mode = IndexMode::kArray;
  TExpr* base = nullptr;  // container place, or pointer to it
  TExpr* index = nullptr;
};

// `p ?? d`: what p points at unless p is null, else d. When `of_pointers`, d is a pointer too and so is the result.
struct TCoalesce : TExpr {
  static constexpr ExprKind kKind = ExprKind::kCoalesce;
  TExpr* pointer = nullptr;
  TExpr* fallback = nullptr;
  bool of_pointers = false;
};

// v.xyz. A place only when the components are contiguous and base is one.
struct TSwizzle : TExpr {
  static constexpr ExprKind kKind = ExprKind::kSwizzle;
  TExpr* base = nullptr;
  uint8_t count = 0;
  uint8_t components[4] = {0, 0, 0, 0};
};

struct TVariantIs : TExpr {  // bool
  static constexpr ExprKind kKind = ExprKind::kVariantIs;
  TExpr* base = nullptr;
  uint32_t member = 0;
};

// `v as f` (panics `variant mismatch %i, expecting %i, v is not 'f'`), or with `safe` a pointer to the member or null.
struct TVariantAs : TExpr {
  static constexpr ExprKind kKind = ExprKind::kVariantAs;
  TExpr* base = nullptr;
  uint32_t member = 0;
  bool safe = false;
  std::string_view hint;
};

enum class UnaryOp : uint8_t { kNegate, kPlus, kNot, kBitNot };

// Operand types: kNegate numbers and number vectors; kNot bool; kBitNot integers, integer vectors, bitfields.
struct TUnary : TExpr {
  static constexpr ExprKind kKind = ExprKind::kUnary;
  UnaryOp op = UnaryOp::kNegate;
  TExpr* operand = nullptr;
};

enum class BinaryOp : uint8_t {
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kAnd,
  kOr,
  kXor,
  kShl,
  kShr,
  kRotl,
  kRotr,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kLogicXor,
};

// Both operands have the same unqualified type, except: vector op scalar and scalar op vector (the scalar is a
// component); shifts of 64-bit values by int; pointer +- integer (in elements) and pointer - pointer (int64).
// kAdd on strings concatenates. Comparisons give bool; kEq/kNe are defined on all workhorse types.
struct TBinary : TExpr {
  static constexpr ExprKind kKind = ExprKind::kBinary;
  BinaryOp op = BinaryOp::kAdd;
  TExpr* left = nullptr;
  TExpr* right = nullptr;
};

// && and ||, short-circuit.
struct TLogic : TExpr {
  static constexpr ExprKind kKind = ExprKind::kLogic;
  bool is_and = false;
  TExpr* left = nullptr;
  TExpr* right = nullptr;
};

// c ? a : b. A place when both are places.
struct TConditional : TExpr {
  static constexpr ExprKind kKind = ExprKind::kConditional;
  TExpr* condition = nullptr;
  TExpr* then_value = nullptr;
  TExpr* else_value = nullptr;
};

enum class CastMode : uint8_t {
  kNumeric,  // between numbers (truncating toward zero, wrapping), enum/bitfield to/from integers, number vectors
             // component-wise, scalar to vector (splat)
  kBits,     // same bits: reinterpret, upcast, pointer conversions, distinct wrap and unwrap. A place when operand is
};

struct TCast : TExpr {
  static constexpr ExprKind kKind = ExprKind::kCast;
  CastMode mode = CastMode::kNumeric;
  TExpr* operand = nullptr;
};

enum class AssignMode : uint8_t {
  kCopy,   // bits; the source stays
  kMove,   // bits; the source place is zeroed. What the target held is NOT freed (the language's rule)
  kClone,  // deep copy by type (types::StructInfo::clone_function where a type has its own)
};

// Assignment. The expression's own type is void. Initialisation of fresh memory is the same with `initializes`.
struct TAssign : TExpr {
  static constexpr ExprKind kKind = ExprKind::kAssign;
  AssignMode mode = AssignMode::kCopy;
  TExpr* target = nullptr;
  TExpr* value = nullptr;
};

// target op= value, target evaluated once. Operand types as TBinary. Void.
struct TCompound : TExpr {
  static constexpr ExprKind kKind = ExprKind::kCompound;
  BinaryOp op = BinaryOp::kAdd;
  TExpr* target = nullptr;
  TExpr* value = nullptr;
};

// ++x, x++, --x, x-- on integers, floats and pointers. Value: new one when prefix, else the old one.
struct TStep : TExpr {
  static constexpr ExprKind kKind = ExprKind::kStep;
  TExpr* target = nullptr;
  bool is_increment = true;
  bool is_prefix = true;
};

// Call of a script function. Arguments are complete and in parameter order: defaults are written out. An argument for a
// reference parameter (TLocal::is_reference) is a place, or a value that the caller keeps in a temporary.
struct TCall : TExpr {
  static constexpr ExprKind kKind = ExprKind::kCall;
  TFunction* callee = nullptr;
  std::span<TExpr*> arguments;
  // Which arguments are default values: written in the callee, evaluated for this call. Empty: none.
  std::span<const bool> is_default;
};

// Call of a native function; by_reference[i] tells whether argument i is passed as an address. `types` are the concrete
// parameter types (natives that are generic get them at run time). See sema/native.h for the calling convention.
struct TNativeCall : TExpr {
  static constexpr ExprKind kKind = ExprKind::kNativeCall;
  const NativeFunction* native = nullptr;
  std::span<TExpr*> arguments;
  std::span<const types::Type*> types;
  std::span<bool> by_reference;
};

// Call through a block, lambda or function pointer value. Panics `invoke null lambda, <hint>` and so on.
struct TInvoke : TExpr {
  static constexpr ExprKind kKind = ExprKind::kInvoke;
  TExpr* callee = nullptr;
  std::span<TExpr*> arguments;
  std::span<bool> by_reference;
  std::string_view hint;
};

// new T: a pointer to a heap block holding `init` (null: zeros), made in place.
struct TNew : TExpr {
  static constexpr ExprKind kKind = ExprKind::kNew;
  const types::Type* target = nullptr;
  TExpr* init = nullptr;
  bool has_constructor = false;  // code that follows, or init, is what a constructor does: for the block's comment
};

// One member of a TMake.
struct TMember {
  uint32_t offset = 0;
  AssignMode mode = AssignMode::kCopy;
  TExpr* value = nullptr;
};

// A struct, tuple, variant or fixed array made in place: zeroed first unless the members cover everything, then the
// members in order (as written). `variant_index` is stored first for variants.
struct TMake : TExpr {
  static constexpr ExprKind kKind = ExprKind::kMake;
  std::span<TMember> members;
  int32_t variant_index = -1;
};

// [a, b, c]: a dynamic array, capacity exactly the number of elements; copy/move mode of each element in modes.
struct TMakeArray : TExpr {
  static constexpr ExprKind kKind = ExprKind::kMakeArray;
  std::span<TMember> elements;  // offsets unused
};

// { k => v }: values are empty for a set.
struct TMakeTable : TExpr {
  static constexpr ExprKind kKind = ExprKind::kMakeTable;
  std::span<TExpr*> keys;
  std::span<TMember> values;  // offsets unused
};

// A capture of a lambda: where in the frame struct, and how it is filled from the place outside.
struct TCapture {
  uint32_t offset = 0;
  AssignMode mode = AssignMode::kCopy;
  bool by_reference = false;  // stores the address of the place
  TExpr* source = nullptr;
};

// A closure literal: $ block (a 48-byte value in the frame), @ lambda (pointer to a heap frame of type
// function->capture), or the making of a generator, whose type is then an iterator. @@ local functions are
// TFunctionRef.
struct TClosure : TExpr {
  static constexpr ExprKind kKind = ExprKind::kClosure;
  TFunction* function = nullptr;
  TFunction* finalizer = nullptr;  // lambdas with a `finally` part; takes a reference to the capture struct
  std::span<TCapture> captures;
};

struct TFunctionRef : TExpr {
  static constexpr ExprKind kKind = ExprKind::kFunctionRef;
  TFunction* function = nullptr;
};

// One piece of an interpolated string: a constant text, or a value printed by its type, with a format when not empty.
struct TStringPart {
  std::string_view text;
  TExpr* value = nullptr;
  std::string_view format;  // ":05d"
};

// "a {b} c": all values are evaluated first, then everything is formatted.
struct TString : TExpr {
  static constexpr ExprKind kKind = ExprKind::kString;
  std::span<TStringPart> parts;
};

// Statements whose outcome is the value of `result` (null: void): comprehensions, expansions.
struct TStmtExpr : TExpr {
  static constexpr ExprKind kKind = ExprKind::kStmtExpr;
  TBlock* body = nullptr;
  TExpr* result = nullptr;
};

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_TYPED_EXPR_H_
