// Calendar time: `clock` counts seconds since 1970. Part of module `$`. Floor 5.

#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <string>

#include "builtins/tables.h"
#include "builtins/text.h"
#include "fmt/format.h"

namespace vestige::builtins {

namespace calendar_natives {
namespace {

void Now(NativeCall& call) { call.Return(static_cast<int64_t>(std::time(nullptr))); }

// Of local time. Numbers outside their range carry over, as February 30 becomes March.
void FromParts(NativeCall& call) {
  std::tm parts{};
  parts.tm_year = call.Value<int32_t>(0) - 1900;
  parts.tm_mon = call.Value<int32_t>(1) - 1;
  parts.tm_mday = call.Value<int32_t>(2);
  parts.tm_hour = call.Value<int32_t>(3);
  parts.tm_min = call.Value<int32_t>(4);
  parts.tm_sec = call.Value<int32_t>(5);
  parts.tm_isdst = -1;
  call.Return(static_cast<int64_t>(std::mktime(&parts)));
}

// Local time by the letters of strftime; an empty format gives year to minute. At most 4 KB of text.
void Format(NativeCall& call) {
  const auto time = static_cast<std::time_t>(call.Value<int64_t>(0));
  std::string format(StringAt(call, 1));
  if (format.empty()) format = "%Y-%m-%d %H:%M";
  std::tm parts;
  char text[4096];
  const bool known = localtime_r(&time, &parts) != nullptr;
  ReturnText(call, std::string_view(text, known ? std::strftime(text, sizeof(text), format.c_str(), &parts) : 0));
}

// Universal time now, to the millisecond.
void Iso8601(NativeCall& call) {
  using std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const int64_t count = std::chrono::duration_cast<milliseconds>(now).count();
  const auto seconds = static_cast<std::time_t>(count / 1000);
  std::tm parts;
  gmtime_r(&seconds, &parts);
  ReturnText(call, fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                               parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, count % 1000));
}

// Seconds between two times.
void Difference(NativeCall& call) {
  call.Return(static_cast<float>(static_cast<double>(call.Value<int64_t>(0) - call.Value<int64_t>(1))));
}

void Same(NativeCall& call) { call.Return(call.Value<int64_t>(0)); }

template <typename Order>
void Compare(NativeCall& call) {
  call.Return(Order{}(call.Value<int64_t>(0), call.Value<int64_t>(1)));
}

constexpr sema::NativeFunction kFunctions[] = {
    {"get_clock", "() : clock", &Now},
    {"mktime", "(year, month, mday, hour, min, sec : int) : clock", &FromParts},
    {"format_time", "(time : clock; format : string) : string", &Format, sema::kMayAllocate},
    {"iso8601_now", "() : string", &Iso8601, sema::kMayAllocate},
    {"-", "(a, b : clock) : float", &Difference},
    {"<", "(a, b : clock) : bool", &Compare<std::less<>>},
    {">", "(a, b : clock) : bool", &Compare<std::greater<>>},
    {"<=", "(a, b : clock) : bool", &Compare<std::less_equal<>>},
    {">=", "(a, b : clock) : bool", &Compare<std::greater_equal<>>},
    {"int64", "(time : clock) : int64", &Same},
};

constexpr std::string_view kPrelude = "typedef distinct clock = int64\n";

}  // namespace
}  // namespace calendar_natives

constexpr sema::NativeModule kCalendarModule = {
    .name = "$", .functions = calendar_natives::kFunctions, .prelude = calendar_natives::kPrelude};

}  // namespace vestige::builtins
