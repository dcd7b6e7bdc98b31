// Bodies of operations_object.def. Most are one function that does the work with the run-time library, wrapped into an
// operation by Library.
#include <cstring>

#include "exec/generator.h"
#include "exec/operands.h"
#include "exec/operation_groups.h"
#include "runtime/array.h"
#include "runtime/clone.h"
#include "runtime/counted.h"
#include "runtime/finalize.h"
#include "runtime/format.h"
#include "runtime/holders.h"
#include "runtime/iterator.h"
#include "runtime/lock.h"
#include "runtime/print.h"
#include "runtime/string.h"
#include "runtime/table_keys.h"

namespace vestige::exec {
namespace {

using runtime::Array;
using runtime::Table;
using runtime::TableShape;

const char* TextAt(const char* frame, uint16_t offset) { return Get<const char*>(frame + offset); }
const types::Type* TypeOf(const Word* pc) { return static_cast<const types::Type*>(DataOf(pc).pair.pointer); }

// --- Strings
// --------------------------------------------------------------------------------------------------------------

[[gnu::noinline]] bool Concat(const Word* pc, char* frame, Context* context) {
  Put(frame + pc->a, runtime::ConcatStrings(*context, TextAt(frame, pc->b), TextAt(frame, pc->c)));
  return !context->has_panic();
}

[[gnu::noinline]] bool BuildText(const Word* pc, char* frame, Context* context) {
  const auto& plan = *static_cast<const StringPlan*>(DataOf(pc).pair.pointer);
  runtime::TextBuffer text;
  for (const StringPart& part : plan.parts) {
    if (part.text != nullptr) text.append(part.text, part.text + part.text_bytes);
    if (part.type == nullptr) continue;
    const char* value = part.by_reference ? Get<char*>(frame + part.offset) : frame + part.offset;
    if (part.format == nullptr) {
      runtime::PrintValue(text, part.type, value, *context);
    } else if (!runtime::FormatValue(*context, text, part.format, part.type, value)) {
      return false;
    }
  }
  Put(frame + pc->a, runtime::MakeString(*context, text));
  return !context->has_panic();
}

[[gnu::noinline]] bool FreeText(const Word* pc, char* frame, Context* context) {
  runtime::FreeString(*context, TextAt(frame, pc->a));
  Put(frame + pc->a, uint64_t{0});
  return true;
}

template <typename F>
[[gnu::noinline]] bool CompareTexts(const Word* pc, char* frame, Context*) {
  const int order = runtime::CompareStrings(TextAt(frame, pc->b), TextAt(frame, pc->c));
  Put(frame + pc->a, static_cast<uint8_t>(F::Apply(order, 0)));
  return true;
}

// --- Objects, lambdas, functions
// --------------------------------------------------------------------------------------------

// Blocks have whole granules of 16 bytes, so zeroing them by granules spares a library call for small ones.
[[gnu::always_inline]] inline void ZeroBlock(char* block, uint64_t bytes) {
  if (bytes > 256) [[unlikely]] {
    std::memset(block, 0, bytes);
    return;
  }
  for (uint64_t at = 0; at < bytes; at += 16) {
    Put(block + at, uint64_t{0});
    Put(block + at + 8, uint64_t{0});
  }
}

[[gnu::noinline]] bool MakeObject(const Word* pc, char* frame, Context* context) {
  const types::Type* type = TypeOf(pc);
  const uint32_t bytes = type->size();
  const memory::BlockInfo info(static_cast<memory::Comment>(DataOf(pc).pair.number), type->unqualified->id);
  char* block = static_cast<char*>(context->AllocateOrPanic(bytes, info));
  if (block == nullptr) return false;
  if (pc->c == 0) ZeroBlock(block, bytes);
  Put(frame + pc->a, block);
  return true;
}

[[gnu::noinline]] bool MakeHostObject(const Word* pc, char* frame, Context* context) {
  const NativeType& native = *TypeOf(pc)->struct_info->native;
  void* made = native.make(*context, native);
  Put(frame + pc->a, made);
  return !context->has_panic();
}

[[gnu::noinline]] bool TakeFarMemory(const Word* pc, char* frame, Context* context) {
  char* memory = context->FarMemory(frame, static_cast<uint32_t>(Immediate(pc)), DataOf(pc).bits[0]);
  Put(frame + pc->a, memory);
  return memory != nullptr;
}

[[gnu::noinline]] bool MakeLambda(const Word* pc, char* frame, Context* context) {
  const types::Type* type = TypeOf(pc);
  const uint64_t bytes = runtime::kLambdaHeaderBytes + type->size();
  const memory::BlockInfo info(memory::Comment::kLambda, type->unqualified->id);
  char* block = static_cast<char*>(context->AllocateOrPanic(bytes, info));
  if (block == nullptr) return false;
  ZeroBlock(block, bytes);
  char* captures = block + runtime::kLambdaHeaderBytes;
  runtime::HeaderOf(captures).capture_type = type;
  auto* head = reinterpret_cast<runtime::LambdaHead*>(captures);
  const uint64_t numbers = DataOf(pc).pair.number;
  head->function = context->functions + static_cast<uint32_t>(numbers);
  const uint32_t finalizer = static_cast<uint32_t>(numbers >> 32);
  if (finalizer != types::kNoFunction) head->finalizer = context->functions + finalizer;
  Put(frame + pc->a, captures);
  return true;
}

[[gnu::noinline]] bool HoldCaptured(const Word* pc, char* frame, Context* context) {
  void* value = Get<void*>(Get<char*>(frame + pc->a));
  if (value != nullptr) TypeOf(pc)->struct_info->native->hold(*context, value);
  return !context->has_panic();
}

Flow MakeBlock(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, context->functions + static_cast<uint32_t>(Immediate(pc)));
  Put(frame + pc->a + 8, frame);
  VESTIGE_NEXT(1);
}

Flow MakeFunctionValue(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, context->functions + static_cast<uint32_t>(Immediate(pc)));
  VESTIGE_NEXT(1);
}

