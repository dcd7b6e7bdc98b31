#include "sema/describe.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/quote_known.h"
#include "types/description.h"

namespace vestige::sema {

using types::DescribedAnnotation;
using types::DescribedArgument;
using types::DescribedFunction;
using types::DescribedVariable;
using types::Kind;
using types::Type;

namespace {

class Describer {
 public:
  explicit Describer(Checker& c) : c_(c), made_(std::make_unique<types::Description>()), arena_(made_->arena()) {}

  std::unique_ptr<types::Description> Make() {
    for (const StructEntity& entity : c_.declarations->structs) DescribeStruct(entity);
    for (const EnumEntity& entity : c_.declarations->enums) DescribeEnum(entity);
    std::vector<types::DescribedModule> modules;
    for (ModuleScope* module : c_.modules) modules.push_back(Module(module));
    made_->modules = arena_.Copy(modules);
    std::vector<DescribedFunction> functions;
    for (const TFunction* function : c_.program.functions) {
      if (function->role == FunctionRole::kBlock || function == c_.program.initializer) continue;
      functions.push_back(Function(*static_cast<const FunctionRecord*>(function)));
    }
    made_->functions = arena_.Copy(functions);
    std::vector<DescribedVariable> globals;
    for (const GlobalEntity* entity : c_.declarations->globals) {
      if (entity->module->native == nullptr) globals.push_back(Global(entity));
    }
    made_->globals = arena_.Copy(globals);
    made_->Finish(c_.types);
    return std::move(made_);
  }

 private:
  // --- values

  types::ConstantValue Value(const TExpr* expr) {
    const TConst* constant = expr != nullptr ? ConstantOf(expr) : nullptr;
    if (constant == nullptr) return {};
    types::ConstantValue value = {.type = constant->type, .bits = constant->bits[0]};
    if (constant->type->kind == Kind::kString) {
      value.bits = 0;
      value.text = c_.symbols.Intern(constant->text);
    }
    return value;
  }

  types::ConstantValue Value(const syntax::AnnotationArgument& argument) {
    switch (argument.kind) {
      case syntax::AnnotationValue::kNone:
        return {.type = c_.types.bool_type(), .bits = 1};
      case syntax::AnnotationValue::kBool:
        return {.type = c_.types.bool_type(), .bits = argument.boolean};
      case syntax::AnnotationValue::kInt:
        return {.type = c_.types.int_type(), .bits = static_cast<uint32_t>(argument.integer)};
      case syntax::AnnotationValue::kFloat:
        return {.type = c_.types.Basic(Kind::kFloat), .bits = std::bit_cast<uint32_t>(argument.real)};
      case syntax::AnnotationValue::kString:
      case syntax::AnnotationValue::kName:
      case syntax::AnnotationValue::kFunction:
        return {.type = c_.types.string_type(), .text = argument.text};
      case syntax::AnnotationValue::kList:
        break;
    }
    return {};
  }

  std::span<const DescribedArgument> Arguments(std::span<const syntax::AnnotationArgument> written) {
    std::vector<DescribedArgument> arguments;
    for (const syntax::AnnotationArgument& argument : written) {
      // The elements of a list are arguments of one name.
      if (argument.kind == syntax::AnnotationValue::kList) {
        for (const syntax::AnnotationArgument& element : argument.list) {
          arguments.push_back({argument.name, Value(element)});
        }
      } else {
        arguments.push_back({argument.name, Value(argument)});
      }
    }
    return arena_.Copy(arguments);
  }

  // Contracts put together of several are no annotations by themselves.
  std::span<const DescribedAnnotation> Annotations(DescribedAnnotation::Of of,
                                                   std::span<syntax::Annotation* const> written) {
    std::vector<DescribedAnnotation> annotations;
    for (const syntax::Annotation* annotation : written) {
      if (annotation->form != syntax::AnnotationForm::kPlain) continue;
      annotations.push_back({.of = of, .name = annotation->name.name, .arguments = Arguments(annotation->arguments)});
    }
    return arena_.Copy(annotations);
  }

  // --- types

  static const syntax::Variable* WrittenField(const StructEntity* entity, base::Symbol name) {
    for (; entity != nullptr; entity = entity->parent) {
      for (const syntax::StructMember& member : entity->decl->members) {
        if (member.field != nullptr && member.field->name == name) return member.field;
      }
    }
    return nullptr;
  }

  void DescribeStruct(const StructEntity& entity) {
    std::vector<DescribedVariable> fields;
    for (size_t i = 0; i < entity.info->fields.size(); ++i) {
      const types::Field& field = entity.info->fields[i];
      DescribedVariable made = {.name = field.name,
                                .type = field.type,
                                .offset = field.offset,
                                .is_private = field.is_private,
                                .is_method = field.is_method};
      if (const syntax::Variable* written = WrittenField(&entity, field.name)) made.tags = Arguments(written->tags);
      if (i < entity.inits.size()) {
        const auto found = c_.declarations->field_constants.find(entity.inits[i].value);
        if (found != c_.declarations->field_constants.end()) made.value = Value(found->second);
      }
      fields.push_back(made);
    }
    types::DescribedMembers members = {
        .name = entity.info->name.text().data(),
        .fields = arena_.Copy(fields),
        .annotations = Annotations(DescribedAnnotation::Of::kStruct, entity.decl->annotations)};
    if (entity.info->native != nullptr) {
      members.host_type = arena_.New<DescribedAnnotation>(DescribedAnnotation::Of::kHostType, entity.info->name,
                                                          std::span<const DescribedArgument>(), entity.info);
    }
    made_->AddMembers(entity.info, members);
  }

