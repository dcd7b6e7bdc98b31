// Members of structs: inheritance, overrides, types, layout. Floor 3.

#include <algorithm>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/init_value.h"
#include "sema/match.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

// Once, however many look for its fields meanwhile.
void TellCircle(Checker& c, StructEntity* entity) {
  if (std::exchange(entity->is_in_circle, true)) return;
  c.Error(31105, entity->decl->place, "type creates circular dependency");
}

class StructBuilder {
 public:
  StructBuilder(Checker& c, StructEntity* entity) : c_(c), entity_(entity), info_(entity->info) {}

  void Build() {
    Inherit();
    if (info_->is_class) AddHiddenFields();
    size_t next_method = 0;
    for (const syntax::StructMember& member : entity_->decl->members) {
      if (member.field != nullptr && !member.field->is_static) AddField(*member.field);
      if (member.field != nullptr && member.field->is_static) CheckStatic(*member.field);
      if (member.method != nullptr) AddMethod(*member.method, entity_->methods[next_method++]);
    }
    for (size_t i = 0; i < fields_.size(); ++i) {
      EnsureComplete(c_, fields_[i].type);
      info_->has_init = info_->has_init || fields_[i].has_init;
    }
    info_->parent = entity_->parent != nullptr ? entity_->parent->info : nullptr;
    for (types::Field& field : fields_) {
      if (types::IsComplete(field.type)) continue;
      TellCircle(c_, entity_);
      field.type = c_.types.int_type();
    }
    c_.types.CompleteStruct(info_, fields_);
    entity_->inits = std::move(inits_);
    for (const Late& late : late_) CompleteLate(late);
    if (info_->native != nullptr) CheckNativeLayout(*info_->native);
  }

 private:
  // The host's mistake, found when its module is first required: fields are not where C++ has them.
  void CheckNativeLayout(const NativeType& native) {
    const auto tell = [&](std::string_view what) {
      c_.Error(10001, entity_->decl->place, fmt::format("internal: native type {} {}", native.name, what));
    };
    if (info_->size != native.size || info_->align != native.align) {
      tell(fmt::format("has {} bytes aligned to {}, C++ says {} and {}", info_->size, info_->align, native.size,
                       native.align));
    }
    for (const NativeField& field : native.fields) {
      const types::Field* found = info_->FindField(c_.symbols.Intern(field.name));
      if (found == nullptr) {
        tell(fmt::format("has no field {}", field.name));
      } else if (found->offset != field.offset) {
        tell(fmt::format("has {} at {}, C++ says {}", field.name, found->offset, field.offset));
      }
    }
  }

  void Inherit() {
    const syntax::StructDecl* decl = entity_->decl;
    if (decl->parent.name.empty()) return;
    const std::string_view name = decl->parent.name.text();
    const Type* parent = FindNamedType(c_, entity_->module, decl->parent);
    if (parent == nullptr || parent->kind != Kind::kStruct) {
      c_.Error(20606, decl->parent_place, fmt::format("parent structure not found {}", name));
      return;
    }
    StructEntity* found = c_.declarations->Find(parent->struct_info);
    if (found == nullptr) return;
    if (info_->is_class != found->info->is_class) {
      if (info_->is_class) {
        c_.Error(30134, decl->place, fmt::format("class can only derive from a class, {} is a structure", name));
      } else {
        c_.Error(30232, decl->place, fmt::format("structure can only derive from a structure, {} is a class", name));
      }
      return;
    }
    if (found->is_sealed) {
      c_.Error(20701, decl->parent_place, fmt::format("can't derive from a sealed class or structure {}", name));
      return;
    }
    if (found->progress == Progress::kWorking) {
      c_.Error(31105, decl->place, "type creates circular dependency");
      return;
    }
    CompleteStruct(c_, found);
    entity_->parent = found;
    fields_.assign(found->info->fields.begin(), found->info->fields.end());
    inits_ = found->inits;
  }

  // An object begins with the description of its class and the function that finalizes it.
  void AddHiddenFields() {
    if (fields_.empty()) {
      types::Field field;
      field.location = entity_->decl->place.location;
      field.name = c_.symbols.Intern("__rtti");
      field.type = c_.types.Pointer(c_.types.void_type());
      field.has_init = true;
      field.do_not_delete = true;
      fields_.push_back(field);
      field.name = c_.symbols.Intern("__finalize");
      const Type* self = info_->type;
      field.type =
          c_.types.Callable(Kind::kFunction, c_.types.void_type(), std::span(&self, 1), std::span(&c_.known.self, 1));
      fields_.push_back(field);
      inits_.resize(2);
    }
    inits_[0] = FieldInit{.rtti = info_};
    inits_[1] = FieldInit{.function = MakeObjectFinalizer(c_, entity_)};
  }

