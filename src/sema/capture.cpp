// What a lambda takes along. Floor 3.

#include "sema/capture.h"

#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"

namespace vestige::sema {

namespace {

using syntax::CaptureMode;
using types::Kind;
using types::Type;

// How a variable is captured, and whether that was asked for.
struct Wish {
  CaptureMode mode = CaptureMode::kCopy;
  bool is_listed = false;
};

Wish WishFor(const CaptureSet& captures, base::Symbol name) {
  for (const syntax::Capture& capture : captures.listed) {
    if (capture.name == name) return {capture.mode, true};
  }
  return {};
}

bool Refuse(Checker& c, const CaptureSet& captures, int code, std::string what, std::string extra = {}) {
  c.Error(code, captures.place, std::move(what), std::move(extra));
  return false;
}

// Settles `wish->mode`; false after a message.
bool CheckWish(Checker& c, const CaptureSet& captures, const LocalName& name, const Type* type, Wish* wish) {
  const std::string_view text = name.name.text();
  const types::Traits& traits = type->traits();
  if (type->kind == Kind::kBlock)
    return Refuse(c, captures, 30912, fmt::format("can't capture block variable {}", text));
  if (!wish->is_listed) {
    if (traits.can_copy) return true;
    if (!traits.can_move) {
      return Refuse(c, captures, 30129, fmt::format("can't capture variable {}", text), "it can't be copied or moved");
    }
    if (!captures.maker_unsafe) {
      return Refuse(c, captures, 31003,
                    fmt::format("implicit capture by move requires unsafe, while capturing {}", text));
    }
    if (type->is_const()) {
      return Refuse(c, captures, 30912, fmt::format("can't implicitly capture constant variable {} by move", text));
    }
    wish->mode = CaptureMode::kMove;
    return true;
  }
  switch (wish->mode) {
    case CaptureMode::kReference:
      if (captures.maker_unsafe) return true;
      return Refuse(c, captures, 31003, fmt::format("capture by reference requires unsafe, while capturing {}", text));
    case CaptureMode::kMove:
      if (!traits.can_move) return Refuse(c, captures, 30912, fmt::format("can't move captured variable {}", text));
      if (!type->is_const()) return true;
      return Refuse(c, captures, 30912, fmt::format("can't capture constant variable {} by move", text));
    case CaptureMode::kCopy:
      if (traits.can_copy) return true;
      return Refuse(c, captures, 30912, fmt::format("can't copy captured variable {}", text));
    case CaptureMode::kClone:
      if (traits.can_clone) return true;
      return Refuse(c, captures, 30913, fmt::format("can't clone captured variable {}", text));
  }
  return false;
}

AssignMode ModeOf(CaptureMode mode, const Type* type) {
  if (mode == CaptureMode::kMove) return AssignMode::kMove;
  const bool clones = mode == CaptureMode::kClone && !type->traits().clones_by_bits &&
                      (!type->is_workhorse() || type->traits().holds_counted);
  return clones ? AssignMode::kClone : AssignMode::kCopy;
}

// A method's `self` is not taken along: the lambda refers to it.
bool IsSelf(const Checker& c, const LocalName& name) {
  return name.local->name == c.known.self && name.local->is_argument;
}

bool IsConstructing(const LocalName& name) {
  const auto* owner = static_cast<const FunctionRecord*>(name.local->owner);
  const FunctionEntity* entity = owner != nullptr ? owner->entity : nullptr;
  return entity != nullptr && entity->method_of != nullptr && entity->method_of->is_class &&
         entity->decl->name == entity->method_of->name;
}

CaptureSet::Entry* Add(Checker& c, CaptureSet& captures, const LocalName& name, TExpr* source) {
  const Type* type = name.local->type;
  EnsureComplete(c, type);
  Wish wish = WishFor(captures, name.name.empty() ? name.local->name : name.name);
  if (IsSelf(c, name) && IsConstructing(name)) {
    // An object under construction may still move; what was to hold the lambda is left without a value.
    Refuse(c, captures, 30912, "can't capture variable self in a constructor");
    Refuse(c, captures, 30941, "can't move from a lambda that is not complete");
    return nullptr;
  }
  if (IsSelf(c, name) && !wish.is_listed) {
    wish.mode = CaptureMode::kReference;
  } else if (!CheckWish(c, captures, name, type, &wish)) {
    return nullptr;
  }
  CaptureSet::Entry entry;
  entry.local = name.local;
  entry.is_const = type->is_const();
  entry.capture.source = source;
  entry.capture.by_reference = wish.mode == CaptureMode::kReference;
  const Type* stored = c.types.WithoutQualifiers(type, types::kConst | types::kRef | types::kTemp);
  entry.field.name = name.local->name;
  entry.field.location = name.location;
  if (entry.capture.by_reference) {
    entry.field.type = c.types.Pointer(entry.is_const ? c.types.WithConst(stored) : stored);
    entry.field.do_not_delete = true;
  } else {
    entry.field.type = stored;
    entry.capture.mode = ModeOf(wish.mode, stored);
  }
  const uint32_t align = entry.field.type->align();
  entry.field.offset = (captures.size + align - 1) & ~(align - 1);
  entry.capture.offset = entry.field.offset;
  captures.size = entry.field.offset + std::max<uint32_t>(1, entry.field.type->size());
  captures.entries.push_back(entry);
  return &captures.entries.back();
}

}  // namespace

base::Symbol ClosureName(Checker& c, std::string_view what, base::Location location) {
  const ModuleScope* module = c.fn->module;
  const bool is_main = module->is_main && module->name.empty();
  return c.symbols.Intern(fmt::format("_{}_{}_{}_{}", what, is_main ? "thismodule" : module->name.text(),
                                      c.input.sources->Locate(location).line, ++c.declarations->lambda_count));
}

FunctionState InnerState(Checker& c, FunctionRecord* function, syntax::ClosureForm form) {
  FunctionState* outer = c.fn;
  FunctionState state;
  state.function = function;
  state.module = outer->module;
  state.caller_module = outer->caller_module;
  state.bindings = outer->bindings;
  state.names_begin = c.names.size();
  // `unsafe` covers blocks only: they run while it does.
  if (form == syntax::ClosureForm::kBlock) state.unsafe_depth = outer->unsafe_depth;
  if (form != syntax::ClosureForm::kLocalFunction) {
    state.outer = outer;
    state.self = outer->self;
  }
  return state;
}

void BeginCaptures(Checker& c, CaptureSet* captures, base::Symbol name, base::Location location) {
  captures->info = c.types.NewStruct(name, c.fn->module->is_main ? base::Symbol() : c.fn->module->name, location);
}

void FinishCaptures(Checker& c, CaptureSet* captures) {
  std::vector<types::Field> fields;
  if (captures->has_head) {
    const Type* pointer = c.types.Callable(Kind::kFunction, c.types.void_type(), {}, {});
    fields.resize(2);
    fields[0].name = c.symbols.Intern("__lambda");
    fields[1].name = c.symbols.Intern("__finalize");
    for (types::Field& field : fields) {
      field.type = pointer;
      field.location = captures->place.location;
    }
  }
  for (const CaptureSet::Entry& entry : captures->entries) fields.push_back(entry.field);
  c.types.CompleteStruct(captures->info, fields);
}

TExpr* CapturedPlace(Checker& c, const LambdaFrame& frame, const LocalName& name, TExpr* source,
                     base::Location location) {
  CaptureSet& captures = *frame.captures;
  CaptureSet::Entry* entry = nullptr;
  for (CaptureSet::Entry& known : captures.entries) {
    if (known.local == name.local) entry = &known;
  }
  if (entry == nullptr) entry = Add(c, captures, name, source);
  if (entry == nullptr) return nullptr;
  const Type* type = entry->field.type;
  if (entry->is_const && !entry->capture.by_reference) type = c.types.WithConst(type);
  TField* field = c.Node<TField>(location, type, true);
  field->base = LocalRef(c, frame.self, location);
  field->offset = entry->field.offset;
  if (!entry->capture.by_reference) return field;
  TDeref* target = c.Node<TDeref>(location, type->element, true);
  target->pointer = field;
  target->unchecked = true;
  return target;
}

}  // namespace vestige::sema
