// Numbers as text: `string(x)`. Part of module `$`. Unlike interpolation it writes unsigned numbers in decimal.
// Floor 5.

#include <iterator>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "fmt/compile.h"
#include "runtime/print.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace convert_natives {
namespace {

using runtime::TextBuffer;

template <typename T, typename Shown = T>
void NumberToString(NativeCall& call) {
  TextBuffer text;
  fmt::format_to(std::back_inserter(text), FMT_COMPILE("{}"), static_cast<Shown>(call.Value<T>(0)));
  call.Return(runtime::MakeString(call.context, text));
}

// As interpolation shows it.
void ValueToString(NativeCall& call) {
  TextBuffer text;
  runtime::PrintValue(text, call.types[0], ValueAddress(call, 0), call.context);
  call.Return(runtime::MakeString(call.context, text));
}

// The text of an array of bytes, up to its end or the first NUL.
void BytesToString(NativeCall& call) {
  const auto& bytes = call.Reference<runtime::Array>(0);
  const size_t size = bytes.size == 0 ? 0 : strnlen(bytes.data, bytes.size);
  call.Return(runtime::MakeString(call.context, std::string_view(bytes.data, size)));
}

constexpr uint32_t kMakes = sema::kMayAllocate;

constexpr sema::NativeFunction kFunctions[] = {
    {"string", "(x : int8) : string", &NumberToString<int8_t, int>, kMakes},
    {"string", "(x : uint8) : string", &NumberToString<uint8_t, unsigned>, kMakes},
    {"string", "(x : int16) : string", &NumberToString<int16_t, int>, kMakes},
    {"string", "(x : uint16) : string", &NumberToString<uint16_t, unsigned>, kMakes},
    {"string", "(x : int) : string", &NumberToString<int32_t>, kMakes},
    {"string", "(x : uint) : string", &NumberToString<uint32_t>, kMakes},
    {"string", "(x : int64) : string", &NumberToString<int64_t>, kMakes},
    {"string", "(x : uint64) : string", &NumberToString<uint64_t>, kMakes},
    {"string", "(x : float) : string", &NumberToString<float>, kMakes},
    {"string", "(x : double) : string", &NumberToString<double>, kMakes},
    {"string", "(x : bool) : string", &ValueToString, kMakes},
    {"string", "(bytes : array<uint8>) : string", &BytesToString, kMakes},
};

}  // namespace
}  // namespace convert_natives

constexpr sema::NativeModule kConvertModule = {.name = "$", .functions = convert_natives::kFunctions};

}  // namespace vestige::builtins
