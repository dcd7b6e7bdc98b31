// What a watched event does. Floor 1.
#include "ledger/watch.h"

#include <fmt/format.h>
#include <algorithm>

#include <charconv>
#include <cstdlib>

#include "base/lock.h"
#include "ledger/native_stack.h"

namespace vestige::ledger {

std::optional<OnHit> ParseOnHit(std::string_view text) {
  if (text == "trap") return OnHit::kTrap;
  if (text == "stack") return OnHit::kStack;
  if (text == "exit") return OnHit::kExit;
  if (text == "auto") return OnHit::kAutomatic;
  return std::nullopt;
}

std::optional<BirthId> ParseId(std::string_view text, BareHex bare_hex) {
  int base = bare_hex == BareHex::kYes ? 16 : 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  }
  BirthId id = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return id;
}

void Watch::Add(Domain domain, BirthId id, EventSet events, std::string_view lane) {
  rows_.push_back(Row{domain, events, id, std::string(lane)});
  watched_domains_ |= Bit(domain);
}

uint64_t Watch::hit_count() const {
  const base::Lock lock(mutex_);
  return hit_count_;
}

void Watch::Check(const WatchHit& hit) {
  for (const Row& row : rows_) {
    if (row.id != hit.id || row.domain != hit.domain || (row.events & static_cast<EventSet>(hit.event)) == 0 ||
        row.lane != hit.lane) {
      continue;
    }
    const base::Lock lock(mutex_);
    ++hit_count_;
    Tell(hit);
    return;
  }
}

void Watch::Tell(const WatchHit& hit) {
  std::FILE* out = out_ == nullptr ? stdout : out_;
  if (printer_ != nullptr) {
    printer_(printer_host_, hit, out);
  } else {
    fmt::print(out, "break: id={} in {}\n", hit.id, hit.lane);
  }
  // Tell, Check and the inline DidHappen are ours; the domain's own frame is where the event is.
  constexpr int kOwnFrames = 2;
  const bool stop = on_hit_ == OnHit::kTrap || (on_hit_ == OnHit::kAutomatic && DebuggerIsAttached());
  if (!stop) PrintNativeStack(out, kOwnFrames);
  std::fflush(out);
  if (stop) StopInDebugger();
  if (on_hit_ == OnHit::kExit) {
    std::fflush(nullptr);
    std::_Exit(kBreakExitCode);
  }
}

bool Watch::IsWatched(Domain domain, BirthId id) const {
  return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.domain == domain && row.id == id; });
}

}  // namespace vestige::ledger