  void CheckStatic(const syntax::Variable& written) {
    if (IndexOf(written.name) == fields_.size()) return;
    c_.Error(20504, written.place,
             fmt::format("static structure field is already declared {}, can't have both member and static of the "
                         "same name",
                         written.name.text()));
  }

  // The index of a field; fields_.size() when there is none.
  size_t IndexOf(base::Symbol name) const {
    size_t i = 0;
    while (i < fields_.size() && fields_[i].name != name) ++i;
    return i;
  }

  // True when `name` may be given a new value or added at `index`; else a message has been made.
  bool MayDeclare(base::Symbol name, size_t index, bool is_override, bool is_sealed, syntax::Place place) {
    if (index == fields_.size()) {
      if (!is_override) return true;
      c_.Error(20107, place, fmt::format("structure field is not overriding anything {}", name.text()));
      return false;
    }
    if (!is_override && !is_sealed) {
      c_.Error(20503, place,
               fmt::format("structure field is already declared {}, use override to replace initial value instead",
                           name.text()));
      return false;
    }
    if (inits_[index].is_sealed) {
      c_.Error(20107, place, fmt::format("structure field {} is sealed", name.text()));
      return false;
    }
    return true;
  }

  void AddField(const syntax::Variable& written) {
    const size_t index = IndexOf(written.name);
    if (!MayDeclare(written.name, index, written.is_override, written.is_sealed, written.place)) return;
    if (index < fields_.size()) {
      fields_[index].is_private = written.visibility == syntax::Visibility::kPrivate;
      inits_[index].is_sealed = written.is_sealed;
      if (written.init == nullptr) return;
      inits_[index] = FieldInit{written.init, written.init_mode, nullptr, entity_, written.is_sealed};
      fields_[index].has_init = true;
      return;
    }
    types::Field field;
    field.name = written.name;
    field.location = written.place.location;
    if (IsInferredFunction(written)) {
      late_.push_back({fields_.size(), &written});
      field.type = c_.types.Callable(Kind::kFunction, c_.types.void_type(), {}, {});
    } else {
      field.type = FieldType(written);
    }
    field.has_init = written.init != nullptr;
    field.is_private = written.visibility == syntax::Visibility::kPrivate;
    field.do_not_delete = FindTag(written.tags, "do_not_delete") != nullptr;
    fields_.push_back(field);
    inits_.push_back(FieldInit{written.init, written.init_mode, nullptr, entity_, written.is_sealed});
    CheckFieldType(written, field.type);
  }

  // A function whose type says what the field is. Its body may need this very struct, so the type is found once the
  // struct is laid out.
  static bool IsInferredFunction(const syntax::Variable& written) {
    return written.type == nullptr && syntax::As<syntax::FunctionRefExpr>(written.init) != nullptr;
  }

  struct Late {
    size_t index;
    const syntax::Variable* written;
  };

  void CompleteLate(const Late& late) {
    const Type* type = FieldType(*late.written);
    if (!IsError(type)) info_->fields[late.index].type = type;
  }

  const Type* FieldType(const syntax::Variable& written) {
    const Type* declared = nullptr;
    if (written.type != nullptr) {
      DetachedState detached(c_, entity_->module);
      detached.frame.state.self = info_;
      UnknownType unknown{30826, "undefined structure field type '", "'", written.place};
      declared = ResolveTypeAs(c_, written.type, TypeUse::kPartial, entity_->module, unknown);
      if (!declared->is_generic() || IsError(declared)) return c_.types.WithoutQualifiers(declared, types::kConst);
    }
    if (written.init == nullptr) {
      c_.Error(30321, written.place, "structure field type can't be inferred, it needs an initializer");
      return c_.types.Basic(Kind::kAny);
    }
    DetachedState detached(c_, entity_->module);
    detached.frame.state.function = c_.declarations->initializer;
    InitWords words;
    words.subject = "structure field " + std::string(written.name.text());
    words.cannot_infer = 30237;
    words.variable = words.mismatch = written.init->place;
    return CheckInit(c_, declared, written.init, syntax::InitMode::kMove, false, words).type;
  }

  void CheckFieldType(const syntax::Variable& written, const Type* type) {
    if (IsError(type)) {
      fields_.back().type = c_.types.int_type();
    } else if (type->kind == Kind::kVoid) {
      c_.Error(30237, written.place, "structure field type can't be declared void");
      fields_.back().type = c_.types.int_type();
    } else if (type->is_ref()) {
      c_.Error(30237, written.place, "structure field type can't be declared a reference");
      fields_.back().type = type->unqualified;
    } else if (type->kind == Kind::kBlock) {
      c_.Error(30237, written.place, "structure field can't be a block");
      fields_.back().type = c_.types.int_type();
    } else if (written.init == nullptr) {
      EnsureComplete(c_, type);
      if (!IsUnsafeUninitialized(c_, type) || FindTag(written.tags, "safe_when_uninitialized") != nullptr) return;
      c_.Error(31030, written.place,
               fmt::format("Uninitialized field {} is unsafe. Use initializer syntax or @safe_when_uninitialized when "
                           "intended.",
                           written.name.text()));
    }
  }

