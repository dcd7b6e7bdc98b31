// Constants: see constant.h.
//
// A scalar constant is kept as 64 bits, sign- or zero-extended by its type. Folding works on those and wraps to the
// width of the type afterwards, as the operations do at run time. Floor 3.

#include "sema/constant.h"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "sema/expr.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

// The number kind whose bits a scalar has: enums and bitfields count as their storage.
Kind NumberKind(const Type* type) {
  if (type->kind == Kind::kEnum) return type->enum_info->storage->kind;
  if (type->kind == Kind::kBitfield) return type->element != nullptr ? type->element->kind : Kind::kUInt;
  return type->kind;
}

bool IsIntegerKind(Kind kind) { return kind >= Kind::kInt8 && kind <= Kind::kUInt64; }

uint64_t Wrap(uint64_t bits, Kind kind) {
  switch (kind) {
    case Kind::kInt8:
      return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int8_t>(bits)));
    case Kind::kUInt8:
      return static_cast<uint8_t>(bits);
    case Kind::kInt16:
      return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int16_t>(bits)));
    case Kind::kUInt16:
      return static_cast<uint16_t>(bits);
    case Kind::kInt:
      return static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(bits)));
    case Kind::kUInt:
      return static_cast<uint32_t>(bits);
    default:
      return bits;
  }
}

bool IsSignedKind(Kind kind) {
  return kind == Kind::kInt8 || kind == Kind::kInt16 || kind == Kind::kInt || kind == Kind::kInt64;
}

double RealOf(uint64_t bits, Kind kind) {
  return kind == Kind::kFloat ? std::bit_cast<float>(static_cast<uint32_t>(bits)) : std::bit_cast<double>(bits);
}

uint64_t RealBits(double value, Kind kind) {
  return kind == Kind::kFloat ? std::bit_cast<uint32_t>(static_cast<float>(value)) : std::bit_cast<uint64_t>(value);
}

struct IntegerRange {
  int64_t low;
  uint64_t high;
};

IntegerRange RangeOf(Kind kind) {
  switch (kind) {
    case Kind::kInt8:
      return {-128, 127};
    case Kind::kUInt8:
      return {0, 255};
    case Kind::kInt16:
      return {-32768, 32767};
    case Kind::kUInt16:
      return {0, 65535};
    case Kind::kInt:
      return {std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()};
    case Kind::kUInt:
      return {0, std::numeric_limits<uint32_t>::max()};
    case Kind::kInt64:
      return {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};
    default:
      return {0, std::numeric_limits<uint64_t>::max()};
  }
}

TConst* Copy(Checker& c, const Type* type, uint64_t bits, base::Location location, bool adapts) {
  TConst* constant = MakeConst(c, type, bits, location);
  constant->adapts = adapts;
  return constant;
}

template <typename T>
bool Compare(BinaryOp op, T a, T b, uint64_t* result) {
  switch (op) {
    case BinaryOp::kEq:
      *result = a == b;
      return true;
    case BinaryOp::kNe:
      *result = a != b;
      return true;
    case BinaryOp::kLt:
      *result = a < b;
      return true;
    case BinaryOp::kLe:
      *result = a <= b;
      return true;
    case BinaryOp::kGt:
      *result = a > b;
      return true;
    case BinaryOp::kGe:
      *result = a >= b;
      return true;
    default:
      return false;
  }
}

bool FoldReal(BinaryOp op, double a, double b, Kind kind, uint64_t* result) {
  switch (op) {
    case BinaryOp::kAdd:
      *result = RealBits(a + b, kind);
      return true;
    case BinaryOp::kSub:
      *result = RealBits(a - b, kind);
      return true;
    case BinaryOp::kMul:
      *result = RealBits(a * b, kind);
      return true;
    case BinaryOp::kDiv:
      *result = RealBits(a / b, kind);
      return true;
    default:
      return Compare(op, a, b, result);
  }
}

uint64_t Rotate(uint64_t value, unsigned count, unsigned width) {
  if (width == 64) return std::rotl(value, static_cast<int>(count));
  return std::rotl(static_cast<uint32_t>(value), static_cast<int>(count));
}

