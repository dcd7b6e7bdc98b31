// Sizes, offsets and classes of types.
//
// Layout follows C: a member lies at the next multiple of its alignment, and the whole is rounded up to the largest
// alignment. A variant is a 32-bit index followed by room for its largest member. Floor 2.

#include "types/type.h"

#include <algorithm>

namespace vestige::types {
namespace {

struct KindRow {
  uint32_t bytes;
  uint32_t align;
};

constexpr KindRow kKindRows[] = {
#define VESTIGE_TYPE_KIND(Name, text, bytes, align) {bytes, align},
#include "types/kinds.def"
#undef VESTIGE_TYPE_KIND
};

constexpr uint64_t RoundUp(uint64_t value, uint64_t align) { return (value + align - 1) / align * align; }

// What a size that does not fit is told as: sema refuses whatever is larger than 0x7fffffff bytes.
constexpr uint32_t Saturate(uint64_t bytes) { return bytes > 0x7fffffff ? 0x80000000u : static_cast<uint32_t>(bytes); }

struct Layout {
  uint32_t size = 0;
  uint32_t align = 1;
};

Layout LayOutTuple(const Type& type) {
  uint64_t size = 0;
  uint32_t largest_align = 1;
  for (size_t i = 0; i < type.parts.size(); ++i) {
    const uint32_t align = type.parts[i]->align();
    size = RoundUp(size, align);
    type.cached_offsets[i] = Saturate(size);
    size += type.parts[i]->size();
    largest_align = std::max(largest_align, align);
  }
  return {Saturate(RoundUp(size, largest_align)), largest_align};
}

Layout LayOutVariant(const Type& type) {
  Layout layout{.size = 0, .align = alignof(int32_t)};
  for (const Type* part : type.parts) {
    layout.size = std::max(layout.size, part->size());
    layout.align = std::max(layout.align, part->align());
  }
  const auto offset = static_cast<uint32_t>(RoundUp(sizeof(int32_t), layout.align));
  std::fill(type.cached_offsets.begin(), type.cached_offsets.end(), offset);
  layout.size = Saturate(RoundUp(uint64_t{offset} + layout.size, layout.align));
  return layout;
}

Layout LayOut(const Type& type) {
  if (type.is_ref()) return {sizeof(void*), alignof(void*)};
  switch (type.kind) {
    case Kind::kEnum:
      return {type.enum_info->storage->size(), type.enum_info->storage->align()};
    case Kind::kBitfield:
    case Kind::kDistinct:
      return {type.element->size(), type.element->align()};
    case Kind::kFixedArray:
      return {Saturate(uint64_t{type.element->size()} * type.dim), type.element->align()};
    case Kind::kStruct:
      return {type.struct_info->size, type.struct_info->align};
    case Kind::kTuple:
      return LayOutTuple(type);
    case Kind::kVariant:
      return LayOutVariant(type);
    default:
      break;
  }
  const KindRow& row = kKindRows[static_cast<size_t>(type.kind)];
  return {row.bytes, std::max(row.align, 1u)};
}

// cached_align is what says that the cache is filled: a size may well be 0. Nothing is remembered while a part is
// incomplete.
void FillLayout(const Type& type) {
  const Layout layout = LayOut(type);
  type.cached_size = layout.size;
  type.cached_align = IsComplete(&type) ? layout.align : 0;
}

}  // namespace

bool IsComplete(const Type* type) {
  if (type->is_ref()) return true;
  switch (type->kind) {
    case Kind::kStruct:
      return type->struct_info->is_complete;
    case Kind::kFixedArray:
    case Kind::kDistinct:
      return IsComplete(type->element);
    case Kind::kTuple:
    case Kind::kVariant:
      return std::all_of(type->parts.begin(), type->parts.end(), IsComplete);
    default:
      return true;
  }
}

uint32_t Type::ComputeSize() const {
  FillLayout(*this);
  return cached_size;
}

uint32_t Type::ComputeAlign() const {
  FillLayout(*this);
  return cached_align == 0 ? LayOut(*this).align : cached_align;
}

uint32_t Type::part_offset(size_t index) const {
  // A reference to a tuple has the tuple's offsets.
  if (is_ref()) return unqualified->part_offset(index);
  if (cached_align == 0) FillLayout(*this);
  return cached_offsets[index];
}

bool Type::is_unsigned() const {
  switch (kind) {
    case Kind::kUInt8:
    case Kind::kUInt16:
    case Kind::kUInt:
    case Kind::kUInt64:
    case Kind::kUInt2:
    case Kind::kUInt3:
    case Kind::kUInt4:
    case Kind::kURange:
    case Kind::kURange64:
    case Kind::kBitfield:
      return true;
    default:
      return false;
  }
}

bool Type::is_workhorse() const {
  if (kind == Kind::kDistinct) return element->is_workhorse();
  return (kind >= Kind::kBool && kind <= Kind::kLambda) || kind == Kind::kNull;
}

bool Type::is_ref_type() const {
  if (kind == Kind::kDistinct) return element->is_ref_type();
  return kind >= Kind::kBlock && kind <= Kind::kVariant;
}

bool Type::is_generic() const {
  if (kind == Kind::kAuto || kind == Kind::kOption || kind == Kind::kAny) return true;
  if (kind == Kind::kFixedArray && dim == 0) return true;
  if (element != nullptr && kind != Kind::kDistinct && element->is_generic()) return true;
  if (key != nullptr && key->is_generic()) return true;
  return std::any_of(parts.begin(), parts.end(), [](const Type* part) { return part->is_generic(); });
}

const Field* StructInfo::FindField(base::Symbol field_name) const {
  for (const Field& field : fields) {
    if (field.name == field_name) return &field;
  }
  return nullptr;
}

const EnumValue* EnumInfo::FindName(base::Symbol value_name) const {
  for (const EnumValue& value : values) {
    if (value.name == value_name) return &value;
  }
  return nullptr;
}

bool SameIgnoringConstRef(const Type* a, const Type* b) {
  constexpr Qualifiers kIgnored = kConst | kRef;
  return a->unqualified == b->unqualified && (a->qualifiers & ~kIgnored) == (b->qualifiers & ~kIgnored);
}

const Type* Representation(const Type* type) {
  type = type->unqualified;
  while (true) {
    switch (type->kind) {
      case Kind::kEnum:
        return type->enum_info->storage->unqualified;
      case Kind::kBitfield:
        return type->element->unqualified;
      case Kind::kDistinct:
        type = type->element->unqualified;
        break;
      default:
        return type;
    }
  }
}

}  // namespace vestige::types