  // Methods that can be replaced take a slot: a pointer to the function.
  void AddMethod(const syntax::FunctionDecl& decl, FunctionEntity* method) {
    const bool has_slot =
        !decl.is_static && !decl.is_operator && decl.name != c_.known.finalize && decl.name != entity_->decl->name;
    if (!has_slot) return;
    const size_t index = IndexOf(decl.name);
    if (!MayDeclare(decl.name, index, decl.is_override, decl.is_sealed, decl.place)) return;
    FieldInit init;
    if (!decl.is_abstract) init.method = method;
    init.where = entity_;
    init.is_sealed = decl.is_sealed;
    if (index < fields_.size()) {
      inits_[index] = init;
      fields_[index].is_private = decl.visibility == syntax::Visibility::kPrivate;
      return;
    }
    types::Field field;
    field.name = decl.name;
    field.location = decl.place.location;
    field.is_private = decl.visibility == syntax::Visibility::kPrivate;
    // Calls find the function by the method's name; the slot only has to be a function pointer.
    field.type = c_.types.Callable(Kind::kFunction, c_.types.void_type(), {}, {});
    field.is_method = true;
    field.has_init = true;
    fields_.push_back(field);
    inits_.push_back(init);
  }

  Checker& c_;
  StructEntity* entity_;
  types::StructInfo* info_;
  std::vector<types::Field> fields_;
  std::vector<FieldInit> inits_;
  std::vector<Late> late_;
};

}  // namespace

void CompleteStruct(Checker& c, StructEntity* entity) {
  if (entity->progress == Progress::kDone) return;
  if (entity->progress == Progress::kWorking) {
    TellCircle(c, entity);
    return;
  }
  entity->progress = Progress::kWorking;
  StructBuilder(c, entity).Build();
  entity->progress = Progress::kDone;
}

bool IsOverridden(const Checker& c, const types::StructInfo* info, base::Symbol method) {
  const auto found = c.declarations->overriding.find(method);
  if (found == c.declarations->overriding.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const StructEntity* entity) {
    // Before its parent is known, a struct may derive from anything.
    return entity->progress != Progress::kDone || (entity->info != info && DerivesFrom(entity->info, info));
  });
}

void EnsureComplete(Checker& c, const Type* type) {
  switch (type->kind) {
    case Kind::kStruct:
      if (!type->struct_info->is_complete) {
        if (StructEntity* entity = c.declarations->Find(type->struct_info)) CompleteStruct(c, entity);
      }
      break;
    case Kind::kFixedArray:
      EnsureComplete(c, type->element);
      break;
    case Kind::kTuple:
    case Kind::kVariant:
      for (const Type* part : type->parts) EnsureComplete(c, part);
      break;
    default:
      break;
  }
}

bool IsUnsafeUninitialized(Checker& c, const Type* type) {
  switch (type->kind) {
    case Kind::kStruct:
      EnsureComplete(c, type);
      return type->struct_info->has_init && !type->struct_info->safe_when_uninitialized;
    case Kind::kFixedArray:
      return IsUnsafeUninitialized(c, type->element);
    case Kind::kTuple:
    case Kind::kVariant:
      if (c.declarations->safe_tuples.contains(type->unqualified)) return false;
      for (const Type* part : type->parts) {
        if (IsUnsafeUninitialized(c, part)) return true;
      }
      return false;
    default:
      return false;
  }
}

TExpr* FieldInitializer(Checker& c, const types::Field& field, const FieldInit& init, AssignMode* mode,
                        syntax::Place place) {
  *mode = AssignMode::kCopy;
  if (init.rtti != nullptr) return MakeConst(c, field.type, reinterpret_cast<uint64_t>(init.rtti), place.location);
  if (init.method != nullptr || init.function != nullptr) {
    FunctionRecord* record = init.function != nullptr ? init.function : RecordOf(c, init.method);
    if (record == nullptr) return nullptr;
    NoteUse(c, record);
    TFunctionRef* ref = c.Node<TFunctionRef>(place.location, field.type);
    ref->function = record;
    return ref;
  }
  if (init.value == nullptr) return nullptr;
  DetachedState detached(c, init.where->module);
  InitWords words;
  words.subject = "structure field " + std::string(field.name.text());
  words.cannot_move = words.cannot_copy = 30947;
  words.cannot_copy_text = " can't be copied, use <- instead; " + types::TypeName(field.type);
  words.variable = words.mismatch = init.value->place;
  InitValue value = CheckInit(c, field.type, init.value, init.mode, false, words);
  *mode = value.mode;
  return IsError(value.type) ? nullptr : value.value;
}

}  // namespace vestige::sema
