// Strings as arrays of bytes, and giving strings back. Part of module `strings`. Floor 5.

#include <cstdint>
#include <string>
#include <string_view>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "builtins/text.h"

namespace vestige::builtins {

namespace strings_bytes_natives {
namespace {

using runtime::Array;

bool ShowBytes(NativeCall& call, char* bytes, size_t size) {
  return LendArray(call, 1, bytes, static_cast<uint32_t>(size));
}

// The empty string is not shown.
void PeekData(NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  if (!text.empty()) ShowBytes(call, const_cast<char*>(text.data()), text.size());
}

// The block changes a copy, from which the result is made: it may have written a NUL anywhere.
void ModifyData(NativeCall& call) {
  std::string copy(StringAt(call, 0));
  call.Return<char*>(nullptr);
  if (copy.empty() || !ShowBytes(call, copy.data(), copy.size())) return;
  ReturnText(call, copy);
}

void ToBytes(NativeCall& call) {
  const std::string_view text = StringAt(call, 0);
  auto& array = *reinterpret_cast<Array*>(call.result);
  const runtime::ArrayShape shape = runtime::ShapeOfArray(call.types.back());
  if (!runtime::MakeArray(call.context, array, static_cast<uint32_t>(text.size()), shape)) return;
  if (!text.empty()) std::memcpy(array.data, text.data(), text.size());
}

// Frees a string nobody else holds, and empties the variable. False for constants, which stay.
void DeleteString(NativeCall& call) {
  auto& string = call.Reference<char*>(0);
  bool is_freed = false;
  if (string != nullptr) {
    is_freed = call.context.string_heap().Free(string, std::strlen(string) + 1);
    if (is_freed) string = nullptr;
  }
  call.Return(is_freed);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"peek_data", "(text : string; blk : block<(bytes : array<uint8>#) : void>) : void", &PeekData,
     sema::kInvokesBlocks},
    {"modify_data", "(text : string; blk : block<(var bytes : array<uint8>#) : void>) : string", &ModifyData,
     sema::kInvokesBlocks | sema::kMayAllocate},
    {"to_bytes", "(text : string) : array<uint8>", &ToBytes, sema::kMayAllocate},
    {"delete_string", "(var text : string&) : bool", &DeleteString, sema::kUnsafe},
};

}  // namespace
}  // namespace strings_bytes_natives

constexpr sema::NativeModule kStringBytesModule = {.name = "strings", .functions = strings_bytes_natives::kFunctions};

}  // namespace vestige::builtins
