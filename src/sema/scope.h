// What names mean: entities of modules, and the stack of local names of a function.
//
// A module keeps flat maps from Symbol to entities. What a name means from inside a module (its own entities and those
// of the modules it sees) is answered by one probe of a per-module cache. Local names are one vector searched from the
// back. Floor 3.

#ifndef VESTIGE_SEMA_SCOPE_H_
#define VESTIGE_SEMA_SCOPE_H_

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "base/location.h"
#include "base/symbol.h"
#include "sema/native.h"
#include "sema/typed.h"
#include "syntax/ast.h"
#include "types/type.h"

namespace vestige::sema {

struct ModuleScope;
struct FunctionEntity;

// What `auto(T)` names stand for in an instance of a generic.
using Bindings = absl::InlinedVector<std::pair<base::Symbol, const types::Type*>, 4>;

// The bound type of `name`, or null.
const types::Type* FindBinding(const Bindings& bindings, base::Symbol name);

// One parameter of a function. `type` is the pattern of a generic or the type itself: kConst unless declared `var`,
// kRef when declared `T&`; ref types carry no kRef, they are passed as addresses anyway.
struct Parameter {
  base::Symbol name;
  const types::Type* type = nullptr;
  const syntax::Expr* default_value = nullptr;
  base::Location location;
  base::Symbol aka = {};  // a second name in the body
  bool is_generic = false;
  bool default_failed = false;  // the default value is wrong, and that was reported
};

// A checked function with what only sema needs: which functions and globals it uses (for reachability).
struct FunctionRecord : TFunction {
  struct Use {
    FunctionRecord* function;
    Use* next;
  };
  FunctionEntity* entity = nullptr;
  Use* uses = nullptr;
  enum class State : uint8_t { kDeclared, kChecking, kChecked } state = State::kDeclared;
  bool has_side_effects = false;  // by itself; the functions it uses are asked as well
  bool reachable = false;
  bool queued = false;                                 // in Checker::pending
  syntax::Place requested;                             // the first call
  bool result_known = false;                           // stated, or inferred already
  Bindings* bindings = nullptr;                        // instances of generics; owned by the checker
  ModuleScope* instantiated_from = nullptr;            // instances: the module of the caller, for `_::name`
  FunctionRecord* next_instance = nullptr;             // of the same entity
  int instance_depth = 0;                              // instances: how many instances led to this one
  std::span<const types::Type* const> argument_types;  // as TLocal::type plus kRef for `T&`; the key of an instance
};

// A declared function: of a script, a method, or a row of a native module. Its signature is resolved when it is first
// looked at (EnsureSignature).
struct FunctionEntity {
  base::Symbol name;  // `f`, `Type`method`, `operator +`
  ModuleScope* module = nullptr;
  base::Location location;
  const syntax::FunctionDecl* decl = nullptr;  // natives: made by ParseSignature when first looked at
  const NativeFunction* native = nullptr;
  std::span<Parameter> parameters;
  const types::Type* result = nullptr;     // null: inferred, or depends on bindings
  types::StructInfo* method_of = nullptr;  // methods: `self` is the first parameter
  bool signature_ready = false;
  bool signature_failed = false;
  bool is_generic = false;
  bool is_private = false;
  bool is_unsafe = false;  // [unsafe_operation]
  bool is_unsafe_outside_of_for = false;
  bool is_const_method = false;
  bool is_static_method = false;
  bool is_constructor = false;
  bool is_export = false;  // annotations of the same names, copied to the record
  bool is_init = false;
  bool is_finalize = false;
  bool is_test = false;
  bool is_benchmark = false;
  bool no_inline = false;
  bool runs_at_compile_time = false;        // [run]
  FunctionRecord* record = nullptr;         // not generic: the function itself
  FunctionRecord* instances = nullptr;      // generic: a list
  FunctionEntity* next_overload = nullptr;  // same name, same module
};

// A module variable, or a native constant.
struct GlobalEntity {
  base::Symbol name;
  ModuleScope* module = nullptr;
  base::Location location;
  TGlobal* global = nullptr;          // null for native constants
  TExpr* constant = nullptr;          // value known at compile time: native constants, `let` of literals
  const types::Type* type = nullptr;  // null until inferred
  bool is_private = false;
  enum class State : uint8_t { kDeclared, kChecking, kChecked } state = State::kDeclared;
  void* declaration = nullptr;  // decl files' own
};

enum class TypeEntityKind : uint8_t {
  kStruct,
  kEnum,
  kBitfield,
  kAlias,
  kTemplate,  // `struct template`: no type by itself; declaration: the StructDecl
};

// A named type. Aliases, tuples, variants and distinct types resolve when first asked for.
struct TypeEntity {
  base::Symbol name;
  ModuleScope* module = nullptr;
  base::Location location;
  TypeEntityKind kind = TypeEntityKind::kAlias;
  const types::Type* type = nullptr;  // null until resolved
  bool is_private = false;
  bool resolving = false;       // to notice cycles
  void* declaration = nullptr;  // decl files' own
};

// All functions of a name that a module sees; stable for the life of the checker.
using OverloadSet = std::span<FunctionEntity* const>;

// Options that change what is an error in the module they stand in.
struct ModuleOptions {
  bool no_init = false;                       // no [init], [finalize], no globals that run code
  bool no_unused_function_arguments = false;  // an argument that nobody reads
  bool with_module_is_unsafe = false;
};

// One module's names.
struct ModuleScope {
  base::Symbol name;
  const syntax::Module* ast = nullptr;  // null for purely native ones
  const NativeModule* native = nullptr;
  bool public_by_default = true;
  bool is_main = false;
  ModuleOptions options;
  std::vector<ModuleScope*> exported;  // required `public`, and what those export
  std::vector<ModuleScope*> visible;   // itself first, then required ones (and what they re-export), `$` last
  absl::flat_hash_map<base::Symbol, ModuleScope*> qualifiers;    // what may stand before `::`
  absl::flat_hash_map<base::Symbol, FunctionEntity*> functions;  // heads of next_overload lists
  absl::flat_hash_map<base::Symbol, GlobalEntity*> globals;
  absl::flat_hash_map<base::Symbol, TypeEntity*> types;
  absl::flat_hash_map<base::Symbol, std::vector<FunctionEntity*>*> overload_cache;
};

// A local name.
struct LocalName {
  enum class Kind : uint8_t {
    kLocal,   // a variable
    kAssume,  // `assume name = expr`: checked again at every use
    kWith,    // no name: the fields (and methods) of the struct or class behind `local` are visible; also `self`
    kType,    // a local typedef: `type`
  };
  Kind kind = Kind::kLocal;
  base::Symbol name;
  TLocal* local = nullptr;
  const syntax::Expr* assumed = nullptr;
  bool is_expanding = false;  // kAssume: being checked for a use right now
  const types::Type* type = nullptr;
  FunctionRecord* owner = nullptr;  // a closure sees names of the functions around it through here
  base::Location location;
};

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_SCOPE_H_
