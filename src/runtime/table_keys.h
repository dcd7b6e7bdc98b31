// Table operations for code that knows its key type: the fast half of table.h.
//
// KeyTraits<kind> says how a key is held, hashed and compared; FindSlot and InsertSlot are inlined into operations of
// the interpreter for the commonest kinds. Whatever grows or rehashes is out of line. Floor 3.

#ifndef VESTIGE_RUNTIME_TABLE_KEYS_H_
#define VESTIGE_RUNTIME_TABLE_KEYS_H_

#include <cstdint>
#include <cstring>

#include "runtime/hash.h"
#include "runtime/table.h"

namespace vestige::runtime {

// A number that is hashed by its value, widened to `Wide` first.
template <typename T, typename Wide>
struct NumberKey {
  using Key = T;
  static constexpr bool kIsString = false;
  static uint64_t Hash(Key key) { return HashNumber(static_cast<Wide>(key)); }
  static bool Equal(Key a, Key b) { return a == b; }
};

// A floating number is hashed by its bits but compared as a number.
template <typename T, typename Bits>
struct FloatKey {
  using Key = T;
  static constexpr bool kIsString = false;
  static uint64_t Hash(Key key) {
    Bits bits;
    std::memcpy(&bits, &key, sizeof(bits));
    return HashNumber(bits);
  }
  static bool Equal(Key a, Key b) { return a == b; }
};

template <typename T, int count>
struct VectorKey {
  struct Key {
    T items[count];
  };
  static constexpr bool kIsString = false;
  static uint64_t Hash(const Key& key) { return HashBlock(&key, sizeof(key)); }
  static bool Equal(const Key& a, const Key& b) {
    for (int i = 0; i < count; ++i) {
      if (!(a.items[i] == b.items[i])) return false;
    }
    return true;
  }
};

struct StringKey {
  using Key = const char*;
  static constexpr bool kIsString = true;
  static uint64_t Hash(Key key) { return HashText(key); }
  static bool Equal(Key a, Key b) {
    if (a == b) return true;
    return std::strcmp(a == nullptr ? "" : a, b == nullptr ? "" : b) == 0;
  }
};

template <KeyKind kind>
struct KeyTraits;
template <>
struct KeyTraits<KeyKind::kInt8> : NumberKey<int8_t, uint32_t> {};
template <>
struct KeyTraits<KeyKind::kUInt8> : NumberKey<uint8_t, uint32_t> {};
template <>
struct KeyTraits<KeyKind::kInt16> : NumberKey<int16_t, uint32_t> {};
template <>
struct KeyTraits<KeyKind::kUInt16> : NumberKey<uint16_t, uint32_t> {};
template <>
struct KeyTraits<KeyKind::kInt32> : NumberKey<uint32_t, uint32_t> {};
template <>
struct KeyTraits<KeyKind::kInt64> : NumberKey<uint64_t, uint64_t> {};
template <>
struct KeyTraits<KeyKind::kFloat> : FloatKey<float, uint32_t> {};
template <>
struct KeyTraits<KeyKind::kDouble> : FloatKey<double, uint64_t> {};
template <>
struct KeyTraits<KeyKind::kString> : StringKey {};
template <>
struct KeyTraits<KeyKind::kBlock8> : VectorKey<uint32_t, 2> {};
template <>
struct KeyTraits<KeyKind::kBlock12> : VectorKey<uint32_t, 3> {};
template <>
struct KeyTraits<KeyKind::kBlock16> : VectorKey<uint32_t, 4> {};
template <>
struct KeyTraits<KeyKind::kFloat2> : VectorKey<float, 2> {};
template <>
struct KeyTraits<KeyKind::kFloat3> : VectorKey<float, 3> {};
template <>
struct KeyTraits<KeyKind::kFloat4> : VectorKey<float, 4> {};

// What a large string table keeps of a hash.
inline uint32_t ShortHash(uint64_t hash) {
  const uint32_t low = static_cast<uint32_t>(hash);
  return low <= kSlotErased ? 16777619u : low;
}

inline uint64_t PackedHash(const Table& table, uint32_t index) {
  uint64_t hash;
  std::memcpy(&hash, table.marks + size_t{index} * 8, sizeof(hash));
  return hash;
}

// The key of slot `index`.
template <typename K>
K LoadKey(const Table& table, uint32_t index) {
  K key;
  std::memcpy(&key, table.keys + size_t{index} * sizeof(K), sizeof(K));
  return key;
}

template <KeyKind kind>
int64_t FindPacked(const Table& table, typename KeyTraits<kind>::Key key, uint64_t hash) {
  using Traits = KeyTraits<kind>;
  for (uint32_t i = 0; i < table.size; ++i) {
    if (PackedHash(table, i) == hash && Traits::Equal(LoadKey<typename Traits::Key>(table, i), key)) return i;
  }
  return kNoSlot;
}

// The slot of `key`, or kNoSlot.
template <KeyKind kind>
int64_t FindSlot(const Table& table, typename KeyTraits<kind>::Key key) {
  using Traits = KeyTraits<kind>;
  using Key = typename Traits::Key;
  if (table.size == 0) return kNoSlot;
  const uint64_t hash = Traits::Hash(key);
  if constexpr (Traits::kIsString) {
    if (table.capacity <= kFirstTableCapacity) return FindPacked<kind>(table, key, hash);
  }
  const uint32_t mask = table.capacity - 1;
  uint32_t index = static_cast<uint32_t>(hash) & mask;
  while (true) {
    if constexpr (Traits::kIsString) {
      const uint32_t mark = reinterpret_cast<const uint32_t*>(table.marks)[index];
      if (mark == kSlotEmpty) return kNoSlot;
      if (mark == ShortHash(hash) && Traits::Equal(LoadKey<Key>(table, index), key)) return index;
    } else {
      const uint8_t mark = static_cast<uint8_t>(table.marks[index]);
      if (mark == kSlotEmpty) return kNoSlot;
      if (mark == kSlotOccupied && Traits::Equal(LoadKey<Key>(table, index), key)) return index;
    }
    index = (index + 1) & mask;
  }
}

// As InsertIntoTable, out of line.
template <KeyKind kind>
int64_t InsertSlotSlow(ScriptContext& context, Table& table, const TableShape& shape, typename KeyTraits<kind>::Key key,
                       bool* inserted);

// The slot of `key`, made with a zeroed value when it is new; kNoSlot on panic.
template <KeyKind kind>
int64_t InsertSlot(ScriptContext& context, Table& table, const TableShape& shape, typename KeyTraits<kind>::Key key) {
  using Traits = KeyTraits<kind>;
  if constexpr (!Traits::kIsString) {
    // The common case of a number: it is there, or there is room and an empty slot is met first. Looking before growing
    // would change when tables grow, so a half-full one goes the long way.
    const uint32_t free_slots = table.capacity - table.size;
    if (table.size < table.capacity / 2 && free_slots / 2 >= table.tombstones && !IsLocked(table.lock)) [[likely]] {
      const uint32_t mask = table.capacity - 1;
      uint32_t index = static_cast<uint32_t>(Traits::Hash(key)) & mask;
      while (true) {
        const uint8_t mark = static_cast<uint8_t>(table.marks[index]);
        if (mark == kSlotOccupied) {
          if (Traits::Equal(LoadKey<typename Traits::Key>(table, index), key)) return index;
        } else if (mark == kSlotEmpty) {
          table.marks[index] = kSlotOccupied;
          std::memcpy(table.keys + size_t{index} * sizeof(key), &key, sizeof(key));
          table.size += 1;
          return index;
        } else {
          break;
        }
        index = (index + 1) & mask;
      }
    }
  }
  return InsertSlotSlow<kind>(context, table, shape, key, nullptr);
}

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_TABLE_KEYS_H_
