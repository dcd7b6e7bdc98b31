// The typed program: what sema makes of syntax and code generation consumes.
//
// Every name is resolved, every overload chosen, every conversion and implicit operation written out; no syntax tree is
// referred to. An instance of a generic is an ordinary TFunction. Nodes live in the arena of their TProgram and die
// with it once the code is made.
//
// Places and values. An expression that `is_place` denotes memory (a local, a field, an element, the target of a
// pointer): it can be assigned, and its address taken. Everything else is a value. `type` never has the kRef qualifier:
// a place of type T replaces it. kConst on a place's type forbids writing through it. Reading a place of a workhorse
// type needs no node: consumers load it.
//
// Values of ref types (structs, containers, tuples, variants, fixed arrays) are always made *into* a destination: the
// consumer of a TMake, TCall... of such a type gives its address.
//
// Floor 3 (sema); read by lower.

#ifndef VESTIGE_SEMA_TYPED_H_
#define VESTIGE_SEMA_TYPED_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "base/arena.h"
#include "base/symbol.h"
#include "sema/typed_base.h"
#include "sema/typed_expr.h"
#include "sema/typed_stmt.h"
#include "types/description.h"
#include "types/type_table.h"

namespace vestige::sema {

// Options of the main file that change how the program runs (reference: `options` lines).
struct ProgramOptions {
  bool persistent_heap = true;
  bool persistent_heap_set = false;
  bool gc = false;
  bool track_allocations = false;
  bool never_inline = false;
  bool unwind_on_panic = false;
  bool strict_smart_pointers = true;  // what holds a smart pointer is `inscope`, and moved in unsafe code only
  // Elements that containers make by themselves are what initialisers of their type say, not zeros.
  bool default_init_containers = true;
  // Locals, and elements that containers drop, are freed where that can only free containers (Traits::plain_delete).
  bool force_inscope_pod = false;
  bool unsafe_table_lookup = false;
  // Frames differ from the reference's, so its default of 16 KiB would mean something else here.
  uint32_t stack_bytes = 1024 * 1024;
  uint64_t heap_size_hint = 0;
  uint64_t heap_size_limit = 0;
  uint64_t string_heap_size_limit = 0;
  uint64_t max_unreserved_size = 64ull << 20;
  bool very_safe_context = false;
};

// A function of the main file that is marked [test] or [benchmark].
struct TTest {
  TFunction* function = nullptr;
  base::Symbol name;  // the function's, or what its annotation says
  bool is_benchmark = false;
};

// Everything a run needs. Functions and globals of all modules, in the order of initialisation.
struct TProgram {
  base::Arena arena;
  base::Interner mangled_names;       // of functions: other names live on in the interner of the engine
  types::TypeTable* types = nullptr;  // outlives the program
  std::vector<TFunction*> functions;  // only those reachable from exports, [init], [finalize], globals
  std::vector<TGlobal*> globals;
  // Owns the locals that global initialisers need (comprehensions, closures made there); it has no body and no index.
  TFunction* initializer = nullptr;
  std::vector<TFunction*> init_functions;      // [init], in the order in which they run, after all globals
  std::vector<TFunction*> finalize_functions;  // [finalize], in order
  std::vector<TTest> tests;                    // in order of declaration
  TFunction* main = nullptr;                   // the exported `main` of the main file; null when there is none
  std::vector<std::vector<TLocal*>*> local_lists;
  ProgramOptions options;
  bool is_module = false;                           // the main file has a `module` line
  std::unique_ptr<types::Description> description;  // null: nobody looks at the program

  ~TProgram() {
    for (auto* list : local_lists) delete list;
  }
};

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_TYPED_H_
