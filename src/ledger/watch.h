// Break on id: what happens when something of interest is born, held, dropped or dies.
//
// A Watch is a small table of (domain, lane, id, events), filled before a run and only read during it. Each domain
// tells it of every event through DidHappen, which is one predictable branch while nothing of that domain is watched.
// What a hit does is a policy; what is printed about it is the host's (audit spells lines, exec knows script stacks),
// except for the native stack, which every domain has in common.
//
// Floor 1.

#ifndef VESTIGE_LEDGER_WATCH_H_
#define VESTIGE_LEDGER_WATCH_H_

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/attributes.h"
#include "base/lock.h"
#include "ledger/lane.h"

namespace vestige::ledger {

// What kind of thing an id counts.
enum class Domain : uint8_t { kHeapBlock, kString, kGcNode, kSmartPointer, kJobPrimitive, kFeature, kHandle };

// What can happen to it. Values are bits: a watched id names a set of them.
enum class Event : uint8_t { kBirth = 1, kHold = 2, kDrop = 4, kDeath = 8 };
using EventSet = uint8_t;
inline constexpr EventSet kAllEvents = 0xF;
constexpr EventSet Only(Event event) { return static_cast<EventSet>(event); }

// What a hit does after it has been told.
enum class OnHit : uint8_t {
  // Stop in the debugger when one is attached; otherwise print the stacks and go on.
  kAutomatic,
  // Stop in the debugger, attached or not.
  kTrap,
  // Print the stacks and go on.
  kStack,
  // Print the stacks and end the process with kBreakExitCode.
  kExit,
};
inline constexpr int kBreakExitCode = 133;

// "trap", "stack", "exit" or "auto"; nothing else.
std::optional<OnHit> ParseOnHit(std::string_view text);

// An id as people write it: decimal, or hexadecimal after 0x. With `bare_hex`, which is for ids that reports print in
// hexadecimal, text without a prefix is hexadecimal as well. Nothing else, no sign, no spaces, at most 64 bits.
enum class BareHex : bool { kNo, kYes };
std::optional<BirthId> ParseId(std::string_view text, BareHex bare_hex = BareHex::kNo);

// One hit, as the host's printer gets it.
struct WatchHit {
  Domain domain;
  Event event;
  BirthId id;
  std::string_view lane;
};

// Thread-safe once filled: hits of several threads are told one after the other.
class Watch {
 public:
  // Prints the heading of a hit and the script stack it happened at, to `out`. Runs on the thread of the event and must
  // not cause watched events itself.
  using Printer = void (*)(void* host, const WatchHit& hit, std::FILE* out);

  Watch() = default;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Watches `id` of `domain` in the lane of that name. Call before the run.
  void Add(Domain domain, BirthId id, EventSet events = kAllEvents, std::string_view lane = kMainLane);
  void set_on_hit(OnHit on_hit) { on_hit_ = on_hit; }
  // `host` is handed to `printer`; neither is owned. Without one, hits print a plain heading.
  void set_printer(Printer printer, void* host) {
    printer_ = printer;
    printer_host_ = host;
  }
  // Where hits are told; stdout unless set, like every report. Not owned.
  void set_output(std::FILE* out) { out_ = out; }

  // Whether anything of the domain is watched.
  bool watches(Domain domain) const { return (watched_domains_ & Bit(domain)) != 0; }

  // Whether any event of this id in any lane is.
  bool IsWatched(Domain domain, BirthId id) const;

  // Tells that something happened. Costs a load and a branch unless the domain is watched.
  void DidHappen(Domain domain, BirthId id, Event event, std::string_view lane) {
    if (watches(domain)) [[unlikely]]
      Check(WatchHit{domain, event, id, lane});
  }

  // Hits so far.
  uint64_t hit_count() const;

 private:
  struct Row {
    Domain domain;
    EventSet events;
    BirthId id;
    std::string lane;
  };
  static constexpr uint32_t Bit(Domain domain) { return 1u << static_cast<uint32_t>(domain); }

  // Never inlined: the native stack leaves out exactly these two.
  ABSL_ATTRIBUTE_NOINLINE void Check(const WatchHit& hit);
  ABSL_ATTRIBUTE_NOINLINE void Tell(const WatchHit& hit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  uint32_t watched_domains_ = 0;
  OnHit on_hit_ = OnHit::kAutomatic;
  Printer printer_ = nullptr;
  void* printer_host_ = nullptr;
  std::FILE* out_ = nullptr;
  std::vector<Row> rows_;
  mutable base::Mutex mutex_;
  uint64_t hit_count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace vestige::ledger

#endif  // VESTIGE_LEDGER_WATCH_H_
