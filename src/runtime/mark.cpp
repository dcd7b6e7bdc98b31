// The marking walk. Floor 3.

#include "runtime/mark.h"

#include <cstring>

#include "base/load.h"
#include "runtime/array.h"
#include "runtime/callable.h"
#include "runtime/iterator.h"
#include "runtime/object_type.h"
#include "runtime/table.h"

namespace vestige::runtime {
namespace {

using types::Kind;
using types::Type;

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

void Marker::MarkRoot(const Type* type, const void* address) {
  Add(type, address);
  Drain();
}

void Marker::MarkAllRoots() {
  context_.VisitRoots([this](const Type* type, void* address) { MarkRoot(type, address); });
  for (Iterator* iterator : context_.closing().waiting) {
    if (Mark(context_.heap(), iterator)) iterator->Mark(*this);
  }
  Drain();
}

void Marker::Add(const Type* type, const void* address, uint64_t count) {
  if (count == 0 || address == nullptr || !type->traits().holds_heap) return;
  work_.push_back({type, static_cast<const char*>(address), count});
}

bool Marker::Mark(memory::Heap& heap, const void* pointer) {
  if (!heap.Mark(pointer)) return false;
  if (observer_ != nullptr) observer_->DidMark(heap, pointer);
  return true;
}

void Marker::Drain() {
  while (!work_.empty()) {
    Run& top = work_.back();
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
      if (Mark(context_.heap(), array.data)) Add(type->element, array.data, array.size);
      break;
    }
    case Kind::kTable:
      VisitTable(type, address);
      break;
    case Kind::kFixedArray:
      Add(type->element, address, type->dim);
      break;
    case Kind::kDistinct:
      Add(type->element, address);
      break;
    case Kind::kStruct:
      for (const types::Field& field : type->struct_info->fields) Add(field.type, address + field.offset);
      break;
    case Kind::kTuple:
      for (size_t i = 0; i < type->parts.size(); ++i) Add(type->parts[i], address + type->part_offset(i));
      break;
    case Kind::kVariant: {
      const auto index = base::Load<int32_t>(address);
      if (index < 0 || static_cast<size_t>(index) >= type->parts.size()) break;
      Add(type->parts[static_cast<size_t>(index)], address + type->part_offset(0));
      break;
    }
    default:
      break;
  }
}

// A pointer may be into a block, onto the stack or at a global: those are reached from their own roots.
void Marker::VisitPointer(const Type* target, const void* pointer) {
  if (pointer == nullptr || !Mark(context_.heap(), pointer)) return;
  Add(ObjectType(context_, target, pointer), pointer);
}

void Marker::VisitLambda(const void* lambda) {
  if (lambda == nullptr) return;
  const LambdaHeader& header = HeaderOf(lambda);
  if (Mark(context_.heap(), &header)) Add(header.capture_type, lambda);
}

void Marker::VisitTable(const Type* type, const char* address) {
  const auto& table = *reinterpret_cast<const Table*>(address);
  if (!Mark(context_.heap(), table.data)) return;
  const bool keys = type->key->traits().holds_heap;
  const bool values = type->element->traits().holds_heap;
  if (keys || values) work_.push_back({.type = type, .address = address, .count = 1, .is_table = true});
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
  if (type->key->traits().holds_heap) Visit(type->key, KeyAt(table, shape, slot));
  Add(type->element, ValueAt(table, shape, slot));
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
