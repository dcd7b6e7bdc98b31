// Arithmetic with a constant that makes it cheaper.
#include <bit>

#include "exec/operation.h"

namespace vestige::exec {

namespace {

// A division by a constant, and what it becomes for a power of two. The constant of `by_power` is the exponent or, when
// `takes_mask`, the divisor minus one.
struct Reduction {
  Op op;
  Op by_power;
  bool takes_mask;
};

#define VESTIGE_FORMS(From, To, Suffix, takes_mask)                                                                 \
  {Op::k##From##_FFK, Op::k##To##_FF##Suffix, takes_mask}, {Op::k##From##_FAK, Op::k##To##_FA##Suffix, takes_mask}, \
      {Op::k##From##_AFK, Op::k##To##_AF##Suffix, takes_mask},                                                      \
      {Op::k##From##_AAK, Op::k##To##_AA##Suffix, takes_mask},
constexpr Reduction kReductions[] = {
    VESTIGE_FORMS(DivI32, DivPowerI32, , false) VESTIGE_FORMS(DivI64, DivPowerI64, , false)
        VESTIGE_FORMS(ModI32, ModPowerI32, , true) VESTIGE_FORMS(ModI64, ModPowerI64, , true)
            VESTIGE_FORMS(DivU32, ShrU32, K, false) VESTIGE_FORMS(DivU64, ShrU64, K, false)
                VESTIGE_FORMS(ModU32, AndI32, K, true) VESTIGE_FORMS(ModU64, AndI64, K, true)};
#undef VESTIGE_FORMS

}  // namespace

Op ReduceConstant(Op op, int32_t& constant) {
  if (constant <= 0 || !std::has_single_bit(static_cast<uint32_t>(constant))) return op;
  for (const Reduction& reduction : kReductions) {
    if (reduction.op != op) continue;
    constant = reduction.takes_mask ? constant - 1 : std::countr_zero(static_cast<uint32_t>(constant));
    return reduction.by_power;
  }
  return op;
}

}  // namespace vestige::exec
