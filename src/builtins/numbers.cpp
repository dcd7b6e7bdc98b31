// Bits of integers, their limits as constants, and hashes of values. Part of module `$`. Floor 5.

#include <bit>
#include <cstdint>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/hash.h"
#include "runtime/print.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace numbers_natives {
namespace {

template <typename T>
void CountOnes(NativeCall& call) {
  call.Return(static_cast<T>(std::popcount(call.Value<T>(0))));
}
// Of zero: the width.
template <typename T>
void CountLeadingZeros(NativeCall& call) {
  call.Return(static_cast<T>(std::countl_zero(call.Value<T>(0))));
}
template <typename T>
void CountTrailingZeros(NativeCall& call) {
  call.Return(static_cast<T>(std::countr_zero(call.Value<T>(0))));
}

// The 128 bits of a product as a range: low half, high half.
void WideProduct(NativeCall& call) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(call.Value<uint64_t>(0)) * call.Value<uint64_t>(1);
  const uint64_t halves[2] = {static_cast<uint64_t>(product), static_cast<uint64_t>(product >> 64)};
  std::memcpy(call.result, halves, sizeof(halves));
}

// --- Hashes
// -----------------------------------------------------------------------------------------------------------

// Signed integers of 32 bits and less are widened as unsigned ones of 32.
template <typename T>
void HashOfNumber(NativeCall& call) {
  const T value = call.Value<T>(0);
  if constexpr (sizeof(T) <= 4) {
    call.Return(runtime::HashNumber(static_cast<uint32_t>(value)));
  } else {
    call.Return(runtime::HashNumber(static_cast<uint64_t>(value)));
  }
}
void HashOfFloat(NativeCall& call) { call.Return(runtime::HashNumber(call.Value<uint32_t>(0))); }

void HashOfString(NativeCall& call) { call.Return(runtime::HashText(call.Value<const char*>(0))); }

// Of what has no row of its own. Containers and structs are hashed as text, so that equal contents give equal hashes
// wherever they lie; other values by their bits.
void HashOfAny(NativeCall& call) {
  const types::Type* type = call.types[0];
  if (!type->is_ref_type()) {
    uint64_t bits[2] = {0, 0};
    std::memcpy(bits, ValueAddress(call, 0), type->size());
    const bool is_block = type->is_vector() || type->size() > sizeof(uint64_t);
    call.Return(is_block ? runtime::HashBlock(bits, type->size()) : runtime::HashNumber(bits[0]));
    return;
  }
  runtime::TextBuffer text;
  runtime::PrintValue(text, call.types[0], ValueAddress(call, 0), call.context);
  call.Return(runtime::HashBlock(text.data(), text.size()));
}

void CombineHashes(NativeCall& call) {
  const uint64_t value = call.Value<uint64_t>(1);
  call.Return(runtime::AvoidReserved(runtime::HashBytes(&value, sizeof(value), call.Value<uint64_t>(0))));
}

constexpr sema::NativeFunction kFunctions[] = {
    {"popcnt", "(bits : uint) : uint", &CountOnes<uint32_t>, sema::kPure},
    {"popcnt", "(bits : uint64) : uint64", &CountOnes<uint64_t>, sema::kPure},
    {"clz", "(bits : uint) : uint", &CountLeadingZeros<uint32_t>, sema::kPure},
    {"clz", "(bits : uint64) : uint64", &CountLeadingZeros<uint64_t>, sema::kPure},
    {"ctz", "(bits : uint) : uint", &CountTrailingZeros<uint32_t>, sema::kPure},
    {"ctz", "(bits : uint64) : uint64", &CountTrailingZeros<uint64_t>, sema::kPure},
    {"mul128", "(a, b : uint64) : urange64", &WideProduct, sema::kPure},

    {"hash", "(value : int8) : uint64", &HashOfNumber<int8_t>},
    {"hash", "(value : uint8) : uint64", &HashOfNumber<uint8_t>},
    {"hash", "(value : int16) : uint64", &HashOfNumber<int16_t>},
    {"hash", "(value : uint16) : uint64", &HashOfNumber<uint16_t>},
    {"hash", "(value : int) : uint64", &HashOfNumber<int32_t>},
    {"hash", "(value : uint) : uint64", &HashOfNumber<uint32_t>},
    {"hash", "(value : int64) : uint64", &HashOfNumber<int64_t>},
    {"hash", "(value : uint64) : uint64", &HashOfNumber<uint64_t>},
    {"hash", "(value : bool) : uint64", &HashOfNumber<uint8_t>},
    {"hash", "(value : float) : uint64", &HashOfFloat},
    {"hash", "(value : double) : uint64", &HashOfNumber<uint64_t>},
    {"hash", "(value : string) : uint64", &HashOfString},
    {"hash", "(value : auto) : uint64", &HashOfAny},
    {"hash_combine64", "(hash, value : uint64) : uint64", &CombineHashes},
};

constexpr sema::NativeConstant kConstants[] = {
    {"INT8_MIN", "int8", {0x80}},
    {"INT8_MAX", "int8", {0x7f}},
    {"UINT8_MAX", "uint8", {0xff}},
    {"INT16_MIN", "int16", {0x8000}},
    {"INT16_MAX", "int16", {0x7fff}},
    {"UINT16_MAX", "uint16", {0xffff}},
    {"INT_MIN", "int", {0x80000000}},
    {"INT_MAX", "int", {0x7fffffff}},
    {"UINT_MAX", "uint", {0xffffffff}},
    {"LONG_MIN", "int64", {0x8000000000000000}},
    {"LONG_MAX", "int64", {0x7fffffffffffffff}},
    {"ULONG_MAX", "uint64", {0xffffffffffffffff}},
    {"FLT_MIN", "float", {0x00800000}},
    {"FLT_MAX", "float", {0x7f7fffff}},
    {"DBL_MIN", "double", {0x0010000000000000}},
    {"DBL_MAX", "double", {0x7fefffffffffffff}},
};

}  // namespace
}  // namespace numbers_natives

// What stands between the components of a vector that is printed.
constexpr std::string_view kPrelude = "let VEC_SEP = \",\"\n";

constexpr sema::NativeModule kNumberModule = {.name = "$",
                                              .functions = numbers_natives::kFunctions,
                                              .constants = numbers_natives::kConstants,
                                              .prelude = kPrelude};

}  // namespace vestige::builtins
