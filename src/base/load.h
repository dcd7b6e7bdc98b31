// Reading values out of untyped memory. Floor 0.

#ifndef VESTIGE_BASE_LOAD_H_
#define VESTIGE_BASE_LOAD_H_

#include <cstring>

namespace vestige::base {

// The T whose bytes lie at `address`, which need not be aligned.
template <typename T>
T Load(const void* address) {
  T value;
  std::memcpy(&value, address, sizeof(value));
  return value;
}

}  // namespace vestige::base

#endif  // VESTIGE_BASE_LOAD_H_
