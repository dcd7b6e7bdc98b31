// Inserting into, erasing from and growing tables. Floor 3.
//
// One template per operation and key kind; at run time a row of function pointers is chosen by the shape's key kind.

#include "runtime/table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "runtime/array.h"
#include "runtime/holders.h"
#include "runtime/lock.h"
#include "runtime/table_keys.h"

namespace vestige::runtime {
namespace {

constexpr uint64_t kMaxTableCapacity = uint64_t{1} << 31;

memory::BlockInfo InfoForGrowth(ScriptContext& context, const Table& table, memory::BlockInfo info) {
  if (table.data == nullptr) return info;
  const memory::Comment comment = context.heap().Describe(table.data).comment;
  return comment >= memory::Comment::kFirstCustom ? info.WithComment(comment) : info;
}

// All values are about to change place or to be given up: false when one of them is being walked.
bool MayTakeAway(ScriptContext& context, const Table& table, const TableShape& shape) {
  if (shape.lockable == nullptr) return true;
  for (uint32_t i = NextLiveSlot(table, shape, 0); i < table.capacity; i = NextLiveSlot(table, shape, i + 1)) {
    if (ContainsLock(shape.lockable, ValueAt(table, shape, i), 1)) {
      return context.Panic("table contains locked elements and can't be resized");
    }
  }
  return true;
}

// Puts an entry that is known to be new into a table without erased slots; the address of its value.
template <KeyKind kind>
char* PlaceEntry(Table& table, const TableShape& shape, typename KeyTraits<kind>::Key key, uint64_t hash,
                 const char* value) {
  const uint32_t mask = table.capacity - 1;
  uint32_t index = static_cast<uint32_t>(hash) & mask;
  if constexpr (KeyTraits<kind>::kIsString) {
    auto* marks = reinterpret_cast<uint32_t*>(table.marks);
    while (marks[index] != kSlotEmpty) index = (index + 1) & mask;
    marks[index] = ShortHash(hash);
  } else {
    while (table.marks[index] != kSlotEmpty) index = (index + 1) & mask;
    table.marks[index] = kSlotOccupied;
  }
  std::memcpy(table.keys + size_t{index} * sizeof(key), &key, sizeof(key));
  if (shape.value_size != 0) std::memcpy(ValueAt(table, shape, index), value, shape.value_size);
  return ValueAt(table, shape, index);
}

// Moves everything into a new buffer of `capacity` slots, in the order of the old slots.
template <KeyKind kind>
bool Rebuild(ScriptContext& context, Table& table, const TableShape& shape, uint64_t capacity) {
  if (capacity > kMaxTableCapacity) return context.PanicF("table of {} slots is too large", capacity);
  const bool keeps_old = context.options().keeps_old_buffers && (table.flags & kScratch) == 0;
  if (!keeps_old && !MayTakeAway(context, table, shape)) return false;
  const uint64_t bytes = shape.BufferBytes(capacity);
  auto* data = static_cast<char*>(context.AllocateOrPanic(bytes, InfoForGrowth(context, table, shape.info)));
  if (data == nullptr) return false;
  Table grown = table;
  grown.data = data;
  grown.keys = data + capacity * shape.value_size;
  grown.marks = grown.keys + capacity * shape.key_size;
  grown.capacity = static_cast<uint32_t>(capacity);
  grown.tombstones = 0;
  // Keys too: the collector and the printer may look at a slot's key before its mark says that it is used.
  std::memset(data, 0, bytes);
  for (uint32_t i = NextLiveSlot(table, shape, 0); i < table.capacity; i = NextLiveSlot(table, shape, i + 1)) {
    const auto key = LoadKey<typename KeyTraits<kind>::Key>(table, i);
    uint64_t hash;
    if constexpr (KeyTraits<kind>::kIsString) {
      // The low half is all that decides the place.
      hash = table.capacity <= kFirstTableCapacity ? PackedHash(table, i)
                                                   : reinterpret_cast<const uint32_t*>(table.marks)[i];
    } else {
      hash = KeyTraits<kind>::Hash(key);
    }
    char* value = PlaceEntry<kind>(grown, shape, key, hash, ValueAt(table, shape, i));
    if (shape.lockable != nullptr) NoteMoved(context, shape.lockable, ValueAt(table, shape, i), value, 1);
  }
  if (table.data != nullptr && !keeps_old) context.heap().Free(table.data, shape.BufferBytes(table.capacity));
  table = grown;
  return true;
}

template <KeyKind kind>
int64_t InsertPacked(Table& table, typename KeyTraits<kind>::Key key, uint64_t hash, bool* inserted) {
  const uint32_t index = table.size++;
  std::memcpy(table.marks + size_t{index} * 8, &hash, sizeof(hash));
  std::memcpy(table.keys + size_t{index} * sizeof(key), &key, sizeof(key));
  if (inserted != nullptr) *inserted = true;
  return index;
}

// Marks of open addressing, whatever their width.
template <KeyKind kind>
auto MarksOf(const Table& table) {
  if constexpr (KeyTraits<kind>::kIsString) {
    return reinterpret_cast<uint32_t*>(table.marks);
  } else {
    return reinterpret_cast<uint8_t*>(table.marks);
  }
}

template <KeyKind kind>
uint32_t OccupiedMark(uint64_t hash) {
  if constexpr (KeyTraits<kind>::kIsString) return ShortHash(hash);
  return kSlotOccupied;
}

template <KeyKind kind>
int64_t InsertProbing(Table& table, typename KeyTraits<kind>::Key key, uint64_t hash, bool* inserted) {
  using Traits = KeyTraits<kind>;
  auto* marks = MarksOf<kind>(table);
  const auto occupied = static_cast<std::remove_reference_t<decltype(*marks)>>(OccupiedMark<kind>(hash));
  const uint32_t mask = table.capacity - 1;
  uint32_t index = static_cast<uint32_t>(hash) & mask;
  int64_t erased = kNoSlot;
  for (;; index = (index + 1) & mask) {
    if (marks[index] == kSlotErased) {
      if (erased == kNoSlot) erased = index;
    } else if (marks[index] == occupied) {
      if (Traits::Equal(LoadKey<typename Traits::Key>(table, index), key)) return index;
    } else if (marks[index] == kSlotEmpty) {
      break;
    }
  }
  if (erased != kNoSlot) {
    index = static_cast<uint32_t>(erased);
    table.tombstones -= 1;
  }
  marks[index] = occupied;
  std::memcpy(table.keys + size_t{index} * sizeof(key), &key, sizeof(key));
  table.size += 1;
  if (inserted != nullptr) *inserted = true;
  return index;
}

template <KeyKind kind>
bool ErasePacked(Table& table, const TableShape& shape, typename KeyTraits<kind>::Key key, uint64_t hash) {
  const int64_t found = FindPacked<kind>(table, key, hash);
  if (found == kNoSlot) return false;
  const uint32_t index = static_cast<uint32_t>(found);
  const uint32_t last = --table.size;
  if (index != last) {
    std::memcpy(table.marks + size_t{index} * 8, table.marks + size_t{last} * 8, 8);
    std::memcpy(KeyAt(table, shape, index), KeyAt(table, shape, last), shape.key_size);
    if (shape.value_size != 0) std::memcpy(ValueAt(table, shape, index), ValueAt(table, shape, last), shape.value_size);
  }
  std::memset(table.marks + size_t{last} * 8, 0, 8);
  if (shape.value_size != 0) std::memset(ValueAt(table, shape, last), 0, shape.value_size);
  return true;
}

template <KeyKind kind>
bool EraseSlot(Table& table, const TableShape& shape, typename KeyTraits<kind>::Key key) {
  if constexpr (KeyTraits<kind>::kIsString) {
    if (table.capacity <= kFirstTableCapacity) {
      return ErasePacked<kind>(table, shape, key, KeyTraits<kind>::Hash(key));
    }
  }
  const int64_t found = FindSlot<kind>(table, key);
  if (found == kNoSlot) return false;
  MarksOf<kind>(table)[found] = kSlotErased;
  if (shape.value_size != 0) std::memset(ValueAt(table, shape, static_cast<uint32_t>(found)), 0, shape.value_size);
  table.size -= 1;
  table.tombstones += 1;
  return true;
}

// The operations of one key kind, for callers that know it only at run time.
struct Operations {
  int64_t (*find)(const Table& table, const void* key);
  int64_t (*insert)(ScriptContext& context, Table& table, const TableShape& shape, const void* key, bool* inserted);
  bool (*erase)(Table& table, const TableShape& shape, const void* key);
  bool (*rebuild)(ScriptContext& context, Table& table, const TableShape& shape, uint64_t capacity);
};

template <KeyKind kind>
typename KeyTraits<kind>::Key Load(const void* address) {
  typename KeyTraits<kind>::Key key;
  std::memcpy(&key, address, sizeof(key));
  return key;
}

template <KeyKind kind>
constexpr Operations OperationsFor() {
  return {
      [](const Table& table, const void* key) { return FindSlot<kind>(table, Load<kind>(key)); },
      [](ScriptContext& context, Table& table, const TableShape& shape, const void* key, bool* inserted) {
        return InsertSlotSlow<kind>(context, table, shape, Load<kind>(key), inserted);
      },
      [](Table& table, const TableShape& shape, const void* key) {
        return EraseSlot<kind>(table, shape, Load<kind>(key));
      },
      &Rebuild<kind>,
  };
}

template <size_t... kinds>
constexpr std::array<Operations, sizeof...(kinds)> MakeOperations(std::index_sequence<kinds...>) {
  return {OperationsFor<static_cast<KeyKind>(kinds)>()...};
}

const Operations& OperationsOf(const TableShape& shape) {
  static constexpr auto kOperations = MakeOperations(std::make_index_sequence<static_cast<size_t>(KeyKind::kCount)>());
  return kOperations[static_cast<size_t>(shape.key_kind)];
}

KeyKind KindOfKey(const types::Type* key) {
  using types::Kind;
  switch (key->kind) {
    case Kind::kInt8:
      return KeyKind::kInt8;
    case Kind::kBool:
    case Kind::kUInt8:
      return KeyKind::kUInt8;
    case Kind::kInt16:
      return KeyKind::kInt16;
    case Kind::kUInt16:
      return KeyKind::kUInt16;
    case Kind::kInt:
    case Kind::kUInt:
      return KeyKind::kInt32;
    case Kind::kFloat:
      return KeyKind::kFloat;
    case Kind::kDouble:
      return KeyKind::kDouble;
    case Kind::kString:
      return KeyKind::kString;
    case Kind::kInt2:
    case Kind::kUInt2:
      return KeyKind::kBlock8;
    case Kind::kInt3:
    case Kind::kUInt3:
      return KeyKind::kBlock12;
    case Kind::kInt4:
    case Kind::kUInt4:
    case Kind::kRange64:
    case Kind::kURange64:
      return KeyKind::kBlock16;
    case Kind::kFloat2:
      return KeyKind::kFloat2;
    case Kind::kFloat3:
      return KeyKind::kFloat3;
    case Kind::kFloat4:
      return KeyKind::kFloat4;
    default:
      return KeyKind::kInt64;
  }
}

// The last entry takes the place of an erased one.
bool IsPacked(const Table& table, const TableShape& shape) {
  return shape.is_string_keyed && table.capacity <= kFirstTableCapacity;
}

// False when the value that goes, or the one that takes its place in a packed table, is being walked.
bool MayErase(ScriptContext& context, const Table& table, const TableShape& shape, const void* key) {
  const int64_t found = FindInTable(table, shape, key);
  if (found == kNoSlot) return true;
  const uint32_t last = IsPacked(table, shape) ? table.size - 1 : static_cast<uint32_t>(found);
  for (const uint32_t slot : {static_cast<uint32_t>(found), last}) {
    if (ContainsLock(shape.lockable, ValueAt(table, shape, slot), 1)) {
      return context.Panic("table contains locked elements and can't be changed");
    }
  }
  return true;
}

}  // namespace

template <KeyKind kind>
int64_t InsertSlotSlow(ScriptContext& context, Table& table, const TableShape& shape, typename KeyTraits<kind>::Key key,
                       bool* inserted) {
  if (IsLocked(table.lock)) {
    // What is there may be written to, whether or not the table is due to grow.
    const int64_t found = FindSlot<kind>(table, key);
    if (found == kNoSlot) PanicLocked(context, table.lock, "can't insert into locked table");
    return found;
  }
  const uint64_t hash = KeyTraits<kind>::Hash(key);
  if constexpr (KeyTraits<kind>::kIsString) {
    if (table.capacity <= kFirstTableCapacity) {
      const int64_t found = FindPacked<kind>(table, key, hash);
      if (found != kNoSlot) return found;
      if (table.size < table.capacity) return InsertPacked<kind>(table, key, hash, inserted);
    }
  }
  bool has_room = true;
  if (table.capacity == 0) {
    has_room = Rebuild<kind>(context, table, shape, kFirstTableCapacity);
    if (has_room && KeyTraits<kind>::kIsString) return InsertPacked<kind>(table, key, hash, inserted);
  } else if (KeyTraits<kind>::kIsString && table.capacity <= kFirstTableCapacity) {
    // Twice the factor of later growth, which would otherwise follow at once.
    has_room = Rebuild<kind>(context, table, shape, uint64_t{table.capacity} * 4);
  } else if (table.size >= table.capacity / 2) {
    has_room = Rebuild<kind>(context, table, shape, uint64_t{table.capacity} * 2);
  } else if ((table.capacity - table.size) / 2 < table.tombstones) {
    has_room = Rebuild<kind>(context, table, shape, table.capacity);
  }
  if (!has_room) return kNoSlot;
  return InsertProbing<kind>(table, key, hash, inserted);
}

template int64_t InsertSlotSlow<KeyKind::kInt32>(ScriptContext&, Table&, const TableShape&, uint32_t, bool*);
template int64_t InsertSlotSlow<KeyKind::kInt64>(ScriptContext&, Table&, const TableShape&, uint64_t, bool*);
template int64_t InsertSlotSlow<KeyKind::kString>(ScriptContext&, Table&, const TableShape&, const char*, bool*);

TableShape ShapeOfTable(const types::Type* type) {
  const types::Type* key = types::Representation(type->key);
  TableShape shape;
  shape.key_kind = KindOfKey(key);
  shape.is_string_keyed = key->kind == types::Kind::kString;
  shape.key_size = key->size();
  shape.value_size = type->element->size();
  shape.info = memory::BlockInfo(memory::Comment::kTable, type->unqualified->id);
  shape.lockable = type->element->traits().can_copy ? nullptr : type->element;
  return shape;
}

int64_t FindInTable(const Table& table, const TableShape& shape, const void* key) {
  return OperationsOf(shape).find(table, key);
}

int64_t InsertIntoTable(ScriptContext& context, Table& table, const TableShape& shape, const void* key,
                        bool* inserted) {
  if (inserted != nullptr) *inserted = false;
  return OperationsOf(shape).insert(context, table, shape, key, inserted);
}

bool EraseFromTable(ScriptContext& context, Table& table, const TableShape& shape, const void* key) {
  if (IsLocked(table.lock)) return PanicLocked(context, table.lock, "can't erase from locked table");
  if (shape.lockable != nullptr && !MayErase(context, table, shape, key)) return false;
  const bool notes = shape.lockable != nullptr && TracksHolders(context);
  const int64_t found = notes ? FindInTable(table, shape, key) : kNoSlot;
  if (found == kNoSlot) return OperationsOf(shape).erase(table, shape, key);
  char* value = ValueAt(table, shape, static_cast<uint32_t>(found));
  NoteLost(context, shape.lockable, value, 1);
  const bool erased = OperationsOf(shape).erase(table, shape, key);
  if (IsPacked(table, shape)) NoteMoved(context, shape.lockable, ValueAt(table, shape, table.size), value, 1);
  return erased;
}

bool ClearTable(ScriptContext& context, Table& table, const TableShape& shape) {
  if (IsLocked(table.lock)) return PanicLocked(context, table.lock, "can't clear locked table");
  if (!MayTakeAway(context, table, shape)) return false;
  if (shape.lockable != nullptr && TracksHolders(context)) {
    for (uint32_t i = NextLiveSlot(table, shape, 0); i < table.capacity; i = NextLiveSlot(table, shape, i + 1)) {
      NoteLost(context, shape.lockable, ValueAt(table, shape, i), 1);
    }
  }
  if (table.data != nullptr) std::memset(table.data, 0, shape.BufferBytes(table.capacity));
  table.size = 0;
  table.tombstones = 0;
  return true;
}

bool ReserveTable(ScriptContext& context, Table& table, const TableShape& shape, uint64_t capacity) {
  if (IsLocked(table.lock)) return PanicLocked(context, table.lock, "can't reserve locked table");
  if (capacity <= table.capacity) return true;
  if (capacity > kMaxTableCapacity) return context.PanicF("table of {} slots is too large", capacity);
  const uint64_t slots = std::max<uint64_t>(kFirstTableCapacity, std::bit_ceil(capacity));
  return OperationsOf(shape).rebuild(context, table, shape, slots);
}

bool FreeTable(ScriptContext& context, Table& table, const TableShape& shape) {
  if (IsLocked(table.lock)) return PanicLocked(context, table.lock, "can't delete locked table");
  if (table.data != nullptr) context.heap().Free(table.data, shape.BufferBytes(table.capacity));
  table = {};
  return true;
}

}  // namespace vestige::runtime
