// Making and stepping iterators: each, keys, values, next. Part of module `$`.
//
// In a `for` code generation usually walks containers itself; these serve iterators as values. Floor 5.

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/iterator.h"

namespace vestige::builtins {

namespace iterators_natives {
namespace {

using runtime::Iterator;

void ReturnIterator(NativeCall& call, Iterator* iterator) { std::memcpy(call.result, &iterator, sizeof(iterator)); }

// A container that is a temporary of the call: its type says so (sema::kUnsafeOutsideOfFor).
runtime::Holding HoldingOf(const NativeCall& call) {
  return call.types[0]->is_temp() ? runtime::Holding::kTakes : runtime::Holding::kRefers;
}
const types::Type* ContainerType(const NativeCall& call) { return call.types[0]->unqualified; }

void EachArray(NativeCall& call) {
  ReturnIterator(call,
                 runtime::EachArray(call.context, ContainerType(call), ReferenceAddress(call, 0), HoldingOf(call)));
}
void EachFixedArray(NativeCall& call) {
  ReturnIterator(
      call, runtime::EachFixedArray(call.context, ContainerType(call), ReferenceAddress(call, 0), HoldingOf(call)));
}
void EachRange(NativeCall& call) {
  ReturnIterator(call, runtime::EachRange(call.context, call.types[0], ValueAddress(call, 0)));
}
void EachString(NativeCall& call) {
  ReturnIterator(call, runtime::EachString(call.context, call.Value<const char*>(0)));
}
void EachLambda(NativeCall& call) {
  ReturnIterator(call, runtime::EachLambda(call.context, call.types[0], call.Value<void*>(0)));
}
// The pointer that the lambda stores is the address that is handed out.
void EachReference(NativeCall& call) {
  ReturnIterator(call, runtime::EachLambda(call.context, call.types[0], call.Value<void*>(0), true));
}
void EachEnum(NativeCall& call) { ReturnIterator(call, runtime::EachEnum(call.context, call.types[0]->unqualified)); }
void Nothing(NativeCall& call) { ReturnIterator(call, runtime::EachNothing(call.context)); }
void Keys(NativeCall& call) {
  ReturnIterator(call, runtime::EachKey(call.context, ContainerType(call), ReferenceAddress(call, 0), HoldingOf(call)));
}
void Values(NativeCall& call) {
  ReturnIterator(call,
                 runtime::EachValue(call.context, ContainerType(call), ReferenceAddress(call, 0), HoldingOf(call)));
}
void Pairs(NativeCall& call) {
  const types::Type* pair = ResultType(call)->element;
  ReturnIterator(
      call, runtime::EachPair(call.context, ContainerType(call), ReferenceAddress(call, 0), HoldingOf(call), pair));
}
void Count(NativeCall& call) {
  ReturnIterator(call, runtime::EachCount(call.context, call.Value<int32_t>(0), call.Value<int32_t>(1)));
}

// The next element, copied out of what it refers to if the iterator hands out references. An exhausted iterator is
// gone: `empty` says so from then on.
void Next(NativeCall& call) {
  auto*& iterator = call.Reference<Iterator*>(0);
  const bool by_address = iterator != nullptr && iterator->by_address();
  char* address = nullptr;
  void* place = by_address ? static_cast<void*>(&address) : ReferenceAddress(call, 1);
  const bool more = runtime::StepIterator(call.context, iterator, place);
  if (call.context.has_panic()) return;
  if (!more) {
    runtime::CloseIterator(call.context, iterator);
    iterator = nullptr;
  } else if (by_address) {
    CopyInto(call, call.types[1], ReferenceAddress(call, 1), address);
  }
  call.Return(more);
}

void IsEmpty(NativeCall& call) { call.Return(call.Reference<Iterator*>(0) == nullptr); }

template <typename T>
void Interval(NativeCall& call) {
  struct Bounds {
    T from;
    T to;
  };
  call.Return(Bounds{call.Value<T>(0), call.Value<T>(1)});
}

// The indices of an array as a range.
template <typename Bound>
void IterRange(NativeCall& call) {
  struct Bounds {
    Bound from;
    Bound to;
  };
  const Elements elements(call);
  call.Return(Bounds{0, static_cast<Bound>(elements.count())});
}

constexpr uint32_t kMakes = sema::kMayAllocate | sema::kCapturesStrings;
constexpr uint32_t kEach = sema::kMayAllocate | sema::kUnsafeOutsideOfFor | sema::kCapturesStrings;

constexpr sema::NativeFunction kFunctions[] = {
    {"each", "(var a : array<auto(T)>) : iterator<T&>", &EachArray, kEach},
    {"each", "(a : array<auto(T)> ==const) : iterator<T const&>", &EachArray, kEach},
    {"each", "(var a : auto(T)[]) : iterator<T&>", &EachFixedArray, kEach},
    {"each", "(a : auto(T)[] ==const) : iterator<T const&>", &EachFixedArray, kEach},
    {"each", "(r : range) : iterator<int>", &EachRange, kMakes},
    {"each", "(r : urange) : iterator<uint>", &EachRange, kMakes},
    {"each", "(r : range64) : iterator<int64>", &EachRange, kMakes},
    {"each", "(r : urange64) : iterator<uint64>", &EachRange, kMakes},
    {"each", "(s : string) : iterator<int>", &EachString, kEach},
    {"each", "(l : lambda<(var x : auto(T)) : bool>) : iterator<T>", &EachLambda, kMakes},
    {"each_ref", "(l : lambda<(var x : auto(T)?&) : bool>) : iterator<T&>", &EachReference, kMakes},
    {"each_enum", "(e : auto(T)) : iterator<T -const -&>", &EachEnum, sema::kMayAllocate},
    {"nothing", "(it : iterator<auto(T)>) : iterator<T>", &Nothing, sema::kMayAllocate},
    {"keys", "(t : table<auto(K);auto(V)>) : iterator<K>", &Keys, kEach},
    {"values", "(var t : table<auto(K);auto(V)>) : iterator<V&>", &Values, kEach},
    {"values", "(t : table<auto(K);auto(V)> ==const) : iterator<V const&>", &Values, kEach},
    {"each_kv", "(t : table<auto(K);auto(V)>) : iterator<tuple<key:K;value:V>>", &Pairs, kEach},
    {"count", "(start : int = 0; step : int = 1) : iterator<int>", &Count, sema::kMayAllocate},
    {"ucount", "(start : uint = 0u; step : uint = 1u) : iterator<uint>", &Count, sema::kMayAllocate},
    {"next", "(var it : iterator<auto(T)>; var v : T&) : bool", &Next, sema::kInvokesBlocks},
    {"empty", "(it : iterator<auto>) : bool", &IsEmpty},
    {"interval", "(from : int; to : int) : range", &Interval<int32_t>, sema::kPure},
    {"interval", "(from : uint; to : uint) : urange", &Interval<uint32_t>, sema::kPure},
    {"interval", "(from : int64; to : int64) : range64", &Interval<int64_t>, sema::kPure},
    {"interval", "(from : uint64; to : uint64) : urange64", &Interval<uint64_t>, sema::kPure},
    {"iter_range", "(a : array<auto>) : range", &IterRange<int32_t>},
    {"iter_range", "(a : auto[]) : range", &IterRange<int32_t>},
    {"long_iter_range", "(a : array<auto>) : range64", &IterRange<int64_t>},
    {"long_iter_range", "(a : auto[]) : range64", &IterRange<int64_t>},
};

// What looks like it could be iterated, and why it cannot.
constexpr std::string_view kPrelude = R"(
def each_kv(t : table<auto(K)>) {
    concept_assert(false, "a table without values has no pairs, use keys() instead")
}
def each_kv(t : table<auto(K); auto(V)[]>) {
    concept_assert(false, "each_kv cannot make pairs of fixed arrays")
}
def each_ref(l : lambda<(var x : auto(T)? ==&) : bool>) : iterator<T&> {
    concept_assert(false, "the lambda of each_ref takes a reference to a pointer: @(var x : T?&) : bool")
    var none : iterator<T&>
    return <- none
}
)";

}  // namespace
}  // namespace iterators_natives

constexpr sema::NativeModule kIteratorModule = {
    .name = "$", .functions = iterators_natives::kFunctions, .prelude = iterators_natives::kPrelude};

}  // namespace vestige::builtins
