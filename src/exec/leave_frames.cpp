// What a panic does to the frames it leaves: loops release what they hold, generators end. Floor 4.

#include <cstring>
#include <utility>

#include "exec/context.h"
#include "exec/generator.h"
#include "runtime/iterator.h"
#include "runtime/lock.h"
#include "runtime/string.h"

namespace vestige::exec {

// Closing an iterator may run script code, which a panic would keep from running: while one of these lives, there is
// none. Whatever goes wrong meanwhile is less than the panic that is under way, or was taken over by a recover part
// (`is_recovered`), and forgotten; an exit is not.
class PanicSuspension {
 public:
  PanicSuspension(Context& context, bool is_recovered)
      : context_(context),
        is_recovered_(is_recovered),
        was_panic_(context.status() == runtime::RunStatus::kPanic),
        location_(context.panic_location()) {
    if (!was_panic_) return;
    context_.SwapPanicMessage(message_);
    context_.ClearPanic();
  }
  ~PanicSuspension() {
    if (context_.status() == runtime::RunStatus::kExit) return;
    if (was_panic_ || is_recovered_) context_.ClearPanic();
    if (was_panic_) context_.ResumePanic(message_, location_);
  }
  PanicSuspension(const PanicSuspension&) = delete;
  PanicSuspension& operator=(const PanicSuspension&) = delete;

 private:
  Context& context_;
  const bool is_recovered_;
  const bool was_panic_;
  std::string message_;
  const base::Location location_;
};

void Context::CloseIterator(runtime::Iterator* iterator) {
  if (status() == runtime::RunStatus::kExit) return;
  const PanicSuspension suspension(*this, false);
  runtime::CloseIterator(*this, iterator);
}

void Context::LeaveFrames(const TryRecord* recovering) {
  const PanicSuspension suspension(*this, true);
  char* at = frame;
  const Word* word = pc;
  for (;;) {
    const bool recovers_here = recovering != nullptr && at == recovering->frame;
    ReleaseLoops(at, code_->IndexOf(word), recovers_here ? code_->IndexOf(recovering->recover) : kNoWord);
    if (recovers_here) return;
    if (HeaderAt(at).function->is_generator) Generator::Of(at)->EndByPanic(word);
    word = HeaderAt(at).ret;
    at -= word->a;
    if (HeaderAt(at).function != nullptr) continue;
    const auto& entry = *reinterpret_cast<const EntryFrame*>(at);
    if (entry.header.is_link == 0) return;
    word = entry.header.ret;
    at = entry.outer_frame;
  }
}

void Context::ReleaseLoops(char* frame, uint32_t index, uint32_t still) {
  const auto covers = [](const LoopHoldEntry& entry, uint32_t place) {
    return entry.first_word <= place && place < entry.last_word;
  };
  // Inner loops come before the loops around them.
  for (const LoopHoldEntry& entry : code_->InfoOf(*HeaderAt(frame).function).holds) {
    if (!covers(entry, index) || covers(entry, still)) continue;
    void* held;
    std::memcpy(&held, frame + entry.offset, sizeof(held));
    const void* buffer;
    std::memcpy(&buffer, frame + entry.buffer_offset, sizeof(buffer));
    switch (entry.kind) {
      case LoopHoldEntry::Kind::kArray:
        // Refused when it is another container by now; then there is nothing to do.
        static_cast<void>(runtime::Unlock(*static_cast<runtime::Array*>(held), buffer));
        break;
      case LoopHoldEntry::Kind::kTable:
        static_cast<void>(runtime::Unlock(*static_cast<runtime::Table*>(held), buffer));
        break;
      case LoopHoldEntry::Kind::kIterator:
        // At an exit no more script code runs, and what lives is told.
        if (status() == runtime::RunStatus::kExit) break;
        std::memset(frame + entry.offset, 0, sizeof(held));
        runtime::CloseIterator(*this, static_cast<runtime::Iterator*>(held));
        break;
      case LoopHoldEntry::Kind::kText:
        std::memset(frame + entry.offset, 0, sizeof(held));
        runtime::FreeString(*this, static_cast<const char*>(held));
        break;
    }
  }
}

}  // namespace vestige::exec
