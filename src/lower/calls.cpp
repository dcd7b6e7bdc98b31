// Calls: script functions, native functions, callable values. The callee's frame is built at the top of the caller's,
// so arguments are computed into place; whatever memory an argument refers to must lie below it. Floor 5.

#include "lower/analysis.h"
#include "lower/function_lowering.h"
#include "lower/intrinsics.h"
#include "sema/native.h"

namespace vestige::lower {

using sema::ExprKind;
using sema::TExpr;

namespace {

uint32_t SlotBytes(uint32_t bytes) { return (bytes + 7) & ~7u; }

// An argument by reference whose memory is a temporary of the caller, which the callee's frame must not cover.
bool NeedsMemory(const TExpr* expr, bool by_reference) { return by_reference && !expr->is_place; }

// The operation that calls the native: pushing a small value has its own, which stores at once when there is room.
Op NativeCallOp(const sema::TNativeCall& node) {
  const bool is_push = node.native->name == "push" && node.arguments.size() == 2 &&
                       node.arguments[0]->type->kind == types::Kind::kArray && !node.by_reference[1] &&
                       node.arguments[0]->type->element->unqualified == node.arguments[1]->type->unqualified;
  if (!is_push) return Op::kCallNative;
  switch (node.arguments[1]->type->size()) {
    case 1:
      return Op::kCallPush1;
    case 4:
      return Op::kCallPush4;
    case 8:
      return Op::kCallPush8;
    case 16:
      return Op::kCallPush16;
    default:
      return Op::kCallNative;
  }
}

}  // namespace

Operand FunctionLowering::EvalReferenceCall(const TExpr* expr) {
  switch (expr->kind) {
    case ExprKind::kCall:
      return EvalCall(static_cast<const sema::TCall*>(expr), {}, nullptr);
    case ExprKind::kInvoke:
      return EvalInvoke(static_cast<const sema::TInvoke*>(expr), {}, nullptr);
    default:
      return EvalNativeCall(static_cast<const sema::TNativeCall*>(expr), {}, nullptr);
  }
}

void FunctionLowering::Argument(const TExpr* expr, bool by_reference, SlotOffset slot) {
  if (!by_reference) {
    ValueTo(expr, slot, true);
    BeginLive(slot, expr->type);
    return;
  }
  Operand pinned;
  if (!pinned_.empty() && FindPinned(expr, &pinned)) {
    Move(slot, pinned.slot, 8);
    return;
  }
  const Place place = PlaceOf(expr);
  At(expr->location);
  AddressOf(place, slot);
}

void FunctionLowering::ForArgument(const sema::TCall* call, size_t index, absl::FunctionRef<void()> evaluate) {
  const bool is_default = call != nullptr && index < call->is_default.size() && call->is_default[index];
  if (!is_default || call->arguments[index]->kind == ExprKind::kConst) return evaluate();
  const uint32_t outer_id = inline_id_;
  const base::Location outer_place = place_;
  inline_id_ = builder_.AddInline(state_.NumberOf(call->callee), call->location, outer_id);
  At(call->arguments[index]->location);
  evaluate();
  inline_id_ = outer_id;
  At(outer_place);
}

void FunctionLowering::PrepareArguments(std::span<sema::TExpr* const> arguments,
                                        absl::FunctionRef<bool(size_t)> by_reference, const sema::TCall* call) {
  size_t last = 0;
  bool all_quiet = true;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (NeedsMemory(arguments[i], by_reference(i))) {
      last = i + 1;
    } else {
      all_quiet = all_quiet && IsQuiet(arguments[i]);
    }
  }
  for (size_t i = 0; i < last; ++i) {
    const TExpr* expr = arguments[i];
    if (NeedsMemory(expr, by_reference(i))) {
      ForArgument(call, i, [&] {
        const Place place = PlaceOrTemp(expr);
        pinned_.push_back({expr, Operand::Frame(AddressOf(place))});
      });
    } else if (by_reference(i)) {
      if (!all_quiet) {
        const SlotOffset address = TakeTemp(8);
        ForArgument(call, i, [&] { Argument(expr, true, address); });
        pinned_.push_back({expr, Operand::Frame(address)});
      }
    } else if (!all_quiet && expr->kind != ExprKind::kConst) {
      // Arguments before one that needs memory keep their order of evaluation.
      const SlotOffset value = TakeTemp(expr->type->size());
      ForArgument(call, i, [&] { ValueTo(expr, value, true); });
      BeginLive(value, expr->type);
      pinned_.push_back({expr, Operand::Frame(value)});
    }
  }
}

FunctionLowering::CallResult FunctionLowering::BeginResult(const TExpr* node, const Want& want, const Place* into) {
  CallResult result;
  const types::Type* type = node->type;
  if (node->is_place) {
    result.slot = want.slot != kNoSlot ? want.slot : TakeTemp(8);
    return result;
  }
  if (type->is_ref_type()) {
    result.is_hidden = true;
    if (into == nullptr) {
      result.memory = TakeMemory(type->size());
    } else {
      result.memory = *into;
    }
    return result;
  }
  const bool is_void = type->kind == types::Kind::kVoid;
  result.in_acc = want.acc && want.slot == kNoSlot && type->size() <= 8 && !is_void;
  if (!is_void && !result.in_acc) result.slot = Target(want, type);
  return result;
}