[[gnu::noinline]] bool DeleteValue(const Word* pc, char* frame, Context* context) {
  return runtime::FinalizeValue(*context, TypeOf(pc), PointerAt(frame, pc->a));
}
[[gnu::noinline]] bool CloneInto(const Word* pc, char* frame, Context* context) {
  return runtime::CloneValue(*context, TypeOf(pc), PointerAt(frame, pc->a), PointerAt(frame, pc->b));
}
[[gnu::noinline]] bool CheckMove(const Word* pc, char* frame, Context* context) {
  return runtime::MayMove(*context, TypeOf(pc), PointerAt(frame, pc->a));
}

[[gnu::noinline]] bool NoteHolder(const Word* pc, char* frame, Context* context) {
  const auto& note = *static_cast<const runtime::HolderNote*>(DataOf(pc).pair.pointer);
  const bool has_source = pc->c != 0;
  runtime::NoteHolder(*context, note, PointerAt(frame, pc->a), has_source ? PointerAt(frame, pc->b) : nullptr);
  return true;
}

// --- Arrays
// -----------------------------------------------------------------------------------------------------------------

[[gnu::noinline]] bool FillNewArray(const Word* pc, char* frame, Context* context) {
  auto& array = *reinterpret_cast<Array*>(PointerAt(frame, pc->a));
  const auto size = static_cast<uint32_t>(Immediate(pc));
  if (!runtime::MakeArray(*context, array, size, runtime::ShapeOfArray(TypeOf(pc)))) return false;
  Put(frame + pc->b, array.data);
  return true;
}

[[gnu::noinline]] bool PushElement(const Word* pc, char* frame, Context* context) {
  auto& array = *reinterpret_cast<Array*>(PointerAt(frame, pc->a));
  char* element = runtime::PushToArray(*context, array, runtime::ShapeOfArray(TypeOf(pc)));
  Put(frame + pc->b, element);
  return !context->has_panic();
}

