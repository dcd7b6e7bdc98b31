// Saying who holds a smart pointer, for reports; only where the engine tracks holders. Floor 5.

#include <string>

#include "fmt/format.h"
#include "lower/analysis.h"
#include "lower/function_lowering.h"
#include "runtime/counted.h"

namespace vestige::lower {

using sema::AssignMode;
using sema::ExprKind;
using sema::TExpr;

namespace {

std::string_view FieldName(const sema::TField* field) {
  const types::Type* type = field->base->type;
  if (type->kind != types::Kind::kStruct) return {};
  for (const types::Field& known : type->struct_info->fields) {
    if (known.offset == field->offset) return known.name.text();
  }
  return {};
}

struct Holder {
  HolderKind kind = HolderKind::kScript;
  std::string name;
};

Holder HolderOf(const TExpr* target) {
  switch (target->kind) {
    case ExprKind::kLocal:
      return {HolderKind::kLocal,
              fmt::format("local {}", static_cast<const sema::TLocalRef*>(target)->local->name.text())};
    case ExprKind::kGlobal:
      return {HolderKind::kGlobal,
              fmt::format("global {}", static_cast<const sema::TGlobalRef*>(target)->global->name.text())};
    case ExprKind::kField: {
      const auto* field = static_cast<const sema::TField*>(target);
      return {HolderKind::kField,
              fmt::format("field {} of {}", FieldName(field), types::TypeName(field->base->type->unqualified))};
    }
    case ExprKind::kIndex: {
      const auto* index = static_cast<const sema::TIndex*>(target);
      return {HolderKind::kElement, fmt::format("element of {}", types::TypeName(index->base->type->unqualified))};
    }
    default:
      return {HolderKind::kScript, "a value"};
  }
}

}  // namespace

SlotOffset FunctionLowering::SourceOfMove(const TExpr* value, AssignMode mode) {
  Place place;
  if (value == nullptr || !NotesHolder(value->type) || mode != AssignMode::kMove || !value->is_place ||
      !DirectPlace(value, &place)) {
    return kNoSlot;
  }
  return AddressOf(place, TakeTemp(8));
}

void FunctionLowering::NoteHolder(HolderKind kind, std::string_view name, const types::Type* type, const Place& to,
                                  SlotOffset from) {
  auto* note = builder_.arena().New<runtime::HolderNote>();
  note->type = type->unqualified;
  note->kind = kind;
  note->name = name.empty() ? nullptr : builder_.Text(name);
  const SlotOffset mark = Mark();
  const SlotOffset slot = AddressOf(to);
  Emit(Op::kNoteHolder, slot, from == kNoSlot ? 0 : from, from == kNoSlot ? 0 : 1);
  builder_.EmitPointer(note);
  Release(mark);
}

void FunctionLowering::NoteAssigned(const TExpr* target, SlotOffset from) {
  Place to;
  if (!DirectPlace(target, &to)) {
    // What has effects is evaluated once.
    if (!IsQuiet(target)) return;
    to = PlaceOf(target);
  }
  const Holder holder = HolderOf(target);
  NoteHolder(holder.kind, holder.name, target->type, to, from);
}

}  // namespace vestige::lower