Operand FunctionLowering::EvalCall(const sema::TCall* node, const Want& want, const Place* into) {
  const sema::TFunction* callee = node->callee;
  absl::InlinedVector<size_t, 2> dying;
  for (size_t i = 0; i < node->arguments.size(); ++i) {
    if (DiesWithCall(node, i)) dying.push_back(i);
  }
  // Freeing takes the accumulator.
  Want wanted = want;
  wanted.acc = want.acc && dying.empty();
  if (into == nullptr && dying.empty() && CanInline(callee)) return EvalInlined(node, want);
  const CallResult result = BeginResult(node, wanted, into);
  const size_t pins = pinned_.size();
  const auto by_reference = [callee](size_t i) { return callee->arguments[i]->is_reference; };
  PrepareArguments(node->arguments, by_reference, node);
  const SlotOffset base = Mark();
  SlotOffset slot = base + exec::kFirstSlot;
  frame_.Reserve(slot + 8);
  if (result.is_hidden) {
    AddressOf(result.memory, slot);
    slot += 8;
  }
  absl::InlinedVector<SlotOffset, 8> slots;
  for (size_t i = 0; i < node->arguments.size(); ++i) {
    const uint32_t bytes = by_reference(i) ? 8 : SlotBytes(callee->arguments[i]->type->size());
    frame_.Reserve(slot + bytes);
    ForArgument(node, i, [&] { Argument(node->arguments[i], by_reference(i), slot); });
    slots.push_back(slot);
    slot += bytes;
    Release(slot);
  }
  pinned_.resize(pins, Pinned{nullptr, {}});
  At(node->location);
  EmitImmediate(CallOp(Op::kCall), base, result.slot == kNoSlot ? base : result.slot, state_.NumberOf(callee));
  // The callee is gone, but its arguments are still there.
  for (const size_t i : dying) Emit(Op::kFreeString, slots[i]);
  Release(base);
  return EndResult(result);
}

Operand FunctionLowering::EndResult(const CallResult& result) {
  if (result.in_acc) return Operand::Acc();
  if (result.is_hidden) return Operand::Frame(result.memory.in_frame() ? result.memory.slot : kNoSlot);
  return result.slot == kNoSlot ? Operand::Const(0) : Operand::Frame(result.slot);
}

Operand FunctionLowering::EvalInvoke(const sema::TInvoke* node, const Want& want, const Place* into) {
  const CallResult result = BeginResult(node, want, into);
  const size_t pins = pinned_.size();
  const types::Kind kind = node->callee->type->kind;
  // The callee first, then arguments.
  Op op = Op::kCallFunctionValue;
  SlotOffset callee = kNoSlot;
  if (kind == types::Kind::kBlock) {
    Place place = PlaceOrTemp(node->callee);
    if (in_generator() && !place.in_frame()) {
      // Calls out of frames in the heap take the block itself.
      const Place copy = Place::Frame(TakeTemp(node->callee->type->size()));
      CopyPlace(copy, place, node->callee->type->size());
      place = copy;
    }
    op = place.in_frame() ? Op::kCallBlock : Op::kCallBlockAt;
    callee = place.in_frame() ? place.slot : AddressOf(place);
  } else {
    if (kind == types::Kind::kLambda) op = Op::kCallLambda;
    callee = SlotFor(node->callee);
  }
  const auto by_reference = [node](size_t i) { return node->by_reference[i]; };
  PrepareArguments(node->arguments, by_reference);
  const SlotOffset base = Mark();
  SlotOffset slot = base + exec::kFirstSlot;
  frame_.Reserve(slot + 8);
  if (op != Op::kCallFunctionValue) slot += 8;
  if (result.is_hidden) {
    frame_.Reserve(slot + 8);
    AddressOf(result.memory, slot);
    slot += 8;
  }
  for (size_t i = 0; i < node->arguments.size(); ++i) {
    const TExpr* argument = node->arguments[i];
    const uint32_t bytes = by_reference(i) ? 8 : SlotBytes(argument->type->size());
    frame_.Reserve(slot + bytes);
    Argument(argument, by_reference(i), slot);
    slot += bytes;
    Release(slot);
  }
  pinned_.resize(pins, Pinned{nullptr, {}});
  At(node->location);
  HintHere(Emit(CallOp(op), base, result.slot == kNoSlot ? base : result.slot, callee), node->hint);
  Release(base);
  return EndResult(result);
}

const exec::NativeSite* FunctionLowering::SiteOf(const sema::TNativeCall* node, std::span<const uint16_t> offsets) {
  base::Arena& arena = builder_.arena();
  std::vector<const types::Type*> call_types(node->types.begin(), node->types.end());
  call_types.resize(node->arguments.size());
  call_types.push_back(node->type);
  auto* site = arena.New<exec::NativeSite>();
  site->function = node->native->function;
  site->offsets = arena.Copy(offsets).data();
  site->types = arena.Copy(call_types);
  const char*& name = state_.native_names[node->native];
  if (name == nullptr) {
    std::string text("builtin`");
    text.append(node->native->name);
    name = builder_.Text(text);
  }
  site->frame_name = name;
  return site;
}

