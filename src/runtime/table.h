// table<K;V> at run time: one buffer of values, then keys, then a mark per slot.
//
// Slots are found by linear probing from `hash & (capacity - 1)`; capacity is a power of two, 8 at first. The order of
// slots is the order in which tables print and iterate, so everything that decides it is fixed: hashes
// (runtime/hash.h), growth (doubled when an insertion finds it half full), re-use of erased slots, rehashing when
// erased slots outnumber half of the free ones.
//
// Two kinds of mark. Numbers have one byte per slot: 0 empty, 1 erased, 2 occupied. Strings have their hash: while the
// capacity is 8 the full 64 bits, packed densely in order of insertion (an erased entry is replaced by the last); from
// 32 on (what a ninth key makes of it) the low 32 bits, with 0 and 1 meaning empty and erased.
//
// A zeroed Table is an empty one. Floor 3. The templates for code that knows its key type are in table_keys.h.

#ifndef VESTIGE_RUNTIME_TABLE_H_
#define VESTIGE_RUNTIME_TABLE_H_

#include <cstdint>

#include "memory/block.h"
#include "runtime/lock_count.h"
#include "runtime/script_context.h"
#include "types/type.h"

namespace vestige::runtime {

struct Table {
  char* data = nullptr;  // values; the start of the block
  uint32_t size = 0;
  uint32_t capacity = 0;
  uint32_t lock = 0;
  uint32_t flags = 0;
  uint64_t tombstones = 0;  // erased slots
  uint64_t spare = 0;
  char* keys = nullptr;
  char* marks = nullptr;
  uint64_t spare2 = 0;
};
static_assert(sizeof(Table) == 64);

inline constexpr uint32_t kFirstTableCapacity = 8;
inline constexpr uint8_t kSlotEmpty = 0;
inline constexpr uint8_t kSlotErased = 1;
inline constexpr uint8_t kSlotOccupied = 2;

// How keys are hashed and compared. Small signed integers are told apart because they are widened before hashing.
enum class KeyKind : uint8_t {
  kInt8,
  kUInt8,
  kInt16,
  kUInt16,
  kInt32,
  kInt64,
  kFloat,
  kDouble,
  kString,
  kBlock8,
  kBlock12,
  kBlock16,
  kFloat2,
  kFloat3,
  kFloat4,
  kCount,
};

// What operations on a table must know of its type; made once, ahead of time where possible.
struct TableShape {
  KeyKind key_kind = KeyKind::kInt32;
  bool is_string_keyed = false;
  uint32_t key_size = 0;
  uint32_t value_size = 0;
  memory::BlockInfo info;
  // Type of the values when they may have containers inside, which somebody may have locked; null otherwise.
  const types::Type* lockable = nullptr;

  uint64_t MarkBytes(uint64_t capacity) const {
    if (!is_string_keyed) return 1;
    return capacity <= kFirstTableCapacity ? 8 : 4;
  }
  uint64_t BufferBytes(uint64_t capacity) const {
    return capacity * (uint64_t{value_size} + key_size + MarkBytes(capacity));
  }
};

// `type` is a table type whose keys are of a workhorse type.
TableShape ShapeOfTable(const types::Type* type);

// True when slot `index` (below capacity) holds an entry.
inline bool IsLiveSlot(const Table& table, const TableShape& shape, uint32_t index) {
  if (!shape.is_string_keyed) return static_cast<uint8_t>(table.marks[index]) == kSlotOccupied;
  if (table.capacity <= kFirstTableCapacity) return index < table.size;
  return reinterpret_cast<const uint32_t*>(table.marks)[index] > kSlotErased;
}

// The first live slot at or after `index`; capacity when there is none.
inline uint32_t NextLiveSlot(const Table& table, const TableShape& shape, uint32_t index) {
  while (index < table.capacity && !IsLiveSlot(table, shape, index)) index += 1;
  return index;
}

inline char* KeyAt(const Table& table, const TableShape& shape, uint32_t index) {
  return table.keys + static_cast<size_t>(index) * shape.key_size;
}
inline char* ValueAt(const Table& table, const TableShape& shape, uint32_t index) {
  return table.data + static_cast<size_t>(index) * shape.value_size;
}

inline constexpr int64_t kNoSlot = -1;

// The slot of the key at `key`, or kNoSlot.
int64_t FindInTable(const Table& table, const TableShape& shape, const void* key);
// The slot of the key, made with a zeroed value when it is new; kNoSlot on panic. `inserted`, if given, tells which.
int64_t InsertIntoTable(ScriptContext& context, Table& table, const TableShape& shape, const void* key,
                        bool* inserted = nullptr);
// Takes the entry out, without finalizers. True when it was there; false also on panic.
bool EraseFromTable(ScriptContext& context, Table& table, const TableShape& shape, const void* key);
bool ClearTable(ScriptContext& context, Table& table, const TableShape& shape);
// Room for at least `capacity` slots, rounded up to a power of two.
bool ReserveTable(ScriptContext& context, Table& table, const TableShape& shape, uint64_t capacity);
// Frees the buffer and zeroes the table, without finalizers. A locked table panics.
bool FreeTable(ScriptContext& context, Table& table, const TableShape& shape);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_TABLE_H_
