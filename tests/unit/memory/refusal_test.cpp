// Refusals on request, and the most that was ever alive.
#include <doctest/doctest.h>

#include "memory/heap.h"

namespace vestige::memory {
namespace {

constexpr BlockInfo kRefusedInfo(Comment::kNew, 3);

TEST_CASE("the planned allocation is refused, and no other, in every model and for every way to allocate") {
  for (const Model model : {Model::kPersistent, Model::kLinear}) {
    for (const bool grows : {false, true}) {
      FailurePlan plan{3};
      Heap heap({.model = model, .failure = &plan});
      void* first = heap.Allocate(40, kRefusedInfo);
      void* second = heap.Allocate(100000, kRefusedInfo);
      CHECK(first != nullptr);
      CHECK(second != nullptr);
      CHECK((grows ? heap.Reallocate(second, 100000, 200000, kRefusedInfo) : heap.Allocate(1, kRefusedInfo)) ==
            nullptr);
      CHECK(heap.last_refusal().requested == (grows ? 200000 : 1));
      CHECK_FALSE(heap.last_refusal().by_system);
      CHECK(heap.live_count() == 2);
      CHECK(heap.IsLive(second));
      for (int i = 0; i < 100; ++i) CHECK(heap.Allocate(16, kRefusedInfo) != nullptr);
      heap.Verify();
    }
  }
}

TEST_CASE("heaps share a plan") {
  FailurePlan plan{2};
  Heap objects({.failure = &plan});
  Heap strings({.content = Content::kStrings, .failure = &plan});
  CHECK(objects.Allocate(16, kRefusedInfo) != nullptr);
  CHECK(strings.Allocate(16, kRefusedInfo) == nullptr);
  CHECK(objects.Allocate(16, kRefusedInfo) != nullptr);
}

TEST_CASE("a limit that is set later holds beside a plan") {
  FailurePlan plan{1000};
  Heap heap({.failure = &plan});
  heap.set_max_bytes(64);
  CHECK(heap.Allocate(64, kRefusedInfo) != nullptr);
  CHECK(heap.Allocate(16, kRefusedInfo) == nullptr);
  CHECK(heap.max_bytes() == 64);
}

TEST_CASE("the peak is the most that was alive at once") {
  for (const Model model : {Model::kPersistent, Model::kLinear}) {
    Heap heap({.model = model});
    void* a = heap.Allocate(100, kRefusedInfo);
    void* b = heap.Allocate(200, kRefusedInfo);
    CHECK(heap.peak_bytes() == 112 + 208);
    CHECK(heap.peak_count() == 2);
    heap.Free(b, 200);
    heap.Free(a, 100);
    void* c = heap.Allocate(50, kRefusedInfo);
    CHECK(heap.peak_bytes() == 112 + 208);
    // Growing by moving is not both blocks at once.
    c = heap.Reallocate(c, 50, 1000, kRefusedInfo);
    CHECK(c != nullptr);
    CHECK(heap.peak_bytes() == 1008);
    CHECK(heap.peak_count() == 1);
  }
}

}  // namespace
}  // namespace vestige::memory
