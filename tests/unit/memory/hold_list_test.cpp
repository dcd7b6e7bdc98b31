#include "memory/hold_list.h"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <set>

#include "memory/live_set.h"

namespace vestige::memory {

namespace {

constexpr Birthplace kPlace = {.lane = 1, .stack = 2};

}  // namespace

TEST_CASE("a slot has one reference: the one before it is lost, not forgotten") {
  HoldList holds;
  const int slot = 0;
  holds.Add(&slot, HolderKind::kLocal, kPlace);
  holds.Find(&slot)->name = "local first";
  holds.Add(&slot, HolderKind::kLocal, kPlace);
  holds.Find(&slot)->name = "local second";
  REQUIRE(holds.all().size() == 2);
  holds.Remove(holds.Find(&slot), kPlace);
  REQUIRE(holds.all().size() == 1);
  CHECK(HolderName(holds.all()[0]) == "local first");
  CHECK(holds.Find(&slot) == nullptr);
  REQUIRE(holds.FindDrop(&slot) != nullptr);
  CHECK(holds.FindDrop(&slot)->dropped == kPlace);
}

TEST_CASE("what is in flight is found until it lands") {
  HoldList holds;
  const int slot = 0;
  CHECK(holds.FindInFlight() == nullptr);
  holds.Add(nullptr, HolderKind::kScript, kPlace);
  holds.MoveTo(holds.FindInFlight(), &slot);
  CHECK(holds.FindInFlight() == nullptr);
  holds.MoveTo(holds.Find(&slot), nullptr);
  CHECK(holds.Find(&slot) == nullptr);
  CHECK(holds.FindInFlight() != nullptr);
}

// Grows past what is searched one by one, and shrinks again.
TEST_CASE("many holds are found like few") {
  HoldList holds;
  std::array<char, 200> slots{};
  std::set<size_t> held;
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    const size_t slot = random() % slots.size();
    const size_t limit = round / 1000 % 2 == 0 ? 200 : 20;
    if (held.contains(slot)) {
      const size_t to = random() % slots.size();
      if (!held.contains(to) && held.size() < limit) {
        holds.MoveTo(holds.Find(&slots[slot]), &slots[to]);
        held.insert(to);
      } else {
        holds.Remove(holds.Find(&slots[slot]), kPlace);
      }
      held.erase(slot);
    } else if (held.size() < limit) {
      holds.Add(&slots[slot], HolderKind::kElement, kPlace);
      held.insert(slot);
    }
    REQUIRE(holds.all().size() == held.size());
    const size_t asked = random() % slots.size();
    const Hold* found = holds.Find(&slots[asked]);
    REQUIRE((found != nullptr) == held.contains(asked));
    if (found != nullptr) REQUIRE(found->slot == &slots[asked]);
  }
}

TEST_CASE("a live set has what was put in and not taken out, however it grew") {
  LiveSet set;
  std::array<int64_t, 4000> objects{};
  std::set<size_t> live;
  std::mt19937 random(2);
  CHECK_FALSE(set.Contains(&objects[0]));
  set.Insert(&objects[0]);
  set.Erase(&objects[0]);
  // What stands for no address in the table.
  for (const uintptr_t number : {0, 1}) CHECK_FALSE(set.Contains(reinterpret_cast<const void*>(number)));
  for (int round = 0; round < 20000; ++round) {
    const size_t i = random() % objects.size();
    if (live.contains(i)) {
      set.Erase(&objects[i]);
      live.erase(i);
    } else {
      set.Insert(&objects[i]);
      live.insert(i);
    }
    const size_t asked = random() % objects.size();
    REQUIRE(set.Contains(&objects[asked]) == live.contains(asked));
  }
}

}  // namespace vestige::memory
