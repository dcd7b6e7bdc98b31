// The report of a run that ran out of memory: what fills its heaps, found and told without allocating.
//
// Everything it needs lies in one pocket of at most 64 KB that is taken when the run begins and not touched before.
// Collect walks the heaps a few times (memory/heaviest.h); Write spells what it found. Floor 6.

#ifndef VESTIGE_ENGINE_LIMIT_REPORT_H_
#define VESTIGE_ENGINE_LIMIT_REPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/location.h"
#include "base/text_sink.h"
#include "diag/source_manager.h"
#include "engine/compiler.h"
#include "exec/context.h"
#include "memory/heap.h"

namespace vestige::engine {

class LimitReport {
 public:
  // Keeps references; `das_root` tells libraries apart (IsLibrary).
  LimitReport(const Compiled& program, exec::Context& context, std::string_view das_root);
  ~LimitReport();
  LimitReport(const LimitReport&) = delete;
  LimitReport& operator=(const LimitReport&) = delete;

  // Growth is told from here on; unset items: the start.
  void SetCheckpoint(std::optional<uint64_t> items);

  // A heap refused a block, or, when null, the system refused memory beside the heaps. Frames are still there: notes
  // the line of the user's script. What the heaps hold is looked at now if nothing will take the panic over.
  void DidRunOut(const memory::Heap* heap);
  // Where the script stood then.
  diag::Position user_place() const;

  // Tells what fills the heaps; looks now if nothing was looked at since the last DidRunOut.
  void Write(base::TextSink& out);

 private:
  struct Pocket;
  struct Mark {
    uint64_t live_bytes = 0;
    uint64_t live_count = 0;
    uint64_t births = 0;
  };

  void Collect();
  // The first frame of the path that is the user's, else the first of the script.
  diag::Position PlaceOf(ledger::NodeId node) const;
  std::string_view TypeText(uint32_t key) const;
  static Mark MarkOf(const memory::Heap& heap) { return {heap.live_bytes(), heap.live_count(), heap.birth_count()}; }

  const Compiled& program_;
  exec::Context& context_;
  std::string_view das_root_;
  std::unique_ptr<Pocket> pocket_;
  std::optional<uint64_t> checkpoint_items_;
  Mark heap_mark_;
  Mark string_mark_;
  const memory::Heap* refused_ = nullptr;
  base::Location user_location_;
  bool is_collected_ = false;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_LIMIT_REPORT_H_
