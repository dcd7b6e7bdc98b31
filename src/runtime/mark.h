// Finding what a script can still reach, and collecting the rest.
//
// Marking is precise: it starts at typed roots and follows types. Pointers count when they are the address of a block;
// where a block is known to hold a larger type than the pointer says (a derived struct, `void?`), the block's own type
// is followed. Nothing moves. A work list keeps the native stack flat. Floor 3.

#ifndef VESTIGE_RUNTIME_MARK_H_
#define VESTIGE_RUNTIME_MARK_H_

#include <cstdint>
#include <vector>

#include "runtime/script_context.h"
#include "types/type.h"
#include "types/type_table.h"

namespace vestige::runtime {

// Told of blocks as a marking reaches them.
class MarkObserver {
 public:
  // `block` of one of the context's heaps is marked now and was not before. Must not mark.
  virtual void DidMark(const memory::Heap& heap, const void* block) = 0;

 protected:
  ~MarkObserver() = default;
};

// One marking of a context's heaps. Also answers reachability questions of reports: mark from some roots only, ask the
// heaps, then End.
class Marker {
 public:
  // `observer` may be null; it outlives the marker.
  explicit Marker(ScriptContext& context, MarkObserver* observer = nullptr) : context_(context), observer_(observer) {}

  // Clears the marks of both heaps. False when the system has no memory for them; nothing else may be called then.
  bool Begin();
  // Marks everything reachable from the value of `type` at `address`.
  void MarkRoot(const types::Type* type, const void* address);
  // All globals and live frame slots.
  void MarkAllRoots();
  // Forgets the marks.
  void End();

  // For iterators: a value they refer to, followed later.
  void Add(const types::Type* type, const void* address, uint64_t count = 1);

 private:
  // Values that are still to be followed: `count` of `type`, one behind the other, from `address` on; or the entries of
  // a table from `slot` on. The work list holds a run for each container on the way down, never one for each element.
  struct Run {
    const types::Type* type;
    const char* address;
    uint64_t count;
    bool is_table = false;
    uint32_t slot = 0;
  };

  bool Mark(memory::Heap& heap, const void* pointer);
  void Drain();
  void VisitNextEntry();
  void Visit(const types::Type* type, const char* address);
  void VisitPointer(const types::Type* target, const void* pointer);
  void VisitLambda(const void* lambda);
  void VisitTable(const types::Type* type, const char* address);

  ScriptContext& context_;
  MarkObserver* observer_;
  std::vector<Run> work_;
};

struct Collected {
  uint64_t blocks = 0;
  uint64_t strings = 0;
};

// Frees every block of the object heap, and with `strings` of the string heap, that no root reaches. Runs no
// finalizers. False, with nothing freed, when the system has no memory for the marks. Linear heaps free nothing.
bool Collect(ScriptContext& context, bool strings, Collected* collected = nullptr);

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_MARK_H_