// --- Tables
// -----------------------------------------------------------------------------------------------------------------

Table* TableAt(const char* frame, uint16_t offset) { return reinterpret_cast<Table*>(PointerAt(frame, offset)); }
const TableShape& ShapeOf(const Word* pc) { return *static_cast<const TableShape*>(DataOf(pc).pair.pointer); }

// The value's address of a slot that may be kNoSlot.
[[gnu::always_inline]] inline char* ValueOfSlot(const Table& table, const TableShape& shape, int64_t slot) {
  return slot == runtime::kNoSlot ? nullptr : table.data + static_cast<uint64_t>(slot) * shape.value_size;
}

template <runtime::KeyKind kind>
[[gnu::noinline]] bool FindKey(const Word* pc, char* frame, Context*) {
  using Key = typename runtime::KeyTraits<kind>::Key;
  const Table* table = TableAt(frame, pc->b);
  char* value = nullptr;
  if (table != nullptr) {
    value = ValueOfSlot(*table, ShapeOf(pc), runtime::FindSlot<kind>(*table, Get<Key>(frame + pc->c)));
  }
  Put(frame + pc->a, value);
  return true;
}
template <runtime::KeyKind kind>
[[gnu::noinline]] bool InsertKey(const Word* pc, char* frame, Context* context) {
  using Key = typename runtime::KeyTraits<kind>::Key;
  Table& table = *TableAt(frame, pc->b);
  const TableShape& shape = ShapeOf(pc);
  const int64_t slot = runtime::InsertSlot<kind>(*context, table, shape, Get<Key>(frame + pc->c));
  Put(frame + pc->a, ValueOfSlot(table, shape, slot));
  return slot != runtime::kNoSlot;
}

// Keys that are numbers: the whole search is inline.
template <runtime::KeyKind kind>
Flow TableFind(VESTIGE_OP_PARAMS) {
  using Key = typename runtime::KeyTraits<kind>::Key;
  const Table* table = TableAt(frame, pc->b);
  char* value = nullptr;
  if (table != nullptr) {
    value = ValueOfSlot(*table, ShapeOf(pc), runtime::FindSlot<kind>(*table, Get<Key>(frame + pc->c)));
  }
  Put(frame + pc->a, value);
  acc = 0;
  VESTIGE_NEXT(2);
}
// Only a key that is there already is found inline, and only while the table would not grow: a table that is due to
// grow does so even for a key it has.
template <runtime::KeyKind kind>
Flow TableInsert(VESTIGE_OP_PARAMS) {
  using Key = typename runtime::KeyTraits<kind>::Key;
  const Table& table = *TableAt(frame, pc->b);
  const uint32_t free_slots = table.capacity - table.size;
  if (table.size < table.capacity / 2 && free_slots / 2 >= table.tombstones && !runtime::IsLocked(table.lock)) {
    const int64_t slot = runtime::FindSlot<kind>(table, Get<Key>(frame + pc->c));
    if (slot != runtime::kNoSlot) {
      Put(frame + pc->a, ValueOfSlot(table, ShapeOf(pc), slot));
      acc = 0;
      VESTIGE_NEXT(2);
    }
  }
  VESTIGE_SLOW((Library<InsertKey<kind>, 2>));
}

[[gnu::noinline]] bool FindAny(const Word* pc, char* frame, Context*) {
  const Table* table = TableAt(frame, pc->b);
  char* value = nullptr;
  if (table != nullptr) {
    value = ValueOfSlot(*table, ShapeOf(pc), runtime::FindInTable(*table, ShapeOf(pc), frame + pc->c));
  }
  Put(frame + pc->a, value);
  return true;
}
[[gnu::noinline]] bool InsertAny(const Word* pc, char* frame, Context* context) {
  Table& table = *TableAt(frame, pc->b);
  const int64_t slot = runtime::InsertIntoTable(*context, table, ShapeOf(pc), frame + pc->c);
  Put(frame + pc->a, ValueOfSlot(table, ShapeOf(pc), slot));
  return slot != runtime::kNoSlot;
}

