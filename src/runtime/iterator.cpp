// The iterators of `each`. Floor 3.

#include "runtime/iterator.h"

#include <cstring>

#include "runtime/array.h"
#include "runtime/finalize.h"
#include "runtime/lock.h"
#include "runtime/mark.h"
#include "runtime/table.h"

namespace vestige::runtime {
namespace {

using types::Kind;
using types::Type;

template <typename T>
void Store(void* place, T value) {
  std::memcpy(place, &value, sizeof(value));
}

// Moves the container of a taking iterator to the end of its block; where it is then.
void* TakeOver(Iterator* iterator, const Type* type, void* container) {
  char* own = reinterpret_cast<char*>(iterator) + iterator->bytes() - type->size();
  std::memcpy(own, container, type->size());
  std::memset(container, 0, type->size());
  return own;
}

// Frees a container that was taken over. What its elements point at is not its own.
void FreeTaken(ScriptContext& context, const Type* type, void* container) {
  if (type->kind == Kind::kArray && type->element->traits().unsafe_delete) {
    FreeArray(context, *static_cast<Array*>(container), ShapeOfArray(type));
  } else if (!type->traits().unsafe_delete) {
    FinalizeValue(context, type, container);
  } else if (type->kind == Kind::kTable) {
    FreeTable(context, *static_cast<Table*>(container), ShapeOfTable(type));
  }
}

uint32_t ExtraFor(const Type* type, Holding holding) { return holding == Holding::kTakes ? type->size() : 0; }

// Hands out addresses of equal elements one after the other; of a dynamic array, which it locks, or of others.
class ElementIterator final : public Iterator {
 public:
  ElementIterator(uint32_t bytes, const Type* type, void* container, Holding holding)
      : Iterator(bytes, true), type_(type), container_(container), takes_(holding == Holding::kTakes) {
    if (takes_) container_ = TakeOver(this, type, container);
    if (type->kind == Kind::kArray) locked_ = static_cast<Array*>(container_);
  }

  bool First(ScriptContext&, void* place) override {
    const uint64_t stride = type_->element->size();
    if (locked_ != nullptr) {
      Lock(*locked_);
      is_locking_ = true;
      buffer_ = locked_->data;
    }
    next_ = locked_ != nullptr ? locked_->data : static_cast<char*>(container_);
    end_ = next_ + stride * (locked_ != nullptr ? locked_->size : type_->dim);
    return HandOut(place);
  }
  bool Next(ScriptContext&, void* place) override { return HandOut(place); }
  void Close(ScriptContext& context) override {
    if (is_locking_ && !Unlock(*locked_, buffer_)) PanicModified(context, *locked_);
    if (takes_) FreeTaken(context, type_, container_);
  }
  void Mark(Marker& marker) override { marker.Add(type_, container_); }

 private:
  bool HandOut(void* place) {
    if (next_ == end_) return false;
    Store(place, next_);
    next_ += type_->element->size();
    return true;
  }

  const Type* type_;
  void* container_;
  // The container, when it is a dynamic array.
  Array* locked_ = nullptr;
  // What it had when it was locked.
  const char* buffer_ = nullptr;
  bool takes_;
  char* next_ = nullptr;
  char* end_ = nullptr;
  bool is_locking_ = false;
};

template <typename T>
class RangeIterator final : public Iterator {
 public:
  RangeIterator(uint32_t bytes, T from, T to) : Iterator(bytes), next_(from), end_(to) {}
  bool First(ScriptContext&, void* place) override { return HandOut(place); }
  bool Next(ScriptContext&, void* place) override { return HandOut(place); }
  void Close(ScriptContext&) override {}

 private:
  bool HandOut(void* place) {
    if (next_ >= end_) return false;
    Store(place, next_);
    ++next_;
    return true;
  }

  T next_;
  T end_;
};

class TextIterator final : public Iterator {
 public:
  TextIterator(uint32_t bytes, const char* text) : Iterator(bytes), next_(text == nullptr ? "" : text) {}
  bool First(ScriptContext&, void* place) override { return HandOut(place); }
  bool Next(ScriptContext&, void* place) override { return HandOut(place); }
  void Close(ScriptContext&) override {}

 private:
  bool HandOut(void* place) {
    if (*next_ == '\0') return false;
    Store<int32_t>(place, static_cast<unsigned char>(*next_++));
    return true;
  }

