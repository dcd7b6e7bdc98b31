// Lanes: whose births are counted together.
//
// An id means the same birth in every run only if it does not depend on scheduling. So ids are not handed out by a
// process-wide counter but per lane: a context or a job, named by its creator and its ordinal there, never by a thread
// or an address. Floor 1.

#ifndef VESTIGE_LEDGER_LANE_H_
#define VESTIGE_LEDGER_LANE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace vestige::ledger {

// Ordinal of a birth within one lane and domain; the first is 1, zero means "no id".
using BirthId = uint64_t;

inline constexpr std::string_view kMainLane = "main";

// Hands out the ids of one domain in one lane. Not thread-safe: a lane runs on one thread at a time.
class BirthIds {
 public:
  BirthId Next() { return ++last_; }
  // The id given out last, which is also how many were given out.
  BirthId last() const { return last_; }

 private:
  BirthId last_ = 0;
};

// One lane. The creator names its children, so names do not depend on who runs first.
class Lane {
 public:
  explicit Lane(std::string name = std::string(kMainLane)) : name_(std::move(name)) {}

  std::string_view name() const { return name_; }
  // The next lane this one creates: `main` makes `main/1`, then `main/2`. Called on the creator's thread.
  Lane MakeChild() { return Lane(name_ + "/" + std::to_string(++child_count_)); }

 private:
  std::string name_;
  uint32_t child_count_ = 0;
};

// The order of lanes in reports: a creator before what it created, its creations in their order.
bool LaneBefore(std::string_view a, std::string_view b);

}  // namespace vestige::ledger

#endif  // VESTIGE_LEDGER_LANE_H_
