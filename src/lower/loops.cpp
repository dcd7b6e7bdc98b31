// while and for. Floor 5.
//
// A for loop steps all its sources in lockstep. Code of `for (a in x; b in y)`:
//
//     begin x (empty: to done_x)   begin y (empty: to done_y)
//   top:   body
//   next:  step x (exhausted: to done_y)   step y (more: to top)
//   done_y: release y
//   done_x: release x
//
// Releasing is unlocking a container or closing an iterator. `break` goes to the last source's done; `return` releases
// all on its way.

#include <limits>

#include "lower/analysis.h"
#include "lower/function_lowering.h"
#include "lower/loop_sources.h"

namespace vestige::lower {

using exec::BinaryFamily;
using exec::CompareFamily;
using exec::OperandKind;
using exec::ValueType;
using sema::ExprKind;
using sema::SourceKind;
using sema::TExpr;

void FunctionLowering::LowerWhile(const sema::TWhile* node) {
  constexpr uint32_t kCopiedNodes = 12;
  Label top, next, done;
  const auto* constant =
      node->condition->kind == ExprKind::kConst ? static_cast<const sema::TConst*>(node->condition) : nullptr;
  if (constant != nullptr && constant->bits[0] == 0) return;
  if (constant == nullptr) {
    // A short condition is tested before the loop as well as behind each round; a long one is jumped to.
    if (IsQuiet(node->condition) && CountNodes(node->condition, kCopiedNodes) < kCopiedNodes) {
      const SlotOffset mark = Mark();
      BranchOn(node->condition, false, done);
      Release(mark);
    } else {
      Jump(next);
    }
  }
  BindTop(top);
  LoopSources none;
  Scope scope{.kind = Scope::Kind::kLoop,
              .outer = scope_,
              .block = nullptr,
              .on_break = &done,
              .on_continue = &next,
              .sources = &none};
  scope_ = &scope;
  LowerBlock(node->body);
  scope_ = scope.outer;
  Bind(next);
  const SlotOffset mark = Mark();
  At(node->location);
  if (constant != nullptr) {
    JumpBack(top);
  } else {
    BranchOn(node->condition, true, top);
  }
  Release(mark);
  Bind(done);
}

void FunctionLowering::LowerFor(const sema::TFor* node) {
  const SlotOffset mark = Mark();
  LoopSources loop;
  const size_t count = node->sources.size();
  loop.items.resize(count);
  absl::InlinedVector<Label, 2> done(count);
  for (size_t i = 0; i < count; ++i) {
    loop.items[i].source = &node->sources[i];
    At(node->location);
    BeginSource(loop.items[i], done[i]);
  }
  Label top, next;
  BindTop(top);
  for (LoopSource& item : loop.items) EnterRound(item);
  Scope scope{.kind = Scope::Kind::kLoop,
              .outer = scope_,
              .block = nullptr,
              .on_break = &done[count - 1],
              .on_continue = &next,
              .sources = &loop};
  scope_ = &scope;
  LowerBlock(node->body);
  scope_ = scope.outer;
  Bind(next);
  At(node->location);
  for (size_t i = 0; i < count; ++i) StepSource(loop.items[i], i + 1 == count, top, done[count - 1]);
  for (size_t i = count; i-- > 0;) {
    Bind(done[i]);
    ReleaseSource(loop.items[i]);
  }
  Release(mark);
}

void FunctionLowering::BeginSource(LoopSource& item, Label& done) {
  const sema::TForSource& source = *item.source;
  switch (source.kind) {
    case SourceKind::kRange:
      return BeginRange(item, done);
    case SourceKind::kArray:
    case SourceKind::kFixed:
      return BeginElements(item, done);
    case SourceKind::kString: {
      item.cursor = TakeTemp(8);
      item.variable = TakeLocal(source.variable, 4);
      item.container = SlotFor(source.source);
      BeginLive(item.container, source.source->type);
      Emit(Op::kStringBegin, item.cursor, item.container);
      if (state_.string_uses.IsFresh(source.source)) item.BeginHold(builder_.here());
      return FetchNext(item, done);
    }
    case SourceKind::kIterator: {
      item.container = TakeTemp(8);
      InitMember(source.source, Place::Frame(item.container), sema::AssignMode::kMove, false);
      BeginLive(item.container, source.source->type);
      item.BeginHold(builder_.here());
      const uint32_t bytes = source.variable->is_reference ? 8 : source.variable->type->size();
      const Place variable = TakeLocalMemory(source.variable, bytes);
      item.variable = variable.slot;
      item.cursor = TakeTemp(8);
      ZeroPlace(variable, bytes);
      AddressOf(variable, item.cursor);
      if (!source.variable->is_reference) BeginLive(variable, source.variable->type);
      return FetchNext(item, done);
    }
    case SourceKind::kKeys:
    case SourceKind::kValues: {
      item.container = AddressOf(PlaceOrTemp(source.source), TakeTemp(8));
      const bool is_key = source.kind == SourceKind::kKeys;
      item.cursor = TakeCursor(source.variable, 32, is_key ? 8 : 16);
      if (source.variable->is_reference) {
        state_.SlotOf(source.variable) = item.cursor + (is_key ? 8 : 16);
      } else {
        item.variable = TakeLocal(source.variable, source.variable->type->size());
      }
      Emit(Op::kLockTable, item.container, item.buffer());
      item.BeginHold(builder_.here());
      Emit(Op::kZero8, item.cursor);
      return FetchNext(item, done);
    }
    case SourceKind::kCount: {
      item.variable = TakeLocal(source.variable, 4);
      item.cursor = TakeTemp(4);
      ValueTo(source.source, item.cursor, true);
      item.limit = TakeTemp(4);
      if (source.step == nullptr) {
        EmitImmediate(Op::kMoveK4, item.limit, 0, 1);
      } else {
        ValueTo(source.step, item.limit, true);
      }
      return;
    }
  }
}

void FunctionLowering::BeginRange(LoopSource& item, Label& done) {
  const sema::TForSource& source = *item.source;
  const types::Type* type = source.source->type;
  const uint32_t bytes = type->size() / 2;
  item.value_type = type->kind == types::Kind::kRange     ? ValueType::kI32
                    : type->kind == types::Kind::kURange  ? ValueType::kU32
                    : type->kind == types::Kind::kRange64 ? ValueType::kI64
                                                          : ValueType::kU64;
  item.variable = TakeLocal(source.variable, bytes);
  // The body cannot write a constant variable, which then counts itself.
  item.cursor = source.variable->type->is_const() ? item.variable : TakeTemp(bytes);
  item.limit = TakeTemp(bytes);
  const types::Type* element = source.variable->type;
  if (const auto* constant =
          source.source->kind == ExprKind::kConst ? static_cast<const sema::TConst*>(source.source) : nullptr) {
    const uint64_t from = bytes == 4 ? static_cast<uint32_t>(constant->bits[0]) : constant->bits[0];
    const uint64_t to = bytes == 4 ? constant->bits[0] >> 32 : constant->bits[1];
    const int64_t limit = item.value_type == ValueType::kI32 ? static_cast<int32_t>(to) : static_cast<int64_t>(to);
    MoveConst(item.cursor, element, from);
    SetLimit(item, element, limit);
    // Nothing to test when the first round is certain.
    const bool is_signed = item.value_type == ValueType::kI32 || item.value_type == ValueType::kI64;
    const int64_t first = item.value_type == ValueType::kI32 ? static_cast<int32_t>(from) : static_cast<int64_t>(from);
    if (is_signed ? first < limit : from < to) return;
  } else if (source.source->kind == ExprKind::kMake) {
    const TExpr* ends[2] = {nullptr, nullptr};
    for (const sema::TMember& member : static_cast<const sema::TMake*>(source.source)->members) {
      ends[member.offset == 0 ? 0 : 1] = member.value;
    }
    if (ends[0] == nullptr) {
      MoveConst(item.cursor, element, 0);
    } else {
      ValueTo(ends[0], item.cursor, true);
    }
    const auto* limit =
        ends[1] == nullptr || ends[1]->kind != ExprKind::kConst ? nullptr : static_cast<const sema::TConst*>(ends[1]);
    Leaf leaf;
    if (ends[1] == nullptr) {
      SetLimit(item, element, 0);
    } else if (limit != nullptr) {
      const auto bits = static_cast<int64_t>(limit->bits[0]);
      SetLimit(item, element, item.value_type == ValueType::kI32 ? static_cast<int32_t>(bits) : bits);
    } else if (ends[1]->type->is_const() && AsLeaf(ends[1], item.value_type, &leaf) &&
               leaf.kind == OperandKind::kFrame) {
      item.limit = leaf.slot;
    } else {
      ValueTo(ends[1], item.limit, true);
    }
  } else {
    const SlotOffset range = SlotFor(source.source);
    Move(item.cursor, range, bytes);
    Move(item.limit, range + bytes, bytes);
  }
  const OperandKind limit_kind = item.limit_is_constant ? OperandKind::kConstant : OperandKind::kFrame;
  JumpTo(exec::SelectBranch(CompareFamily::kGe, item.value_type, OperandKind::kFrame, limit_kind), item.cursor,
         item.limit_is_constant ? item.limit_constant : item.limit, done);
}

void FunctionLowering::SetLimit(LoopSource& item, const types::Type* element, int64_t limit) {
  if (limit >= 0 && limit <= std::numeric_limits<int16_t>::max()) {
    item.limit_is_constant = true;
    item.limit_constant = static_cast<uint16_t>(limit);
  } else {
    MoveConst(item.limit, element, static_cast<uint64_t>(limit));
  }
}

void FunctionLowering::BeginElements(LoopSource& item, Label& done) {
  const sema::TForSource& source = *item.source;
  const types::Type* container = source.source->type;
  const types::Type* element = container->element;
  item.stride = element->size();
  item.cursor = TakeCursor(source.variable, 24, 0);
  if (source.variable->is_reference) {
    state_.SlotOf(source.variable) = item.cursor;
  } else {
    item.variable = TakeLocal(source.variable, element->size());
  }
  if (source.kind == SourceKind::kArray) {
    item.container = AddressOf(PlaceOrTemp(source.source), TakeTemp(8));
    JumpTo(Op::kArrayBegin, item.cursor, item.container, done);
    builder_.EmitBits(item.stride);
    item.BeginHold(builder_.here());
    return;
  }
  AddressOf(PlaceOrTemp(source.source), item.cursor);
  EmitImmediate(Op::kAddAddress, item.cursor + 8, item.cursor, static_cast<int64_t>(container->dim) * item.stride);
  if (container->dim == 0) Jump(done);
}

void FunctionLowering::FetchNext(LoopSource& item, Label& done) {
  const sema::TForSource& source = *item.source;
  switch (source.kind) {
    case SourceKind::kString:
      JumpTo(Op::kStringNext, item.cursor, item.variable, done);
      return;
    case SourceKind::kIterator:
      JumpTo(Op::kIteratorNext, item.container, item.cursor, done);
      return;
    default:
      JumpTo(Op::kTableNext, item.cursor, item.container, done);
      builder_.EmitPointer(ShapeOf(source.source->type));
      return;
  }
}

void FunctionLowering::EnterRound(LoopSource& item) {
  const sema::TForSource& source = *item.source;
  if (item.variable == kNoSlot || item.variable == item.cursor) return;
  const uint32_t bytes = source.variable->type->size();
  switch (source.kind) {
    case SourceKind::kRange:
    case SourceKind::kCount:
      Move(item.variable, item.cursor, bytes);
      return;
    case SourceKind::kArray:
    case SourceKind::kFixed:
      LoadPlace(item.variable, Place::Pointer(item.cursor), bytes);
      return;
    case SourceKind::kKeys:
      LoadPlace(item.variable, Place::Pointer(item.cursor + 8), bytes);
      return;
    case SourceKind::kValues:
      LoadPlace(item.variable, Place::Pointer(item.cursor + 16), bytes);
      return;
    default:
      return;
  }
}

void FunctionLowering::StepSource(LoopSource& item, bool is_last, Label& top, Label& done) {
  switch (item.source->kind) {
    case SourceKind::kRange: {
      const uint32_t limit = item.limit_is_constant ? item.limit_constant : item.limit;
      if (is_last) {
        Op op = item.limit_is_constant ? Op::kIncLessI32_FK : Op::kIncLessI32_FF;
        if (item.value_type == ValueType::kU32) op = item.limit_is_constant ? Op::kIncLessU32_FK : Op::kIncLessU32_FF;
        if (item.value_type == ValueType::kI64) op = item.limit_is_constant ? Op::kIncLessI64_FK : Op::kIncLessI64_FF;
        if (item.value_type == ValueType::kU64) op = item.limit_is_constant ? Op::kIncLessU64_FK : Op::kIncLessU64_FF;
        JumpTo(op, item.cursor, limit, top);
        return;
      }
      const Leaf cursor = LeafOf(Operand::Frame(item.cursor));
      EmitBinary(BinaryFamily::kAdd, item.value_type, item.cursor, cursor, {OperandKind::kConstant, kNoSlot, 0, 1});
      const OperandKind kind = item.limit_is_constant ? OperandKind::kConstant : OperandKind::kFrame;
      JumpTo(exec::SelectBranch(CompareFamily::kGe, item.value_type, OperandKind::kFrame, kind), item.cursor, limit,
             done);
      return;
    }
    case SourceKind::kArray:
    case SourceKind::kFixed:
      if (is_last && item.stride <= 0xffff) {
        JumpTo(Op::kNextElement, item.cursor, item.stride, top);
        return;
      }
      EmitImmediate(Op::kAddAddress, item.cursor, item.cursor, item.stride);
      JumpTo(exec::SelectBranch(CompareFamily::kEq, ValueType::kI64, OperandKind::kFrame, OperandKind::kFrame),
             item.cursor, item.cursor + 8, done);
      break;
    case SourceKind::kCount: {
      const Leaf cursor = LeafOf(Operand::Frame(item.cursor));
      EmitBinary(BinaryFamily::kAdd, ValueType::kI32, item.cursor, cursor, LeafOf(Operand::Frame(item.limit)));
      break;
    }
    default:
      FetchNext(item, done);
      break;
  }
  if (is_last) JumpBack(top);
}

void FunctionLowering::ReleaseSource(LoopSource& item) {
  switch (item.source->kind) {
    case SourceKind::kArray:
      Emit(Op::kUnlockArray, item.container, item.buffer());
      break;
    case SourceKind::kKeys:
    case SourceKind::kValues:
      Emit(Op::kUnlockTable, item.container, item.buffer());
      break;
    case SourceKind::kIterator:
      Emit(Op::kIteratorClose, item.container);
      break;
    case SourceKind::kString:
      FreeIfFresh(item.source->source, item.container);
      break;
    default:
      break;
  }
  EndHold(item);
}

void FunctionLowering::EndHold(LoopSource& item) {
  using Kind = exec::LoopHoldEntry::Kind;
  if (!item.holds || item.held_since == LoopSource::kNotHeld) return;
  const SourceKind source = item.source->kind;
  const Kind kind = source == SourceKind::kArray      ? Kind::kArray
                    : source == SourceKind::kIterator ? Kind::kIterator
                    : source == SourceKind::kString   ? Kind::kText
                                                      : Kind::kTable;
  info_->holds.push_back({.first_word = item.held_since,
                          .last_word = builder_.here(),
                          .offset = static_cast<uint32_t>(item.container),
                          .buffer_offset = static_cast<uint32_t>(
                              kind == Kind::kArray || kind == Kind::kTable ? item.buffer() : item.container),
                          .kind = kind});
  item.held_since = LoopSource::kNotHeld;
}

void FunctionLowering::ResumeHolds() {
  for (Scope* scope = scope_; scope != nullptr; scope = scope->outer) {
    if (scope->kind != Scope::Kind::kLoop) continue;
    for (LoopSource& item : scope->sources->items) {
      if (item.holds && item.held_since == LoopSource::kNotHeld) item.held_since = builder_.here();
    }
  }
}

void FunctionLowering::ReleaseSources(LoopSources& loop) {
  for (size_t i = loop.items.size(); i-- > 0;) ReleaseSource(loop.items[i]);
}

}  // namespace vestige::lower
