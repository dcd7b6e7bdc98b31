// Which test gave birth to what is left.
//
// A birth id is a moment. While tests run one after another and inside one another, each is an interval of ids of each
// heap; a survivor belongs to the innermost interval its id lies in. Always true: intervals nest, and are kept in the
// order of their beginning. Floor 6.

#ifndef VESTIGE_ENGINE_TEST_EPOCH_H_
#define VESTIGE_ENGINE_TEST_EPOCH_H_

#include <cstdint>
#include <span>
#include <vector>

#include "exec/context.h"
#include "memory/heap.h"

namespace vestige::engine {

// Survivors of one heap with equal test, stack and size.
struct EpochSurvivors {
  uint32_t test = 0;
  ledger::NodeId node = 0;
  uint64_t bytes = 0;  // of each
  uint64_t count = 0;
};

// One outermost test and what it runs. Tests are numbered by the order of their beginning, the outermost is 0.
class TestEpoch {
 public:
  explicit TestEpoch(exec::Context& context) : context_(context) {}

  // Forgets everything: an outermost test begins next.
  void Clear() { spans_.clear(); }
  // Returns the number of the test.
  uint32_t Begin();
  void End(uint32_t test);
  // The test was left by a panic: what it had not freed yet stays, by the rules of the language, and is not its leak.
  void Forgive(uint32_t test) { spans_[test].is_forgiven = true; }

  // Blocks of `heap` (one of the context's, while it tracks) that were born in the epoch and are alive, in the order of
  // birth of each group's first.
  std::vector<EpochSurvivors> Survivors(const memory::Heap& heap) const;

 private:
  struct Span {
    uint64_t first_object = 0;  // ids of births
    uint64_t last_object = ~uint64_t{0};
    uint64_t first_string = 0;
    uint64_t last_string = ~uint64_t{0};
    uint32_t parent = 0;
    bool is_forgiven = false;
  };

  exec::Context& context_;
  std::vector<Span> spans_;
  std::vector<uint32_t> open_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_TEST_EPOCH_H_
