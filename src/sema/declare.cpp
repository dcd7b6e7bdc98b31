// The names a module declares. Nothing is resolved here, so the order in a file does not matter. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/type_basic.h"
#include "syntax/parser.h"

namespace vestige::sema {

namespace {

FunctionEntity* AddFunctionEntity(Checker& c, ModuleScope* module, base::Symbol name, base::Location location) {
  FunctionEntity* entity = c.scratch.New<FunctionEntity>();
  entity->name = name;
  entity->module = module;
  entity->location = location;
  // The second place of the list: constant time, however many overloads a name has.
  FunctionEntity*& head = module->functions[name];
  if (head == nullptr) {
    head = entity;
  } else {
    entity->next_overload = head->next_overload;
    head->next_overload = entity;
  }
  return entity;
}

class Declarer {
 public:
  Declarer(Checker& c, ModuleScope* module) : c_(c), module_(module) {}

  void DeclareNative(const NativeModule& native) {
    for (const NativeFunction& row : native.functions) {
      FunctionEntity* entity = NewFunctionEntity(c_.symbols.Intern(row.name), {});
      entity->native = &row;
      entity->is_unsafe = (row.flags & kUnsafe) != 0;
      entity->is_unsafe_outside_of_for = (row.flags & kUnsafeOutsideOfFor) != 0;
    }
    for (const NativeConstant& row : native.constants) DeclareConstant(row);
  }

  void DeclareTree(const syntax::Module* tree) {
    for (const syntax::Decl* decl : tree->declarations) {
      switch (decl->kind) {
        case syntax::DeclKind::kStruct:
          DeclareStruct(static_cast<const syntax::StructDecl*>(decl));
          break;
        case syntax::DeclKind::kEnum:
          DeclareEnum(static_cast<const syntax::EnumDecl*>(decl));
          break;
        case syntax::DeclKind::kBitfield:
          DeclareBitfield(static_cast<const syntax::BitfieldDecl*>(decl));
          break;
        case syntax::DeclKind::kAlias:
          DeclareAlias(static_cast<const syntax::AliasDecl*>(decl));
          break;
        case syntax::DeclKind::kGlobals:
          DeclareGlobals(static_cast<const syntax::GlobalsDecl*>(decl));
          break;
        case syntax::DeclKind::kFunction:
          DeclareFunction(static_cast<const syntax::FunctionDecl*>(decl));
          break;
        case syntax::DeclKind::kReader:
          c_.Error(40105, decl->place, "reader macros are not available");
          break;
      }
    }
  }

 private:
  bool IsPrivate(const syntax::Decl* decl) const {
    if (decl->visibility == syntax::Visibility::kDefault) return !module_->public_by_default;
    return decl->visibility == syntax::Visibility::kPrivate;
  }

  FunctionEntity* NewFunctionEntity(base::Symbol name, base::Location location) {
    return AddFunctionEntity(c_, module_, name, location);
  }

  void DeclareConstant(const NativeConstant& row) {
    GlobalEntity* entity = c_.scratch.New<GlobalEntity>();
    entity->name = c_.symbols.Intern(row.name);
    entity->module = module_;
    entity->state = GlobalEntity::State::kChecked;
    const syntax::TypeExpr* written = syntax::ParseTypeText(row.type, c_.symbols, c_.scratch);
    entity->type = c_.types.WithConst(ResolveType(c_, written, TypeUse::kValue, module_));
    TConst* value = c_.Node<TConst>({}, entity->type);
    value->bits[0] = row.bits[0];
    value->bits[1] = row.bits[1];
    entity->constant = value;
    module_->globals[entity->name] = entity;
  }

  // Null (with a message) when the module already has a type of this name.
  TypeEntity* NewType(base::Symbol name, const syntax::Decl* decl, TypeEntityKind kind, int code,
                      std::string_view what) {
    auto [it, is_new] = module_->types.try_emplace(name, nullptr);
    if (!is_new) {
      c_.Error(code, decl->place, fmt::format("{} is already defined {}", what, name.text()));
      return nullptr;
    }
    TypeEntity* entity = c_.scratch.New<TypeEntity>();
    entity->name = name;
    entity->module = module_;
    entity->location = decl->place.location;
    entity->kind = kind;
    entity->is_private = IsPrivate(decl);
    it->second = entity;
    return entity;
  }

  // What C++ says of a struct that the prelude of a native module declares; null for structs of scripts.
  const NativeType* FindNativeType(std::string_view name) const {
    if (module_->native == nullptr) return nullptr;
    for (const NativeModule* part : c_.input.natives) {
      if (part->name != module_->native->name) continue;
      for (const NativeType& type : part->types) {
        if (type.name == name) return &type;
      }
    }
    return nullptr;
  }

