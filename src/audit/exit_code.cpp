#include "audit/exit_code.h"

namespace vestige::audit {

int ExitCode(const RunEnd& end, std::optional<int> leak_exit) {
  if (end.watched) return kExitWatched;
  if (end.signal != 0) return 128 + end.signal;
  if (end.failed) return kExitFailure;
  const int code = static_cast<int>(static_cast<uint32_t>(end.returned.value_or(0)) & 0xff);
  if (code == 0 && end.has_survivors && leak_exit.has_value()) return *leak_exit;
  return code;
}

int ExitCode(const ProcessEnd& end, std::optional<int> leak_exit) {
  if (end.was_stopped) return end.code;
  if (end.has_smart_pointers) return kExitFailure;
  if (end.code == 0 && end.has_others && leak_exit.has_value()) return *leak_exit;
  return end.code;
}

}  // namespace vestige::audit
