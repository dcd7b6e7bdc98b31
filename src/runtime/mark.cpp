// The marking walk. Floor 3.

#include "runtime/mark.h"

#include <cstring>

#include "base/load.h"
#include "fmt/format.h"
#include "runtime/array.h"
#include "runtime/callable.h"
#include "runtime/iterator.h"
#include "runtime/object_type.h"
#include "runtime/table.h"

namespace vestige::runtime {
namespace {

using types::Kind;
using types::Type;

// Steps of ways: any element of a container, then the parts of a value by number.
constexpr uint32_t kElement = 1;
constexpr uint32_t kFirstPart = 1;

}  // namespace

bool Marker::Begin() {
  if (!context_.heap().BeginMark()) return false;
  if (context_.string_heap().BeginMark()) return true;
  context_.heap().EndMark();
  return false;
}

void Marker::End() {
  context_.heap().EndMark();
  context_.string_heap().EndMark();
}

void Marker::MarkRoot(const Type* type, const void* address, uint32_t owner) {
  owner_ = owner;
  Push(type, address, 1, kOwnWay);
  Drain();
}

void Marker::MarkAllRoots() {
  context_.VisitRoots([this](const Type* type, void* address) { MarkRoot(type, address); });
  for (Iterator* iterator : context_.closing().waiting) {
    if (Mark(context_.heap(), iterator)) iterator->Mark(*this);
  }
  Drain();
}

void Marker::VisitReferences(const void* block) {
  const memory::LiveBlock live = context_.heap().Describe(block);
  const Type* type = nullptr;
  Iterator* iterator = nullptr;
  switch (live.comment) {
    case memory::Comment::kNew:
    case memory::Comment::kNewMakeLocal:
    case memory::Comment::kNewWithInitializer: {
      const types::TypeTable* types = context_.options().types;
      if (types == nullptr || live.type == 0 || live.type >= types->type_count()) return;
      type = types->ById(live.type);
      if (type->size() > live.requested) return;
      break;
    }
    case memory::Comment::kLambda:
      type = static_cast<const LambdaHeader*>(block)->capture_type;
      block = static_cast<const LambdaHeader*>(block) + 1;
      break;
    case memory::Comment::kGenerator:
    case memory::Comment::kIterator:
    case memory::Comment::kArrayIterator:
      iterator = const_cast<Iterator*>(static_cast<const Iterator*>(block));
      break;
    default:
      return;
  }
  if (names_ != nullptr) {
    names_->emplace(kOwnWay, type != nullptr ? types::TypeName(type) : memory::FixedCommentText(live.comment));
  }
  buffers_left_ = context_.heap().live_count();
  way_ = kOwnWay;
  if (iterator != nullptr) {
    iterator->Mark(*this);
  } else {
    Push(type, block, 1, kOwnWay);
  }
  Drain();
}

void Marker::VisitReferencesOfRoot(std::string_view name, const Type* type, const void* address) {
  if (names_ != nullptr) names_->emplace(kOwnWay, name);
  buffers_left_ = context_.heap().live_count();
  Push(type, address, 1, kOwnWay);
  Drain();
}

void Marker::Add(const Type* type, const void* address, uint64_t count) { Push(type, address, count, way_); }

void Marker::Push(const Type* type, const void* address, uint64_t count, Way way) {
  if (count == 0 || address == nullptr || !type->traits().holds_heap) return;
  work_.push_back(
      {.type = type, .address = static_cast<const char*>(address), .count = count, .owner = owner_, .way = way});
}

template <typename Name>
Way Marker::Step(Way way, uint32_t step, Name name) {
  // Odd multiplier and shift: every bit of both counts in every bit of the result.
  Way next = (way ^ step) * 0x9E3779B97F4A7C15;
  next ^= next >> 29;
  if (names_ != nullptr && !names_->contains(next)) {
    const std::string text = (*names_)[way] + name();
    names_->emplace(next, text);
  }
  return next;
}

bool Marker::Mark(memory::Heap& heap, const void* pointer) {
  if (references_ != nullptr) {
    if (&heap == &context_.heap() && pointer != nullptr) references_->DidMeet(pointer, way_);
    return false;
  }
  if (!heap.Mark(pointer)) return false;
  if (observer_ != nullptr) {
    owner_ = observer_->DidMark(heap, pointer, owner_, way_);
    way_ = kOwnWay;
  }
  return true;
}

bool Marker::MarkBuffer(const void* pointer) {
  if (references_ != nullptr) {
    if (buffers_left_ != 0 && context_.heap().IsLive(pointer)) {
      --buffers_left_;
      return true;
    }
    return references_->OwnsBuffer(pointer);
  }
  if (!context_.heap().Mark(pointer)) return false;
  if (observer_ != nullptr) observer_->DidMark(context_.heap(), pointer, owner_, way_);
  return true;
}

void Marker::Drain() {
  while (!work_.empty()) {
    Run& top = work_.back();
    owner_ = top.owner;
    way_ = top.way;
    if (top.is_table) {
      VisitNextEntry();
      continue;
    }
    const Type* type = top.type;
    const char* address = top.address;
    if (--top.count == 0) {
      work_.pop_back();
    } else {
      top.address += type->size();
    }
    Visit(type, address);
  }
}

void Marker::Visit(const Type* type, const char* address) {
  if (type->is_ref()) address = base::Load<const char*>(address);
  if (address == nullptr) return;
  switch (type->kind) {
    case Kind::kString:
      Mark(context_.string_heap(), base::Load<const void*>(address));
      break;
    case Kind::kNull:
    case Kind::kPointer:
      // Objects with a count lie outside of the heap.
      if (type->is_smart_pointer()) break;
      VisitPointer(type->element, base::Load<const void*>(address));
      break;
    case Kind::kLambda:
      VisitLambda(base::Load<const void*>(address));
      break;
    case Kind::kIterator: {
      auto* iterator = base::Load<Iterator*>(address);
      if (iterator != nullptr && Mark(context_.heap(), iterator)) iterator->Mark(*this);
      break;
    }
    case Kind::kArray: {
      const auto& array = *reinterpret_cast<const Array*>(address);
      if (MarkBuffer(array.data))
        Push(type->element, array.data, array.size, Step(way_, kElement, [] { return "[]"; }));
      break;
    }
    case Kind::kTable:
      VisitTable(type, address);
      break;
    case Kind::kFixedArray:
      Push(type->element, address, type->dim, Step(way_, kElement, [] { return "[]"; }));
      break;
    case Kind::kDistinct:
      Push(type->element, address, 1, way_);
      break;
    case Kind::kStruct:
    case Kind::kTuple:
    case Kind::kVariant:
      VisitParts(type, address);
      break;
    default:
      break;
  }
}

void Marker::VisitParts(const Type* type, const char* address) {
  if (type->kind == Kind::kStruct) {
    uint32_t step = kFirstPart;
    for (const types::Field& field : type->struct_info->fields) {
      ++step;
      if (!field.type->traits().holds_heap) continue;
      Push(field.type, address + field.offset, 1,
           Step(way_, step, [&] { return "." + std::string(field.name.text()); }));
    }
    return;
  }
  const auto push = [&](size_t i, uint64_t offset) {
    Push(type->parts[i], address + offset, 1, Step(way_, kFirstPart + 1 + static_cast<uint32_t>(i), [&] {
           return i < type->names.size() && !type->names[i].empty() ? "." + std::string(type->names[i].text())
                                                                    : fmt::format("._{}", i);
         }));
  };
  if (type->kind == Kind::kTuple) {
    for (size_t i = 0; i < type->parts.size(); ++i) push(i, type->part_offset(i));
    return;
  }
  const auto index = base::Load<int32_t>(address);
  if (index >= 0 && static_cast<size_t>(index) < type->parts.size())
    push(static_cast<size_t>(index), type->part_offset(0));
}

// A pointer may be into a block, onto the stack or at a global: those are reached from their own roots.
void Marker::VisitPointer(const Type* target, const void* pointer) {
  if (pointer == nullptr || !Mark(context_.heap(), pointer)) return;
  Push(ObjectType(context_, target, pointer), pointer, 1, way_);
}

void Marker::VisitLambda(const void* lambda) {
  if (lambda == nullptr) return;
  const LambdaHeader& header = HeaderOf(lambda);
  if (Mark(context_.heap(), &header)) Push(header.capture_type, lambda, 1, way_);
}

void Marker::VisitTable(const Type* type, const char* address) {
  const auto& table = *reinterpret_cast<const Table*>(address);
  if (!MarkBuffer(table.data)) return;
  const bool keys = type->key->traits().holds_heap;
  const bool values = type->element->traits().holds_heap;
  if (!keys && !values) return;
  work_.push_back({.type = type, .address = address, .count = 1, .is_table = true, .owner = owner_, .way = way_});
}

void Marker::VisitNextEntry() {
  Run& run = work_.back();
  const Type* type = run.type;
  const auto& table = *reinterpret_cast<const Table*>(run.address);
  const TableShape shape = ShapeOfTable(type);
  const uint32_t slot = NextLiveSlot(table, shape, run.slot);
  if (slot >= table.capacity) {
    work_.pop_back();
    return;
  }
  run.slot = slot + 1;
  // What follows may move the work list.
  const Way way = Step(way_, kElement, [] { return "[]"; });
  Push(type->key, KeyAt(table, shape, slot), 1, way);
  Push(type->element, ValueAt(table, shape, slot), 1, way);
}

bool Collect(ScriptContext& context, bool strings, Collected* collected) {
  Marker marker(context);
  if (!marker.Begin()) return false;
  marker.MarkAllRoots();
  const auto nothing = [](const memory::LiveBlock&) {};
  Collected result;
  result.blocks = context.heap().Sweep(nothing);
  if (strings) {
    result.strings = context.string_heap().Sweep(nothing);
  } else {
    context.string_heap().EndMark();
  }
  if (collected != nullptr) *collected = result;
  return true;
}

}  // namespace vestige::runtime
