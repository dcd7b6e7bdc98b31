// Blocks and lambdas. Floor 5.

#include "fmt/format.h"
#include "lower/function_lowering.h"
#include "vestige/native.h"

namespace vestige::lower {

void FunctionLowering::MakeBlockAt(const sema::TClosure* node, const Place& to) {
  if (node->function->role == sema::FunctionRole::kGenerator) return MakeGeneratorAt(node, to);
  const uint32_t number = state_.NumberOf(node->function);
  At(node->location);
  if (to.in_frame()) {
    EmitImmediate(Op::kMakeBlock, to.slot, 0, number);
    return;
  }
  const SlotOffset mark = Mark();
  const SlotOffset block = TakeTemp(node->type->size());
  EmitImmediate(Op::kMakeBlock, block, 0, number);
  StorePlace(to, block, node->type->size());
  Release(mark);
}

void FunctionLowering::StoreCaptures(const sema::TClosure* node, SlotOffset object, uint32_t offset) {
  for (const sema::TCapture& capture : node->captures) {
    const Place member = Place::Pointer(object, static_cast<int32_t>(offset + capture.offset));
    if (capture.by_reference) {
      const SlotOffset address = AddressOf(PlaceOf(capture.source), TakeTemp(8));
      StorePlace(member, address, 8);
    } else if (capture.mode == sema::AssignMode::kClone) {
      // Not the place in the body that named the variable: what is allocated is told where the lambda is made.
      const SlotOffset source = AddressOf(PlaceOrTemp(capture.source));
      const SlotOffset to = AddressOf(member);
      At(node->location);
      EmitTyped(Op::kClone, to, source, capture.source->type);
    } else {
      InitMember(capture.source, member, capture.mode, true);
    }
    if (!capture.by_reference) HoldCaptured(capture.source->type, member);
    if (!capture.by_reference && NotesHolder(capture.source->type)) {
      const auto* local = sema::As<sema::TLocalRef>(capture.source);
      const std::string_view name = local != nullptr ? local->local->name.text() : std::string_view();
      NoteHolder(HolderKind::kCapture, fmt::format("capture {}", name), capture.source->type, member,
                 capture.mode == sema::AssignMode::kClone);
    }
  }
}

void FunctionLowering::HoldCaptured(const types::Type* type, const Place& member) {
  if (type->kind != types::Kind::kPointer || type->is_smart_pointer() || type->element == nullptr) return;
  const types::Type* value = type->element->unqualified;
  if (value->kind != types::Kind::kStruct || value->struct_info->native == nullptr) return;
  if (value->struct_info->native->hold == nullptr) return;
  const SlotOffset mark = Mark();
  EmitTyped(Op::kHoldCaptured, AddressOf(member), 0, value);
  Release(mark);
}

Operand FunctionLowering::EvalLambda(const sema::TClosure* node, const Want& want) {
  constexpr uint64_t kNoFinalizer = 0xffffffff;
  // Captures are evaluated while the lambda is half made, so it gets a slot of its own.
  const SlotOffset target = TakeTemp(8);
  const SlotOffset mark = Mark();
  const uint64_t finalizer = node->finalizer == nullptr ? kNoFinalizer : state_.NumberOf(node->finalizer);
  At(node->location);
  EmitTyped(Op::kNewLambda, target, 0, node->function->capture, finalizer << 32 | state_.NumberOf(node->function));
  BeginLive(target, node->type);
  StoreCaptures(node, target, 0);
  Release(mark);
  return Deliver(Operand::Frame(target), node->type, want);
}

}  // namespace vestige::lower
