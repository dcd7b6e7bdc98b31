// wyhash, version 4: reads of 8 bytes folded together by 128-bit multiplications. Floor 3.

#include "runtime/hash.h"

namespace vestige::runtime {
namespace {

constexpr uint64_t kSecret[4] = {0xa0761d6478bd642full, 0xe7037ed1a0b428dbull, 0x8ebc6af09c88c6e3ull,
                                 0x589965cc75374cc3ull};

uint64_t Read8(const unsigned char* bytes) {
  uint64_t value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

uint64_t Read4(const unsigned char* bytes) {
  uint32_t value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

// The two words that stand for an input of at most 16 bytes.
struct Words {
  uint64_t first = 0;
  uint64_t second = 0;
};

Words ReadShort(const unsigned char* bytes, size_t size) {
  if (size >= 4) {
    const size_t middle = (size >> 3) << 2;
    return {Read4(bytes) << 32 | Read4(bytes + middle),
            Read4(bytes + size - 4) << 32 | Read4(bytes + size - 4 - middle)};
  }
  if (size == 0) return {};
  return {uint64_t{bytes[0]} << 16 | uint64_t{bytes[size >> 1]} << 8 | bytes[size - 1], 0};
}

}  // namespace

uint64_t HashBytes(const void* data, size_t size, uint64_t seed) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  seed ^= Mix(seed ^ kSecret[0], kSecret[1]);
  Words words;
  if (size <= 16) {
    words = ReadShort(bytes, size);
  } else {
    size_t left = size;
    if (left > 48) {
      uint64_t lane1 = seed;
      uint64_t lane2 = seed;
      do {
        seed = Mix(Read8(bytes) ^ kSecret[1], Read8(bytes + 8) ^ seed);
        lane1 = Mix(Read8(bytes + 16) ^ kSecret[2], Read8(bytes + 24) ^ lane1);
        lane2 = Mix(Read8(bytes + 32) ^ kSecret[3], Read8(bytes + 40) ^ lane2);
        bytes += 48;
        left -= 48;
      } while (left > 48);
      seed ^= lane1 ^ lane2;
    }
    for (; left > 16; left -= 16, bytes += 16) seed = Mix(Read8(bytes) ^ kSecret[1], Read8(bytes + 8) ^ seed);
    words = {Read8(bytes + left - 16), Read8(bytes + left - 8)};
  }
  words.first ^= kSecret[1];
  words.second ^= seed;
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(words.first) * words.second;
  return Mix(static_cast<uint64_t>(product) ^ kSecret[0] ^ size, static_cast<uint64_t>(product >> 64) ^ kSecret[1]);
}

}  // namespace vestige::runtime
