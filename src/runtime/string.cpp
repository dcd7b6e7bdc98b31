// Making strings. Floor 3.

#include "runtime/string.h"

namespace vestige::runtime {

namespace {

// Lengths are ints in scripts.
constexpr uint64_t kMaxStringBytes = 0x7fffffff;

}  // namespace

char* NewString(ScriptContext& context, uint64_t size) {
  if (size == 0) return nullptr;
  if (size > kMaxStringBytes) [[unlikely]] {
    context.PanicF("string of {} bytes is too large", size);
    return nullptr;
  }
  memory::Heap& heap = context.string_heap();
  auto* string = static_cast<char*>(heap.Allocate(size + 1, kStringInfo));
  if (string == nullptr) [[unlikely]] {
    context.PanicOutOfMemory(heap);
    return nullptr;
  }
  string[size] = '\0';
  return string;
}

char* MakeString(ScriptContext& context, std::string_view text) {
  char* string = NewString(context, text.size());
  if (string != nullptr) std::memcpy(string, text.data(), text.size());
  return string;
}

char* ConcatStrings(ScriptContext& context, const char* a, const char* b) {
  const uint64_t a_size = StringLength(a);
  const uint64_t b_size = StringLength(b);
  char* string = NewString(context, a_size + b_size);
  if (string == nullptr) return nullptr;
  if (a_size != 0) std::memcpy(string, a, a_size);
  if (b_size != 0) std::memcpy(string + a_size, b, b_size);
  return string;
}

}  // namespace vestige::runtime
