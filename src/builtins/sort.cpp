// Sorting arrays. Part of module `$`.
//
// One bottom-up merge sort for everything: it is stable, it never leaves the array however a script's comparison
// behaves, and it needs n log n comparisons, which cost far more than the moves. Numbers and strings without a
// comparison of the script go to the standard library. Floor 5.

#include <algorithm>
#include <vector>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace {

using types::Kind;
using types::Type;

// Merges neighbouring sorted runs until there is one. `less` is told addresses. False: less gave up, order is
// unspecified but every element is there.
template <typename Less>
bool MergeSort(char* data, size_t count, size_t stride, Less less) {
  std::vector<char> buffer(count * stride);
  char* from = data;
  char* to = buffer.data();
  bool go_on = true;
  for (size_t width = 1; width < count && go_on; width *= 2) {
    for (size_t begin = 0; begin < count; begin += 2 * width) {
      size_t left = begin;
      const size_t left_end = std::min(begin + width, count);
      size_t right = left_end;
      const size_t right_end = std::min(begin + 2 * width, count);
      char* out = to + begin * stride;
      while (left < left_end && right < right_end) {
        bool right_first = false;
        go_on = go_on && less(from + right * stride, from + left * stride, &right_first);
        size_t& taken = right_first ? right : left;
        std::memcpy(out, from + taken++ * stride, stride);
        out += stride;
      }
      std::memcpy(out, from + left * stride, (left_end - left) * stride);
      out += (left_end - left) * stride;
      std::memcpy(out, from + right * stride, (right_end - right) * stride);
    }
    std::swap(from, to);
  }
  if (from != data) std::memcpy(data, from, count * stride);
  return go_on;
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

void SortByValue(const Elements& elements) {
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
  const Type* type = elements.type();
  MergeSort(data, count, elements.stride(), [type](const char* a, const char* b, bool* is_less) {
    *is_less = LessValues(type, a, b);
    return true;
  });
}

void Sort(NativeCall& call) {
  const Elements elements(call.types[0], ReferenceAddress(call, 0));
  if (elements.count() > 1) SortByValue(elements);
}

// The elements the block sees lie in the array or in the buffer of the sort; both stay where they are meanwhile.
void SortWithBlock(NativeCall& call) {
  const Elements elements(call.types[0], ReferenceAddress(call, 0));
  const std::span<const Type* const> parameters = call.types[1]->parts;
  const void* block = ReferenceAddress(call, 1);
  if (elements.count() < 2) return;
  MergeSort(elements.data(), elements.count(), elements.stride(), [&](const char* a, const char* b, bool* is_less) {
    const runtime::Argument arguments[] = {runtime::Argument::Of(parameters[0], a),
                                           runtime::Argument::Of(parameters[1], b)};
    return call.context.CallBlock(block, arguments, is_less);
  });
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

constexpr sema::NativeModule kSortModule = {.name = "$", .functions = kFunctions};

}  // namespace vestige::builtins
