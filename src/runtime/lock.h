// Keeping containers as they are while something walks them.
//
// A locked container refuses to change size or place, so its buffer can be walked by address. What the lock cannot
// prevent is that the header itself is moved or overwritten (`b <- a`, `a <- b`, an element of a variant): that is an
// assignment like any other. Therefore whoever locks remembers the buffer and unlocks only a header that still has it;
// otherwise nothing is unlocked, and the end of the walk panics. The count moves with the buffer, so that one is not
// freed while somebody walks it.
//
// The header must stay readable, so memory that holds a locked one inside is neither freed nor moved nor given up:
// growing, shrinking and erasing ask ContainsLock first.
//
// Containers in `shared` variables have kSharedLock in their count while jobs or threads run: they may be walked by
// several threads, and changed by none. Floor 3.

#ifndef VESTIGE_RUNTIME_LOCK_H_
#define VESTIGE_RUNTIME_LOCK_H_

#include <cstdint>
#include <string_view>

#include "runtime/array.h"
#include "runtime/lock_count.h"
#include "runtime/script_context.h"
#include "runtime/table.h"
#include "types/type.h"

namespace vestige::runtime {

inline void Lock(Array& array) { ChangeLock(array.lock, 1); }
inline void Lock(Table& table) { ChangeLock(table.lock, 1); }

// Ends a lock that was taken when the buffer was `buffer`. False, and nothing is done, when the header is another
// container's by now.
template <typename Container>
[[nodiscard]] bool Unlock(Container& container, const void* buffer) {
  if (container.data != buffer || (LoadLock(container.lock) & ~kSharedLock) == 0) return false;
  ChangeLock(container.lock, ~0u);
  return true;
}

// The panic of an Unlock that was refused. Always false.
bool PanicModified(ScriptContext& context, const Array& array);
bool PanicModified(ScriptContext& context, const Table& table);

// The panic of a change that a count of locks forbids. Always false.
bool PanicLocked(ScriptContext& context, const uint32_t& lock, std::string_view problem);

// Locks a container while it lives. Ends with a panic when the container was moved or overwritten meanwhile.
template <typename Container>
class Hold {
 public:
  // Neither is owned; both must outlive this.
  Hold(ScriptContext& context, Container& container)
      : context_(&context), container_(&container), buffer_(container.data) {
    Lock(container);
  }
  ~Hold() { Release(); }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  // Ends it early. False when there is a panic then.
  bool Release() {
    if (container_ == nullptr) return !context_->has_panic();
    Container& container = *container_;
    container_ = nullptr;
    if (!Unlock(container, buffer_)) PanicModified(*context_, container);
    return !context_->has_panic();
  }

 private:
  ScriptContext* context_;
  Container* container_;
  const void* buffer_;
};

// True when one of `count` values of `type` at `address` has a locked container inside, not counting what lies in
// buffers and behind pointers.
bool ContainsLock(const types::Type* type, const char* address, uint64_t count);

// Panics when something is about to move out of, or over, one of `count` values of `type` that lies, or has a
// container, in a `shared` variable while jobs or threads run. Other locks allow it, see above. False after a panic.
bool MayMove(ScriptContext& context, const types::Type* type, const void* address, uint64_t count = 1);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_LOCK_H_
