// The operations as values: their names, bodies, and how an emitter finds the one it needs.
//
// The list itself is operations.def. Emitters ask Select... for the operation that fits family, type and operand kinds;
// the answer kNone means that no such row exists, and the emitter brings an operand into the frame first (FFF forms of
// what the language allows always exist). Wanting another fused form is adding a row. Floor 4.

#ifndef VESTIGE_EXEC_OPERATION_H_
#define VESTIGE_EXEC_OPERATION_H_

#include <cstdint>

#include "exec/word.h"
#include "types/type.h"

namespace vestige::exec {

enum class Op : uint16_t {
#define VESTIGE_OP(Name, ...) k##Name,
#include "exec/operations.def"
  kCount,
  kNone = kCount,
};

// The operation `n` rows below `first`.
constexpr Op Nth(Op first, uint32_t n) { return static_cast<Op>(static_cast<uint32_t>(first) + n); }

// The body of an operation, to be stored in words.
Handler HandlerOf(Op op);
// The name without its k, for listings.
const char* NameOf(Op op);
// The operation with this body; kNone for anything else, data words for example. Two operations whose bodies are the
// same machine code may be taken for each other. Slow.
Op OpOf(Handler handler);
// Words it takes in the code: 1, or 2 with a data word.
uint32_t WordsOf(Op op);

// How an operation sees a scalar. U8 and U16 exist for casts only.
enum class ValueType : uint8_t { kI8, kU8, kI16, kU16, kI32, kU32, kI64, kU64, kF32, kF64, kNone };

// Of a scalar kind; enums, bitfields and distinct types by their storage; pointers, functions and lambdas are kI64.
// kNone for strings, vectors and everything that is not a scalar.
ValueType ValueTypeOf(const types::Type* type);

enum class OperandKind : uint8_t { kFrame, kConstant, kAccumulator, kMemory };

enum class BinaryFamily : uint8_t { kAdd, kSub, kMul, kDiv, kMod, kAnd, kOr, kXor, kShl, kShr, kRotl, kRotr };
enum class CompareFamily : uint8_t { kEq, kNe, kLt, kLe, kGt, kGe, kNlt, kNle, kNgt, kNge };

Op SelectBinary(BinaryFamily family, ValueType type, OperandKind dest, OperandKind left, OperandKind right);
// Value comparisons have no negated families.
Op SelectCompare(CompareFamily family, ValueType type, OperandKind left, OperandKind right);
// Jumps if; SelectLoopBranch gives the polling form for backward jumps.
Op SelectBranch(CompareFamily family, ValueType type, OperandKind left, OperandKind right);
Op SelectLoopBranch(CompareFamily family, ValueType type, OperandKind left, OperandKind right);
// The conversion; a plain move (kMove1 ... kMove8) when low bits are all it takes.
Op SelectCast(ValueType from, ValueType to);

// A cheaper operation that does the same as `op` with this constant (cd), which may change too; `op` itself when there
// is none. Division by powers of two.
Op ReduceConstant(Op op, int32_t& constant);

// Operations that exist for each size of operand; kNone for other sizes.
Op MoveOp(uint32_t bytes);
Op LoadOp(uint32_t bytes, bool checked);
Op StoreOp(uint32_t bytes, bool checked);
Op LoadGlobalOp(uint32_t bytes);
Op StoreGlobalOp(uint32_t bytes);
// Return of a value in the frame; the typed forms leave floats in `facc`.
Op ReturnOp(uint32_t bytes);

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_OPERATION_H_
