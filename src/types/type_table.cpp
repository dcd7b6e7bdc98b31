// Making types once each.
//
// A prototype on the caller's stack is looked up by its shape; only a new shape is copied into the table's arena.
// Nominal types (structs, enums, named bitfields) never go through the lookup. Floor 2.

#include "types/type_table.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "vestige/native.h"

namespace vestige::types {

size_t TypeTable::ShapeHash::operator()(const Type* type) const {
  // A qualified type's shape is its unqualified type, whose parts need not be looked at again.
  if (type->qualifiers != 0) return absl::HashOf(type->unqualified, type->qualifiers);
  return absl::HashOf(type->kind, type->element, type->key, type->dim, type->is_smart, type->name, type->module,
                      absl::MakeConstSpan(type->parts.data(), type->parts.size()),
                      absl::MakeConstSpan(type->names.data(), type->names.size()), type->struct_info, type->enum_info);
}

bool TypeTable::ShapeEqual::operator()(const Type* a, const Type* b) const {
  if (a->qualifiers != b->qualifiers) return false;
  if (a->qualifiers != 0) return a->unqualified == b->unqualified;
  return a->kind == b->kind && a->element == b->element && a->key == b->key && a->dim == b->dim &&
         a->is_smart == b->is_smart && a->name == b->name && a->module == b->module &&
         a->struct_info == b->struct_info && a->enum_info == b->enum_info &&
         std::equal(a->parts.begin(), a->parts.end(), b->parts.begin(), b->parts.end()) &&
         std::equal(a->names.begin(), a->names.end(), b->names.begin(), b->names.end());
}

TypeTable::TypeTable() {
  by_id_.push_back(nullptr);
  for (Kind kind = Kind::kVoid; kind <= Kind::kString; kind = static_cast<Kind>(static_cast<uint8_t>(kind) + 1)) {
    basic_[static_cast<size_t>(kind)] = Make({.kind = kind});
  }
  for (Kind kind : {Kind::kNull, Kind::kAuto, Kind::kAny}) {
    basic_[static_cast<size_t>(kind)] = Make({.kind = kind});
  }
  // The element of `null` lets everything that reads pointers treat it as `void?`.
  const_cast<Type*>(basic_[static_cast<size_t>(Kind::kNull)])->element = void_type();
}

Type* TypeTable::NewType(const Type& prototype) {
  Type* type = arena_.New<Type>(prototype);
  type->id = static_cast<uint32_t>(by_id_.size());
  type->parts = arena_.Copy(prototype.parts);
  type->names = arena_.Copy(prototype.names);
  if (type->kind == Kind::kTuple || type->kind == Kind::kVariant) {
    auto* offsets = static_cast<uint32_t*>(arena_.Allocate(sizeof(uint32_t) * type->parts.size(), alignof(uint32_t)));
    type->cached_offsets = {offsets, type->parts.size()};
  }
  if (type->qualifiers == 0) type->unqualified = type;
  by_id_.push_back(type);
  return type;
}

const Type* TypeTable::Make(const Type& prototype) {
  const auto found = made_.find(&prototype);
  if (found != made_.end()) return *found;
  const Type* type = NewType(prototype);
  made_.insert(type);
  return type;
}

const Type* TypeTable::Auto(base::Symbol name) {
  return name.empty() ? Basic(Kind::kAuto) : Make({.kind = Kind::kAuto, .name = name});
}

const Type* TypeTable::Option(std::span<const Type* const> alternatives) {
  return Make({.kind = Kind::kOption, .parts = alternatives});
}

const Type* TypeTable::Pointer(const Type* target) { return Make({.kind = Kind::kPointer, .element = target}); }

const Type* TypeTable::SmartPointer(const Type* target) {
  return Make({.kind = Kind::kPointer, .element = target, .is_smart = true});
}

const Type* TypeTable::PointerLike(const Type* like, const Type* target) {
  return like->is_smart ? SmartPointer(target) : Pointer(target);
}

const Type* TypeTable::Array(const Type* element) { return Make({.kind = Kind::kArray, .element = element}); }

const Type* TypeTable::Table(const Type* key, const Type* value) {
  return Make({.kind = Kind::kTable, .element = value, .key = key});
}

const Type* TypeTable::Iterator(const Type* element) { return Make({.kind = Kind::kIterator, .element = element}); }

const Type* TypeTable::FixedArray(const Type* element, uint32_t dim) {
  return Make({.kind = Kind::kFixedArray, .element = element, .dim = dim});
}

const Type* TypeTable::Tuple(std::span<const Type* const> parts, std::span<const base::Symbol> names) {
  return Make({.kind = Kind::kTuple, .parts = parts, .names = names});
}

const Type* TypeTable::Variant(std::span<const Type* const> parts, std::span<const base::Symbol> names) {
  return Make({.kind = Kind::kVariant, .parts = parts, .names = names});
}

const Type* TypeTable::Callable(Kind kind, const Type* result, std::span<const Type* const> arguments,
                                std::span<const base::Symbol> names) {
  return Make({.kind = kind, .element = result, .parts = arguments, .names = names});
}

const Type* TypeTable::Distinct(base::Symbol name, base::Symbol module, const Type* base_type) {
  return Make({.kind = Kind::kDistinct, .element = base_type, .name = name, .module = module});
}

const Type* TypeTable::AnonymousBitfield(const Type* storage) {
  return Make({.kind = Kind::kBitfield, .element = storage});
}

StructInfo* TypeTable::NewStruct(base::Symbol name, base::Symbol module, base::Location location) {
  StructInfo* info = arena_.New<StructInfo>();
  info->name = name;
  info->module = module;
  info->location = location;
  info->type = NewType({.kind = Kind::kStruct, .struct_info = info});
  return info;
}

EnumInfo* TypeTable::NewEnum(base::Symbol name, base::Symbol module, base::Location location, const Type* storage) {
  EnumInfo* info = arena_.New<EnumInfo>();
  info->name = name;
  info->module = module;
  info->location = location;
  info->storage = storage;
  info->type = NewType({.kind = Kind::kEnum, .enum_info = info});
  return info;
}

EnumInfo* TypeTable::NewBitfield(base::Symbol name, base::Symbol module, base::Location location, const Type* storage) {
  EnumInfo* info = arena_.New<EnumInfo>();
  info->name = name;
  info->module = module;
  info->location = location;
  info->storage = storage;
  info->type = NewType({.kind = Kind::kBitfield, .element = storage, .enum_info = info});
  return info;
}

namespace {

// Where C++ has a field of an object with a count, which has parts that scripts do not see; zero when it does not say.
uint32_t CountedOffset(const StructInfo& info, const Field& field) {
  if (info.native == nullptr || info.native->counted == nullptr) return 0;
  for (const NativeField& known : info.native->fields) {
    if (known.name == field.name.text()) return known.offset;
  }
  return 0;
}

}  // namespace

bool TypeTable::CompleteStruct(StructInfo* info, std::span<const Field> fields) {
  std::span<Field> own = arena_.Copy(fields);
  // A field that is too large makes the struct so: it has some size beyond the limit, and nobody may make one.
  constexpr uint64_t kTooLarge = 0xfffffff0;
  uint64_t size = 0;
  uint32_t align = 1;
  for (Field& field : own) {
    if (!IsComplete(field.type)) return false;
    const uint32_t field_align = field.type->align();
    size = (size + field_align - 1) / field_align * field_align;
    size = std::max<uint64_t>(size, CountedOffset(*info, field));
    field.offset = static_cast<uint32_t>(size);
    size = std::min(kTooLarge, size + field.type->size());
    align = std::max(align, field_align);
    info->has_init |= field.has_init;
  }
  info->fields = own;
  info->size = static_cast<uint32_t>(std::min(kTooLarge, (size + align - 1) / align * align));
  info->align = align;
  if (info->native != nullptr) {
    info->size = std::max(info->size, info->native->size);
    info->align = std::max(info->align, info->native->align);
  }
  info->is_complete = true;
  return true;
}

void TypeTable::SetValues(EnumInfo* info, std::span<const EnumValue> values, uint32_t flag_count) {
  info->values = arena_.Copy(values);
  info->flag_count = flag_count;
}

const Type* TypeTable::Qualified(const Type* type, Qualifiers qualifiers) {
  if (type->qualifiers == qualifiers) return type;
  if (qualifiers == 0) return type->unqualified;
  Type prototype = *type->unqualified;
  prototype.qualifiers = qualifiers;
  // What was computed for the unqualified type does not hold for a reference to it.
  prototype.cached_align = 0;
  prototype.traits_known = false;
  prototype.computing = false;
  return Make(prototype);
}

namespace {

bool MayRunScript(const Type* type) { return type != nullptr && type->unqualified->cached_traits.runs_script; }

// One step of the fixed point: what is known of the parts decides.
bool RunsScript(const Type& type) {
  switch (type.kind) {
    // A lambda's finalizer and captures are known only at run time.
    case Kind::kLambda:
    case Kind::kIterator:
      return true;
    // What dies with the last smart pointer is C++.
    case Kind::kPointer:
      return !type.is_smart && MayRunScript(type.element);
    case Kind::kArray:
    case Kind::kTable:
    case Kind::kFixedArray:
    case Kind::kDistinct:
      return MayRunScript(type.element);
    case Kind::kTuple:
    case Kind::kVariant:
      return std::any_of(type.parts.begin(), type.parts.end(), MayRunScript);
    case Kind::kStruct: {
      const StructInfo& info = *type.struct_info;
      if (info.is_class || info.finalize_function != kNoFunction) return true;
      return std::any_of(info.fields.begin(), info.fields.end(),
                         [](const Field& field) { return MayRunScript(field.type); });
    }
    default:
      return false;
  }
}

}  // namespace

void TypeTable::Freeze() {
  for (const Type* type : by_id_) {
    if (type == nullptr) continue;
    type->cached_align = 0;
    type->traits_known = false;
    type->cached_traits = {};
  }
  for (const Type* type : by_id_) {
    if (type == nullptr || type->is_generic()) continue;
    type->size();
    type->traits();
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const Type* type : by_id_) {
      if (type == nullptr || type->cached_traits.runs_script || !RunsScript(*type)) continue;
      type->cached_traits.runs_script = true;
      changed = true;
    }
  }
}

}  // namespace vestige::types