  void DescribeEnum(const EnumEntity& entity) {
    const syntax::Decl* decl = entity.enumeration;
    if (decl == nullptr) decl = entity.bitfield;
    made_->AddMembers(entity.info, {.name = entity.info->name.text().data(),
                                    .annotations = Annotations(DescribedAnnotation::Of::kEnum, decl->annotations)});
  }

  // --- functions and variables

  DescribedVariable Global(const GlobalEntity* entity) {
    DescribedVariable made = {.name = entity->name, .type = entity->type, .is_private = entity->is_private};
    made.value = Value(entity->global != nullptr ? entity->global->init : entity->constant);
    if (entity->global != nullptr) made.number = entity->global->index;
    if (const auto* declaration = static_cast<const GlobalDeclaration*>(entity->declaration)) {
      made.tags = Arguments(declaration->variable->tags);
    }
    return made;
  }

  void Declared(const FunctionEntity* entity, DescribedFunction& made) {
    if (entity == nullptr) return;
    made.is_private = entity->is_private;
    made.is_native = entity->native != nullptr;
    if (entity->decl == nullptr) return;
    made.annotations = Annotations(DescribedAnnotation::Of::kFunction, entity->decl->annotations);
  }

  // A function with a body, be it an instance of a generic.
  DescribedFunction Function(const FunctionRecord& record) {
    std::vector<DescribedVariable> arguments;
    for (size_t i = 0; i < record.arguments.size(); ++i) {
      const TLocal& argument = *record.arguments[i];
      const bool is_reference = argument.is_reference && !argument.type->is_ref_type();
      const Type* type = is_reference ? c_.types.WithQualifiers(argument.type, types::kRef) : argument.type;
      arguments.push_back({.name = argument.name, .type = type});
    }
    DescribedFunction made = {.name = record.name,
                              .mangled = c_.symbols.Intern(record.mangled.text()),
                              .module = record.module,
                              .arguments = arena_.Copy(arguments),
                              .result = record.result,
                              .is_init = record.is_init,
                              .is_finalize = record.is_finalize};
    if (record.returns_reference) made.result = c_.types.WithQualifiers(made.result, types::kRef);
    Declared(record.entity, made);
    return made;
  }

  // A generic function, or a native one: what its declaration says.
  DescribedFunction Signature(FunctionEntity* entity) {
    std::vector<DescribedVariable> arguments;
    for (const Parameter& parameter : entity->parameters) {
      arguments.push_back({.name = parameter.name, .type = parameter.type});
    }
    DescribedFunction made = {.name = entity->name,
                              .mangled = entity->name,
                              .module = entity->module->name,
                              .arguments = arena_.Copy(arguments),
                              .result = entity->result};
    if (entity->native != nullptr && !entity->is_generic) made.result = NativeResult(c_, entity, {});
    Declared(entity, made);
    return made;
  }

  // With what each stands for.
  struct List {
    std::vector<DescribedFunction> described;
    std::vector<const FunctionEntity*> entities;
  };
  struct Functions {
    List ordinary;
    List generic;
  };

  void Add(FunctionEntity* entity, Functions& to) {
    if (!EnsureSignature(c_, entity)) return;
    if (!entity->is_generic && entity->native == nullptr && entity->record == nullptr) return;
    const bool is_checked = !entity->is_generic && entity->native == nullptr;
    List& list = entity->is_generic ? to.generic : to.ordinary;
    list.described.push_back(is_checked ? Function(*entity->record) : Signature(entity));
    list.entities.push_back(entity);
  }

  // Scripts that look at the program ask for the trees by what is described.
  std::span<const DescribedFunction> Finish(const List& list) {
    const std::span<const DescribedFunction> made = arena_.Copy(list.described);
    for (size_t i = 0; WantsTrees() && i < made.size(); ++i) {
      c_.input.quotes->Note(&made[i], TreeOfFunction(c_, *list.entities[i], made[i]));
    }
    return made;
  }

  bool WantsTrees() const { return c_.input.quotes != nullptr && c_.input.quotes->wants_declarations(); }

  void CompleteFields(const StructEntity& entity, ast::Structure& made) {
    const std::span<const types::Field> fields = entity.info->fields;
    for (size_t i = 0; i < fields.size(); ++i) {
      auto& variable = *static_cast<ast::Variable*>(made.fields.items->values[i]);
      const FunctionEntity* method = i < entity.inits.size() ? entity.inits[i].method : nullptr;
      DescribedFunction signature;
      const bool is_known = method != nullptr && method->record != nullptr;
      if (is_known) signature = Function(*method->record);
      CompleteField(c_, variable, WrittenField(&entity, fields[i].name), is_known ? &signature : nullptr);
    }
  }

