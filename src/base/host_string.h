// A text that belongs to C++ although scripts see it (their `das_string`): one pointer, so that a value of zeros is the
// empty text. Whoever holds the value owns the text. Floor 0.

#ifndef VESTIGE_BASE_HOST_STRING_H_
#define VESTIGE_BASE_HOST_STRING_H_

#include <string>
#include <string_view>

namespace vestige::base {

struct HostString {
  std::string* text;  // null: empty

  std::string_view view() const { return text == nullptr ? std::string_view() : std::string_view(*text); }
  // `other` may lie in this very text.
  void Assign(std::string_view other) {
    if (text == nullptr) {
      text = new std::string(other);
    } else {
      text->assign(std::string(other));
    }
  }
  void Destroy() {
    delete text;
    text = nullptr;
  }
};

}  // namespace vestige::base

#endif  // VESTIGE_BASE_HOST_STRING_H_
