// Variables and functions of the typed program (typed.h has the essay). Floor 3.

#ifndef VESTIGE_SEMA_TYPED_BASE_H_
#define VESTIGE_SEMA_TYPED_BASE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "base/location.h"
#include "base/symbol.h"
#include "types/type.h"

namespace vestige {
struct NativeFunction;  // a row of a native module; opaque here, see sema/native.h
}

namespace vestige::sema {

using vestige::NativeFunction;

struct TExpr;
struct TStmt;
struct TBlock;
struct TFunction;

// A variable of a function: argument, local, loop variable or temporary that sema introduced.
struct TLocal {
  base::Symbol name;
  const types::Type* type = nullptr;  // without kRef; kConst for let and const arguments
  TFunction* owner = nullptr;         // a block's body reaches locals of the functions around it
  base::Location location;
  // The slot holds the address of the variable, not the variable: ref-type arguments, `var x : T&`, `let r & =`, loop
  // variables over arrays.
  bool is_reference = false;
  bool is_argument = false;
  uint32_t index = 0;  // among TFunction::locals
};

// A variable of a module. Offsets are given by code generation.
struct TGlobal {
  base::Symbol name;
  base::Symbol module;
  const types::Type* type = nullptr;
  base::Location location;
  TExpr* init = nullptr;    // null: zero
  bool init_moves = false;  // `<-`: the initialiser, if a place, is zeroed
  bool is_shared = false;
  uint32_t index = 0;  // among TProgram::globals; initialised in this order
};

enum class FunctionRole : uint8_t { kFunction, kBlock, kLambda, kLocalFunction, kGenerator };

// A function, instance of a generic, or body of a closure.
struct TFunction {
  base::Symbol name;     // as people read it in stacks: `fill`, `Pool`grow`, `_lambda_thismodule_18_1`function`;
                         // a block bears the name of the function it is written in
  base::Symbol mangled;  // `rec Ci`: unique, for messages
  base::Symbol module;
  base::Location location;
  FunctionRole role = FunctionRole::kFunction;
  const types::Type* result = nullptr;  // void when none; never a reference, see returns_reference
  bool returns_reference = false;       // the value returned is an address of `result`
  std::span<TLocal*> arguments;
  std::vector<TLocal*>* locals = nullptr;  // all, arguments first; owned by the program
  TBlock* body = nullptr;
  TFunction* parent = nullptr;  // closures: the function around
  bool is_export = false;
  bool is_init = false;
  bool is_finalize = false;  // [finalize]
  bool no_inline = false;
  bool has_unsafe = false;  // does something that only `unsafe` permits, or a block in it does; final when checked
  bool uses_parent_frame = false;  // blocks: touches locals of a function around
  uint32_t index = 0;              // among TProgram::functions; equals exec's function number
  // Lambdas: type of the heap struct (function, finalizer, captures...); the first argument is a reference to it.
  // Generators: type of a struct of captures alone, which is the first local of the frame and the only argument.
  // `result` is then what is yielded, and the values of returns are bools: whether there is more.
  const types::Type* capture = nullptr;
};

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_TYPED_BASE_H_