  const char* next_;
};

class CountIterator final : public Iterator {
 public:
  CountIterator(uint32_t bytes, uint32_t start, uint32_t step) : Iterator(bytes), next_(start), step_(step) {}
  bool First(ScriptContext&, void* place) override { return HandOut(place); }
  bool Next(ScriptContext&, void* place) override { return HandOut(place); }
  void Close(ScriptContext&) override {}

 private:
  // Unsigned, because it wraps around.
  bool HandOut(void* place) {
    Store(place, next_);
    next_ += step_;
    return true;
  }

  uint32_t next_;
  uint32_t step_;
};

class LambdaIterator final : public Iterator {
 public:
  LambdaIterator(uint32_t bytes, const Type* type, void* lambda, bool by_address)
      : Iterator(bytes, by_address), type_(type), lambda_(lambda) {}
  bool First(ScriptContext& context, void* place) override { return Next(context, place); }
  bool Next(ScriptContext& context, void* place) override {
    const Argument arguments[] = {Argument::Reference(place)};
    bool more = false;
    return context.CallLambda(lambda_, arguments, &more) && more;
  }
  void Close(ScriptContext& context) override { FinalizeValue(context, type_, &lambda_); }
  void Mark(Marker& marker) override { marker.Add(type_, &lambda_); }

 private:
  const Type* type_;
  void* lambda_;
};

// Hands out keys by value, values by address, or tuples of copies of both when `pair` is their type.
class TableIterator final : public Iterator {
 public:
  enum class Part : uint8_t { kKey, kValue, kPair };
  TableIterator(uint32_t bytes, const Type* type, Table* table, Holding holding, Part part, const Type* pair)
      : Iterator(bytes, part == Part::kValue),
        type_(type),
        pair_(pair),
        shape_(ShapeOfTable(type)),
        table_(table),
        part_(part),
        takes_(holding == Holding::kTakes) {
    if (takes_) table_ = static_cast<Table*>(TakeOver(this, type, table));
  }

  bool First(ScriptContext&, void* place) override {
    Lock(*table_);
    is_locking_ = true;
    buffer_ = table_->data;
    return HandOut(place);
  }
  bool Next(ScriptContext& context, void* place) override {
    if (table_->data != buffer_) return PanicModified(context, *table_);
    return HandOut(place);
  }
  void Close(ScriptContext& context) override {
    if (is_locking_ && !Unlock(*table_, buffer_)) PanicModified(context, *table_);
    if (takes_) FreeTaken(context, type_, table_);
  }
  void Mark(Marker& marker) override { marker.Add(type_, table_); }

 private:
  bool HandOut(void* place) {
    slot_ = NextLiveSlot(*table_, shape_, slot_);
    if (slot_ >= table_->capacity) return false;
    const char* key = KeyAt(*table_, shape_, slot_);
    char* value = ValueAt(*table_, shape_, slot_);
    switch (part_) {
      case Part::kKey:
        std::memcpy(place, key, shape_.key_size);
        break;
      case Part::kValue:
        Store(place, value);
        break;
      case Part::kPair:
        std::memcpy(static_cast<char*>(place) + pair_->part_offset(0), key, shape_.key_size);
        std::memcpy(static_cast<char*>(place) + pair_->part_offset(1), value, shape_.value_size);
        break;
    }
    slot_ += 1;
    return true;
  }

  const Type* type_;
  const Type* pair_;
  TableShape shape_;
  Table* table_;
  // What it had when it was locked.
  const char* buffer_ = nullptr;
  uint32_t slot_ = 0;
  Part part_;
  bool takes_;
  bool is_locking_ = false;
};

class EnumIterator final : public Iterator {
 public:
  EnumIterator(uint32_t bytes, const Type* type) : Iterator(bytes), type_(type) {}
  bool First(ScriptContext&, void* place) override { return HandOut(place); }
  bool Next(ScriptContext&, void* place) override { return HandOut(place); }
  void Close(ScriptContext&) override {}

 private:
  bool HandOut(void* place) {
    const auto& values = type_->enum_info->values;
    if (next_ == values.size()) return false;
    std::memcpy(place, &values[next_].value, type_->size());
    ++next_;
    return true;
  }

