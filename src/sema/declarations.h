// What declarations are while a program is being checked: structs with their initialisers, enums, globals, modules.
//
// Names come first (DeclareModule), members when something needs them (Complete...), so that the order of declarations
// in a file does not matter. Floor 3, inside sema; expressions use decl.h.

#ifndef VESTIGE_SEMA_DECLARATIONS_H_
#define VESTIGE_SEMA_DECLARATIONS_H_

#include <deque>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "sema/checker.h"
#include "sema/function.h"

namespace vestige::sema {

struct StructEntity;

// How construction fills one field.
struct FieldInit {
  const syntax::Expr* value = nullptr;  // null: zero (or a method)
  syntax::InitMode mode = syntax::InitMode::kNone;
  FunctionEntity* method = nullptr;     // the field is a pointer to this function
  const StructEntity* where = nullptr;  // names in `value` mean what they mean there
  bool is_sealed = false;
  const types::StructInfo* rtti = nullptr;  // the field is the address of this description
  FunctionRecord* function = nullptr;       // the field is a pointer to this function, which has no declaration
};

enum class Progress : uint8_t { kDeclared, kWorking, kDone };

// A struct or class declaration.
struct StructEntity {
  const syntax::StructDecl* decl = nullptr;
  types::StructInfo* info = nullptr;
  ModuleScope* module = nullptr;
  StructEntity* parent = nullptr;
  std::vector<FieldInit> inits;  // as many as info->fields, always: none until both are known
  std::vector<std::pair<base::Symbol, const syntax::AliasDecl*>> aliases;
  std::vector<FunctionEntity*> methods;  // constructors and finalizers too, as declared
  bool is_sealed = false;
  bool is_in_circle = false;  // it is in itself, or in something that is, and that was reported
  Progress progress = Progress::kDeclared;
  FunctionEntity* finalizer = nullptr;            // its own, as declared inside
  FunctionEntity* chained_constructor = nullptr;  // made by sema: it only calls super()
  bool lacks_constructor = false;                 // an ancestor's constructor needs arguments, and that was reported
};

// An enum or a bitfield.
struct EnumEntity {
  const syntax::EnumDecl* enumeration = nullptr;  // exactly one of the two
  const syntax::BitfieldDecl* bitfield = nullptr;
  types::EnumInfo* info = nullptr;
  ModuleScope* module = nullptr;
  Progress progress = Progress::kDeclared;
};

struct AliasEntity {
  const syntax::AliasDecl* decl = nullptr;
  ModuleScope* module = nullptr;
};

// A variable of a module as written.
struct GlobalDeclaration {
  const syntax::GlobalsDecl* decl = nullptr;
  const syntax::Variable* variable = nullptr;
  uint32_t order = 0;  // among the globals of all modules
};

// All of them; addresses are stable.
struct Declarations {
  std::deque<StructEntity> structs;
  std::deque<EnumEntity> enums;
  std::deque<AliasEntity> aliases;
  std::deque<GlobalDeclaration> global_declarations;
  std::vector<GlobalEntity*> globals;      // in order of initialisation
  std::vector<FunctionEntity*> functions;  // of scripts, in order of declaration
  absl::flat_hash_map<const types::StructInfo*, StructEntity*> by_struct;
  absl::flat_hash_map<const types::EnumInfo*, EnumEntity*> by_enum;
  std::vector<std::pair<FunctionRecord*, syntax::Place>> run_calls;  // of [run] functions
  std::vector<FunctionRecord*> generated;  // [finalize] functions that no declaration stands for
  FunctionRecord* initializer = nullptr;   // TProgram::initializer
  GlobalEntity* current_global = nullptr;  // whose initialiser is being elaborated
  // Which globals functions and initialisers of globals mention, and which functions the latter call.
  absl::flat_hash_map<const FunctionRecord*, std::vector<GlobalEntity*>> globals_of_functions;
  absl::flat_hash_map<const GlobalEntity*, std::vector<GlobalEntity*>> globals_of_globals;
  absl::flat_hash_map<const GlobalEntity*, std::vector<FunctionRecord*>> functions_of_globals;
  absl::flat_hash_set<const TLocal*> used_arguments;  // of modules that want to know
  // Tuples of templates whose fields are all @safe_when_uninitialized where that matters.
  absl::flat_hash_set<const types::Type*> safe_tuples;
  uint32_t lambda_count = 0;                                                       // for names of closures
  absl::flat_hash_map<base::Symbol, std::vector<const StructEntity*>> overriding;  // by name of a method
  absl::flat_hash_map<const syntax::Expr*, const TExpr*> field_constants;          // initialisers that are constants

