// Value-sized handles: a slot number and a generation in 64 bits.
//
// A handle names an object that its HandleRegistry owns, without keeping it alive: once released, every copy of the
// handle looks up to null, for ever. Generation in the high 32 bits, slot + 1 in the low 32; zero names nothing.
// Floor 2.

#ifndef VESTIGE_MEMORY_HANDLE_H_
#define VESTIGE_MEMORY_HANDLE_H_

#include <cstdint>
#include <string_view>

namespace vestige::memory {

// The name by which reports call handles of T. Specialise it for every type that gets handles:
//
//   template <> inline constexpr std::string_view vestige::memory::kHandleName<Session> = "Session";
template <typename T>
inline constexpr std::string_view kHandleName{};

template <typename T>
concept NamedHandleType = !kHandleName<T>.empty();

// A handle as a number; what scripts hold.
struct HandleValue {
  uint64_t bits = 0;

  static constexpr HandleValue Make(uint32_t slot, uint32_t generation) {
    return {uint64_t{generation} << 32 | (uint64_t{slot} + 1)};
  }
  constexpr bool is_null() const { return bits == 0; }
  // Meaningless for the null handle.
  constexpr uint32_t slot() const { return static_cast<uint32_t>(bits) - 1; }
  constexpr uint32_t generation() const { return static_cast<uint32_t>(bits >> 32); }
  friend constexpr bool operator==(HandleValue, HandleValue) = default;
};

// The same with the type of what it names, so that handles of different registries do not mix.
template <typename T>
struct Handle {
  HandleValue value;

  constexpr bool is_null() const { return value.is_null(); }
  friend constexpr bool operator==(Handle, Handle) = default;
};

}  // namespace vestige::memory

#endif  // VESTIGE_MEMORY_HANDLE_H_
