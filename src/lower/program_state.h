// What lowering knows about the whole program: numbers, offsets, the code under construction.
//
// One per call of Lower; functions are lowered one after another against it. Floor 5.

#ifndef VESTIGE_LOWER_PROGRAM_STATE_H_
#define VESTIGE_LOWER_PROGRAM_STATE_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "exec/code.h"
#include "lower/place.h"
#include "lower/string_uses.h"
#include "runtime/table.h"
#include "sema/typed.h"

namespace vestige::lower {

struct ProgramState {
  explicit ProgramState(const sema::TProgram& typed_program) : program(typed_program) {}

  const sema::TProgram& program;
  bool notes_holders = false;
  // There are shared variables with containers, so that moves behind pointers are checked.
  bool checks_moves = false;
  exec::CodeBuilder builder;
  // Offset in the globals block, by TGlobal::index.
  std::vector<uint32_t> global_offsets;
  // Frame offset of every local of every function: first_local[function] + TLocal::index. kNoSlot until known. Closures
  // find their maker's locals here, so makers are lowered before them.
  std::vector<SlotOffset> local_slots;
  std::vector<uint32_t> first_local;
  // Locals whose slot holds their address because they are too large for a frame; indexed like local_slots.
  // The value is how many bytes behind that address they begin, kNotFar for those in the frame itself.
  std::vector<int32_t> far_offsets;
  static constexpr int32_t kNotFar = -1;
  // Whether a function may be inlined, by TFunction::index.
  enum class Verdict : uint8_t { kUnknown, kYes, kNo };
  std::vector<Verdict> inline_verdicts;
  StringUses string_uses;
  // Made when first needed; in the code's arena. By Type::id of the table type, and by native.
  absl::flat_hash_map<uint32_t, const runtime::TableShape*> table_shapes;
  absl::flat_hash_map<const sema::NativeFunction*, const char*> native_names;

  // The function's number in code; the initializer's is one past the last.
  uint32_t NumberOf(const sema::TFunction* function) const {
    return function == program.initializer ? static_cast<uint32_t>(program.functions.size()) : function->index;
  }
  size_t IndexOf(const sema::TLocal* local) const { return first_local[NumberOf(local->owner)] + local->index; }
  SlotOffset& SlotOf(const sema::TLocal* local) { return local_slots[IndexOf(local)]; }
  bool IsFar(const sema::TLocal* local) const { return far_offsets[IndexOf(local)] != kNotFar; }
  // A far one, by the slot that holds its address.
  Place FarPlace(const sema::TLocal* local, SlotOffset slot) const {
    return Place::Pointer(slot, far_offsets[IndexOf(local)]);
  }
};

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_PROGRAM_STATE_H_
