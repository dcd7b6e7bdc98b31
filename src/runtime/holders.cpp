#include "runtime/holders.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "base/load.h"
#include "fmt/format.h"
#include "runtime/array.h"
#include "runtime/counted.h"
#include "runtime/table.h"

namespace vestige::runtime {
namespace {

using types::Kind;
using types::Type;

// A smart pointer or a container of such inside a value, and what it is a part of; null: of nothing, it is the value.
struct Part {
  const Type* type;
  char* slot;
  const Type* owner;
  size_t index;
};
using PartVisitor = absl::FunctionRef<void(const Part&)>;

void ForEachMember(const Type* type, char* address, const Type* owner, size_t index, PartVisitor visit) {
  type = type->unqualified;
  if (!type->traits().holds_counted) return;
  switch (type->kind) {
    case Kind::kPointer:
    case Kind::kArray:
    case Kind::kTable:
      visit({type, address, owner, index});
      return;
    case Kind::kStruct: {
      const std::span<const types::Field> fields = type->struct_info->fields;
      for (size_t i = 0; i < fields.size(); ++i) {
        ForEachMember(fields[i].type, address + fields[i].offset, type, i, visit);
      }
      return;
    }
    case Kind::kTuple:
      for (size_t i = 0; i < type->parts.size(); ++i) {
        ForEachMember(type->parts[i], address + type->part_offset(i), type, i, visit);
      }
      return;
    case Kind::kVariant: {
      const auto member = static_cast<size_t>(base::Load<int32_t>(address));
      if (member < type->parts.size()) {
        ForEachMember(type->parts[member], address + type->part_offset(member), type, member, visit);
      }
      return;
    }
    case Kind::kDistinct:
      return ForEachMember(type->element, address, owner, index, visit);
    case Kind::kFixedArray:
      for (uint32_t i = 0; i < type->dim; ++i) {
        ForEachMember(type->element, address + size_t{i} * type->element->size(), type, i, visit);
      }
      return;
    default:
      return;
  }
}

// The smart pointers among them.
void ForEachPart(const Type* type, char* address, const Type* owner, PartVisitor visit) {
  ForEachMember(type, address, owner, 0, [&](const Part& part) {
    if (part.type->kind == Kind::kPointer) visit(part);
  });
}

// The live object of a part, or null.
RefCounted* ObjectOf(const memory::ObjectAccount& objects, const Part& part) {
  RefCounted* object = CountedAt(part.type, base::Load<void*>(part.slot));
  return object != nullptr && objects.IsLive(object) ? object : nullptr;
}

HolderKind KindOf(const Part& part) {
  const bool is_element =
      part.owner->kind == Kind::kArray || part.owner->kind == Kind::kTable || part.owner->kind == Kind::kFixedArray;
  return is_element ? HolderKind::kElement : HolderKind::kField;
}

std::string NameOf(const Part& part) {
  const std::string owner = types::TypeName(part.owner);
  if (KindOf(part) == HolderKind::kElement) return fmt::format("element of {}", owner);
  if (part.owner->kind == Kind::kStruct) {
    return fmt::format("field {} of {}", part.owner->struct_info->fields[part.index].name.text(), owner);
  }
  const std::span<const base::Symbol> names = part.owner->names;
  if (part.index < names.size() && !names[part.index].empty()) {
    return fmt::format("field {} of {}", names[part.index].text(), owner);
  }
  return fmt::format("field _{} of {}", part.index, owner);
}

// Notes one part; `from` is the address it came from, or null.
void NotePart(memory::ObjectAccount& objects, const Part& part, const void* from) {
  RefCounted* object = ObjectOf(objects, part);
  if (object == nullptr) return;
  if (part.owner == nullptr) {
    objects.NoteHolder(*object, from, part.slot, HolderKind::kElement, objects.Intern("element of a container"));
  } else {
    objects.NoteHolder(*object, from, part.slot, KindOf(part), objects.Intern(NameOf(part)));
  }
}

// The address in the value at `from` that corresponds to the part's in the value at `to`.
const void* Source(const Part& part, const void* from, const char* to) {
  return from == nullptr ? nullptr : static_cast<const char*>(from) + (part.slot - to);
}

}  // namespace

bool HasCountedParts(const Type* type) {
  type = type->unqualified;
  if (!type->traits().holds_counted) return false;
  switch (type->kind) {
    case Kind::kPointer:
      return true;
    case Kind::kStruct: {
      const std::span<const types::Field> fields = type->struct_info->fields;
      return std::any_of(fields.begin(), fields.end(), [](const auto& field) { return HasCountedParts(field.type); });
    }
    case Kind::kTuple:
    case Kind::kVariant:
      return std::any_of(type->parts.begin(), type->parts.end(), &HasCountedParts);
    case Kind::kDistinct:
    case Kind::kFixedArray:
      return HasCountedParts(type->element);
    default:
      return false;
  }
}

void NoteHolder(ScriptContext& context, const HolderNote& note, void* slot, const void* from) {
  if (!TracksHolders(context)) return;
  memory::ObjectAccount& objects = *context.options().objects;
  auto* address = static_cast<char*>(slot);
  ForEachPart(note.type, address, nullptr, [&](const Part& part) {
    if (part.owner != nullptr) return NotePart(objects, part, Source(part, from, address));
    RefCounted* object = ObjectOf(objects, part);
    if (object != nullptr) {
      objects.NoteHolder(*object, from, note.name == nullptr ? nullptr : slot, note.kind, note.name);
    }
  });
}

void NoteElement(ScriptContext& context, const Type* container, const Type* type, void* slot, const void* from) {
  if (!TracksHolders(context)) return;
  memory::ObjectAccount& objects = *context.options().objects;
  auto* address = static_cast<char*>(slot);
  ForEachPart(type, address, container,
              [&](const Part& part) { NotePart(objects, part, Source(part, from, address)); });
}

void NoteMoved(ScriptContext& context, const Type* type, const void* from, void* to, uint64_t count) {
  if (from == to || !TracksHolders(context) || !HasCountedParts(type)) return;
  memory::ObjectAccount& objects = *context.options().objects;
  const size_t stride = type->size();
  const bool is_up = reinterpret_cast<uintptr_t>(to) > reinterpret_cast<uintptr_t>(from);
  for (uint64_t i = 0; i < count; ++i) {
    // Like memmove: a slot is left before another reference of the same object comes to lie in it.
    const size_t offset = (is_up ? count - 1 - i : i) * stride;
    char* address = static_cast<char*>(to) + offset;
    const char* source = static_cast<const char*>(from) + offset;
    ForEachPart(type, address, nullptr, [&](const Part& part) {
      RefCounted* object = ObjectOf(objects, part);
      if (object != nullptr) objects.NoteMove(*object, Source(part, source, address), part.slot);
    });
  }
}

void NoteLost(ScriptContext& context, const Type* type, void* address, uint64_t count) {
  if (!TracksHolders(context) || !HasCountedParts(type)) return;
  memory::ObjectAccount& objects = *context.options().objects;
  for (uint64_t i = 0; i < count; ++i) {
    ForEachPart(type, static_cast<char*>(address) + i * type->size(), nullptr, [&](const Part& part) {
      if (RefCounted* object = ObjectOf(objects, part)) objects.NoteLost(*object, part.slot);
    });
  }
}

void NoteCloned(ScriptContext& context, const Type* type, void* target) {
  if (!TracksHolders(context) || !type->traits().holds_counted) return;
  memory::ObjectAccount& objects = *context.options().objects;
  struct Container {
    const Type* type;
    char* address;
  };
  std::vector<Container> work;
  const auto note = [&](const Type* of, char* at, const Type* owner) {
    ForEachMember(of, at, owner, 0, [&](const Part& part) {
      if (part.type->kind != Kind::kPointer) {
        work.push_back({part.type, part.slot});
      } else if (part.owner != nullptr) {
        NotePart(objects, part, part.slot);
      }
    });
  };
  note(type, static_cast<char*>(target), nullptr);
  while (!work.empty()) {
    const Container container = work.back();
    work.pop_back();
    const Type* element = container.type->element;
    if (container.type->kind == Kind::kArray) {
      const auto& array = *reinterpret_cast<const Array*>(container.address);
      for (uint32_t i = 0; i < array.size; ++i) note(element, array.data + size_t{i} * element->size(), container.type);
    } else {
      const auto& table = *reinterpret_cast<const Table*>(container.address);
      const TableShape shape = ShapeOfTable(container.type);
      for (uint32_t i = NextLiveSlot(table, shape, 0); i < table.capacity; i = NextLiveSlot(table, shape, i + 1)) {
        note(element, ValueAt(table, shape, i), container.type);
      }
    }
  }
}

}  // namespace vestige::runtime
