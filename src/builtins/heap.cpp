// What a script may ask of its own heaps. Part of module `$`. Floor 5.

#include <cstdint>
#include <string>
#include <string_view>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "exec/context.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace heap_natives {
namespace {

using sema::NativeCall;

memory::Heap& Objects(NativeCall& call) { return call.context.heap(); }
memory::Heap& Strings(NativeCall& call) { return call.context.string_heap(); }

using HeapOf = memory::Heap& (*)(NativeCall&);

template <HeapOf heap>
void BytesAllocated(NativeCall& call) {
  call.Return<uint64_t>(heap(call).live_bytes());
}

template <HeapOf heap>
void AllocationCount(NativeCall& call) {
  call.Return<uint64_t>(heap(call).birth_count());
}

template <HeapOf heap>
void TotalAllocated(NativeCall& call) {
  call.Return<uint64_t>(heap(call).reserved_bytes());
}

template <HeapOf heap>
void Depth(NativeCall& call) {
  call.Return<int32_t>(static_cast<int32_t>(heap(call).depth()));
}

// Bytes ever allocated and ever freed, as a range.
template <HeapOf heap>
void AllocationStats(NativeCall& call) {
  struct Stats {
    uint64_t allocated;
    uint64_t freed;
  };
  call.Return(Stats{heap(call).born_bytes(), heap(call).freed_bytes()});
}

template <bool is_string_heap>
void Report(NativeCall& call) {
  const auto& report = call.context.options().report_heap;
  if (report) report(is_string_heap);
}

template <bool is_string_heap>
void ReportCensus(NativeCall& call) {
  const auto& report = call.context.options().report_census;
  if (report) report(is_string_heap);
}

// An event of the script's own for the profile of events; nothing while none is made.
template <typename Weight>
void AdHocEvent(NativeCall& call) {
  const auto weight = call.Value<Weight>(0);
  if (weight < 0) {
    call.context.Panic("ad_hoc_event: the weight is negative");
    return;
  }
  const auto& count = call.context.options().ad_hoc_event;
  if (count) count(static_cast<uint64_t>(weight));
}

template <HeapOf heap>
void LiveCount(NativeCall& call) {
  call.Return<uint64_t>(heap(call).live_count());
}

template <HeapOf heap>
void BornBytes(NativeCall& call) {
  call.Return<uint64_t>(heap(call).born_bytes());
}

template <HeapOf heap>
void PeakCount(NativeCall& call) {
  call.Return<uint64_t>(heap(call).peak_count());
}

template <HeapOf heap>
void PeakBytes(NativeCall& call) {
  call.Return<uint64_t>(heap(call).peak_bytes());
}

// Where the blocks come from that were born after block `mark` and are alive.
template <bool is_string_heap>
void Growth(NativeCall& call) {
  const auto& describe = call.context.options().describe_growth;
  call.ReturnText(describe ? describe(is_string_heap, call.Value<uint64_t>(0)) : std::string());
}

template <typename Number>
void DebugProgress(NativeCall& call) {
  const auto& report = call.context.options().report_progress;
  if (report) report(static_cast<uint64_t>(call.Value<Number>(0)));
}

// What heap reports call the block of a container from now on, also after it grows. A container without a block has
// nothing to name.
template <typename Container>
void Tag(NativeCall& call) {
  const std::string_view name = runtime::TextOf(call.Value<const char*>(1));
  if (name.empty()) return;
  memory::Heap& heap = call.context.heap();
  const memory::Comment comment = heap.InternComment(name);
  if (comment != memory::Comment::kNone) heap.SetComment(call.Reference<Container>(0).data, comment);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"heap_bytes_allocated", "() : uint64", &BytesAllocated<Objects>},
    {"heap_allocation_count", "() : uint64", &AllocationCount<Objects>},
    {"heap_total_allocated", "() : uint64", &TotalAllocated<Objects>},
    {"heap_allocation_stats", "() : urange64", &AllocationStats<Objects>},
    {"heap_depth", "() : int", &Depth<Objects>},
    {"heap_report", "() : void", &Report<false>},
    {"heap_census", "() : void", &ReportCensus<false>},
    {"string_heap_bytes_allocated", "() : uint64", &BytesAllocated<Strings>},
    {"string_heap_allocation_count", "() : uint64", &AllocationCount<Strings>},
    {"string_heap_total_allocated", "() : uint64", &TotalAllocated<Strings>},
    {"string_heap_allocation_stats", "() : urange64", &AllocationStats<Strings>},
    {"string_heap_depth", "() : int", &Depth<Strings>},
    {"string_heap_report", "() : void", &Report<true>},
    {"string_heap_census", "() : void", &ReportCensus<true>},
    {"ad_hoc_event", "(weight : int64) : void", &AdHocEvent<int64_t>},
    {"ad_hoc_event", "(weight : int) : void", &AdHocEvent<int32_t>},
    {"debug_progress", "(items : int) : void", &DebugProgress<int32_t>},
    {"debug_progress", "(items : int64) : void", &DebugProgress<int64_t>},
    {"debug_progress", "(items : uint64) : void", &DebugProgress<uint64_t>},
    {"tag_array", "(a : array<auto>; name : string) : void", &Tag<runtime::Array>},
    {"tag_table", "(t : table<auto;auto>; name : string) : void", &Tag<runtime::Table>},
};

// What daslib/heap_stats stands on.
constexpr sema::NativeFunction kCounts[] = {
    {"heap_live_count", "() : uint64", &LiveCount<Objects>},
    {"heap_born_bytes", "() : uint64", &BornBytes<Objects>},
    {"heap_peak_count", "() : uint64", &PeakCount<Objects>},
    {"heap_peak_bytes", "() : uint64", &PeakBytes<Objects>},
    {"heap_growth", "(mark : uint64) : string", &Growth<false>, sema::kMayAllocate},
    {"string_heap_live_count", "() : uint64", &LiveCount<Strings>},
    {"string_heap_born_bytes", "() : uint64", &BornBytes<Strings>},
    {"string_heap_peak_count", "() : uint64", &PeakCount<Strings>},
    {"string_heap_peak_bytes", "() : uint64", &PeakBytes<Strings>},
    {"string_heap_growth", "(mark : uint64) : string", &Growth<true>, sema::kMayAllocate},
};

}  // namespace
}  // namespace heap_natives

constexpr sema::NativeModule kHeapModule = {.name = "$", .functions = heap_natives::kFunctions};
constexpr sema::NativeModule kHeapCountsModule = {.name = "heap_counts", .functions = heap_natives::kCounts};

}  // namespace vestige::builtins
