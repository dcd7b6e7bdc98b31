// Filling and asking tables. Part of module `$`. A set is a table whose values have no bytes. Floor 5.

#include <string_view>
#include <vector>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/finalize.h"

namespace vestige::builtins {

namespace table_natives {
namespace {

using runtime::Table;
using runtime::TableShape;
using types::Type;

Table& TableAt(const NativeCall& call) { return call.Reference<Table>(0); }
TableShape ShapeOf(const NativeCall& call) { return runtime::ShapeOfTable(call.types[0]); }
const Type* ValueType(const NativeCall& call) { return call.types[0]->element; }

// The address of the value of key argument 1, or null.
char* Find(const NativeCall& call) {
  const TableShape shape = ShapeOf(call);
  const int64_t slot = runtime::FindInTable(TableAt(call), shape, ValueAddress(call, 1));
  return slot == runtime::kNoSlot ? nullptr : runtime::ValueAt(TableAt(call), shape, static_cast<uint32_t>(slot));
}

// The same, entered with a zeroed value when it is new; null after a panic.
char* FindOrInsert(NativeCall& call) {
  const TableShape shape = ShapeOf(call);
  const int64_t slot = runtime::InsertIntoTable(call.context, TableAt(call), shape, ValueAddress(call, 1));
  return slot == runtime::kNoSlot ? nullptr : runtime::ValueAt(TableAt(call), shape, static_cast<uint32_t>(slot));
}

void InsertKey(NativeCall& call) { FindOrInsert(call); }

void Insert(NativeCall& call) {
  char* place = FindOrInsert(call);
  if (place == nullptr) return;
  // Cloning may run script code, which must not take the place away.
  const runtime::Hold<Table> hold(call.context, TableAt(call));
  CopyInto(call, ValueType(call), place, ValueAddress(call, 2));
}

void InsertClone(NativeCall& call) {
  char* place = FindOrInsert(call);
  if (place == nullptr) return;
  const runtime::Hold<Table> hold(call.context, TableAt(call));
  if (!runtime::CloneValue(call.context, ValueType(call), place, ValueAddress(call, 2))) return;
  NoteElement(call, ValueType(call), place, place);
}

void Emplace(NativeCall& call) {
  char* place = FindOrInsert(call);
  if (place != nullptr) MoveInto(call, ValueType(call), place, ReferenceAddress(call, 2));
}

// Only when the key is new.
void InsertMissing(NativeCall& call) {
  if (Find(call) == nullptr) Insert(call);
}

void Erase(NativeCall& call) {
  char* value = !runtime::IsLocked(TableAt(call).lock) ? Find(call) : nullptr;
  if (value != nullptr && !runtime::FinalizeDropped(call.context, ValueType(call), value, 1)) return;
  call.Return(runtime::EraseFromTable(call.context, TableAt(call), ShapeOf(call), ValueAddress(call, 1)));
}

void Clear(NativeCall& call) {
  Table& table = TableAt(call);
  const TableShape shape = ShapeOf(call);
  if (!runtime::IsLocked(table.lock) && table.data != nullptr && ValueType(call)->traits().needs_delete) {
    for (uint32_t i = runtime::NextLiveSlot(table, shape, 0); i < table.capacity;
         i = runtime::NextLiveSlot(table, shape, i + 1)) {
      if (!runtime::FinalizeDropped(call.context, ValueType(call), runtime::ValueAt(table, shape, i), 1)) return;
    }
  }
  runtime::ClearTable(call.context, table, shape);
}

void KeyExists(NativeCall& call) {
  const int64_t slot = runtime::FindInTable(TableAt(call), ShapeOf(call), ValueAddress(call, 1));
  call.Return(slot != runtime::kNoSlot);
}

// The table is locked while the block looks at the value.
void Get(NativeCall& call) {
  char* value = Find(call);
  call.Return(value != nullptr);
  if (value == nullptr) return;
  const runtime::Hold<Table> hold(call.context, TableAt(call));
  CallWithElement(call, 2, value, nullptr);
}

// The value, made when it is new, is lent to a block.
void GetOrMake(NativeCall& call) {
  char* value = FindOrInsert(call);
  if (value == nullptr) return;
  const runtime::Hold<Table> hold(call.context, TableAt(call));
  CallWithElement(call, 2, value, nullptr);
}

// Replaces the value, made when it is new, by what the block makes of it.
void Modify(NativeCall& call) {
  char* value = FindOrInsert(call);
  if (value == nullptr) return;
  const Type* type = ValueType(call);
  std::vector<char> fresh(type->size() + 1);
  const runtime::Hold<Table> hold(call.context, TableAt(call));
  if (!CallWithElement(call, 2, value, fresh.data())) return;
  runtime::NoteLost(call.context, type, value, 1);
  std::memcpy(value, fresh.data(), type->size());
  NoteElement(call, type, value, type->is_smart_pointer() ? nullptr : fresh.data());
}

void GetValue(NativeCall& call) {
  char* value = FindOrInsert(call);
  if (value == nullptr) return;
  const runtime::Hold<Table> hold(call.context, TableAt(call));
  CopyToResult(call, ValueType(call), value);
}

void GetOrZero(NativeCall& call) {
  char* value = Find(call);
  if (value == nullptr) {
    std::memset(call.result, 0, ValueType(call)->size());
  } else {
    const runtime::Hold<Table> hold(call.context, TableAt(call));
    CopyToResult(call, ValueType(call), value);
  }
}

void GetWithDefault(NativeCall& call) {
  char* value = Find(call);
  const runtime::Hold<Table> hold(call.context, TableAt(call));
  CopyToResult(call, ValueType(call), value == nullptr ? ValueAddress(call, 2) : value);
}

// The key whose value is at the address given.
void GetKey(NativeCall& call) {
  const Table& table = TableAt(call);
  const TableShape shape = ShapeOf(call);
  const char* value = ReferenceAddress(call, 1);
  const uint64_t values_bytes = uint64_t{table.capacity} * shape.value_size;
  if (table.data == nullptr || value < table.data || value >= table.data + values_bytes) {
    call.context.Panic("get_key: value pointer is not inside the table");
    return;
  }
  const auto index = static_cast<uint32_t>(static_cast<uint64_t>(value - table.data) / shape.value_size);
  if (!runtime::IsLiveSlot(table, shape, index)) {
    call.context.Panic("get_key: value points to an empty or deleted table slot");
    return;
  }
  std::memcpy(call.result, runtime::KeyAt(table, shape, index), shape.key_size);
}

void Length(NativeCall& call) { call.Return(static_cast<int32_t>(TableAt(call).size)); }
void LongLength(NativeCall& call) { call.Return(static_cast<int64_t>(TableAt(call).size)); }
void Capacity(NativeCall& call) { call.Return(static_cast<int32_t>(TableAt(call).capacity)); }
void LongCapacity(NativeCall& call) { call.Return(static_cast<int64_t>(TableAt(call).capacity)); }
void Empty(NativeCall& call) { call.Return(TableAt(call).size == 0); }

template <typename Size>
void Reserve(NativeCall& call) {
  const int64_t capacity = call.Value<Size>(1);
  if (capacity < 0) {
    call.context.PanicF("can't reserve {} elements", capacity);
  } else if (capacity > 0) {
    runtime::ReserveTable(call.context, TableAt(call), ShapeOf(call), static_cast<uint64_t>(capacity));
  }
}

void Lock(NativeCall& call) {
  Table& table = TableAt(call);
  const runtime::Hold<Table> hold(call.context, table);
  const runtime::Argument arguments[] = {runtime::Argument::Reference(&table)};
  call.context.CallBlock(ReferenceAddress(call, 1), arguments, nullptr);
}

// The count stays far from where it would wrap around.
void LockForever(NativeCall& call) {
  Table& table = TableAt(call);
  if (runtime::LoadLock(table.lock) < 0x80000000) runtime::Lock(table);
}

// A table of the tuples (key, value) of a fixed array, or a set of its elements; what is moved leaves zeroes.
template <bool moves>
void ToTable(NativeCall& call) {
  const Elements source(call);
  auto& table = *reinterpret_cast<Table*>(call.result);
  const Type* type = ResultType(call);
  const TableShape shape = runtime::ShapeOfTable(type);
  for (uint32_t i = 0; i < source.count(); ++i) {
    char* element = source.at(i);
    const int64_t slot = runtime::InsertIntoTable(call.context, table, shape, element);
    if (slot == runtime::kNoSlot) return;
    if (shape.value_size == 0) continue;
    char* place = runtime::ValueAt(table, shape, static_cast<uint32_t>(slot));
    char* value = element + source.type()->part_offset(1);
    if (!(moves ? MoveInto(call, type->element, place, value) : CopyInto(call, type->element, place, value))) return;
  }
}

// The same for an array, which is empty afterwards: its elements are the table's, its buffer is freed.
void MoveArrayToTable(NativeCall& call) {
  ToTable<true>(call);
  if (call.context.has_panic()) return;
  auto& array = *reinterpret_cast<runtime::Array*>(ReferenceAddress(call, 0));
  runtime::FreeArray(call.context, array, runtime::ShapeOfArray(call.types[0]));
}

constexpr uint32_t kStores = sema::kMayAllocate | sema::kCapturesStrings;
constexpr uint32_t kReads = sema::kNoInScopeReturn;

constexpr sema::NativeFunction kFunctions[] = {
    {"insert", "(var t : table<auto(K)>; k : K) : void", &InsertKey, kStores},
    {"insert", "(var t : table<auto(K);auto(V)>; k : K; v : V) : void", &Insert, kStores},
    {"insert_clone", "(var t : table<auto(K);auto(V)>; k : K; v : V) : void", &InsertClone, kStores},
    {"insert_default", "(var t : table<auto(K);auto(V)>; k : K) : void", &InsertKey, kStores},
    {"insert_default", "(var t : table<auto(K);auto(V)>; k : K; v : V) : void", &InsertMissing, kStores},
    {"emplace", "(var t : table<auto(K);auto(V)>; k : K; var v : V&) : void", &Emplace, kStores},
    {"erase", "(var t : table<auto(K);auto(V)>; k : K) : bool", &Erase},
    {"clear", "(var t : table<auto(K);auto(V)>) : void", &Clear},
    {"key_exists", "(t : table<auto(K);auto(V)>; k : K) : bool", &KeyExists},
    {"get", "(t : table<auto(K);auto(V)>; k : K; blk : block<(v : V) : void>) : bool", &Get, sema::kInvokesBlocks},
    {"get", "(var t : table<auto(K);auto(V)>; k : K; blk : block<(var v : V&) : void>) : bool", &Get,
     sema::kInvokesBlocks},
    {"modify", "(var t : table<auto(K);auto(V)>; k : K; blk : block<(v : V) : V>) : void", &Modify,
     kStores | sema::kInvokesBlocks},
    {"get_value", "(var t : table<auto(K);auto(V)>; k : K) : V", &GetValue, kStores | kReads},
    {"get_value", "(t : table<auto(K);auto(V)> ==const; k : K) : V", &GetOrZero, sema::kMayAllocate | kReads},
    {"get_with_default", "(t : table<auto(K);auto(V)>; k : K; v : V) : V", &GetWithDefault,
     sema::kMayAllocate | sema::kCapturesStrings | kReads},
    {"get_with_default", "(var t : table<auto(K);auto(V)>; k : K; blk : block<(var v : V&) : void>) : void", &GetOrMake,
     kStores | sema::kInvokesBlocks},
    {"get_key", "(t : table<auto(K);auto(V)>; v : V&) : K", &GetKey, kReads},
    {"length", "(t : table<auto;auto>) : int", &Length},
    {"long_length", "(t : table<auto;auto>) : int64", &LongLength},
    {"capacity", "(t : table<auto;auto>) : int", &Capacity},
    {"long_capacity", "(t : table<auto;auto>) : int64", &LongCapacity},
    {"empty", "(t : table<auto;auto>) : bool", &Empty},
    {"reserve", "(var t : table<auto(K);auto(V)>; capacity : int) : void", &Reserve<int32_t>, sema::kMayAllocate},
    {"reserve", "(var t : table<auto(K);auto(V)>; capacity : int64) : void", &Reserve<int64_t>, sema::kMayAllocate},
    {"lock", "(t : table<auto(K);auto(V)>; blk : block<(x : table<K;V>) : void>) : void", &Lock, sema::kInvokesBlocks},
    {"lock_forever", "(var t : table<auto(K);auto(V)>) : void", &LockForever},
    {"to_table", "(a : tuple<auto(K);auto(V)>[]) : table<K;V>", &ToTable<false>, kStores},
    {"to_table", "(a : auto(K)[]) : table<K>", &ToTable<false>, kStores},
    {"to_table_move", "(var a : tuple<auto(K);auto(V)>[]) : table<K;V>", &ToTable<true>, kStores},
    {"to_table_move", "(var a : auto(K)[]) : table<K>", &ToTable<true>, kStores},
    {"to_table_move", "(var a : array<tuple<auto(K);auto(V)>>) : table<K;V>", &MoveArrayToTable, kStores},
    {"to_table_move", "(var a : array<auto(K)>) : table<K>", &MoveArrayToTable, kStores},
};

// The default value is made only for a key that is new.
constexpr std::string_view kPrelude = R"(
def emplace_default(var t : table<auto(K);auto(V)>; k : K) : void {
    if (!key_exists(t, k)) {
        var value <- default<V>
        emplace(t, k, value)
    }
}
)";

}  // namespace
}  // namespace table_natives

constexpr sema::NativeModule kTableModule = {
    .name = "$", .functions = table_natives::kFunctions, .prelude = table_natives::kPrelude};

}  // namespace vestige::builtins