  StructEntity* Find(const types::StructInfo* info) const {
    auto it = by_struct.find(info);
    return it == by_struct.end() ? nullptr : it->second;
  }
};

// Elaborates outside of the code around: no local names, no unsafe, names as `module` sees them. The locals that are
// made belong to the current function, or to the program's initializer when there is none.
class DetachedState {
 public:
  DetachedState(Checker& c, ModuleScope* module) : frame(c, module, nullptr) {
    if (frame.state.function == nullptr) frame.state.function = c.declarations->initializer;
  }
  FunctionFrame frame;
};

// The modules of a program (module_graph.cpp): loads what is required, in order of initialisation into c.modules, and
// says what each sees. False after errors that leave nothing to check.
bool BuildModules(Checker& c);
// The names a module declares (declare.cpp), natives included.
void DeclareModule(Checker& c, ModuleScope* module);
// `def m` becomes ``Type`m``; a constructor two functions: the method, which is returned, and one named like the type
// that makes the value. Operators and finalizers are found by their own names.
FunctionEntity* DeclareMethodEntities(Checker& c, ModuleScope* module, StructEntity* owner,
                                      const syntax::FunctionDecl* decl, bool is_private);
// Names known to annotations and options (annotations.cpp).
void ApplyFunctionAnnotations(Checker& c, const syntax::FunctionDecl* decl, FunctionEntity* entity);
void ApplyStructAnnotations(Checker& c, const syntax::StructDecl* decl, types::StructInfo* info);
// The annotations of a `struct template`: [template_tuple(T)] of module typemacro_boost makes it stand for tuples.
void CheckTemplate(Checker& c, const ModuleScope* module, const syntax::StructDecl* decl);
void ReadOptions(Checker& c, ModuleScope* module);
bool HasAnnotation(std::span<syntax::Annotation* const> annotations, std::string_view name);
const syntax::AnnotationArgument* FindTag(std::span<const syntax::AnnotationArgument> tags, std::string_view name);

// Constructors, finalizers and the hidden fields of classes (decl_class.cpp).
//
// The method that constructs, declared by the class itself: the first one that needs no arguments, or null.
FunctionEntity* DefaultConstructor(const StructEntity* entity);
// The class or its nearest ancestor that declares a constructor; null when none does. Parents are looked up by name, so
// this may be asked before structs are complete.
StructEntity* NearestConstructor(Checker& c, StructEntity* entity);
// The nearest ancestor, not the class itself, that declares a finalizer.
const StructEntity* FinalizingAncestor(const StructEntity* entity);
StructEntity* ParentEntity(Checker& c, const StructEntity* entity);
// Classes without a constructor below one that has some get a constructor that calls super().
void ChainConstructors(Checker& c);
// The type of a class's finalizer slot, and the function that `entity` puts into it.
FunctionRecord* MakeObjectFinalizer(Checker& c, StructEntity* entity);
// Every overriding method fits the one it overrides; constructors and finalizers call their ancestors' exactly once.
void VerifyClasses(Checker& c);

// Members and layout (decl_struct.cpp), values (decl_enum.cpp), type and initialiser (decl_global.cpp).
void CompleteStruct(Checker& c, StructEntity* entity);
void CompleteEnum(Checker& c, EnumEntity* entity);
void CompleteGlobal(Checker& c, GlobalEntity* entity, syntax::Place use);

// Reports globals whose initialisers lead back to themselves, directly or through functions (global_loops.cpp). After
// all bodies are checked.
void CheckGlobalLoops(Checker& c);
// The current function writes to `target`, or calls a native that does things (side_effects.cpp).
void NoteWrite(Checker& c, const TExpr* target);
void NoteEffect(Checker& c);
// Reports declarations whose values are larger than 0x7fffffff bytes (too_big.cpp).
void CheckSizes(Checker& c);
// Reports calls of [run] functions that do more than compute their result.
void CheckRunCalls(Checker& c);
// Reports arguments that the body never mentions, where the module's options ask for it (unused.cpp).
void CheckUnusedArguments(Checker& c, const FunctionRecord* function);
// The current function, or the global being initialised, mentions `used`.
void NoteGlobalUse(Checker& c, GlobalEntity* used);

// A zero or constant initialiser of a field, elaborated for one construction; null when the field starts as zero.
TExpr* FieldInitializer(Checker& c, const types::Field& field, const FieldInit& init, AssignMode* mode,
                        syntax::Place place);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_DECLARATIONS_H_
