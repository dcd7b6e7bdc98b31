// Iterators: heap objects that hand out one element at a time.
//
// A value of type iterator<T> is the address of an Iterator in a block of the object heap, or null when it was
// consumed. First and Next write the element to a place of the loop: a T for iterator<T>, the address of one for
// iterator<T&>. Whoever ends a loop, at its end or before, closes the iterator, which frees it. Floor 3.

#ifndef VESTIGE_RUNTIME_ITERATOR_H_
#define VESTIGE_RUNTIME_ITERATOR_H_

#include <new>
#include <utility>

#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

class Marker;

class Iterator {
 public:
  // kGenerator: script code makes the elements; the interpreter steps such an iterator without going through First and
  // Next.
  enum class Make : uint8_t { kNative, kGenerator };
  // `by_address`: elements are handed out as addresses.
  explicit Iterator(uint32_t bytes, bool by_address = false, Make make = Make::kNative)
      : bytes_(bytes), by_address_(by_address), make_(make) {}
  // The first element, or the next; false when there is none, and on panic. First is called once.
  virtual bool First(ScriptContext& context, void* place) = 0;
  virtual bool Next(ScriptContext& context, void* place) = 0;
  // Whether it can be closed now; begins a panic when not.
  virtual bool MayClose(ScriptContext&) { return true; }
  // Lets go of what it iterates over; the block is freed by CloseIterator. Not called by ~Iterator, which never runs.
  virtual void Close(ScriptContext& context) = 0;
  // Marks what it keeps alive.
  virtual void Mark(Marker&) {}
  // Of the heap block.
  uint32_t bytes() const { return bytes_; }
  // Whether a place gets the address of an element instead of the element.
  bool by_address() const { return by_address_; }
  bool is_generator() const { return make_ == Make::kGenerator; }

 protected:
  ~Iterator() = default;

 private:
  uint32_t bytes_;
  bool by_address_;
  Make make_;
  bool started_ = false;

  friend bool StepIterator(ScriptContext& context, Iterator* iterator, void* place);
};

// A new T on the object heap, with `extra` bytes behind it; null on panic. T's first constructor argument, the size of
// the block, is added.
template <typename T, typename... Args>
T* NewIteratorWith(ScriptContext& context, uint32_t extra, memory::Comment comment, Args&&... args) {
  const auto bytes = static_cast<uint32_t>(sizeof(T)) + extra;
  void* block = context.AllocateOrPanic(bytes, memory::BlockInfo(comment));
  return block == nullptr ? nullptr : new (block) T(bytes, std::forward<Args>(args)...);
}
template <typename T, typename... Args>
T* NewIterator(ScriptContext& context, memory::Comment comment, Args&&... args) {
  return NewIteratorWith<T>(context, 0, comment, std::forward<Args>(args)...);
}

// First or Next, as it is due: `next(it, var v)`. A null iterator has nothing.
bool StepIterator(ScriptContext& context, Iterator* iterator, void* place);
// Closes and frees; null is fine. False, and the iterator stays, when it cannot be closed now: there is a panic then.
bool CloseIterator(ScriptContext& context, Iterator* iterator);

// The sources of `each`. Null on panic. Arrays stay locked until the iterator is closed; elements are handed out by
// address. kTakes: the container is a temporary that nobody else frees; the iterator moves it into its own block and
// frees it when it is closed.
enum class Holding : uint8_t { kRefers, kTakes };
Iterator* EachArray(ScriptContext& context, const types::Type* type, void* array, Holding holding = Holding::kRefers);
Iterator* EachFixedArray(ScriptContext& context, const types::Type* type, void* elements,
                         Holding holding = Holding::kRefers);
// A range of any kind, by value.
Iterator* EachRange(ScriptContext& context, const types::Type* type, const void* range);
// Bytes as ints; the text must stay alive.
Iterator* EachString(ScriptContext& context, const char* text);
// start, start + step, ... for ever, as int or uint.
Iterator* EachCount(ScriptContext& context, int32_t start, int32_t step);
// Calls `lambda<(var x : T) : bool>` until it says false. Takes the lambda over: closing deletes it. `by_address`: what
// the lambda stores is the address of an element.
Iterator* EachLambda(ScriptContext& context, const types::Type* lambda_type, void* lambda, bool by_address = false);
// Keys (by value) or values (by address) of a table, which stays locked until the iterator is closed.
Iterator* EachKey(ScriptContext& context, const types::Type* type, void* table, Holding holding = Holding::kRefers);
Iterator* EachValue(ScriptContext& context, const types::Type* type, void* table, Holding holding = Holding::kRefers);
// The same, handing out tuples of type `pair`: copies of key and value.
Iterator* EachPair(ScriptContext& context, const types::Type* type, void* table, Holding holding,
                   const types::Type* pair);
// Every value of an enumeration, in order of declaration.
Iterator* EachEnum(ScriptContext& context, const types::Type* type);
// Of nothing.
Iterator* EachNothing(ScriptContext& context);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_ITERATOR_H_
