// Sorting arrays. Part of module `$`.
//
// One bottom-up merge sort of indices for everything a script compares: it is stable, it never leaves the array however
// a comparison behaves, and the elements stay where they are until the order is known, so that a comparison may even
// collect garbage. Numbers and strings without a comparison of the script go to the standard library. Floor 5.

#include <algorithm>
#include <vector>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace sort_natives {
namespace {

using types::Kind;
using types::Type;

// The indices 0 to count - 1 in sorted order. `less(a, b, &result)` compares two of them; when it returns false the
// order is unspecified from then on, but complete.
template <typename Less>
std::vector<uint32_t> SortedOrder(uint32_t count, Less less) {
  std::vector<uint32_t> from(count);
  std::vector<uint32_t> to(count);
  for (uint32_t i = 0; i < count; ++i) from[i] = i;
  bool go_on = true;
  // 64 bits: twice the last width may not fit into 32.
  for (uint64_t width = 1; width < count && go_on; width *= 2) {
    for (uint64_t begin = 0; begin < count; begin += 2 * width) {
      uint64_t left = begin;
      const uint64_t left_end = std::min<uint64_t>(begin + width, count);
      uint64_t right = left_end;
      const uint64_t right_end = std::min<uint64_t>(begin + 2 * width, count);
      uint64_t out = begin;
      while (left < left_end && right < right_end) {
        bool right_first = false;
        go_on = go_on && less(from[right], from[left], &right_first);
        to[out++] = right_first ? from[right++] : from[left++];
      }
      while (left < left_end) to[out++] = from[left++];
      while (right < right_end) to[out++] = from[right++];
    }
    std::swap(from, to);
  }
  return from;
}

void Reorder(runtime::ScriptContext& context, const Elements& elements, std::span<const uint32_t> order) {
  const size_t stride = elements.stride();
  std::vector<char> sorted(order.size() * stride);
  for (size_t i = 0; i < order.size(); ++i) {
    std::memcpy(sorted.data() + i * stride, elements.at(order[i]), stride);
    runtime::NoteMoved(context, elements.type(), elements.at(order[i]), sorted.data() + i * stride, 1);
  }
  if (sorted.empty()) return;
  std::memcpy(elements.data(), sorted.data(), sorted.size());
  runtime::NoteMoved(context, elements.type(), sorted.data(), elements.data(), order.size());
}

template <typename T>
void SortNumbers(char* data, size_t count) {
  auto* first = reinterpret_cast<T*>(data);
  // Only NaN differs from itself; it comes last.
  std::sort(first, first + count, [](T a, T b) { return a < b || (b != b && a == a); });
}

void SortStrings(char* data, size_t count) {
  auto** first = reinterpret_cast<const char**>(data);
  std::sort(first, first + count, [](const char* a, const char* b) { return runtime::CompareStrings(a, b) < 0; });
}

void SortByValue(runtime::ScriptContext& context, const Elements& elements) {
  char* data = elements.data();
  const size_t count = elements.count();
  switch (types::Representation(elements.type())->kind) {
    case Kind::kInt8:
      return SortNumbers<int8_t>(data, count);
    case Kind::kBool:
    case Kind::kUInt8:
      return SortNumbers<uint8_t>(data, count);
    case Kind::kInt16:
      return SortNumbers<int16_t>(data, count);
    case Kind::kUInt16:
      return SortNumbers<uint16_t>(data, count);
    case Kind::kInt:
      return SortNumbers<int32_t>(data, count);
    case Kind::kUInt:
      return SortNumbers<uint32_t>(data, count);
    case Kind::kInt64:
      return SortNumbers<int64_t>(data, count);
    case Kind::kUInt64:
      return SortNumbers<uint64_t>(data, count);
    case Kind::kFloat:
      return SortNumbers<float>(data, count);
    case Kind::kDouble:
      return SortNumbers<double>(data, count);
    case Kind::kString:
      return SortStrings(data, count);
    default:
      break;
  }
  Reorder(context, elements, SortedOrder(elements.count(), [&](uint32_t a, uint32_t b, bool* is_less) {
            *is_less = LessValues(elements.type(), elements.at(a), elements.at(b));
            return true;
          }));
}

void Sort(NativeCall& call) {
  const Elements elements(call);
  if (elements.count() > 1) SortByValue(call.context, elements);
}

void SortWithBlock(NativeCall& call) {
  const Elements elements(call);
  const std::span<const Type* const> parameters = call.types[1]->parts;
  const void* block = ReferenceAddress(call, 1);
  const std::vector<uint32_t> order = SortedOrder(elements.count(), [&](uint32_t a, uint32_t b, bool* is_less) {
    const runtime::Argument arguments[] = {runtime::Argument::Of(parameters[0], elements.at(a)),
                                           runtime::Argument::Of(parameters[1], elements.at(b))};
    return call.context.CallBlock(block, arguments, is_less);
  });
  if (!call.context.has_panic()) Reorder(call.context, elements, order);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"sort", "(var a : array<auto(T)>) : void", &Sort},
    {"sort", "(var a : auto(T)[]) : void", &Sort},
    {"sort", "(var a : array<auto(T)>; less : block<(x : T; y : T) : bool>) : void", &SortWithBlock,
     sema::kInvokesBlocks},
    {"sort", "(var a : auto(T)[]; less : block<(x : T; y : T) : bool>) : void", &SortWithBlock, sema::kInvokesBlocks},
    {"stable_sort", "(var a : array<auto(T)>) : void", &Sort},
    {"stable_sort", "(var a : array<auto(T)>; less : block<(x : T; y : T) : bool>) : void", &SortWithBlock,
     sema::kInvokesBlocks},
    {"stable_sort", "(var a : auto(T)[]; less : block<(x : T; y : T) : bool>) : void", &SortWithBlock,
     sema::kInvokesBlocks},
};

}  // namespace
}  // namespace sort_natives

constexpr sema::NativeModule kSortModule = {.name = "$", .functions = sort_natives::kFunctions};

}  // namespace vestige::builtins