Operand FunctionLowering::EvalNativeCall(const sema::TNativeCall* node, const Want& want, const Place* into) {
  Operand intrinsic;
  if (TryIntrinsic(node, want, &intrinsic)) return intrinsic;
  Want in_slot = want;
  in_slot.acc = false;
  CallResult result = BeginResult(node, in_slot, into);
  if (result.is_hidden) {
    if (into == nullptr) ZeroPlace(result.memory, node->type->size());
    result.slot = AddressOf(result.memory);
  }
  // Natives have no frame: memory that arguments refer to may lie above the slots.
  const SlotOffset base = Mark();
  absl::InlinedVector<uint16_t, 8> offsets;
  SlotOffset slot = base;
  for (size_t i = 0; i < node->arguments.size(); ++i) {
    offsets.push_back(static_cast<uint16_t>(slot - base));
    slot += node->by_reference[i] ? 8 : SlotBytes(std::max(node->arguments[i]->type->size(), 1u));
  }
  frame_.Reserve(std::max(slot, base + 8));
  for (size_t i = 0; i < node->arguments.size(); ++i) {
    const TExpr* argument = node->arguments[i];
    const SlotOffset where = base + offsets[i];
    if (node->by_reference[i] && !argument->is_place) {
      const Place place = PlaceOrTemp(argument);
      AddressOf(place, where);
    } else {
      Argument(argument, node->by_reference[i], where);
    }
  }
  At(node->location);
  EmitImmediate(NativeCallOp(*node), base, result.slot == kNoSlot ? base : result.slot, result.is_hidden ? 1 : 0);
  builder_.EmitPointer(SiteOf(node, offsets));
  // What it put into smart pointers of the script is held by those. A result may lie where their addresses were.
  for (size_t i = 0; i < node->arguments.size() && node->type->kind == types::Kind::kVoid; ++i) {
    const TExpr* argument = node->arguments[i];
    const bool may_change = node->by_reference[i] && argument->is_place && !argument->type->is_const();
    if (may_change) NoteAssigned(argument, Place::Pointer(base + offsets[i]), true);
  }
  if ((node->native->flags & sema::kCapturesStrings) == 0) {
    for (size_t i = 0; i < node->arguments.size(); ++i) {
      if (!node->by_reference[i]) FreeIfFresh(node->arguments[i], base + offsets[i]);
    }
  }
  // Temporaries stay until the statement ends: an iterator may refer to one.
  bool keeps = false;
  for (size_t i = 0; i < node->arguments.size(); ++i)
    keeps = keeps || NeedsMemory(node->arguments[i], node->by_reference[i]);
  if (!keeps) Release(base);
  return EndResult(result);
}

bool FunctionLowering::TryIntrinsic(const sema::TNativeCall* node, const Want& want, Operand* result) {
  if (TryNext(node, want, result)) return true;
  const std::string_view name = IntrinsicName(*node->native);
  if (name.empty()) return false;
  const types::Type* type = node->arguments.empty() ? nullptr : node->arguments[0]->type;
  if (type == nullptr) return false;
  if (name == "length") {
    if (type->kind != types::Kind::kArray) return false;
    const SlotOffset target = Target(want, node->type);
    const SlotOffset mark = Mark();
    const Base base = BaseOf(PlaceOrTemp(node->arguments[0]), true);
    Release(mark);
    Emit(base.in_frame ? Op::kLength_F : Op::kLength_M, target, base.slot, base.offset);
    *result = Operand::Frame(target);
    return true;
  }
  if (name == "key_exists") {
    if (type->kind != types::Kind::kTable) return false;
    const SlotOffset target = Target(want, node->type);
    const SlotOffset mark = Mark();
    const SlotOffset found = TakeTemp(8);
    At(node->location);
    EvalTableFind(node->arguments[0], node->arguments[1], type, false, found);
    const Op op = exec::SelectCompare(exec::CompareFamily::kNe, exec::ValueType::kI64, exec::OperandKind::kFrame,
                                      exec::OperandKind::kConstant);
    EmitImmediate(op, target, found, 0);
    Release(mark);
    *result = Operand::Frame(target);
    return true;
  }
  const exec::ValueType value = exec::ValueTypeOf(type);
  const Op op = IntrinsicOp(name, value);
  if (op == Op::kNone) return false;
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const SlotOffset first =
      node->arguments.size() > 1 ? StableSlot(node->arguments[0], node->arguments[1]) : SlotFor(node->arguments[0]);
  const SlotOffset second = node->arguments.size() > 1 ? SlotFor(node->arguments[1]) : 0;
  Release(mark);
  Emit(op, target, first, second);
  *result = Operand::Frame(target);
  return true;
}

}  // namespace vestige::lower
