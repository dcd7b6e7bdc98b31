// The names a module declares. Nothing is resolved here, so the order in a file does not matter. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/type_basic.h"
#include "syntax/parser.h"

namespace vestige::sema {

namespace {

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
    FunctionEntity* entity = c_.scratch.New<FunctionEntity>();
    entity->name = name;
    entity->module = module_;
    entity->location = location;
    // The second place of the list: constant time, however many overloads a name has.
    FunctionEntity*& head = module_->functions[name];
    if (head == nullptr) {
      head = entity;
    } else {
      entity->next_overload = head->next_overload;
      head->next_overload = entity;
    }
    return entity;
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
    if (decl->is_class) {
      c_.Error(30158, decl->place,
               fmt::format("classes are not available, '{}' can only be a struct", decl->name.text()));
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
    }
  }

  base::Symbol MethodName(const StructEntity* owner, base::Symbol name) {
    return c_.symbols.Intern(fmt::format("{}`{}", owner->decl->name.text(), name.text()));
  }

  // `def m` becomes ``Type`m``; a constructor two functions: the method, and one named like the type that makes the
  // value. Operators and finalizers are found by their own names.
  void DeclareMethod(StructEntity* owner, const syntax::FunctionDecl* decl, bool is_private) {
    const bool is_constructor = decl->name == owner->decl->name;
    const bool own_name = decl->is_operator || decl->name == c_.known.finalize;
    FunctionEntity* entity =
        NewFunctionEntity(own_name ? decl->name : MethodName(owner, decl->name), decl->place.location);
    entity->decl = decl;
    entity->method_of = owner->info;
    entity->is_const_method = decl->is_const;
    entity->is_static_method = decl->is_static;
    entity->is_private = is_private;
    ApplyFunctionAnnotations(c_, decl, entity);
    owner->methods.push_back(entity);
    if (decl->is_override) c_.declarations->overridden.insert(decl->name);
    if (!is_constructor || decl->is_static) return;
    FunctionEntity* maker = NewFunctionEntity(decl->name, decl->place.location);
    maker->decl = decl;
    maker->method_of = owner->info;
    maker->is_constructor = true;
    maker->is_private = is_private;
    c_.declarations->functions.push_back(maker);
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
      auto [it, is_new] = module_->globals.try_emplace(variable.name, nullptr);
      if (!is_new) {
        c_.Error(20507, variable.place, fmt::format("global variable is already declared {}", variable.name.text()));
        continue;
      }
      GlobalEntity* entity = c_.scratch.New<GlobalEntity>();
      entity->name = variable.name;
      entity->module = module_;
      entity->location = variable.place.location;
      entity->is_private = IsPrivate(decl);
      const uint32_t order = static_cast<uint32_t>(c_.declarations->globals.size());
      entity->declaration =
          &c_.declarations->global_declarations.emplace_back(GlobalDeclaration{decl, &variable, order});
      it->second = entity;
      c_.declarations->globals.push_back(entity);
    }
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
