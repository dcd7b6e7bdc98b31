// The typed program: what sema makes of syntax and code generation consumes.
//
// Every name is resolved, every overload chosen, every conversion and implicit operation written out; no syntax tree is
// referred to. An instance of a generic is an ordinary TFunction. Nodes live in the arena of their TProgram and die with
// it once the code is made.
//
// Places and values. An expression that `is_place` denotes memory (a local, a field, an element, the target of a
// pointer): it can be assigned, and its address taken. Everything else is a value. `type` never has the kRef qualifier: a
// place of type T replaces it. kConst on a place's type forbids writing through it. Reading a place of a workhorse type
// needs no node: consumers load it.
//
// Values of ref types (structs, containers, tuples, variants, fixed arrays) are always made *into* a destination: the
// consumer of a TMake, TCall... of such a type gives its address.
//
// Floor 3 (sema); read by lower.

#ifndef VESTIGE_SEMA_TYPED_H_
#define VESTIGE_SEMA_TYPED_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/location.h"
#include "base/symbol.h"
#include "types/type.h"
#include "types/type_table.h"

namespace vestige::sema {

struct TExpr;
struct TStmt;
struct TBlock;
struct TFunction;
struct NativeFunction;  // a row of builtins; opaque here, see sema/native.h

// A variable of a function: argument, local, loop variable or temporary that sema introduced.
struct TLocal {
  base::Symbol name;
  const types::Type* type = nullptr;   // without kRef; kConst for let and const arguments
  TFunction* owner = nullptr;          // a block's body reaches locals of the functions around it
  base::Location location;
  // The slot holds the address of the variable, not the variable: ref-type arguments, `var x : T&`, `let r & =`, loop
  // variables over arrays.
  bool is_reference = false;
  bool is_argument = false;
  uint32_t index = 0;                  // among TFunction::locals
};

// A variable of a module. Offsets are given by code generation.
struct TGlobal {
  base::Symbol name;
  base::Symbol module;
  const types::Type* type = nullptr;
  base::Location location;
  TExpr* init = nullptr;               // null: zero
  bool init_moves = false;             // `<-`: the initialiser, if a place, is zeroed
  bool is_shared = false;
  uint32_t index = 0;                  // among TProgram::globals; initialised in this order
};

enum class FunctionRole : uint8_t { kFunction, kBlock, kLambda, kLocalFunction, kGenerator };

// A function, instance of a generic, or body of a closure.
struct TFunction {
  base::Symbol name;           // as people read it in stacks: `fill`, `Pool`grow`, `_lambda_thismodule_18_1`function`;
                               // a block bears the name of the function it is written in
  base::Symbol mangled;        // `rec Ci`: unique, for messages
  base::Symbol module;
  base::Location location;
  FunctionRole role = FunctionRole::kFunction;
  const types::Type* result = nullptr;  // void when none; never a reference, see returns_reference
  bool returns_reference = false;       // the value returned is an address of `result`
  std::span<TLocal*> arguments;
  std::vector<TLocal*>* locals = nullptr;  // all, arguments first; owned by the program
  TBlock* body = nullptr;
  TFunction* parent = nullptr;          // closures: the function around
  bool is_export = false;
  bool is_init = false;
  bool is_finalize = false;             // [finalize]
  bool no_inline = false;
  bool uses_parent_frame = false;       // blocks: touches locals of a function around
  uint32_t index = 0;                   // among TProgram::functions; equals exec's function number
  const types::Type* capture = nullptr; // lambdas: type of the heap struct (function, finalizer, captures...); its
                                        // first argument is then a reference to it
};

enum class ExprKind : uint8_t {
  kConst, kZero, kLocal, kGlobal, kField, kDeref, kAddress, kIndex, kSafeField, kSafeIndex, kCoalesce, kSwizzle,
  kVariantIs, kVariantAs, kUnary, kBinary, kLogic, kConditional, kCast, kAssign, kCompound, kStep, kCall, kNativeCall,
  kInvoke, kNew, kMake, kMakeArray, kMakeTable, kClosure, kFunctionRef, kString, kStmtExpr, kTableFind,
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

// Member at a fixed offset of a struct, tuple or variant (unchecked), or component of a range. A place when base is one.
// Pointers are dereferenced by a TDeref underneath.
struct TField : TExpr {
  static constexpr ExprKind kKind = ExprKind::kField;
  TExpr* base = nullptr;
  uint32_t offset = 0;
};

// `*p`, `p.field`'s dereference: the place a pointer points at. Panics `dereferencing null pointer, <hint>`.
struct TDeref : TExpr {
  static constexpr ExprKind kKind = ExprKind::kDeref;
  TExpr* pointer = nullptr;
  std::string_view hint;    // "p is null"; may be empty
  bool unchecked = false;   // known not to be null
};

// Address of a place, as a value. Type: pointer (addr), or whatever sema needs (reinterpret).
struct TAddress : TExpr {
  static constexpr ExprKind kKind = ExprKind::kAddress;
  TExpr* place = nullptr;
};

enum class IndexMode : uint8_t {
  kArray,        // dynamic array, checked: `array index out of range, %d of %u`
  kFixed,        // fixed array, checked: `index out of range, %d of %u[, hint]`
  kTable,        // mutable table: finds or inserts a default value
  kVector,       // component of a vector, checked: `vector index out of range`
  kPointer,      // p[i], unchecked, in elements
};

// Element. index is int, uint, int64 or uint64 (kTable: the key type). A place (kVector: when base is one).
struct TIndex : TExpr {
  static constexpr ExprKind kKind = ExprKind::kIndex;
  IndexMode mode = IndexMode::kArray;
  TExpr* base = nullptr;   // place of the container; kPointer: the pointer value
  TExpr* index = nullptr;
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
  bool load_pointer = false;   // the field is a pointer: the result is its value, not its address
};

// `a?[i]`: pointer to the element or null (null container, index out of range).
struct TSafeIndex : TExpr {
  static constexpr ExprKind kKind = ExprKind::kSafeIndex;
  IndexMode mode = IndexMode::kArray;
  TExpr* base = nullptr;       // container place, or pointer to it
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
  kAdd, kSub, kMul, kDiv, kMod, kAnd, kOr, kXor, kShl, kShr, kRotl, kRotr,
  kEq, kNe, kLt, kLe, kGt, kGe,
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
  kNumeric,    // between numbers (truncating toward zero, wrapping), enum/bitfield to/from integers, number vectors
               // component-wise, scalar to vector (splat)
  kBits,       // same bits: reinterpret, upcast, pointer conversions, distinct wrap and unwrap. A place when operand is
};

struct TCast : TExpr {
  static constexpr ExprKind kKind = ExprKind::kCast;
  CastMode mode = CastMode::kNumeric;
  TExpr* operand = nullptr;
};

enum class AssignMode : uint8_t {
  kCopy,     // bits; the source stays
  kMove,     // bits; the source place is zeroed. What the target held is NOT freed (the language's rule)
  kClone,    // deep copy by type (types::StructInfo::clone_function where a type has its own)
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
  bool by_reference = false;   // stores the address of the place
  TExpr* source = nullptr;
};

// A closure literal: $ block (a 48-byte value in the frame), @ lambda (pointer to a heap frame of type
// function->capture). @@ local functions are TFunctionRef.
struct TClosure : TExpr {
  static constexpr ExprKind kKind = ExprKind::kClosure;
  TFunction* function = nullptr;
  TFunction* finalizer = nullptr;      // lambdas with a `finally` part; takes a reference to the capture struct
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
  std::string_view format;   // ":05d"
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

enum class StmtKind : uint8_t {
  kExpr, kLet, kBlock, kIf, kWhile, kFor, kReturn, kBreak, kContinue, kTry, kDelete, kLabel, kGoto,
};

struct TStmt {
  StmtKind kind;
  base::Location location;
};

template <typename T>
T* As(TStmt* stmt) {
  return stmt != nullptr && stmt->kind == T::kKind ? static_cast<T*>(stmt) : nullptr;
}

struct TExprStmt : TStmt {
  static constexpr StmtKind kKind = StmtKind::kExpr;
  TExpr* expr = nullptr;
};

// Begins the life of a local. init null: zeros. When local->is_reference, init is the place it refers to.
struct TLet : TStmt {
  static constexpr StmtKind kKind = StmtKind::kLet;
  TLocal* local = nullptr;
  AssignMode mode = AssignMode::kCopy;
  TExpr* init = nullptr;
};

// Statements and what runs when control leaves them (also by break, continue, return; not by a panic). `inscope` locals
// are deletes in `finally_part`, in reverse order of declaration; each such entry applies only once its guard (the local
// whose TLet was passed) is alive. Other parts of `finally_part` may mention locals of the block whose TLet was not
// reached: they count as zero.
struct TBlock : TStmt {
  static constexpr StmtKind kKind = StmtKind::kBlock;
  std::span<TStmt*> statements;
  std::span<TStmt*> finally_part;
};

struct TIf : TStmt {
  static constexpr StmtKind kKind = StmtKind::kIf;
  TExpr* condition = nullptr;
  TBlock* then_part = nullptr;
  TBlock* else_part = nullptr;
};

struct TWhile : TStmt {
  static constexpr StmtKind kKind = StmtKind::kWhile;
  TExpr* condition = nullptr;
  TBlock* body = nullptr;      // its finally_part runs at the end of every round
};

enum class SourceKind : uint8_t { kRange, kArray, kFixed, kString, kIterator, kKeys, kValues, kCount };

// One source of a for loop. kRange: value of a range type. kArray/kFixed: place, locked while iterated; the variable is a
// reference. kString: a byte at a time as int. kKeys/kValues: place of a table. kCount: endless `count(start, step)`.
struct TForSource {
  SourceKind kind = SourceKind::kRange;
  TLocal* variable = nullptr;
  TExpr* source = nullptr;
  TExpr* step = nullptr;       // kCount
};

// Lockstep over all sources, until the shortest ends.
struct TFor : TStmt {
  static constexpr StmtKind kKind = StmtKind::kFor;
  std::span<TForSource> sources;
  TBlock* body = nullptr;
};

struct TReturn : TStmt {
  static constexpr StmtKind kKind = StmtKind::kReturn;
  TExpr* value = nullptr;              // null: void
  AssignMode mode = AssignMode::kCopy; // kMove for `return <- x`
};

struct TBreak : TStmt {
  static constexpr StmtKind kKind = StmtKind::kBreak;
};
struct TContinue : TStmt {
  static constexpr StmtKind kKind = StmtKind::kContinue;
};

struct TTry : TStmt {
  static constexpr StmtKind kKind = StmtKind::kTry;
  TBlock* body = nullptr;
  TBlock* recover = nullptr;
};

// Finalizes the place by its type (user finalizers included), frees what it owns, zeroes it. Pointers: finalizes the
// target, frees the block, stores null.
struct TDelete : TStmt {
  static constexpr StmtKind kKind = StmtKind::kDelete;
  TExpr* place = nullptr;
  // Runs only when this local's TLet was executed in the current round: `inscope` deletes at the end of a scope.
  TLocal* guard = nullptr;
};

struct TLabel : TStmt {
  static constexpr StmtKind kKind = StmtKind::kLabel;
  int32_t label = 0;
};
struct TGoto : TStmt {
  static constexpr StmtKind kKind = StmtKind::kGoto;
  int32_t label = 0;
  TExpr* computed = nullptr;
};

// Options of the main file that change how the program runs (reference: `options` lines).
struct ProgramOptions {
  bool persistent_heap = true;
  bool persistent_heap_set = false;
  bool gc = false;
  bool track_allocations = false;
  bool never_inline = false;
  bool unwind_on_panic = false;
  // Frames differ from the reference's, so its default of 16 KiB would mean something else here.
  uint32_t stack_bytes = 1024 * 1024;
  uint64_t heap_size_hint = 0;
  uint64_t heap_size_limit = 0;
  uint64_t string_heap_size_limit = 0;
  uint64_t max_unreserved_size = 64ull << 20;
};

// Everything a run needs. Functions and globals of all modules, in the order of initialisation.
struct TProgram {
  base::Arena arena;
  types::TypeTable* types = nullptr;      // outlives the program
  std::vector<TFunction*> functions;      // only those reachable from exports, [init], [finalize], globals
  std::vector<TGlobal*> globals;
  // Owns the locals that global initialisers need (comprehensions, closures made there); it has no body and no index.
  TFunction* initializer = nullptr;
  std::vector<TFunction*> init_functions;      // [init], in the order in which they run, after all globals
  std::vector<TFunction*> finalize_functions;  // [finalize], in order
  TFunction* main = nullptr;                   // the exported `main` of the main file; null when there is none
  std::vector<std::vector<TLocal*>*> local_lists;
  ProgramOptions options;
  bool is_module = false;                 // the main file has a `module` line

  ~TProgram() {
    for (auto* list : local_lists) delete list;
  }
};

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_TYPED_H_
