// The words of reports for what a block is. Floor 2.
#include "memory/block.h"

#include <cstddef>
#include <iterator>

namespace vestige::memory {

const char* FixedCommentText(Comment comment) {
  static constexpr const char* kTexts[] = {
      "",          "new",    "new [[ ]]",        "new with initializer",
      "array",     "table",  "array<> iterator", "iterator",
      "generator", "lambda", "string",           "host",
  };
  static_assert(std::size(kTexts) == static_cast<size_t>(Comment::kFirstCustom));
  const size_t index = static_cast<size_t>(comment);
  return index < std::size(kTexts) ? kTexts[index] : "";
}

}  // namespace vestige::memory