  void DeclareStruct(const syntax::StructDecl* decl) {
    if (decl->is_template) {
      CheckTemplate(c_, module_, decl);
      TypeEntity* entity = NewType(decl->name, decl, TypeEntityKind::kTemplate, 20512, "structure");
      if (entity != nullptr) entity->declaration = const_cast<syntax::StructDecl*>(decl);
      return;
    }
    TypeEntity* entity = NewType(decl->name, decl, TypeEntityKind::kStruct, 20512, "structure");
    if (entity == nullptr) return;
    StructEntity& made = c_.declarations->structs.emplace_back();
    made.decl = decl;
    made.module = module_;
    made.is_sealed = decl->is_sealed;
    made.info = c_.types.NewStruct(decl->name, module_->is_main ? base::Symbol() : module_->name, entity->location);
    made.info->is_private = entity->is_private;
    made.info->is_class = decl->is_class;
    made.info->native = FindNativeType(decl->name.text());
    c_.declarations->by_struct[made.info] = &made;
    entity->type = made.info->type;
    entity->declaration = &made;
    ApplyStructAnnotations(c_, decl, made.info);
    for (const syntax::StructMember& member : decl->members) {
      if (member.alias != nullptr) made.aliases.emplace_back(member.alias->name, member.alias);
      if (member.method != nullptr) DeclareMethod(&made, member.method, entity->is_private);
      if (member.field != nullptr && member.field->is_static) DeclareStatic(made, *member.field, entity->is_private);
    }
  }

  // `static x` is a variable of the module, named ``Type`x``.
  void DeclareStatic(const StructEntity& owner, const syntax::Variable& written, bool is_private) {
    syntax::GlobalsDecl* decl = c_.scratch.New<syntax::GlobalsDecl>();
    decl->place = written.place;
    decl->is_var = true;
    syntax::Variable* variable = c_.scratch.New<syntax::Variable>(written);
    variable->name = MethodName(&owner, written.name);
    variable->is_var = true;
    DeclareGlobal(decl, *variable, is_private || written.visibility == syntax::Visibility::kPrivate);
  }

  base::Symbol MethodName(const StructEntity* owner, base::Symbol name) {
    return c_.symbols.Intern(fmt::format("{}`{}", owner->decl->name.text(), name.text()));
  }

  void DeclareMethod(StructEntity* owner, const syntax::FunctionDecl* decl, bool is_private) {
    if (const MethodFault fault = FaultOf(owner, decl); fault.code != 0) {
      c_.Error(fault.code, decl->place, fmt::format("{} {}", fault.what, decl->name.text()));
    }
    DeclareMethodEntities(c_, module_, owner, decl, is_private);
    if (decl->is_override || decl->is_sealed) c_.declarations->overriding[decl->name].push_back(owner);
  }

  struct MethodFault {
    int code = 0;
    std::string_view what;
  };

  // What a member function may not be.
  MethodFault FaultOf(const StructEntity* owner, const syntax::FunctionDecl* decl) {
    const bool is_constructor = decl->name == owner->decl->name;
    const bool is_finalizer = decl->name == c_.known.finalize;
    if (decl->is_abstract) {
      if (is_constructor || is_finalizer) return {20109, "initializers and finalizers can't be abstract"};
      if (!decl->annotations.empty()) return {20110, "abstract functions can't have annotations"};
      if (decl->result == nullptr) return {30310, "abstract functions must specify return type explicitly"};
      if (decl->is_operator) return {20109, "abstract functions can't be operators"};
    }
    const bool overrides = decl->is_override || decl->is_sealed;
    if (overrides && decl->is_operator && !is_finalizer) return {20109, "can't override an operator"};
    if (is_constructor || is_finalizer) {
      if (overrides) return {20109, "can't override an initializer or a finalizer"};
      if (decl->is_const) return {20109, "can't have a constant initializer or a finalizer"};
    }
    if (is_finalizer && decl->is_static) return {20111, "finalizer can't be static"};
    return {};
  }

  void DeclareEnum(const syntax::EnumDecl* decl) {
    TypeEntity* entity = NewType(decl->name, decl, TypeEntityKind::kEnum, 20501, "enumeration");
    if (entity == nullptr) return;
    EnumEntity& made = c_.declarations->enums.emplace_back();
    made.enumeration = decl;
    made.module = module_;
    made.info = c_.types.NewEnum(decl->name, ModuleName(), entity->location, StorageOf(decl->storage));
    Register(entity, made);
  }

  void DeclareBitfield(const syntax::BitfieldDecl* decl) {
    TypeEntity* entity = NewType(decl->name, decl, TypeEntityKind::kBitfield, 20501, "bitfield");
    if (entity == nullptr) return;
    EnumEntity& made = c_.declarations->enums.emplace_back();
    made.bitfield = decl;
    made.module = module_;
    made.info = c_.types.NewBitfield(decl->name, ModuleName(), entity->location, StorageOf(decl->storage));
    Register(entity, made);
  }

