// What a script may ask of its own heaps. Part of module `$`. Floor 5.

#include <cstdint>
#include <string_view>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "exec/context.h"
#include "runtime/string.h"

namespace vestige::builtins {

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
    {"tag_array", "(a : array<auto>; name : string) : void", &Tag<runtime::Array>},
    {"tag_table", "(t : table<auto;auto>; name : string) : void", &Tag<runtime::Table>},
};

}  // namespace

constexpr sema::NativeModule kHeapModule = {.name = "$", .functions = kFunctions};

}  // namespace vestige::builtins
