// Hash functions whose values scripts can see: the order of tables and the results of `hash()` depend on them.
//
// Table keys of 8 bytes and less are hashed by one 64x64 multiplication; strings by FNV-1a over 16-bit units; wider
// keys and `hash()` by wyhash (final version 4, little-endian). Floor 3.

#ifndef VESTIGE_RUNTIME_HASH_H_
#define VESTIGE_RUNTIME_HASH_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace vestige::runtime {

inline constexpr uint64_t kHashSeed = 0x1234567890abcdefull;
inline constexpr uint64_t kFnvPrime = 1099511628211ull;
inline constexpr uint64_t kFnvBasis = 14695981039346656037ull;

// Hash values 0 and 1 are taken: they mark empty and erased slots.
constexpr uint64_t AvoidReserved(uint64_t hash) { return hash <= 1 ? kFnvPrime : hash; }

// Low half of the 128-bit product, xor its high half.
inline uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t HashNumber(uint64_t value) { return AvoidReserved(Mix(value, kHashSeed)); }

// Of a NUL-terminated text; null counts as empty. A last odd byte is hashed alone.
inline uint64_t HashText(const char* text) {
  uint64_t hash = kFnvBasis;
  if (text == nullptr) return hash;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text);
  while (bytes[0] != 0) {
    hash = (hash ^ (bytes[0] | static_cast<uint64_t>(bytes[1]) << 8)) * kFnvPrime;
    if (bytes[1] == 0) break;
    bytes += 2;
  }
  return AvoidReserved(hash);
}

// wyhash of `size` bytes.
uint64_t HashBytes(const void* data, size_t size, uint64_t seed);

inline uint64_t HashBlock(const void* data, size_t size) { return AvoidReserved(HashBytes(data, size, kHashSeed)); }

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_HASH_H_
