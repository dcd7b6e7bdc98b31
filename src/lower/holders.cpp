// Saying who holds a smart pointer, for reports; only where the engine tracks holders. Floor 5.

#include <string>

#include "fmt/format.h"
#include "lower/analysis.h"
#include "lower/function_lowering.h"
#include "runtime/holders.h"

namespace vestige::lower {

using sema::AssignMode;
using sema::ExprKind;
using sema::TExpr;

namespace {

struct Holder {
  HolderKind kind = HolderKind::kScript;
  std::string name;
};

// The part at `offset` of a value, or, of a variant, the one it has.
std::string PartName(const types::Type* type, uint32_t offset, size_t variant_index = 0) {
  if (type->kind == types::Kind::kStruct) {
    for (const types::Field& known : type->struct_info->fields) {
      if (known.offset == offset) return std::string(known.name.text());
    }
    return {};
  }
  size_t index = variant_index;
  if (type->kind == types::Kind::kTuple) {
    while (index < type->parts.size() && type->part_offset(index) != offset) ++index;
  }
  const bool is_named = index < type->names.size() && !type->names[index].empty();
  return is_named ? std::string(type->names[index].text()) : fmt::format("_{}", index);
}

Holder HolderOfPart(const types::Type* type, uint32_t offset, size_t variant_index = 0) {
  const std::string whole = types::TypeName(type->unqualified);
  const bool has_elements =
      type->kind == types::Kind::kFixedArray || type->kind == types::Kind::kArray || type->kind == types::Kind::kTable;
  if (has_elements) return {HolderKind::kElement, fmt::format("element of {}", whole)};
  return {HolderKind::kField, fmt::format("field {} of {}", PartName(type, offset, variant_index), whole)};
}

Holder HolderOf(const TExpr* target) {
  switch (target->kind) {
    case ExprKind::kLocal: {
      const sema::TLocal* local = static_cast<const sema::TLocalRef*>(target)->local;
      if (local->is_reference) return {HolderKind::kScript, fmt::format("what {} refers to", local->name.text())};
      return {HolderKind::kLocal, fmt::format("local {}", local->name.text())};
    }
    case ExprKind::kGlobal:
      return {HolderKind::kGlobal,
              fmt::format("global {}", static_cast<const sema::TGlobalRef*>(target)->global->name.text())};
    case ExprKind::kField: {
      const auto* field = static_cast<const sema::TField*>(target);
      return HolderOfPart(field->base->type, field->offset);
    }
    case ExprKind::kIndex: {
      const auto* index = static_cast<const sema::TIndex*>(target);
      return HolderOfPart(index->base->type, 0);
    }
    default:
      return {HolderKind::kScript, "a value"};
  }
}

}  // namespace

void FunctionLowering::EmitNote(HolderKind kind, const char* name, const types::Type* type, SlotOffset slot,
                                SlotOffset from) {
  auto* note = builder_.arena().New<runtime::HolderNote>();
  *note = {.type = type->unqualified, .kind = kind, .name = name};
  Emit(Op::kNoteHolder, slot, from == kNoSlot ? 0 : from, from == kNoSlot ? 0 : 1);
  builder_.EmitPointer(note);
}

void FunctionLowering::NoteHolder(HolderKind kind, std::string_view name, const types::Type* type, const Place& to,
                                  bool cloned) {
  const SlotOffset mark = Mark();
  const SlotOffset slot = AddressOf(to);
  EmitNote(kind, builder_.Text(name), type, slot, cloned ? slot : kNoSlot);
  Release(mark);
}

void FunctionLowering::NoteAssigned(const TExpr* target, const Place& to, bool cloned) {
  if (!NotesHolder(target->type)) return;
  const Holder holder = HolderOf(target);
  NoteHolder(holder.kind, holder.name, target->type, to, cloned);
}

void FunctionLowering::NoteMember(const types::Type* type, const sema::TMember& member, const Place& to) {
  if (!NotesHolder(member.value->type)) return;
  // A variant has one member, whose type says which it is.
  size_t index = 0;
  while (index + 1 < type->parts.size() && type->parts[index]->unqualified != member.value->type->unqualified) ++index;
  const Holder holder = HolderOfPart(type, member.offset, index);
  NoteHolder(holder.kind, holder.name, member.value->type, to.At(member.offset), member.mode == AssignMode::kClone);
}

void FunctionLowering::NoteParts(const types::Type* type, const Place& to, const Place& from) {
  if (!state_.notes_holders || !runtime::HasCountedParts(type)) return;
  const SlotOffset mark = Mark();
  const SlotOffset target = AddressOf(to);
  EmitNote(HolderKind::kScript, nullptr, type, target, AddressOf(from));
  Release(mark);
}

}  // namespace vestige::lower