  void NoteTrees(ModuleScope* scope, const types::DescribedModule& module,
                 const std::vector<const GlobalEntity*>& globals) {
    if (!WantsTrees()) return;
    for (const StructEntity& entity : c_.declarations->structs) {
      if (entity.module == scope) CompleteFields(entity, *TreeOfStruct(c_, entity.info));
    }
    for (const types::EnumInfo* info : module.enums) TreeOfEnum(c_, info);
    for (size_t i = 0; i < module.globals.size(); ++i) {
      c_.input.quotes->Note(&module.globals[i], TreeOfGlobal(c_, *globals[i]));
    }
  }

  // --- modules

  void AddNatives(ModuleScope* module, const NativeModule& part, Functions& functions,
                  std::vector<const GlobalEntity*>& globals) {
    for (const NativeFunction& row : part.functions) {
      FunctionEntity* entity = module->functions[c_.symbols.Intern(row.name)];
      while (entity != nullptr && entity->native != &row) entity = entity->next_overload;
      if (entity != nullptr) Add(entity, functions);
    }
    for (const NativeConstant& row : part.constants) {
      const auto found = module->globals.find(c_.symbols.Intern(row.name));
      if (found != module->globals.end()) globals.push_back(found->second);
    }
  }

  types::DescribedModule Module(ModuleScope* module) {
    types::DescribedModule made = {.name = module->is_main ? module->ast->name : module->name,
                                   .is_native = module->native != nullptr};
    // Native ones are the same in every program, and described by themselves.
    if (made.is_native && !c_.input.describes_natives) return made;
    std::vector<const types::StructInfo*> structs;
    std::vector<DescribedAnnotation> annotations;
    std::vector<const types::EnumInfo*> enums;
    Functions functions;
    std::vector<const GlobalEntity*> globals;
    for (const StructEntity& entity : c_.declarations->structs) {
      if (entity.module != module) continue;
      structs.push_back(entity.info);
      if (const auto* host_type = made_->MembersOf(entity.info)->host_type) annotations.push_back(*host_type);
    }
    for (const EnumEntity& entity : c_.declarations->enums) {
      if (entity.module == module) enums.push_back(entity.info);
    }
    for (const NativeModule* part : c_.input.natives) {
      if (made.is_native && part->name == module->native->name) AddNatives(module, *part, functions, globals);
    }
    for (FunctionEntity* entity : c_.declarations->functions) {
      if (entity->module == module) Add(entity, functions);
    }
    for (const StructEntity& entity : c_.declarations->structs) {
      if (entity.module != module) continue;
      for (FunctionEntity* method : entity.methods) Add(method, functions);
    }
    for (const GlobalEntity* entity : c_.declarations->globals) {
      if (entity->module == module) globals.push_back(entity);
    }
    std::vector<DescribedVariable> variables;
    for (const GlobalEntity* entity : globals) variables.push_back(Global(entity));
    made.structs = arena_.Copy(structs);
    made.enums = arena_.Copy(enums);
    made.functions = Finish(functions.ordinary);
    made.generics = Finish(functions.generic);
    made.globals = arena_.Copy(variables);
    made.annotations = arena_.Copy(annotations);
    NoteTrees(module, made, globals);
    return made;
  }

  Checker& c_;
  std::unique_ptr<types::Description> made_;
  base::Arena& arena_;
};

}  // namespace

namespace {

bool HasNative(const Checker& c, std::string_view name) {
  return std::any_of(c.modules.begin(), c.modules.end(), [name](const ModuleScope* module) {
    return module->native != nullptr && module->native->name == name;
  });
}

}  // namespace

bool LooksAtItself(const Checker& c) { return HasNative(c, "rtti"); }

void NoteWhetherCodeHasNodes(const Checker& c) {
  if (c.input.quotes != nullptr && HasNative(c, "ast")) c.input.quotes->set_is_for_code();
}

TExpr* TypeAsValue(Checker& c, const Type* type, syntax::Place place) {
  ModuleScope* module = c.fn != nullptr ? c.fn->module : c.main;
  const Type* seen = FindNamedType(c, module, {{}, c.symbols.Intern("TypeInfo"), false});
  if (seen == nullptr || seen->kind != Kind::kStruct || seen->struct_info->module.text() != "rtti") {
    return c.Error(30835, place, "typeinfo(rtti_typeinfo ...) needs module rtti", {}, "require daslib/rtti");
  }
  EnsureComplete(c, type);
  TExpr* address =
      MakeConst(c, c.types.Pointer(c.types.WithConst(seen)), reinterpret_cast<uint64_t>(type), place.location);
  return Deref(c, address, place.location);
}

void DescribeProgram(Checker& c) { c.program.description = Describer(c).Make(); }

}  // namespace vestige::sema
