// Strings: interpolation, concatenation, comparison, and the end of temporaries. Floor 5.
//
// Strings are immutable and unowned, so what a program builds only to print it would stay for good. A string that was
// made by an expression (StringUses::IsFresh) and handed to a consumer that cannot keep it is freed right behind the
// consumer.

#include "lower/analysis.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

using sema::ExprKind;
using sema::TExpr;

void FunctionLowering::FreeIfFresh(const TExpr* expr, SlotOffset slot) {
  if (state_.string_uses.IsFresh(expr)) Emit(Op::kFreeString, slot);
}

bool FunctionLowering::DiesWithCall(const sema::TCall* node, size_t index) {
  const TExpr* argument = node->arguments[index];
  return state_.string_uses.IsFresh(argument) && state_.string_uses.ParameterStays(node->callee, index);
}

SlotOffset FunctionLowering::EmitPlan(std::span<const exec::StringPart> parts, SlotOffset target) {
  base::Arena& arena = builder_.arena();
  auto* plan = arena.New<exec::StringPlan>();
  plan->parts = arena.Copy(parts);
  Emit(Op::kBuildString, target);
  builder_.EmitPointer(plan);
  return target;
}

Operand FunctionLowering::EvalString(const sema::TString* node, const Want& want) {
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  absl::InlinedVector<exec::StringPart, 8> parts;
  absl::InlinedVector<std::pair<const TExpr*, SlotOffset>, 4> fresh;
  // Values are read when everything was evaluated: a variable that a later part may change is copied.
  const TExpr* last_loud = nullptr;
  for (const sema::TStringPart& part : node->parts) {
    if (part.value != nullptr && !IsQuiet(part.value)) last_loud = part.value;
  }
  for (const sema::TStringPart& source : node->parts) {
    exec::StringPart part;
    if (source.value == nullptr) {
      if (source.text.empty()) continue;
      part.text = builder_.Text(source.text);
      part.text_bytes = static_cast<uint32_t>(source.text.size());
      parts.push_back(part);
      continue;
    }
    const TExpr* value = source.value;
    if (value == last_loud) last_loud = nullptr;
    part.type = value->type->unqualified;
    part.format = source.format.empty() ? nullptr : builder_.Text(source.format);
    if (value->type->is_ref_type()) {
      part.by_reference = true;
      part.offset = AddressOf(PlaceOrTemp(value), TakeTemp(8));
    } else {
      part.offset = StableSlot(value, last_loud);
      if (state_.string_uses.IsFresh(value)) fresh.push_back({value, part.offset});
    }
    parts.push_back(part);
  }
  At(node->location);
  EmitPlan(parts, target);
  for (const auto& [value, slot] : fresh) FreeIfFresh(value, slot);
  Release(mark);
  return Operand::Frame(target);
}

void FunctionLowering::CollectConcat(const TExpr* expr, absl::InlinedVector<const TExpr*, 8>* operands) {
  const auto* node = static_cast<const sema::TBinary*>(expr);
  if (expr->kind == ExprKind::kBinary && node->op == sema::BinaryOp::kAdd && !IsPinned(expr)) {
    CollectConcat(node->left, operands);
    CollectConcat(node->right, operands);
  } else {
    operands->push_back(expr);
  }
}

Operand FunctionLowering::EvalConcat(const sema::TBinary* node, const Want& want) {
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  absl::InlinedVector<const TExpr*, 8> operands;
  CollectConcat(node->left, &operands);
  CollectConcat(node->right, &operands);
  absl::InlinedVector<exec::StringPart, 8> parts;
  for (size_t i = 0; i < operands.size(); ++i) {
    const TExpr* loud = nullptr;
    for (size_t j = i + 1; j < operands.size() && loud == nullptr; ++j) {
      if (!IsQuiet(operands[j])) loud = operands[j];
    }
    exec::StringPart part;
    part.type = node->type->unqualified;
    part.offset = StableSlot(operands[i], loud);
    parts.push_back(part);
  }
  At(node->location);
  if (operands.size() == 2) {
    Emit(Op::kConcat, target, parts[0].offset, parts[1].offset);
  } else {
    // One string for the whole chain, none for its links.
    EmitPlan(parts, target);
  }
  for (size_t i = 0; i < operands.size(); ++i) {
    if (!IsPinned(operands[i])) FreeIfFresh(operands[i], parts[i].offset);
  }
  Release(mark);
  return Operand::Frame(target);
}

Operand FunctionLowering::EvalStringCompare(const sema::TBinary* node, const Want& want) {
  const SlotOffset target = Target(want, node->type);
  const SlotOffset mark = Mark();
  const SlotOffset left = StableSlot(node->left, node->right);
  const SlotOffset right = SlotFor(node->right);
  const uint32_t step = static_cast<uint32_t>(node->op) - static_cast<uint32_t>(sema::BinaryOp::kEq);
  Emit(static_cast<Op>(static_cast<uint32_t>(Op::kEqString) + step), target, left, right);
  static_assert(static_cast<int>(Op::kGeString) - static_cast<int>(Op::kEqString) ==
                static_cast<int>(sema::BinaryOp::kGe) - static_cast<int>(sema::BinaryOp::kEq));
  FreeIfFresh(node->left, left);
  FreeIfFresh(node->right, right);
  Release(mark);
  return Operand::Frame(target);
}

}  // namespace vestige::lower
