// Finding what a script can still reach, and collecting the rest.
//
// Marking is precise: it starts at typed roots and follows types. Pointers count when they are the address of a block;
// where a block is known to hold a larger type than the pointer says (a derived struct, `void?`), the block's own type
// is followed. Nothing moves. A work list keeps the native stack flat. Floor 3.

#ifndef VESTIGE_RUNTIME_MARK_H_
#define VESTIGE_RUNTIME_MARK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "runtime/script_context.h"
#include "types/type.h"
#include "types/type_table.h"

namespace vestige::runtime {

// By which fields and elements a value is reached from the object or root that holds it, as a number: equal ways,
// equal numbers. What lies in containers of an object counts as part of it. NamesOfWays spells them.
using Way = uint64_t;

// Told of blocks as a marking reaches them.
class MarkObserver {
 public:
  // `block` of one of the context's heaps is marked now and was not before. `owner` is what was returned for the object
  // that holds the reference, or what the root was begun with; `way` leads from there. What is returned is the owner of
  // the block's own content, if it is an object. Must not mark.
  virtual uint32_t DidMark(const memory::Heap& heap, const void* block, uint32_t owner, Way way) = 0;

 protected:
  ~MarkObserver() = default;
};

// Told of references without following them.
class ReferenceObserver {
 public:
  // A pointer, lambda or iterator leads to `block`, which may be no block at all.
  virtual void DidMeet(const void* block, Way way) = 0;
  // Whether a container's buffer that is no block of the context may be looked into all the same.
  virtual bool OwnsBuffer(const void* /*buffer*/) const { return false; }

 protected:
  ~ReferenceObserver() = default;
};

// One marking of a context's heaps. Also answers reachability questions of reports: mark from some roots only, ask the
// heaps, then End.
class Marker {
 public:
  // `observer` may be null; it outlives the marker.
  explicit Marker(ScriptContext& context, MarkObserver* observer = nullptr) : context_(context), observer_(observer) {}

  // A marker that marks nothing and tells what VisitReferences meets instead. With `names`, the ways are spelled there:
  // "Node.next", "Group.members[]". Both outlive the marker.
  using WayNames = absl::flat_hash_map<Way, std::string>;
  Marker(ScriptContext& context, ReferenceObserver& references, WayNames* names)
      : context_(context), observer_(nullptr), references_(&references), names_(names) {}
  // Every reference to objects that the live object at `block` of the object heap holds; nothing when no type of it is
  // known: the buffer of a container, say.
  void VisitReferences(const void* block);
  // The same of a root that people call `name`.
  void VisitReferencesOfRoot(std::string_view name, const types::Type* type, const void* address);

  // Clears the marks of both heaps. False when the system has no memory for them; nothing else may be called then.
  bool Begin();
  // Marks everything reachable from the value of `type` at `address`. `owner` is the observer's.
  void MarkRoot(const types::Type* type, const void* address, uint32_t owner = 0);
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
    uint32_t owner = 0;
    Way way = 0;
  };
  // What every way begins with.
  static constexpr Way kOwnWay = 0;

  // A reference to an object or a text is met: whether to follow it.
  bool Mark(memory::Heap& heap, const void* pointer);
  // The same of a container's buffer, whose content belongs to whoever holds the container.
  bool MarkBuffer(const void* pointer);
  // The way one step further; `name` tells the name of the step.
  template <typename Name>
  Way Step(Way way, uint32_t step, Name name);
  void Push(const types::Type* type, const void* address, uint64_t count, Way way);
  void Drain();
  void VisitNextEntry();
  void Visit(const types::Type* type, const char* address);
  void VisitParts(const types::Type* type, const char* address);
  void VisitPointer(const types::Type* target, const void* pointer);
  void VisitLambda(const void* lambda);
  void VisitTable(const types::Type* type, const char* address);

  ScriptContext& context_;
  MarkObserver* observer_;
  // Set: references are told, not followed.
  ReferenceObserver* references_ = nullptr;
  WayNames* names_ = nullptr;
  // Buffers that may still be followed then; a container that lies in its own buffer would have no end.
  uint64_t buffers_left_ = 0;
  // Of the value that is being visited.
  uint32_t owner_ = 0;
  Way way_ = kOwnWay;
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
