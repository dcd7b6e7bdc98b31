// Code as text. Floor 5.

#include "lower/listing.h"

#include <string_view>

#include "exec/operation.h"
#include "fmt/format.h"

namespace vestige::lower {

namespace {

// Operations whose c and d are the distance of a jump.
bool IsJump(std::string_view name) {
  for (const std::string_view prefix : {"Jump", "Loop", "IncLess", "NextElement", "ArrayBegin", "StringNext",
                                        "TableNext", "IteratorNext", "TryBegin"}) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}

}  // namespace

std::string ListFunction(const exec::Code& code, uint32_t number) {
  const exec::FunctionInfo& info = code.infos()[number];
  std::string text = fmt::format("{}: frame {} bytes\n", info.mangled, code.functions()[number].frame_bytes);
  for (uint32_t i = info.first_word; i < info.last_word;) {
    const exec::Word& word = code.words()[i];
    const exec::Op op = exec::OpOf(word.handler);
    if (op == exec::Op::kNone) {
      fmt::format_to(std::back_inserter(text), "{:6}  ?\n", i);
      i += 1;
      continue;
    }
    const std::string_view name = exec::NameOf(op);
    const int32_t immediate = exec::Immediate(&word);
    fmt::format_to(std::back_inserter(text), "{:6}  {:<20} {:5} {:5} {:5} {:5}", i, name, word.a, word.b, word.c,
                   word.d);
    if (IsJump(name)) {
      fmt::format_to(std::back_inserter(text), "  -> {}", static_cast<int64_t>(i) + immediate);
    } else if (immediate != word.c) {
      fmt::format_to(std::back_inserter(text), "  #{}", immediate);
    }
    text += '\n';
    i += exec::WordsOf(op);
  }
  return text;
}

std::string ListCode(const exec::Code& code) {
  std::string text;
  for (uint32_t i = 0; i < code.functions().size(); ++i) text += ListFunction(code, i);
  return text;
}

}  // namespace vestige::lower