bool FoldShift(BinaryOp op, uint64_t a, uint64_t b, Kind kind, uint64_t* result) {
  const bool wide = kind == Kind::kInt64 || kind == Kind::kUInt64;
  const unsigned width = wide ? 64 : 32;
  const unsigned count = static_cast<unsigned>(b) & (width - 1);
  switch (op) {
    case BinaryOp::kShl:
      *result = a << count;
      return true;
    case BinaryOp::kShr:
      *result = IsSignedKind(kind) ? static_cast<uint64_t>(static_cast<int64_t>(a) >> count) : a >> count;
      return true;
    case BinaryOp::kRotl:
      *result = Rotate(a, count, width);
      return true;
    case BinaryOp::kRotr:
      *result = Rotate(a, (width - count) & (width - 1), width);
      return true;
    default:
      return false;
  }
}

bool FoldInteger(BinaryOp op, uint64_t a, uint64_t b, Kind kind, uint64_t* result) {
  const bool is_signed = IsSignedKind(kind);
  switch (op) {
    case BinaryOp::kAdd:
      *result = a + b;
      return true;
    case BinaryOp::kSub:
      *result = a - b;
      return true;
    case BinaryOp::kMul:
      *result = a * b;
      return true;
    case BinaryOp::kAnd:
      *result = a & b;
      return true;
    case BinaryOp::kOr:
      *result = a | b;
      return true;
    case BinaryOp::kXor:
      *result = a ^ b;
      return true;
    case BinaryOp::kDiv:
    case BinaryOp::kMod:
      // Both trap at run time.
      if (b == 0 || (is_signed && static_cast<int64_t>(b) == -1)) return false;
      if (is_signed) {
        const int64_t x = static_cast<int64_t>(a);
        const int64_t y = static_cast<int64_t>(b);
        *result = static_cast<uint64_t>(op == BinaryOp::kDiv ? x / y : x % y);
      } else {
        *result = op == BinaryOp::kDiv ? a / b : a % b;
      }
      return true;
    default:
      break;
  }
  if (FoldShift(op, a, b, kind, result)) return true;
  return is_signed ? Compare(op, static_cast<int64_t>(a), static_cast<int64_t>(b), result) : Compare(op, a, b, result);
}

}  // namespace

const TConst* ConstantOf(const TExpr* expr) {
  return expr != nullptr && expr->kind == ExprKind::kConst ? static_cast<const TConst*>(expr) : nullptr;
}

bool ConstantInteger(const TExpr* expr, int64_t* value) {
  const TConst* constant = ConstantOf(expr);
  if (constant == nullptr || !IsIntegerKind(NumberKind(constant->type))) return false;
  *value = static_cast<int64_t>(constant->bits[0]);
  return true;
}

bool ConstantBool(const TExpr* expr, bool* value) {
  const TConst* constant = ConstantOf(expr);
  if (constant == nullptr || constant->type->kind != Kind::kBool) return false;
  *value = constant->bits[0] != 0;
  return true;
}

TConst* MakeConst(Checker& c, const Type* type, uint64_t bits, base::Location location) {
  TConst* constant = c.Node<TConst>(location, c.types.Qualified(type, types::kConst));
  constant->bits[0] = Wrap(bits, NumberKind(type));
  return constant;
}

TConst* MakeString(Checker& c, std::string_view text, base::Location location) {
  TConst* constant = MakeConst(c, c.types.string_type(), 0, location);
  if (!text.empty()) constant->text = c.arena.CopyText(text);
  return constant;
}

TExpr* AdaptLiteral(Checker& c, TExpr* expr, const Type* target, syntax::Place place) {
  const TConst* constant = ConstantOf(expr);
  if (constant == nullptr || !constant->adapts) return nullptr;
  if (constant->type->kind != Kind::kInt && constant->type->kind != Kind::kUInt) return nullptr;
  if (constant->type->kind == target->kind) return nullptr;
  const int64_t value = static_cast<int64_t>(constant->bits[0]);
  if (target->is_floating()) {
    return MakeConst(c, target->unqualified, RealBits(static_cast<double>(value), target->kind), expr->location);
  }
  if (!target->is_integer() && target->kind != Kind::kBitfield) return nullptr;
  const Kind kind = NumberKind(target);
  const IntegerRange range = RangeOf(kind);
  if (value < range.low || (value > 0 && static_cast<uint64_t>(value) > range.high)) {
    return c.Error(
        30515, place,
        "constant value " + std::to_string(value) + " does not fit in " + types::TypeName(target->unqualified),
        "expected range [" + std::to_string(range.low) + ".." + std::to_string(range.high) + "]");
  }
  return MakeConst(c, target->unqualified, static_cast<uint64_t>(value), expr->location);
}

