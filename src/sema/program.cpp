// The straight line through sema: modules, names, types, values, bodies, and what of it all the program keeps. Floor 3.

#include "sema/program.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "fmt/format.h"
#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/describe.h"
#include "sema/entry_points.h"
#include "sema/expr.h"

namespace vestige::sema {

namespace {

// Structs with finalizers or clones of their own are told so before anybody asks what can be done with them. The
// numbers are filled in once functions have them.
void MarkOperations(Checker& c) {
  for (FunctionEntity* entity : c.declarations->functions) {
    const bool finalizes = entity->name == c.known.finalize;
    if (!finalizes && entity->name != c.known.clone) continue;
    if (!EnsureSignature(c, entity) || entity->parameters.size() != (finalizes ? 1 : 2)) continue;
    const types::Type* type = entity->parameters[0].type;
    if (type->kind != types::Kind::kStruct || (!finalizes && type->is_const())) continue;
    (finalizes ? type->struct_info->finalize_function : type->struct_info->clone_function) = 0;
  }
  for (StructEntity& entity : c.declarations->structs) {
    for (FunctionEntity* method : entity.methods) {
      if (method->name == c.known.finalize) entity.info->finalize_function = 0;
    }
  }
}

void CompleteTypes(Checker& c) {
  for (EnumEntity& entity : c.declarations->enums) CompleteEnum(c, &entity);
  for (StructEntity& entity : c.declarations->structs) CompleteStruct(c, &entity);
  // Aliases nobody uses are checked too.
  for (ModuleScope* module : c.modules) {
    if (module->ast == nullptr) continue;
    for (const syntax::Decl* decl : module->ast->declarations) {
      const auto* alias = syntax::As<syntax::AliasDecl>(decl);
      if (alias != nullptr) FindNamedType(c, module, {{}, alias->name, false});
    }
  }
}

// Constructions elaborate initialisers where they need them; here each is checked once, wanted or not.
void CheckFieldInitializers(Checker& c) {
  for (const StructEntity& entity : c.declarations->structs) {
    DetachedState detached(c, entity.module);
    detached.frame.state.function = c.declarations->initializer;
    for (size_t i = 0; i < entity.inits.size(); ++i) {
      const FieldInit& init = entity.inits[i];
      if (init.value == nullptr || init.where != &entity) continue;
      AssignMode mode;
      const TExpr* value = FieldInitializer(c, entity.info->fields[i], init, &mode, init.value->place);
      if (ConstantOf(value) != nullptr) c.declarations->field_constants[init.value] = value;
    }
  }
}

// Those that have no place in the program yet. Bodies may add some, `static_let`.
void CompleteGlobals(Checker& c) {
  for (size_t i = c.program.globals.size(); i < c.declarations->globals.size(); ++i) {
    GlobalEntity* entity = c.declarations->globals[i];
    CompleteGlobal(c, entity, {});
    entity->global->index = static_cast<uint32_t>(c.program.globals.size());
    c.program.globals.push_back(entity->global);
  }
}

// Takes a function out of its overloads, so that calls are not ambiguous on top.
void Forget(FunctionEntity* entity) {
  FunctionEntity** link = &entity->module->functions[entity->name];
  while (*link != nullptr && *link != entity) link = &(*link)->next_overload;
  if (*link == entity) *link = entity->next_overload;
}

// Records of all ordinary functions, in order of declaration; two with the same parameters in one module are an error.
std::vector<FunctionRecord*> MakeRecords(Checker& c) {
  std::vector<FunctionRecord*> records;
  absl::flat_hash_set<std::pair<const ModuleScope*, base::Symbol>> known;
  auto add = [&](FunctionEntity* entity) {
    FunctionRecord* record = RecordOf(c, entity);
    if (record == nullptr) return;
    if (known.insert({entity->module, record->mangled}).second) {
      records.push_back(record);
      return;
    }
    c.Error(30702, entity->decl->place, fmt::format("function is already defined {}", record->mangled.text()));
    Forget(entity);
  };
  for (FunctionEntity* entity : c.declarations->functions) add(entity);
  for (const StructEntity& entity : c.declarations->structs) {
    for (FunctionEntity* method : entity.methods) add(method);
  }
  return records;
}

void CheckBodies(Checker& c, std::span<FunctionRecord* const> records) {
  for (FunctionRecord* record : records) {
    EnsureChecked(c, record, false, {record->location, 1});
    // What was put off because functions called each other too deeply.
    while (!c.pending.empty()) {
      FunctionRecord* pending = c.pending.back();
      c.pending.pop_back();
      EnsureChecked(c, pending, false, {pending->location, 1});
    }
  }
}

}  // namespace

std::unique_ptr<TProgram> Check(const CheckInput& input) {
  auto program = std::make_unique<TProgram>();
  program->types = input.types;
  program->is_module = !input.main->name.empty();
  Checker c(input, *program);
  Declarations declarations;
  c.declarations = &declarations;
  if (!BuildModules(c)) return nullptr;
  declarations.initializer =
      NewFunction(c, c.symbols.Intern("initializer"), c.main, input.main->place.location, FunctionRole::kFunction);
  program->initializer = declarations.initializer;
  for (ModuleScope* module : c.modules) DeclareModule(c, module);
  MarkOperations(c);
  ChainConstructors(c);
  CompleteTypes(c);
  if (c.declarations_failed) return nullptr;
  std::vector<FunctionRecord*> records = MakeRecords(c);
  CompleteGlobals(c);
  CheckFieldInitializers(c);
  CheckBodies(c, records);
  CompleteGlobals(c);
  records.insert(records.end(), declarations.generated.begin(), declarations.generated.end());
  VerifyClasses(c);
  CheckGlobalLoops(c);
  CheckRunCalls(c);
  CheckSizes(c);
  c.ReportLint();
  if (c.error_count == 0) CollectProgram(c, records);
  NoteWhetherCodeHasNodes(c);
  if (c.error_count == 0 && (input.describes || LooksAtItself(c))) DescribeProgram(c);
  if (c.error_count != 0 || input.diagnostics->has_errors()) return nullptr;
  return program;
}

}  // namespace vestige::sema
