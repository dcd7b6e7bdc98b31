// Native functions as scripts see them: rows of a table.
//
// A row's signature is written in the script's own language and parsed by the ordinary parser when the name is first
// looked up, so natives and script functions share one overload machinery, generics included:
//
//   {"push", "(var a : array<auto(T)>; v : T) : void", &Push, kMayAllocate}
//
// Calling convention. The caller lays arguments out in frame slots of 8 bytes (16 for vectors and ranges wider than 8):
// workhorse values by value, everything else and `var x : T&` parameters as addresses. The result, if a workhorse, goes
// to *result (at its natural size); a ref-type result is made at `result`, which is zeroed before.
//
// Floor 3 (sema), because rows carry what overload resolution must know. Implemented by builtins (floor 5), called by
// exec (floor 4), which is why the context is opaque here.

#ifndef VESTIGE_SEMA_NATIVE_H_
#define VESTIGE_SEMA_NATIVE_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "types/type.h"

namespace vestige::exec {
class Context;
}

namespace vestige::sema {

// One call in progress.
struct NativeCall {
  exec::Context& context;
  char* arguments;          // slot of the first argument
  const uint16_t* offsets;  // offset of argument i from `arguments`
  char* result;
  // Concrete parameter types, then the result type; natives with generic parameters decide by them.
  std::span<const types::Type* const> types;

  template <typename T>
  T Value(size_t index) const {
    T value;
    __builtin_memcpy(&value, arguments + offsets[index], sizeof(T));
    return value;
  }
  // An argument passed as an address.
  template <typename T>
  T& Reference(size_t index) const {
    return *Value<T*>(index);
  }
  template <typename T>
  void Return(T value) const {
    __builtin_memcpy(result, &value, sizeof(T));
  }
};

using NativeFn = void (*)(NativeCall& call);

enum NativeFlags : uint32_t {
  kPure = 1 << 0,             // same arguments, same result, nothing else: may be folded at compile time
  kMayAllocate = 1 << 1,      // may allocate, so its call is a site of the context tree
  kUnsafe = 1 << 2,           // needs an unsafe block
  kCapturesStrings = 1 << 3,  // keeps or returns a string argument: temporaries passed to it stay alive
  kNoInScopeReturn = 1 << 4,  // the string it returns is not a fresh heap string (constant or argument)
  kUnsafeOutsideOfFor = 1 << 5,
  kInvokesBlocks = 1 << 6,  // calls back into the script
};

// A row. `signature` starts with the parameter list: "(s : string; from : int = 0) : string".
struct NativeFunction {
  std::string_view name;
  std::string_view signature;
  NativeFn function = nullptr;
  uint32_t flags = 0;
  // Name of an operation that code generation may use instead of calling, when the argument types fit ("sqrt"); see
  // lower/intrinsics. Empty: always call.
  std::string_view intrinsic = {};
};

// A native constant: `PI`, `INT_MAX`. Type text and value as in TConst.
struct NativeConstant {
  std::string_view name;
  std::string_view type;
  uint64_t bits[2] = {0, 0};
};

// A native module that scripts can `require` (or, named "$", always see).
struct NativeModule {
  std::string_view name;        // "math"
  std::string_view alias = {};  // another name it can be required by: "daslib/math_boost"
  std::span<const NativeFunction> functions = {};
  std::span<const NativeConstant> constants = {};
  std::string_view prelude = {};  // declarations in script text (enums, structs), parsed with the module
};

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_NATIVE_H_
