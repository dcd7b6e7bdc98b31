// Scratch containers: nobody points into them when they grow, so their old buffers are freed at once even under
// `options very_safe_context`. A container can be marked so for good, or grown so once. Part of module `$`. Floor 5.

#include <algorithm>

#include "builtins/native_values.h"
#include "builtins/tables.h"

namespace vestige::builtins {

namespace scratch_natives {
namespace {

using runtime::Array;
using runtime::Table;

template <typename Container>
void SetScratch(NativeCall& call) {
  auto& container = call.Reference<Container>(0);
  container.flags = call.Value<bool>(1) ? container.flags | runtime::kScratch : container.flags & ~runtime::kScratch;
}

template <typename Container>
void IsScratch(NativeCall& call) {
  call.Return((call.Reference<Container>(0).flags & runtime::kScratch) != 0);
}

// What is no size at all is nothing to do.
bool GrowTo(NativeCall& call, int64_t capacity) {
  if (capacity <= 0) return true;
  const runtime::ArrayShape shape = runtime::ShapeOfArray(call.types[0]);
  return runtime::ReserveArrayEagerly(call.context, call.Reference<Array>(0), static_cast<uint64_t>(capacity), shape);
}

template <typename Size>
void ReserveOnce(NativeCall& call) {
  GrowTo(call, call.Value<Size>(1));
}

// The same with the size of an element, which must be the array's.
template <typename Size>
void ReserveRaw(NativeCall& call) {
  const uint32_t stride = call.types[0]->element->size();
  if (call.Value<int32_t>(2) != static_cast<int32_t>(stride)) {
    call.context.PanicF("elements have {} bytes, not {}", stride, call.Value<int32_t>(2));
    return;
  }
  GrowTo(call, call.Value<Size>(1));
}

// At least doubles, so that repeated calls stay cheap.
template <typename Size>
void EnsureCapacity(NativeCall& call) {
  const int64_t wanted = call.Value<Size>(1);
  const int64_t capacity = call.Reference<Array>(0).capacity;
  if (wanted > capacity) GrowTo(call, std::max(wanted, capacity * 2));
}

constexpr uint32_t kGrows = sema::kMayAllocate | sema::kUnsafe;

constexpr sema::NativeFunction kFunctions[] = {
    {"set_scratch", "(var a : array<auto(T)>; value : bool) : void", &SetScratch<Array>, sema::kUnsafe},
    {"set_scratch", "(var t : table<auto(K);auto(V)>; value : bool) : void", &SetScratch<Table>, sema::kUnsafe},
    {"is_scratch", "(a : array<auto(T)>) : bool", &IsScratch<Array>},
    {"is_scratch", "(t : table<auto(K);auto(V)>) : bool", &IsScratch<Table>},
    {"scratch_reserve", "(var a : array<auto(T)>; capacity : int) : void", &ReserveOnce<int32_t>, kGrows},
    {"scratch_reserve", "(var a : array<auto(T)>; capacity : int64) : void", &ReserveOnce<int64_t>, kGrows},
    {"__builtin_array_scratch_reserve", "(var a : array<auto(T)>; capacity : int; stride : int) : void",
     &ReserveRaw<int32_t>, kGrows},
    {"__builtin_array_scratch_reserve_i64", "(var a : array<auto(T)>; capacity : int64; stride : int) : void",
     &ReserveRaw<int64_t>, kGrows},
    {"scratch_ensure_capacity", "(var a : array<auto(T)>; capacity : int) : void", &EnsureCapacity<int32_t>, kGrows},
    {"scratch_ensure_capacity", "(var a : array<auto(T)>; capacity : int64) : void", &EnsureCapacity<int64_t>, kGrows},
};

// The array is grown exactly before it is resized, so that resizing has nothing to grow.
constexpr std::string_view kPrelude = R"(
[unsafe_operation]
def scratch_resize(var a : array<auto(T)>; size : int) {
    unsafe(scratch_reserve(a, size))
    unsafe(resize(a, size))
}

[unsafe_operation]
def scratch_resize(var a : array<auto(T)>; size : int64) {
    unsafe(scratch_reserve(a, size))
    unsafe(resize(a, size))
}
)";

}  // namespace
}  // namespace scratch_natives

constexpr sema::NativeModule kScratchModule = {
    .name = "$", .functions = scratch_natives::kFunctions, .prelude = scratch_natives::kPrelude};

}  // namespace vestige::builtins
