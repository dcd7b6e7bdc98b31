// Any bytes at all as a script, through everything that happens before it runs: lexer, parser, checker, code generator.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/compiler.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const vestige::engine::CompileResult result =
      vestige::engine::Compile({.path = "input.das", .text = std::string(reinterpret_cast<const char*>(data), size)});
  // What is refused is refused with words.
  if (result.program == nullptr && result.messages.empty()) std::abort();
  return 0;
}
