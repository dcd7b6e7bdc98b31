// How often a script does what costs time: calls, environments, contexts, and what scripts and hosts say themselves.
//
// For profiles of events in the format of DHAT. Calls are counted by the operation kCounted, which takes the place of
// a calling operation when code is made for counting (CodeBuilder::set_counts_events): nothing asks at run time whether
// events are wanted. Floor 4.

#ifndef VESTIGE_EXEC_EVENT_PROFILE_H_
#define VESTIGE_EXEC_EVENT_PROFILE_H_

#include <cstdint>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "ledger/context_tree.h"
#include "types/type.h"

namespace vestige::exec {

enum class Event : uint8_t {
  kAdHoc,        // ad_hoc_event of a script or its host
  kCall,         // a function, block or lambda is called, which makes a frame
  kEnvironment,  // a lambda or a generator is made: its captures or its frame on the heap
  kContext,      // a context is made
};

// Events of one kind on one call path.
struct EventRow {
  ledger::NodeId node = ledger::kNoNode;
  Event event = Event::kAdHoc;
  // What is called or made; kNoFunction for other events.
  uint32_t function = types::kNoFunction;
  uint64_t count = 0;
  // Sum; 1 for each event of the engine.
  uint64_t weight = 0;
};

// The events of one context. Not thread-safe.
class EventProfile {
 public:
  void Add(ledger::NodeId node, Event event, uint32_t function, uint64_t weight) {
    const auto [entry, is_new] = index_.try_emplace({node, event, function}, rows_.size());
    if (is_new) rows_.push_back({.node = node, .event = event, .function = function});
    rows_[entry->second].count += 1;
    rows_[entry->second].weight += weight;
  }
  // In order of first events.
  const std::vector<EventRow>& rows() const { return rows_; }

 private:
  absl::flat_hash_map<std::tuple<ledger::NodeId, Event, uint32_t>, size_t> index_;
  std::vector<EventRow> rows_;
};

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_EVENT_PROFILE_H_