TConst* FoldUnary(Checker& c, UnaryOp op, const TExpr* operand, const Type* type, base::Location location) {
  const TConst* constant = ConstantOf(operand);
  if (constant == nullptr) return nullptr;
  const Kind kind = NumberKind(constant->type);
  const uint64_t bits = constant->bits[0];
  if (kind == Kind::kBool) {
    return op == UnaryOp::kNot ? Copy(c, type, bits == 0, location, false) : nullptr;
  }
  if (kind == Kind::kFloat || kind == Kind::kDouble) {
    if (op == UnaryOp::kPlus) return Copy(c, type, bits, location, false);
    return op == UnaryOp::kNegate ? Copy(c, type, RealBits(-RealOf(bits, kind), kind), location, false) : nullptr;
  }
  if (!IsIntegerKind(kind)) return nullptr;
  switch (op) {
    case UnaryOp::kPlus:
      return Copy(c, type, bits, location, constant->adapts);
    case UnaryOp::kNegate:
      return Copy(c, type, 0 - bits, location, constant->adapts);
    case UnaryOp::kBitNot:
      return Copy(c, type, ~bits, location, constant->adapts);
    case UnaryOp::kNot:
      return nullptr;
  }
  return nullptr;
}

TConst* FoldBinary(Checker& c, BinaryOp op, const TExpr* left, const TExpr* right, const Type* type,
                   base::Location location) {
  const TConst* a = ConstantOf(left);
  const TConst* b = ConstantOf(right);
  if (a == nullptr || b == nullptr) return nullptr;
  const Kind kind = NumberKind(a->type);
  uint64_t bits = 0;
  bool folded = false;
  if (kind == Kind::kFloat || kind == Kind::kDouble) {
    folded = FoldReal(op, RealOf(a->bits[0], kind), RealOf(b->bits[0], kind), kind, &bits);
  } else if (kind == Kind::kBool) {
    folded =
        op == BinaryOp::kLogicXor ? (bits = a->bits[0] ^ b->bits[0], true) : Compare(op, a->bits[0], b->bits[0], &bits);
  } else if (kind == Kind::kString) {
    folded = Compare(op, a->text, b->text, &bits);
  } else if (IsIntegerKind(kind)) {
    folded = FoldInteger(op, a->bits[0], b->bits[0], kind, &bits);
  }
  return folded ? Copy(c, type, bits, location, a->adapts && b->adapts) : nullptr;
}

TConst* FoldCast(Checker& c, const TExpr* operand, const Type* type, base::Location location) {
  const TConst* constant = ConstantOf(operand);
  if (constant == nullptr) return nullptr;
  const Kind from = NumberKind(constant->type);
  const Kind to = NumberKind(type);
  const uint64_t bits = constant->bits[0];
  const bool to_real = to == Kind::kFloat || to == Kind::kDouble;
  if (IsIntegerKind(from) && IsIntegerKind(to)) return MakeConst(c, type, bits, location);
  if (IsIntegerKind(from) && to_real) {
    const double value =
        from == Kind::kUInt64 ? static_cast<double>(bits) : static_cast<double>(static_cast<int64_t>(bits));
    // 64-bit integers round once, straight to float.
    if (to == Kind::kFloat) {
      const float direct =
          from == Kind::kUInt64 ? static_cast<float>(bits) : static_cast<float>(static_cast<int64_t>(bits));
      return MakeConst(c, type, std::bit_cast<uint32_t>(direct), location);
    }
    return MakeConst(c, type, RealBits(value, to), location);
  }
  if ((from == Kind::kFloat || from == Kind::kDouble) && to_real) {
    return MakeConst(c, type, RealBits(RealOf(bits, from), to), location);
  }
  if ((from == Kind::kFloat || from == Kind::kDouble) && IsIntegerKind(to)) {
    const double value = RealOf(bits, from);
    // What is out of range is left to the machine.
    if (!(value > -2147483648.0 && value < 2147483647.0)) return nullptr;
    return MakeConst(c, type, static_cast<uint64_t>(static_cast<int64_t>(value)), location);
  }
  return nullptr;
}

}  // namespace vestige::sema
