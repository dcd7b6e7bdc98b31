// The elaborator's state, shared by all files of sema.
//
// Elaboration is one pass over syntax with the expected type going down and typed nodes coming up. The work is done by
// free functions over a Checker, grouped by file; expr.h lists those for expressions and calls, decl.h those for types,
// declarations, statements, closures and construction. Floor 3.
//
// Errors: a wrong expression gives an error expression (IsError), which silences everything that is built on it.

#ifndef VESTIGE_SEMA_CHECKER_H_
#define VESTIGE_SEMA_CHECKER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "diag/diagnostics.h"
#include "sema/program.h"
#include "sema/scope.h"
#include "sema/typed.h"
#include "types/type_table.h"

namespace vestige::sema {

// The function whose body is being elaborated. A closure's state has the state of the function around it as `outer`.
struct FunctionState {
  FunctionRecord* function = nullptr;
  FunctionState* outer = nullptr;
  ModuleScope* module = nullptr;         // where unqualified names resolve
  ModuleScope* caller_module = nullptr;  // where `_::name` resolves; the same as module unless in a generic's instance
  const Bindings* bindings = nullptr;
  // The result type: stated, or of the first return seen; null while nothing is known.
  const types::Type* result = nullptr;
  bool result_stated = false;
  types::StructInfo* self = nullptr;  // methods: the class around
  int unsafe_depth = 0;
  int loop_depth = 0;
  bool in_finally = false;
  bool is_unreachable = false;  // behind a jump in the same block: its assertions do not matter
  // Generators: what they yield, kRef for references; Auto in an iterator comprehension until its value is known.
  const types::Type* yields = nullptr;
  // Generators: the body, and whether its own finally part is being elaborated, which runs when it is closed.
  const syntax::Block* generator_body = nullptr;
  bool in_closing = false;
  struct LambdaFrame* lambda = nullptr;  // closure.cpp: what the body of a lambda captures
  size_t names_begin = 0;                // into Checker::names: where this function's own names start
};

// What the context of an expression expects of it.
struct Want {
  const types::Type* type = nullptr;  // may be a pattern; null: nothing known
  bool nullable = false;              // feeds `??`: safe navigation needs no unsafe
  bool for_source = false;            // is a source of a `for`
  bool discarded = false;             // an expression statement
  bool is_unsafe = false;             // stands in unsafe(..): this operation is permitted, not what is inside it
};

// Symbols that the rules mention, interned once.
struct KnownNames {
  explicit KnownNames(base::Interner& symbols);
  base::Symbol self, super, clone, finalize, each, invoke, main, interval, dollar, underscore, static_assert_,
      concept_assert, assert_, verify, debug;
};

struct Checker {
  Checker(const CheckInput& input, TProgram& program);
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  const CheckInput& input;
  TProgram& program;
  types::TypeTable& types;
  base::Interner& symbols;
  base::Arena& arena;   // the program's: typed nodes
  base::Arena scratch;  // entities and other things that die with the check
  KnownNames known;

  std::vector<ModuleScope*> modules;  // in order of initialisation; the main one last
  ModuleScope* builtin = nullptr;     // `$`
  ModuleScope* main = nullptr;
  std::vector<std::unique_ptr<ModuleScope>> module_storage;
  std::deque<Bindings> bindings_storage;
  std::vector<std::unique_ptr<std::vector<FunctionEntity*>>> overload_storage;
  // Functions whose bodies are still to be elaborated (instances, mostly); Check() works until none is left.
  std::vector<FunctionRecord*> pending;

  struct Declarations* declarations = nullptr;  // what declarations.h keeps; owned by Check()

  FunctionState* fn = nullptr;   // current; null outside of functions and initialisers
  std::vector<LocalName> names;  // innermost last
  bool unsafe_once = false;      // Want::is_unsafe of the expression being elaborated
  int depth = 0;                 // of expressions and functions being elaborated, against runaway recursion
  int function_depth = 0;
  int silent = 0;  // > 0: errors are counted, not reported (trying something out)
  int error_count = 0;
  bool declarations_failed = false;  // what declarations say is not understood: bodies are not looked at
  std::vector<diag::Diagnostic> lint_findings;
  std::vector<diag::Diagnostic> lint_fallbacks;
  uint32_t temp_count = 0;
  syntax::Place alias_place;  // of the outermost of them, where its errors are told
  int alias_count = 0;        // uses of `assume` names inside the outermost one being checked
  bool alias_cycle = false;   // an `assume` name was met while being checked

  template <typename T>
  T* Node(base::Location location, const types::Type* type, bool is_place = false) {
    T* node = arena.New<T>();
    node->kind = T::kKind;
    node->location = location;
    node->type = type;
    node->is_place = is_place;
    return node;
  }
  template <typename T>
  T* Stmt(base::Location location) {
    T* node = arena.New<T>();
    node->kind = T::kKind;
    node->location = location;
    return node;
  }

  // Reports error `code` at `place`. `extra` lines follow the source line; `fixme` is the indented hint. Returns the
  // error expression, so that checks can `return c.Error(...)`.
  TExpr* Error(int code, syntax::Place place, std::string what, std::string extra = {}, std::string fixme = {});
  TExpr* ErrorExpr(base::Location location);
  // A finding about a program that is right otherwise: it is an error too, reported when there are no others.
  void LintError(int code, syntax::Place place, std::string what);
  // What is told when lint finds nothing else: a type that is too large, wherever it turns up.
  void LintFallback(int code, syntax::Place place, std::string what);
  void ReportLint();

  bool is_unsafe() const { return unsafe_once || (fn != nullptr && fn->unsafe_depth > 0); }
};

// The expression, or its type, is the result of an error already reported.
bool IsError(const TExpr* expr);
bool IsError(const types::Type* type);

// How messages spell the type of an expression: with `&` for places.
std::string Describe(const TExpr* expr);

// A new local of `fn` (the current function when null), entered into its list of locals but not into the names.
TLocal* NewLocal(Checker& c, base::Symbol name, const types::Type* type, base::Location location,
                 FunctionRecord* owner = nullptr);
TExpr* LocalRef(Checker& c, TLocal* local, base::Location location);

// Puts names in scope until it dies.
class NameScope {
 public:
  explicit NameScope(Checker& c) : c_(c), size_(c.names.size()) {}
  ~NameScope() { c_.names.resize(size_); }
  NameScope(const NameScope&) = delete;
  NameScope& operator=(const NameScope&) = delete;

 private:
  Checker& c_;
  size_t size_;
};

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_CHECKER_H_
