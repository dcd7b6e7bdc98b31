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

// One marking of a context's heaps. Also answers reachability questions of reports: mark from some roots only, ask the
// heaps, then End.
class Marker {
 public:
  explicit Marker(ScriptContext& context) : context_(context) {}

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
  struct Run {
    const types::Type* type;
    const char* address;
    uint64_t count;
  };

  void Drain();
  void Visit(const types::Type* type, const char* address);
  void VisitPointer(const types::Type* target, const void* pointer);
  void VisitLambda(const void* lambda);
  void VisitTable(const types::Type* type, const char* address);

  ScriptContext& context_;
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