  const Type* type_;
  size_t next_ = 0;
};

template <typename T>
Iterator* MakeRange(ScriptContext& context, const void* range) {
  T ends[2];
  std::memcpy(ends, range, sizeof(ends));
  return NewIterator<RangeIterator<T>>(context, memory::Comment::kIterator, ends[0], ends[1]);
}

}  // namespace

bool StepIterator(ScriptContext& context, Iterator* iterator, void* place) {
  if (iterator == nullptr) return false;
  if (iterator->started_) return iterator->Next(context, place);
  iterator->started_ = true;
  return iterator->First(context, place);
}

namespace {

// Iterators that own one another are closed from inside one another this deep. Those below wait, so that a chain of any
// length takes a bounded piece of the native stack.
constexpr int kMaxClosingDepth = 50;

void CloseNow(ScriptContext& context, Iterator* iterator) {
  ScriptContext::Closing& closing = context.closing();
  closing.depth += 1;
  const uint32_t bytes = iterator->bytes();
  iterator->Close(context);
  context.heap().Free(iterator, bytes);
  closing.depth -= 1;
}

}  // namespace

bool CloseIterator(ScriptContext& context, Iterator* iterator) {
  if (iterator == nullptr) return true;
  if (!iterator->MayClose(context)) return false;
  ScriptContext::Closing& closing = context.closing();
  if (closing.depth >= kMaxClosingDepth) {
    closing.waiting.push_back(iterator);
    return true;
  }
  CloseNow(context, iterator);
  while (closing.depth == 0 && !closing.waiting.empty()) {
    Iterator* next = closing.waiting.back();
    closing.waiting.pop_back();
    CloseNow(context, next);
  }
  return true;
}

Iterator* EachArray(ScriptContext& context, const Type* type, void* array, Holding holding) {
  return NewIteratorWith<ElementIterator>(context, ExtraFor(type, holding), memory::Comment::kArrayIterator, type,
                                          array, holding);
}

Iterator* EachFixedArray(ScriptContext& context, const Type* type, void* elements, Holding holding) {
  return NewIteratorWith<ElementIterator>(context, ExtraFor(type, holding), memory::Comment::kIterator, type, elements,
                                          holding);
}

Iterator* EachRange(ScriptContext& context, const Type* type, const void* range) {
  switch (type->kind) {
    case Kind::kRange:
      return MakeRange<int32_t>(context, range);
    case Kind::kURange:
      return MakeRange<uint32_t>(context, range);
    case Kind::kRange64:
      return MakeRange<int64_t>(context, range);
    default:
      return MakeRange<uint64_t>(context, range);
  }
}

Iterator* EachString(ScriptContext& context, const char* text) {
  return NewIterator<TextIterator>(context, memory::Comment::kIterator, text);
}

Iterator* EachCount(ScriptContext& context, int32_t start, int32_t step) {
  return NewIterator<CountIterator>(context, memory::Comment::kIterator, static_cast<uint32_t>(start),
                                    static_cast<uint32_t>(step));
}

Iterator* EachLambda(ScriptContext& context, const Type* lambda_type, void* lambda, bool by_address) {
  return NewIterator<LambdaIterator>(context, memory::Comment::kIterator, lambda_type, lambda, by_address);
}

namespace {

Iterator* EachPart(ScriptContext& context, const Type* type, void* table, Holding holding, TableIterator::Part part,
                   const Type* pair) {
  return NewIteratorWith<TableIterator>(context, ExtraFor(type, holding), memory::Comment::kIterator, type,
                                        static_cast<Table*>(table), holding, part, pair);
}

}  // namespace

Iterator* EachKey(ScriptContext& context, const Type* type, void* table, Holding holding) {
  return EachPart(context, type, table, holding, TableIterator::Part::kKey, nullptr);
}

Iterator* EachValue(ScriptContext& context, const Type* type, void* table, Holding holding) {
  return EachPart(context, type, table, holding, TableIterator::Part::kValue, nullptr);
}

Iterator* EachPair(ScriptContext& context, const Type* type, void* table, Holding holding, const Type* pair) {
  return EachPart(context, type, table, holding, TableIterator::Part::kPair, pair);
}

Iterator* EachEnum(ScriptContext& context, const Type* type) {
  return NewIterator<EnumIterator>(context, memory::Comment::kIterator, type);
}

Iterator* EachNothing(ScriptContext& context) { return EachString(context, nullptr); }

}  // namespace vestige::runtime
