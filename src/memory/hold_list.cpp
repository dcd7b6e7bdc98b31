#include "memory/hold_list.h"

#include <algorithm>

namespace vestige::memory {

std::string_view HolderName(const Hold& hold) {
  if (hold.name != nullptr) return hold.name;
  switch (hold.kind) {
    case HolderKind::kRefPtr:
      return "a RefPtr";
    case HolderKind::kHandleSlot:
      return "a handle slot";
    case HolderKind::kLocal:
      return "a local";
    case HolderKind::kField:
      return "a field";
    case HolderKind::kCapture:
      return "a capture";
    case HolderKind::kElement:
      return "an element";
    case HolderKind::kGlobal:
      return "a global";
    case HolderKind::kScript:
      break;
  }
  return "a value of the script";
}

Hold* HoldList::FindIndexed(const void* slot) {
  const auto found = positions_.find(slot);
  return found == positions_.end() ? nullptr : &holds_[found->second];
}

void HoldList::Index() {
  is_indexed_ = true;
  for (size_t i = 0; i < count_; ++i) {
    if (HasSlot(holds_[i])) positions_[holds_[i].slot] = i;
  }
}

void HoldList::ForgetIndex() {
  is_indexed_ = false;
  positions_.clear();
}

Hold* HoldList::FindInFlight() {
  if (in_flight_ == 0) return nullptr;
  for (size_t i = count_; i-- > 0;) {
    if (holds_[i].slot == nullptr) return &holds_[i];
  }
  return nullptr;
}

void HoldList::LeaveSlot(const Hold& hold) {
  if (hold.slot == nullptr) --in_flight_;
  if (is_indexed_ && HasSlot(hold)) positions_.erase(hold.slot);
}

void HoldList::EnterSlot(size_t position) {
  const Hold& hold = holds_[position];
  if (hold.slot == nullptr) ++in_flight_;
  if (is_indexed_ && HasSlot(hold)) positions_[hold.slot] = position;
}

void HoldList::MoveTo(Hold* hold, const void* slot) {
  if (hold->slot == slot) return;
  if (slot != nullptr) {
    if (Hold* before = Find(slot)) Lose(before);
  }
  LeaveSlot(*hold);
  hold->slot = slot;
  EnterSlot(PositionOf(hold));
}

void HoldList::Lose(Hold* hold) {
  LeaveSlot(*hold);
  hold->slot = Nowhere();
}

void HoldList::CloseGap(Hold* hold) {
  Hold& last = holds_[count_ - 1];
  if (!is_indexed_) {
    std::move(hold + 1, &last + 1, hold);
    return;
  }
  if (HasSlot(last)) positions_[last.slot] = PositionOf(hold);
  *hold = last;
}

const Drop* HoldList::FindDrop(const void* slot) const {
  for (size_t i = drop_count_; i-- > 0 && i + kKeptDrops >= drop_count_;) {
    const Drop& drop = drops_[i % kKeptDrops];
    if (drop.slot == slot) return &drop;
  }
  return nullptr;
}

}  // namespace vestige::memory
