// Loads, stores, copies and labels: the simplest operations, and the limits of their operands. Floor 5.

#include <bit>
#include <limits>

#include "lower/function_lowering.h"

namespace vestige::lower {

namespace {

constexpr int32_t kMaxOffset = std::numeric_limits<uint16_t>::max();
// A generator's block has to stay below 2 GB.
constexpr uint64_t kMostFarBytes = uint64_t{1} << 30;

bool FitsImmediate(int64_t value) {
  return value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
}

bool HasSizedMove(uint32_t bytes) { return exec::MoveOp(bytes) != Op::kNone; }

}  // namespace

void FunctionLowering::BeginLive(const Place& place, const types::Type* type, exec::SlotMapEntry::Owned owned) {
  if (!type->traits().holds_heap) return;
  frame_.BeginLive({.first_word = builder_.here(),
                    .last_word = builder_.here(),
                    .offset = place.slot,
                    .type = type->unqualified,
                    .is_far = place.by_pointer(),
                    .far_offset = place.by_pointer() ? static_cast<uint32_t>(place.offset) : 0,
                    .owned = owned},
                   info_->slots);
}

Place FunctionLowering::TakeMemory(uint32_t bytes, bool is_variable) {
  const bool has_room = is_variable ? frame_.HasRoomForVariable(bytes) : frame_.HasRoomFor(bytes);
  if (has_room) return Place::Frame(TakeTemp(bytes));
  if (!is_variable || !FrameLayout::IsPaged(bytes)) return Place::Pointer(TakeFar(bytes));
  FrameLayout::Page page = frame_.TakeFromPage(bytes);
  if (page.slot == kNoSlot) {
    frame_.AddPage(TakeFar(FrameLayout::kPageBytes));
    page = frame_.TakeFromPage(bytes);
  }
  return Place::Pointer(page.slot, static_cast<int32_t>(page.used_bytes));
}

SlotOffset FunctionLowering::TakeFar(uint32_t bytes) {
  const SlotOffset slot = TakeTemp(8);
  const FrameLayout::Far far = frame_.TakeFar(slot, bytes);
  if (in_generator()) {
    // Behind the frame, whose size is not known yet.
    if (far.offset + bytes > kMostFarBytes) frame_overflow_ = true;
    frame_.AddFarWord({EmitImmediate(Op::kLea, slot, 0, 0), static_cast<uint32_t>(far.offset)});
  } else {
    EmitImmediate(Op::kFarMemory, slot, 0, static_cast<int32_t>(far.number));
    builder_.EmitBits(bytes);
  }
  return slot;
}

uint32_t FunctionLowering::Emit(Op op, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  if ((a | b | c | d) > std::numeric_limits<uint16_t>::max()) [[unlikely]]
    frame_overflow_ = true;
  return builder_.Emit(op, a & 0xffff, b & 0xffff, c & 0xffff, d & 0xffff);
}

uint32_t FunctionLowering::EmitImmediate(Op op, uint32_t a, uint32_t b, int64_t immediate) {
  if ((a | b) > std::numeric_limits<uint16_t>::max()) [[unlikely]]
    frame_overflow_ = true;
  return builder_.EmitImmediate(op, a & 0xffff, b & 0xffff, static_cast<int32_t>(immediate));
}

void FunctionLowering::At(base::Location location) {
  place_ = location;
  builder_.SetPlace(location, inline_id_);
}

void FunctionLowering::HintHere(uint32_t word, std::string_view text) {
  if (!text.empty()) builder_.AddHint(word, text);
}

void FunctionLowering::Move(SlotOffset to, SlotOffset from, uint32_t bytes) {
  if (to == from || bytes == 0) return;
  if (HasSizedMove(bytes)) {
    Emit(exec::MoveOp(bytes), to, from);
  } else {
    EmitImmediate(Op::kCopyFF, to, from, bytes);
  }
}

void FunctionLowering::MoveConst(SlotOffset to, const types::Type* type, uint64_t bits) {
  switch (type->size()) {
    case 1:
      EmitImmediate(Op::kMoveK1, to, 0, static_cast<int8_t>(bits));
      return;
    case 2:
      EmitImmediate(Op::kMoveK2, to, 0, static_cast<int16_t>(bits));
      return;
    case 4:
      EmitImmediate(Op::kMoveK4, to, 0, static_cast<int32_t>(bits));
      return;
    default:
      break;
  }
  if (FitsImmediate(static_cast<int64_t>(bits))) {
    EmitImmediate(Op::kMoveK8, to, 0, static_cast<int64_t>(bits));
    return;
  }
  if (exec::ValueTypeOf(type) == exec::ValueType::kF64) {
    const float narrow = static_cast<float>(std::bit_cast<double>(bits));
    if (std::bit_cast<uint64_t>(static_cast<double>(narrow)) == bits) {
      EmitImmediate(Op::kMoveKF64, to, 0, std::bit_cast<int32_t>(narrow));
      return;
    }
  }
  Emit(Op::kMoveData8, to);
  builder_.EmitBits(bits);
}

void FunctionLowering::CheckNow(Place& place) {
  if (!place.checked) return;
  HintHere(Emit(Op::kCheckNull, place.slot), place.hint);
  place.checked = false;
}

SlotOffset FunctionLowering::AddressOf(const Place& place, SlotOffset wanted) {
  if (place.by_pointer() && !place.checked && place.offset == 0) {
    if (wanted == kNoSlot) return place.slot;
    Move(wanted, place.slot, 8);
    return wanted;
  }
  const SlotOffset slot = wanted == kNoSlot ? TakeTemp(8) : wanted;
  switch (place.base) {
    case Place::Base::kFrame:
      EmitImmediate(Op::kLea, slot, 0, place.slot);
      break;
    case Place::Base::kGlobal:
      EmitImmediate(Op::kLeaGlobal, slot, 0, place.offset);
      break;
    case Place::Base::kPointer: {
      const Op op = place.checked ? Op::kAddAddressChecked : Op::kAddAddress;
      HintHere(EmitImmediate(op, slot, place.slot, place.offset), place.checked ? place.hint : std::string_view());
      break;
    }
  }
  return slot;
}

Place FunctionLowering::PointerTo(const Place& place) {
  if (place.by_pointer() && place.offset >= 0 && place.offset <= kMaxOffset) {
    Place pointer = place;
    CheckNow(pointer);
    return pointer;
  }
  return Place::Pointer(AddressOf(place));
}

void FunctionLowering::LoadPlace(SlotOffset to, const Place& place, uint32_t bytes) {
  if (place.in_frame()) return Move(to, place.slot, bytes);
  const bool sized = HasSizedMove(bytes);
  if (place.base == Place::Base::kGlobal && sized) {
    EmitImmediate(exec::LoadGlobalOp(bytes), to, 0, place.offset);
    return;
  }
  const bool direct = place.by_pointer() && place.offset >= 0 && place.offset <= kMaxOffset;
  if (sized && direct) {
    HintHere(Emit(exec::LoadOp(bytes, place.checked), to, place.slot, static_cast<uint32_t>(place.offset)),
             place.checked ? place.hint : std::string_view());
    return;
  }
  const SlotOffset mark = Mark();
  const SlotOffset address = AddressOf(place);
  if (sized) {
    Emit(exec::LoadOp(bytes, false), to, address);
  } else {
    EmitImmediate(Op::kCopyFM, to, address, bytes);
  }
  Release(mark);
}

void FunctionLowering::StorePlace(const Place& place, SlotOffset from, uint32_t bytes) {
  if (place.in_frame()) return Move(place.slot, from, bytes);
  const bool sized = HasSizedMove(bytes);
  if (place.base == Place::Base::kGlobal && sized) {
    EmitImmediate(exec::StoreGlobalOp(bytes), from, 0, place.offset);
    return;
  }
  const bool direct = place.by_pointer() && place.offset >= 0 && place.offset <= kMaxOffset;
  if (sized && direct) {
    HintHere(Emit(exec::StoreOp(bytes, place.checked), place.slot, static_cast<uint32_t>(place.offset), from),
             place.checked ? place.hint : std::string_view());
    return;
  }
  const SlotOffset mark = Mark();
  const SlotOffset address = AddressOf(place);
  if (sized) {
    Emit(exec::StoreOp(bytes, false), address, 0, from);
  } else {
    EmitImmediate(Op::kCopyMF, address, from, bytes);
  }
  Release(mark);
}

void FunctionLowering::CopyPlace(const Place& to, const Place& from, uint32_t bytes) {
  if (bytes == 0) return;
  if (to.in_frame()) return LoadPlace(to.slot, from, bytes);
  if (from.in_frame()) return StorePlace(to, from.slot, bytes);
  const SlotOffset mark = Mark();
  if (HasSizedMove(bytes)) {
    const SlotOffset value = TakeTemp(bytes);
    LoadPlace(value, from, bytes);
    StorePlace(to, value, bytes);
  } else {
    const SlotOffset source = AddressOf(from);
    const SlotOffset target = AddressOf(to);
    EmitImmediate(Op::kCopyMM, target, source, bytes);
  }
  Release(mark);
}

void FunctionLowering::ZeroPlace(const Place& place, uint32_t bytes) {
  if (bytes == 0) return;
  if (place.in_frame()) {
    switch (bytes) {
      case 1:
        EmitImmediate(Op::kMoveK1, place.slot, 0, 0);
        return;
      case 2:
        EmitImmediate(Op::kMoveK2, place.slot, 0, 0);
        return;
      case 4:
        EmitImmediate(Op::kMoveK4, place.slot, 0, 0);
        return;
      case 8:
        Emit(Op::kZero8, place.slot);
        return;
      default:
        EmitImmediate(Op::kZeroF, place.slot, 0, bytes);
        return;
    }
  }
  const SlotOffset mark = Mark();
  EmitImmediate(Op::kZeroM, AddressOf(place), 0, bytes);
  Release(mark);
}

void FunctionLowering::Bind(Label& label) {
  const uint32_t here = builder_.here();
  if (label.is_used() && label.last_jump + 1 == here && last_bound_word_ != here &&
      builder_.OpAt(here - 1) == Op::kJump) {
    // A jump to the next word.
    label.last_jump = static_cast<uint32_t>(exec::Immediate(&builder_.word(here - 1))) - 1;
    builder_.Truncate(here - 1);
    At(place_);
  }
  label.word = builder_.here();
  if (!label.is_used()) return;
  last_bound_word_ = label.word;
  uint32_t jump = label.last_jump;
  while (jump != Label::kUnbound) {
    // Until it is patched, the distance of a jump holds the previous jump of its chain, plus one.
    const uint32_t previous = static_cast<uint32_t>(exec::Immediate(&builder_.word(jump)));
    builder_.PatchJump(jump, label.word);
    jump = previous - 1;
  }
}

void FunctionLowering::BindTop(Label& label) { label.word = last_bound_word_ = builder_.here(); }

void FunctionLowering::JumpTo(Op op, uint32_t a, uint32_t b, Label& label) {
  if (label.is_bound()) {
    const uint32_t jump = EmitImmediate(op, a, b, 0);
    builder_.PatchJump(jump, label.word);
    return;
  }
  label.last_jump = EmitImmediate(op, a, b, static_cast<int32_t>(label.last_jump + 1));
}

}  // namespace vestige::lower
