#include "base/shared_sink.h"

namespace vestige::base {

namespace {
// A longer line is handed on in pieces.
constexpr size_t kLongestLine = 64 * 1024;
}  // namespace

void LineSink::Write(std::string_view text) {
  const size_t end = text.rfind('\n');
  if (end == std::string_view::npos) {
    rest_.append(text);
    if (rest_.size() > kLongestLine) HandOn();
    return;
  }
  if (rest_.empty()) {
    to_.Write(text.substr(0, end + 1));
  } else {
    rest_.append(text.substr(0, end + 1));
    HandOn();
  }
  rest_.append(text.substr(end + 1));
}

void LineSink::HandOn() {
  if (rest_.empty()) return;
  to_.Write(rest_);
  rest_.clear();
}

}  // namespace vestige::base
