// Rows for functions that exist for many types: one operation on numbers becomes natives for scalars and for vectors,
// which work component by component.
//
// An operation is a struct with a call operator for scalars. `Component<Op, float, 3>` reads its arguments as three
// floats each, as they lie in the slots, and writes three results. Rows and their signatures are put together at
// compile time, so that a function is named once however many types it has. Floor 5.

#ifndef VESTIGE_BUILTINS_MATH_ROWS_H_
#define VESTIGE_BUILTINS_MATH_ROWS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "sema/native.h"

namespace vestige::builtins {

using sema::NativeCall;

// How scripts write the type of `n` components T.
template <typename T, int n>
inline constexpr std::string_view kTypeName = {};
template <>
inline constexpr std::string_view kTypeName<bool, 1> = "bool";
template <>
inline constexpr std::string_view kTypeName<int32_t, 1> = "int";
template <>
inline constexpr std::string_view kTypeName<int32_t, 2> = "int2";
template <>
inline constexpr std::string_view kTypeName<int32_t, 3> = "int3";
template <>
inline constexpr std::string_view kTypeName<int32_t, 4> = "int4";
template <>
inline constexpr std::string_view kTypeName<uint32_t, 1> = "uint";
template <>
inline constexpr std::string_view kTypeName<uint32_t, 2> = "uint2";
template <>
inline constexpr std::string_view kTypeName<uint32_t, 3> = "uint3";
template <>
inline constexpr std::string_view kTypeName<uint32_t, 4> = "uint4";
template <>
inline constexpr std::string_view kTypeName<int64_t, 1> = "int64";
template <>
inline constexpr std::string_view kTypeName<uint64_t, 1> = "uint64";
template <>
inline constexpr std::string_view kTypeName<float, 1> = "float";
template <>
inline constexpr std::string_view kTypeName<float, 2> = "float2";
template <>
inline constexpr std::string_view kTypeName<float, 3> = "float3";
template <>
inline constexpr std::string_view kTypeName<float, 4> = "float4";
template <>
inline constexpr std::string_view kTypeName<double, 1> = "double";

namespace row_text {

// Texts one after the other, made by the compiler.
template <const std::string_view&... parts>
struct Joined {
  static constexpr auto kStorage = [] {
    std::array<char, (parts.size() + ...)> storage{};
    size_t at = 0;
    const auto append = [&](std::string_view part) {
      for (const char c : part) storage[at++] = c;
    };
    (append(parts), ...);
    return storage;
  }();
  static constexpr std::string_view kText{kStorage.data(), kStorage.size()};
};

inline constexpr std::string_view kX = "(x : ";
inline constexpr std::string_view kXY = "(x, y : ";
inline constexpr std::string_view kXYZ = "(x, y, z : ";
inline constexpr std::string_view kScalarY = "; y : ";
inline constexpr std::string_view kThenZ = "; z : ";
inline constexpr std::string_view kThenScalar = "; t : ";
inline constexpr std::string_view kEnd = ") : ";

}  // namespace row_text

// "(x : T) : R", "(x, y : T) : R", "(x, y, z : T) : R" for n components, by the number of arguments.
template <int arity, typename R, int result_n, typename T, int n>
constexpr std::string_view SignatureText() {
  using namespace row_text;
  if constexpr (arity == 1) {
    return Joined<kX, kTypeName<T, n>, kEnd, kTypeName<R, result_n>>::kText;
  } else if constexpr (arity == 2) {
    return Joined<kXY, kTypeName<T, n>, kEnd, kTypeName<R, result_n>>::kText;
  } else {
    return Joined<kXYZ, kTypeName<T, n>, kEnd, kTypeName<R, result_n>>::kText;
  }
}

// Argument `index` as its components.
template <typename T, int n>
std::array<T, n> Components(const NativeCall& call, size_t index) {
  std::array<T, n> values;
  std::memcpy(values.data(), call.arguments + call.offsets[index], sizeof(values));
  return values;
}

template <typename T, size_t n>
void ReturnComponents(NativeCall& call, const std::array<T, n>& values) {
  std::memcpy(call.result, values.data(), sizeof(values));
}

// The native for an operation of `arity` arguments on each component.
template <typename Op, int arity, typename R, typename T, int n>
void Component(NativeCall& call) {
  const std::array<T, n> x = Components<T, n>(call, 0);
  std::array<R, n> result;
  if constexpr (arity == 1) {
    for (int i = 0; i < n; ++i) result[i] = Op{}(x[i]);
  } else if constexpr (arity == 2) {
    const std::array<T, n> y = Components<T, n>(call, 1);
    for (int i = 0; i < n; ++i) result[i] = Op{}(x[i], y[i]);
  } else {
    const std::array<T, n> y = Components<T, n>(call, 1);
    const std::array<T, n> z = Components<T, n>(call, 2);
    for (int i = 0; i < n; ++i) result[i] = Op{}(x[i], y[i], z[i]);
  }
  ReturnComponents(call, result);
}

// A growing list of rows, filled at compile time.
template <size_t capacity>
struct RowList {
  std::array<sema::NativeFunction, capacity> rows{};
  size_t count = 0;

  constexpr void Add(const sema::NativeFunction& row) { rows[count++] = row; }

  // One row for `n` components of type T.
  template <typename Op, int arity, typename R, typename T, int n>
  constexpr void AddOne(std::string_view name, std::string_view intrinsic = {}) {
    Add({name, SignatureText<arity, R, n, T, n>(), &Component<Op, arity, R, T, n>, sema::kPure,
         n == 1 ? intrinsic : std::string_view()});
  }
  // Scalar and vectors of 2 to 4.
  template <typename Op, int arity, typename R, typename T>
  constexpr void AddAll(std::string_view name, std::string_view intrinsic = {}) {
    AddOne<Op, arity, R, T, 1>(name, intrinsic);
    AddOne<Op, arity, R, T, 2>(name);
    AddOne<Op, arity, R, T, 3>(name);
    AddOne<Op, arity, R, T, 4>(name);
  }
  // float, its vectors, and double.
  template <typename Op, int arity>
  constexpr void AddReal(std::string_view name, std::string_view intrinsic = {}) {
    AddAll<Op, arity, float, float>(name, intrinsic);
    AddOne<Op, arity, double, double, 1>(name, intrinsic);
  }
  // Those and all integers with arithmetic.
  template <typename Op, int arity>
  constexpr void AddNumbers(std::string_view name, std::string_view intrinsic = {}) {
    AddReal<Op, arity>(name, intrinsic);
    AddAll<Op, arity, int32_t, int32_t>(name, intrinsic);
    AddAll<Op, arity, uint32_t, uint32_t>(name, intrinsic);
    AddOne<Op, arity, int64_t, int64_t, 1>(name, intrinsic);
    AddOne<Op, arity, uint64_t, uint64_t, 1>(name, intrinsic);
  }
};

// The rows of a full list, as a module wants them.
template <size_t capacity>
constexpr std::span<const sema::NativeFunction> Rows(const RowList<capacity>& list) {
  return {list.rows.data(), list.count};
}

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_MATH_ROWS_H_