VESTIGE_SLOW_PATH Flow TableModifiedPanic(VESTIGE_OP_PARAMS) {
  context->Save(pc, frame);
  runtime::PanicModified(*context, *TableAt(frame, pc->b));
  VESTIGE_SLOW(Unwind);
}
Flow TableNextSlot(VESTIGE_OP_PARAMS) {
  const Table& table = *TableAt(frame, pc->b);
  if (table.data != PointerAt(frame, pc->a + 24)) [[unlikely]]
    VESTIGE_SLOW(TableModifiedPanic);
  const TableShape& shape = ShapeOf(pc);
  const uint32_t slot = runtime::NextLiveSlot(table, shape, Get<uint32_t>(frame + pc->a));
  if (slot >= table.capacity) VESTIGE_GO(pc + Immediate(pc));
  Put(frame + pc->a, slot + 1);
  Put(frame + pc->a + 8, runtime::KeyAt(table, shape, slot));
  Put(frame + pc->a + 16, runtime::ValueAt(table, shape, slot));
  VESTIGE_NEXT(2);
}

// --- Iterators, variants
// ------------------------------------------------------------------------------------------------------

[[gnu::noinline]] bool StepIterator(const Word* pc, char* frame, Context* context) {
  context->Save(pc, frame);
  auto* iterator = Get<runtime::Iterator*>(frame + pc->a);
  return runtime::StepIterator(*context, iterator, PointerAt(frame, pc->b));
}
Flow IteratorNext(VESTIGE_OP_PARAMS) {
  const auto* iterator = Get<const runtime::Iterator*>(frame + pc->a);
  if (iterator != nullptr && iterator->is_generator()) VESTIGE_SLOW(StepGenerator);
  const bool found = StepIterator(pc, frame, context);
  acc = 0;
  facc = 0;
  if (context->has_panic()) [[unlikely]]
    VESTIGE_SLOW(Unwind);
  if (!found) VESTIGE_GO(pc + Immediate(pc));
  VESTIGE_NEXT(1);
}
[[gnu::noinline]] bool CloseIterator(const Word* pc, char* frame, Context* context) {
  runtime::CloseIterator(*context, Get<runtime::Iterator*>(frame + pc->a));
  Put(frame + pc->a, uint64_t{0});
  return !context->has_panic();
}

VESTIGE_SLOW_PATH Flow VariantPanic(VESTIGE_OP_PARAMS) {
  context->Save(pc, frame);
  const char* hint = context->code().HintOf(context->code().IndexOf(pc));
  context->PanicF("variant mismatch {}, expecting {}{}{}", Immediate(pc), Get<int32_t>(PointerAt(frame, pc->a)),
                  *hint == 0 ? "" : ", ", hint);
  VESTIGE_SLOW(Unwind);
}
Flow CheckVariantIndex(VESTIGE_OP_PARAMS) {
  if (Get<int32_t>(PointerAt(frame, pc->a)) != Immediate(pc)) [[unlikely]]
    VESTIGE_SLOW(VariantPanic);
  VESTIGE_NEXT(1);
}
Flow TestVariantIndex(VESTIGE_OP_PARAMS) {
  Put(frame + pc->a, static_cast<uint8_t>(Get<int32_t>(PointerAt(frame, pc->b)) == Immediate(pc)));
  VESTIGE_NEXT(1);
}

}  // namespace

const Handler kObjectHandlers[] = {
#define VESTIGE_OP(Name, ...) &__VA_ARGS__,
#define VESTIGE_OP2(Name, ...) &__VA_ARGS__,
#include "exec/operations_object.def"
};

}  // namespace vestige::exec
