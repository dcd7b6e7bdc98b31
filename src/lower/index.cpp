// Elements of arrays, fixed arrays, vectors and tables, and members of variants. Floor 5.

#include "lower/analysis.h"
#include "lower/function_lowering.h"
#include "runtime/table.h"

namespace vestige::lower {

using exec::OperandKind;
using exec::ValueType;
using sema::ExprKind;
using sema::IndexMode;
using sema::TExpr;

namespace {

// Position of an element size among the rows of operations_array.def; -1 when it has none.
int SizeIndex(uint32_t bytes) {
  switch (bytes) {
    case 1:
      return 0;
    case 2:
      return 1;
    case 4:
      return 2;
    case 8:
      return 3;
    case 12:
      return 4;
    case 16:
      return 5;
    default:
      return -1;
  }
}

// Position among the rows that load to and store from the accumulator; -1 when it has none.
int AccumulatorIndex(ValueType type) {
  switch (type) {
    case ValueType::kI32:
    case ValueType::kU32:
      return 0;
    case ValueType::kI64:
    case ValueType::kU64:
      return 1;
    case ValueType::kF32:
      return 2;
    case ValueType::kF64:
      return 3;
    default:
      return -1;
  }
}

// Rows come in these orders.
static_assert(Op::kIndexLoad1_MF == static_cast<Op>(static_cast<int>(Op::kIndexLoad1_FF) + 1));
static_assert(Op::kIndexLoad1_FA == static_cast<Op>(static_cast<int>(Op::kIndexLoad1_FF) + 2));
static_assert(Op::kIndexLoad16_MA == static_cast<Op>(static_cast<int>(Op::kIndexLoad1_FF) + 23));
static_assert(Op::kIndexLoadAF64_MA == static_cast<Op>(static_cast<int>(Op::kIndexLoadAI32_FF) + 15));
static_assert(Op::kIndexStore16_MF == static_cast<Op>(static_cast<int>(Op::kIndexStore1_FF) + 11));
static_assert(Op::kIndexStoreAF64_MF == static_cast<Op>(static_cast<int>(Op::kIndexStoreAI32_FF) + 7));
static_assert(Op::kFixedStore1_F == static_cast<Op>(static_cast<int>(Op::kFixedLoad1_F) + 2));
static_assert(Op::kFixedStore16_M == static_cast<Op>(static_cast<int>(Op::kFixedLoad1_F) + 23));

}  // namespace

int64_t FunctionLowering::ConstantIndex(const TExpr* index) {
  if (index->kind != ExprKind::kConst) return -1;
  const auto bits = static_cast<int64_t>(static_cast<const sema::TConst*>(index)->bits[0]);
  const int64_t value = index->type->size() == 4 ? static_cast<int32_t>(bits) : bits;
  return value >= 0 && value <= 0x7fffffff ? value : -1;
}

FunctionLowering::Base FunctionLowering::BaseOf(Place place, bool takes_offset) {
  if (place.in_frame()) return {true, place.slot};
  if (takes_offset && place.by_pointer() && place.offset >= 0 && place.offset <= 0xffff) {
    CheckNow(place);
    return {false, place.slot, static_cast<uint32_t>(place.offset)};
  }
  return {false, AddressOf(place)};
}

FunctionLowering::Base FunctionLowering::BaseAndIndex(const sema::TIndex* node, bool takes_offset, bool acc,
                                                      Operand* index) {
  if (IsQuiet(node->index)) {
    const Base base = BaseOf(PlaceOrTemp(node->base), takes_offset);
    const Operand value = Eval(node->index, {.acc = acc});
    *index = value.is_const() ? Operand::Frame(Materialize(value, node->index->type)) : value;
    return base;
  }
  const size_t pins = pinned_.size();
  Pin(node->base, node->index);
  *index = Operand::Frame(SlotFor(node->index));
  const Base base = BaseOf(PlaceOrTemp(node->base), takes_offset);
  pinned_.resize(pins, Pinned{nullptr, {}});
  return base;
}

Place FunctionLowering::IndexPlace(const sema::TIndex* node) {
  const uint32_t stride = node->type->size();
  const bool wide = node->index->type->size() == 8;
  switch (node->mode) {
    case IndexMode::kTable: {
      const SlotOffset pointer = TakeTemp(8);
      At(node->location);
      EvalTableFind(node->base, node->index, node->base->type, true, pointer, node->initial);
      return Place::Pointer(pointer);
    }
    case IndexMode::kPointer: {
      const SlotOffset pointer = TakeTemp(8);
      const SlotOffset base = StableSlot(node->base, node->index);
      const SlotOffset index = SlotFor(node->index);
      At(node->location);
      Emit(wide ? Op::kPointerAdd64 : Op::kPointerAdd32, pointer, base, index, stride);
      return Place::Pointer(pointer);
    }
    case IndexMode::kFixed:
      return FixedIndexPlace(node);
    case IndexMode::kVector: {
      const uint32_t count = node->base->type->size() / 4;
      const int64_t index = ConstantIndex(node->index);
      if (index >= 0 && index < count) return PlaceOrTemp(node->base).At(static_cast<uint32_t>(index) * 4);
      const SlotOffset pointer = TakeTemp(8);
      const SlotOffset number = SlotFor(node->index);
      const SlotOffset base = AddressOf(PlaceOrTemp(node->base));
      At(node->location);
      Emit(Op::kVectorAddress, pointer, base, number, count);
      return Place::Pointer(pointer);
    }
    case IndexMode::kArray:
      break;
  }
  const SlotOffset pointer = TakeTemp(8);
  Operand index;
  const Base base = BaseAndIndex(node, false, !wide, &index);
  At(node->location);
  if (!wide && stride <= 0xffff) {
    const uint32_t form = (base.in_frame ? 0 : 1) + (index.is_acc() ? 2 : 0);
    Emit(Nth(Op::kIndexAddress_FF, form), pointer, base.slot, index.is_acc() ? 0 : index.slot, stride);
  } else {
    SlotOffset number = index.slot;
    if (index.is_acc()) number = Deliver(index, node->index->type, {.slot = TakeTemp(8)}).slot;
    Op op = base.in_frame ? Op::kIndexAddressWide_F : Op::kIndexAddressWide_M;
    if (wide) op = base.in_frame ? Op::kIndexAddress64_F : Op::kIndexAddress64_M;
    Emit(op, pointer, base.slot, number);
    builder_.EmitBits(stride);
  }
  return Place::Pointer(pointer);
}

Place FunctionLowering::FixedIndexPlace(const sema::TIndex* node) {
  const uint32_t dim = node->base->type->dim;
  const int64_t constant = ConstantIndex(node->index);
  if (constant >= 0 && constant < dim) {
    return PlaceOrTemp(node->base).At(static_cast<uint32_t>(constant) * node->type->size());
  }
  const bool wide = node->index->type->size() == 8;
  const SlotOffset pointer = TakeTemp(8);
  Operand index;
  const Base base = BaseAndIndex(node, false, false, &index);
  At(node->location);
  Op op = base.in_frame ? Op::kFixedAddress_F : Op::kFixedAddress_M;
  if (wide) op = base.in_frame ? Op::kFixedAddress64_F : Op::kFixedAddress64_M;
  const uint32_t word = Emit(op, pointer, base.slot, index.slot);
  builder_.EmitBits(dim, node->type->size());
  HintHere(word, node->hint);
  return Place::Pointer(pointer);
}

Operand FunctionLowering::EvalIndex(const sema::TIndex* node, const Want& want) {
  Operand result;
  if (TryIndexLoad(node, want, &result)) return result;
  const SlotOffset target = want.acc && want.slot == kNoSlot ? kNoSlot : Target(want, node->type);
  Want inner = want;
  if (target != kNoSlot) inner.slot = target;
  const SlotOffset mark = Mark();
  const Place place = IndexPlace(node);
  At(node->location);
  const Operand operand = LoadValue(place, node->type, inner);
  if (target != kNoSlot) Release(mark);
  return operand;
}

bool FunctionLowering::TryIndexLoad(const sema::TIndex* node, const Want& want, Operand* result) {
  const uint32_t bytes = node->type->size();
  const int size_index = SizeIndex(bytes);
  if (size_index < 0 || node->index->type->size() == 8) return false;
  if (node->mode == IndexMode::kVector) {
    if (ConstantIndex(node->index) >= 0) return false;
    const SlotOffset target = Target(want, node->type);
    const SlotOffset mark = Mark();
    const SlotOffset base = StableSlot(node->base, node->index);
    const SlotOffset index = SlotFor(node->index);
    Release(mark);
    At(node->location);
    Emit(Op::kVectorLoad, target, base, index, node->base->type->size() / 4);
    *result = Operand::Frame(target);
    return true;
  }
  const bool is_fixed = node->mode == IndexMode::kFixed;
  if (is_fixed && (node->base->type->dim > 0xffff || ConstantIndex(node->index) >= 0)) return false;
  if (!is_fixed && node->mode != IndexMode::kArray) return false;
  const int acc_index =
      is_fixed || !want.acc || want.slot != kNoSlot ? -1 : AccumulatorIndex(exec::ValueTypeOf(node->type));
  const SlotOffset target = acc_index >= 0 ? kNoSlot : Target(want, node->type);
  const SlotOffset mark = Mark();
  Operand index;
  const Base base = BaseAndIndex(node, !is_fixed, !is_fixed, &index);
  Release(mark);
  At(node->location);
  const uint32_t memory = base.in_frame ? 0 : 1;
  if (is_fixed) {
    const uint32_t word = Emit(Nth(Op::kFixedLoad1_F, static_cast<uint32_t>(size_index) * 4 + memory), target,
                               base.slot, index.slot, node->base->type->dim);
    HintHere(word, node->hint);
  } else if (acc_index >= 0) {
    const uint32_t form = static_cast<uint32_t>(acc_index) * 4 + memory + (index.is_acc() ? 2 : 0);
    Emit(Nth(Op::kIndexLoadAI32_FF, form), 0, base.slot, index.is_acc() ? 0 : index.slot, base.offset);
  } else {
    const uint32_t form = static_cast<uint32_t>(size_index) * 4 + memory + (index.is_acc() ? 2 : 0);
    Emit(Nth(Op::kIndexLoad1_FF, form), target, base.slot, index.is_acc() ? 0 : index.slot, base.offset);
  }
  *result = acc_index >= 0 ? Operand::Acc() : Operand::Frame(target);
  return true;
}

bool FunctionLowering::TryIndexStore(const sema::TAssign* node) {
  if (node->target->kind != ExprKind::kIndex) return false;
  const auto* target = static_cast<const sema::TIndex*>(node->target);
  const types::Type* type = target->type;
  const int size_index = SizeIndex(type->size());
  const bool is_fixed = target->mode == IndexMode::kFixed;
  if (size_index < 0 || type->is_ref_type() || target->index->type->size() == 8) return false;
  if (!is_fixed && target->mode != IndexMode::kArray) return false;
  if (is_fixed && (target->base->type->dim > 0xffff || ConstantIndex(target->index) >= 0)) return false;
  const size_t pins = pinned_.size();
  Pin(target, node->value);
  Leaf index_leaf;
  Place direct;
  const bool index_ready =
      AsLeaf(target->index, ValueType::kI32, &index_leaf) && index_leaf.kind == OperandKind::kFrame;
  const bool base_ready =
      DirectPlace(target->base, &direct) &&
      (direct.in_frame() || (direct.by_pointer() && direct.offset >= 0 && direct.offset <= 0xffff && !direct.checked));
  const int acc_index = is_fixed || !index_ready || !base_ready ? -1 : AccumulatorIndex(exec::ValueTypeOf(type));
  const Operand value = Eval(node->value, {.acc = acc_index >= 0});
  const bool floats = exec::ValueTypeOf(type) >= ValueType::kF32;
  const auto bits = static_cast<int64_t>(value.bits);
  const int64_t small = type->size() == 1   ? static_cast<int8_t>(bits)
                        : type->size() == 4 ? static_cast<int32_t>(bits)
                                            : bits;
  const bool as_constant = value.is_const() && !is_fixed && small == static_cast<int16_t>(small) &&
                           (type->size() == 1 || type->size() == 4 || type->size() == 8) && (!floats || bits == 0);
  const SlotOffset slot = value.is_acc() || as_constant ? kNoSlot : Materialize(value, type);
  SlotOffset index = index_ready ? index_leaf.slot : kNoSlot;
  if (!index_ready) index = SlotFor(target->index);
  const Base base = BaseOf(PlaceOrTemp(target->base), !is_fixed);
  pinned_.resize(pins, Pinned{nullptr, {}});
  At(target->location);
  const uint32_t memory = base.in_frame ? 0 : 1;
  if (is_fixed) {
    HintHere(Emit(Nth(Op::kFixedStore1_F, static_cast<uint32_t>(size_index) * 4 + memory), base.slot, index, slot,
                  target->base->type->dim),
             target->hint);
  } else if (value.is_acc()) {
    Emit(Nth(Op::kIndexStoreAI32_FF, static_cast<uint32_t>(acc_index) * 2 + memory), base.slot, index, 0, base.offset);
  } else if (as_constant) {
    const Op first = type->size() == 1   ? Op::kIndexStoreK1_FF
                     : type->size() == 4 ? Op::kIndexStoreK4_FF
                                         : Op::kIndexStoreK8_FF;
    Emit(Nth(first, memory), base.slot, index, static_cast<uint16_t>(small), base.offset);
  } else {
    Emit(Nth(Op::kIndexStore1_FF, static_cast<uint32_t>(size_index) * 2 + memory), base.slot, index, slot, base.offset);
  }
  return true;
}

}  // namespace vestige::lower