  void Register(TypeEntity* entity, EnumEntity& made) {
    made.info->is_private = entity->is_private;
    c_.declarations->by_enum[made.info] = &made;
    entity->type = made.info->type;
    entity->declaration = &made;
  }

  base::Symbol ModuleName() const { return module_->is_main ? base::Symbol() : module_->name; }

  // Integers only; the parser lets nothing else through.
  const types::Type* StorageOf(syntax::BasicType word) {
    const types::Kind kind = KindOf(word).value_or(types::Kind::kInt);
    const types::Type* type = c_.types.Basic(kind);
    return type->is_integer() ? type : c_.types.int_type();
  }

  void DeclareAlias(const syntax::AliasDecl* decl) {
    TypeEntity* entity = NewType(decl->name, decl, TypeEntityKind::kAlias, 20513, "type alias");
    if (entity == nullptr) return;
    entity->declaration = &c_.declarations->aliases.emplace_back(AliasEntity{decl, module_});
  }

  void DeclareGlobals(const syntax::GlobalsDecl* decl) {
    for (const syntax::Variable& variable : decl->variables) {
      if (!variable.tuple_names.empty()) {
        c_.Error(30201, variable.place, "global variable can't be expanded from a tuple");
        continue;
      }
      if (!variable.aka.empty()) {
        c_.Error(30151, variable.place, fmt::format("global variable {} can't have an aka", variable.name.text()));
      }
      DeclareGlobal(decl, variable, IsPrivate(decl));
    }
  }

  void DeclareGlobal(const syntax::GlobalsDecl* decl, const syntax::Variable& variable, bool is_private) {
    auto [it, is_new] = module_->globals.try_emplace(variable.name, nullptr);
    if (!is_new) {
      c_.Error(20507, variable.place, fmt::format("global variable is already declared {}", variable.name.text()));
      return;
    }
    GlobalEntity* entity = c_.scratch.New<GlobalEntity>();
    entity->name = variable.name;
    entity->module = module_;
    entity->location = variable.place.location;
    entity->is_private = is_private;
    const uint32_t order = static_cast<uint32_t>(c_.declarations->globals.size());
    entity->declaration = &c_.declarations->global_declarations.emplace_back(GlobalDeclaration{decl, &variable, order});
    it->second = entity;
    c_.declarations->globals.push_back(entity);
  }

  void DeclareFunction(const syntax::FunctionDecl* decl) {
    FunctionEntity* entity = NewFunctionEntity(decl->name, decl->place.location);
    entity->decl = decl;
    entity->is_private = IsPrivate(decl);
    ApplyFunctionAnnotations(c_, decl, entity);
    c_.declarations->functions.push_back(entity);
  }

  Checker& c_;
  ModuleScope* module_;
};

}  // namespace

FunctionEntity* DeclareMethodEntities(Checker& c, ModuleScope* module, StructEntity* owner,
                                      const syntax::FunctionDecl* decl, bool is_private) {
  const bool is_constructor = decl->name == owner->decl->name;
  const bool is_finalizer = decl->name == c.known.finalize;
  base::Symbol name = decl->name;
  if (!decl->is_operator && !is_finalizer) {
    name = c.symbols.Intern(fmt::format("{}`{}", owner->decl->name.text(), decl->name.text()));
  }
  FunctionEntity* entity = AddFunctionEntity(c, module, name, decl->place.location);
  entity->decl = decl;
  entity->method_of = owner->info;
  entity->is_const_method = decl->is_const;
  entity->is_static_method = decl->is_static;
  entity->is_private = is_private || (decl->is_static && decl->visibility == syntax::Visibility::kPrivate);
  ApplyFunctionAnnotations(c, decl, entity);
  owner->methods.push_back(entity);
  if (is_finalizer && !decl->is_static) owner->finalizer = entity;
  if (!is_constructor || decl->is_static) return entity;
  FunctionEntity* maker = AddFunctionEntity(c, module, decl->name, decl->place.location);
  maker->decl = decl;
  maker->method_of = owner->info;
  maker->is_constructor = true;
  maker->is_private = is_private;
  c.declarations->functions.push_back(maker);
  return entity;
}

void DeclareModule(Checker& c, ModuleScope* module) {
  Declarer declarer(c, module);
  for (const NativeModule* part : c.input.natives) {
    if (module->native != nullptr && part->name == module->native->name) declarer.DeclareNative(*part);
  }
  if (module->ast == nullptr) return;
  ReadOptions(c, module);
  declarer.DeclareTree(module->ast);
}

}  // namespace vestige::sema
