#include "exec/operation.h"

#include <cstddef>
#include <iterator>

#include "exec/operation_groups.h"

namespace vestige::exec {

namespace {

constexpr const char* kNames[] = {
#define VESTIGE_OP(Name, ...) #Name,
#include "exec/operations.def"
};
static_assert(std::size(kNames) == static_cast<size_t>(Op::kCount));

// 1 or 2 by operation.
constexpr uint8_t kWords[] = {
#define VESTIGE_OP(Name, ...) 1,
#define VESTIGE_OP2(Name, ...) 2,
#include "exec/operations.def"
};

// How many operations each group has, in order; an enumerator per group would need a second list.
struct Group {
  const Handler* handlers;
  uint32_t size;
};

#define VESTIGE_OP(Name, ...) +1
#define VESTIGE_BINARY(...) +1
#define VESTIGE_COMPARE(...) +1
#define VESTIGE_BRANCH(...) +1
#define VESTIGE_LOOP(...) +1
#define VESTIGE_CAST(...) +1
#define VESTIGE_OP2(...) +1
constexpr uint32_t kArithmeticCount = 0
#include "exec/operations_arithmetic.def"
    ;
constexpr uint32_t kCompareCount = 0
#include "exec/operations_compare.def"
    ;
constexpr uint32_t kCastCount = 0
#include "exec/operations_cast.def"
    ;
constexpr uint32_t kMoveCount = 0
#include "exec/operations_move.def"
    ;
constexpr uint32_t kArrayCount = 0
#include "exec/operations_array.def"
    ;
constexpr uint32_t kVectorCount = 0
#include "exec/operations_vector.def"
    ;
constexpr uint32_t kCallCount = 0
#include "exec/operations_call.def"
    ;
constexpr uint32_t kObjectCount = 0
#include "exec/operations_object.def"
    ;
constexpr uint32_t kGeneratorCount = 0
#include "exec/operations_generator.def"
    ;
constexpr uint32_t kCountedCount = 0
#include "exec/operations_counted.def"
    ;
#undef VESTIGE_OP
#undef VESTIGE_OP2
#undef VESTIGE_BINARY
#undef VESTIGE_COMPARE
#undef VESTIGE_BRANCH
#undef VESTIGE_LOOP
#undef VESTIGE_CAST

static_assert(kArithmeticCount + kCompareCount + kCastCount + kMoveCount + kArrayCount + kVectorCount + kCallCount +
                  kObjectCount + kGeneratorCount + kCountedCount ==
              static_cast<uint32_t>(Op::kCount));

constexpr Group kGroups[] = {
    {kArithmeticHandlers, kArithmeticCount},
    {kCompareHandlers, kCompareCount},
    {kCastHandlers, kCastCount},
    {kMoveHandlers, kMoveCount},
    {kArrayHandlers, kArrayCount},
    {kVectorHandlers, kVectorCount},
    {kCallHandlers, kCallCount},
    {kObjectHandlers, kObjectCount},
    {kGeneratorHandlers, kGeneratorCount},
    {kCountedHandlers, kCountedCount},
};

}  // namespace

Handler HandlerOf(Op op) {
  uint32_t index = static_cast<uint32_t>(op);
  for (const Group& group : kGroups) {
    if (index < group.size) return group.handlers[index];
    index -= group.size;
  }
  return nullptr;
}

const char* NameOf(Op op) { return op < Op::kCount ? kNames[static_cast<size_t>(op)] : "none"; }

Op OpOf(Handler handler) {
  uint32_t first = 0;
  for (const Group& group : kGroups) {
    for (uint32_t i = 0; i < group.size; ++i) {
      if (group.handlers[i] == handler) return static_cast<Op>(first + i);
    }
    first += group.size;
  }
  return Op::kNone;
}

uint32_t WordsOf(Op op) { return kWords[static_cast<size_t>(op)]; }

}  // namespace vestige::exec
