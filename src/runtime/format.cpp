// Formatting numbers with a spec that is known only at run time. Floor 3.

#include "runtime/format.h"

#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"

namespace vestige::runtime {
namespace {

using types::Kind;

template <typename T, typename Shown = T>
void FormatAs(TextBuffer& out, std::string_view pattern, const void* value) {
  T number;
  std::memcpy(&number, value, sizeof(number));
  const Shown shown = static_cast<Shown>(number);
  fmt::vformat_to(std::back_inserter(out), fmt::string_view(pattern.data(), pattern.size()),
                  fmt::make_format_args(shown));
}

void Format(TextBuffer& out, std::string_view pattern, const types::Type* type, const void* value) {
  switch (types::Representation(type)->kind) {
    case Kind::kInt8:
      return FormatAs<int8_t, int>(out, pattern, value);
    case Kind::kUInt8:
      return FormatAs<uint8_t, unsigned>(out, pattern, value);
    case Kind::kInt16:
      return FormatAs<int16_t, int>(out, pattern, value);
    case Kind::kUInt16:
      return FormatAs<uint16_t, unsigned>(out, pattern, value);
    case Kind::kInt:
      return FormatAs<int32_t>(out, pattern, value);
    case Kind::kUInt:
      return FormatAs<uint32_t>(out, pattern, value);
    case Kind::kInt64:
      return FormatAs<int64_t>(out, pattern, value);
    case Kind::kUInt64:
      return FormatAs<uint64_t>(out, pattern, value);
    case Kind::kFloat:
      return FormatAs<float>(out, pattern, value);
    case Kind::kDouble:
      return FormatAs<double>(out, pattern, value);
    default:
      throw fmt::format_error("not a number");
  }
}

}  // namespace

bool FormatValue(ScriptContext& context, TextBuffer& out, std::string_view spec, const types::Type* type,
                 const void* value) {
  if (!spec.empty() && spec.front() == ':') spec.remove_prefix(1);
  const size_t size_before = out.size();
  // Braces would name further arguments, which do not exist; fmt reports everything else by throwing.
  if (spec.find_first_of("{}") == std::string_view::npos) {
    const std::string pattern = absl::StrCat("{:", absl::string_view(spec.data(), spec.size()), "}");
    try {
      Format(out, pattern, type, value);
      return true;
    } catch (const fmt::format_error&) {
      out.resize(size_before);
    }
  }
  return context.Panic("fmt error: invalid format specifier");
}

}  // namespace vestige::runtime
