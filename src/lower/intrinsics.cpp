// The table of natives that are one operation. Floor 5.

#include "lower/intrinsics.h"

namespace vestige::lower {

using exec::Op;
using exec::ValueType;

namespace {

struct Row {
  std::string_view name;
  ValueType type;
  Op op;
};

constexpr Row kRows[] = {
    {"sqrt", ValueType::kF32, Op::kSqrtF32}, {"sqrt", ValueType::kF64, Op::kSqrtF64},
    {"abs", ValueType::kI32, Op::kAbsI32},   {"abs", ValueType::kI64, Op::kAbsI64},
    {"abs", ValueType::kF32, Op::kAbsF32},   {"abs", ValueType::kF64, Op::kAbsF64},
    {"min", ValueType::kI32, Op::kMinI32},   {"min", ValueType::kU32, Op::kMinU32},
    {"min", ValueType::kI64, Op::kMinI64},   {"min", ValueType::kU64, Op::kMinU64},
    {"min", ValueType::kF32, Op::kMinF32},   {"min", ValueType::kF64, Op::kMinF64},
    {"max", ValueType::kI32, Op::kMaxI32},   {"max", ValueType::kU32, Op::kMaxU32},
    {"max", ValueType::kI64, Op::kMaxI64},   {"max", ValueType::kU64, Op::kMaxU64},
    {"max", ValueType::kF32, Op::kMaxF32},   {"max", ValueType::kF64, Op::kMaxF64},
};

}  // namespace

std::string_view IntrinsicName(const sema::NativeFunction& native) {
  if (!native.intrinsic.empty()) return native.intrinsic;
  if (native.name == "key_exists") return native.name;
  // Pure functions of these names have one meaning for every number.
  if ((native.flags & sema::kPure) == 0) return {};
  for (const Row& row : kRows) {
    if (row.name == native.name) return row.name;
  }
  return {};
}

Op IntrinsicOp(std::string_view name, ValueType type) {
  for (const Row& row : kRows) {
    if (row.type == type && row.name == name) return row.op;
  }
  return Op::kNone;
}

}  // namespace vestige::lower
