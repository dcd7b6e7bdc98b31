// Native modules: functions, constants and types that a host gives to scripts.
//
// A module is data: tables of rows, and declarations in the script's own language. Nothing is registered; rows and
// texts must outlive the engine that was told of them (EngineOptions::modules). A signature is parsed when a program
// first names the function, so native and script functions share one overload machinery, generics included:
//
//   void Twice(vestige::NativeCall& call) { call.Return(2 * call.Value<int32_t>(0)); }
//
//   constexpr vestige::NativeFunction kFunctions[] = {{"twice", "(x : int) : int", &Twice}};
//   constexpr vestige::NativeModule kModule = {.name = "sample", .functions = kFunctions};
//
// Enums and structs of the host are declared in `prelude`. A struct that is more than its bytes gets a NativeType.

#ifndef VESTIGE_NATIVE_H_
#define VESTIGE_NATIVE_H_

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "vestige/ref_counted.h"

namespace vestige {

// The engine's own, opaque to hosts.
namespace types {
struct Type;
}
namespace exec {
class Context;
}
namespace runtime {
class ScriptContext;
}

class HandleSlots;
struct HandleKind;
// vestige/handles.h has it.
template <typename T>
class Handles;

// One argument for script code: a workhorse value of at most 16 bytes, or the address of anything else.
struct BlockArgument {
  uint64_t bits[2] = {0, 0};  // as in memory; unused bytes are zero

  // A number, vector, string, pointer or enum.
  template <typename T>
  static BlockArgument Value(const T& value) {
    static_assert(sizeof(T) <= 16);
    BlockArgument argument;
    std::memcpy(argument.bits, &value, sizeof(T));
    return argument;
  }
  // Anything else, and what a `T&` parameter takes.
  static BlockArgument Reference(const void* address) { return Value(address); }
};

// One call in progress. The caller lays arguments out in frame slots of 8 bytes (16 for vectors and ranges wider than
// 8): workhorse values (numbers, vectors, strings, pointers, enums) by value, everything else and `var x : T&`
// parameters as addresses. The result, if a workhorse, goes to *result (at its natural size); any other is made at
// `result`, which is zeroed before.
struct NativeCall {
  exec::Context& context;
  char* arguments;          // slot of the first argument
  const uint16_t* offsets;  // offset of argument i from `arguments`
  char* result;
  // Concrete parameter types, then the result type; natives with generic parameters decide by them.
  std::span<const types::Type* const> types;

  // An argument passed by value. Strings are `const char*`, null for the empty one; pointers may be null.
  template <typename T>
  T Value(size_t index) const {
    T value;
    std::memcpy(&value, arguments + offsets[index], sizeof(T));
    return value;
  }
  // An argument passed as an address.
  template <typename T>
  T& Reference(size_t index) const {
    return *Value<T*>(index);
  }
  // Stores a workhorse result, or the address that a `T&` result is.
  template <typename T>
  void Return(T value) const {
    std::memcpy(result, &value, sizeof(T));
  }

  // The text of a string argument; the script's memory.
  std::string_view Text(size_t index) const;
  // The result is a fresh string with this text, up to its first NUL. The native's row says kMayAllocate.
  void ReturnText(std::string_view text) const;
  // Begins a panic: the script goes on at the nearest recover. The native returns at once.
  void Panic(std::string_view message) const;
  // Whether a panic or exit is under way, because of what the native called.
  bool HasPanic() const;
  // Bytes of a value of the argument's type.
  uint32_t SizeOf(size_t index) const;
  // A zeroed block of the script's heap for a value of that type; null after a panic. The row says kMayAllocate.
  void* NewObject(size_t index) const;
  // A new object with a count, known to the engine and born where the script is now.
  template <typename T, typename... Args>
  RefPtr<T> Make(Args&&... args) const {
    RefPtr<T> object = MakeCounted<T>(std::forward<Args>(args)...);
    Meet(*object);
    return object;
  }
  // The result, a smart_ptr<T>, takes over the reference.
  template <typename T>
  void ReturnCounted(RefPtr<T> object) const {
    if (object) Meet(*object);
    Return(object.Detach(nullptr, HolderKind::kScript));
  }
  // Makes an object known to the engine, unless it is: every object that scripts see has to be.
  void Meet(RefCounted& object) const;

  // The engine's registry of handles of T (vestige/handles.h).
  template <typename T>
  Handles<T> HandlesOf() const;
  // What HandlesOf looks at.
  HandleSlots& HandleSlotsOf(const HandleKind& kind) const;
  // Where the script is now.
  Birthplace CurrentBirthplace() const;

  // Calls the block in argument `index`. A workhorse result goes to *block_result, unless that is null. False when
  // there is a panic now. The row says kInvokesBlocks.
  bool CallBlock(size_t index, std::span<const BlockArgument> block_arguments, void* block_result = nullptr) const;
};

// What runs when a script calls the native. It returns normally always, after a panic too.
using NativeFn = void (*)(NativeCall& call);

// What overload resolution, code generation and reports must know of a native.
enum NativeFlags : uint32_t {
  kPure = 1 << 0,             // same arguments, same result, nothing else: may be folded at compile time
  kMayAllocate = 1 << 1,      // may allocate, so its call is a site of the context tree
  kUnsafe = 1 << 2,           // needs an unsafe block
  kCapturesStrings = 1 << 3,  // keeps or returns a string argument: temporaries passed to it stay alive
  kNoInScopeReturn = 1 << 4,  // the string it returns is not a fresh heap string (constant or argument)
  // Without `unsafe` the source of a `for` only: the result refers to the first argument. When that is a temporary, its
  // type in NativeCall::types is temporary too, and the native takes the value over.
  kUnsafeOutsideOfFor = 1 << 5,
  kInvokesBlocks = 1 << 6,  // calls back into the script
  // The last parameter has its default value always, scripts pass none, and the native takes it over.
  kOwnDefault = 1 << 7,
  // Makes elements of the first parameter's array from its own default: where the element type has no initialisers that
  // must run, of zeros; and of zeros, needing unsafe, with `options default_init_containers = false`.
  kMakesElements = 1 << 8,
};

// A row. `signature` is everything behind the name: "(s : string; from : int = 0) : string". The name of an operator is
// its sign, `[]` among them; that of a property is ".`name", and its one parameter the object.
struct NativeFunction {
  std::string_view name;
  std::string_view signature;
  NativeFn function = nullptr;
  uint32_t flags = 0;
  // Name of an operation that code generation may use instead of calling, when the argument types fit ("sqrt"); see
  // lower/intrinsics. Empty: always call.
  std::string_view intrinsic = {};
};

// A native constant: `PI`, `INT_MAX`. Its type as text, and its bits in memory order (float and double by their bits).
struct NativeConstant {
  std::string_view name;
  std::string_view type;
  uint64_t bits[2] = {0, 0};  // as in memory; unused bytes are zero
};

// Where C++ has a field of a native type.
struct NativeField {
  std::string_view name;
  uint32_t offset = 0;
};

// What makes objects of a type live behind smart_ptr: functions that know T as a RefCounted. CountedType<T>() fills it.
struct NativeCounted {
  // The part of the object at `address` that counts. Reads nothing.
  RefCounted* (*base)(void* address) = nullptr;
  // For `new T`: an object, null when there is none; its reference count is zero. Null: scripts can't make one.
  void* (*make)() = nullptr;
};

// The row of a type that derives from RefCounted. Scripts can write `new T` when T has a constructor without arguments.
template <typename T>
constexpr NativeCounted CountedType() {
  static_assert(std::is_base_of_v<RefCounted, T>, "smart_ptr<T> of scripts needs a T that derives from RefCounted");
  NativeCounted row;
  row.base = [](void* address) -> RefCounted* { return static_cast<T*>(address); };
  if constexpr (std::is_default_constructible_v<T>) row.make = []() -> void* { return new T(); };
  return row;
}

// What makes a struct of the prelude the host's own type. A value of zeros is a value: scripts make it without calling
// anything, and moving leaves it behind. Functions run no script code.
struct NativeType {
  std::string_view name;  // of a struct that the module's prelude declares
  uint32_t size = 0;      // sizeof and alignof in C++; at least what the declared fields take
  uint32_t align = 1;
  std::span<const NativeField> fields = {};  // compared with where the declared fields come to lie
  bool can_copy = true;                      // `=` copies the bits
  // Frees what the value owns; it is zeroed afterwards. Null: nothing to free.
  void (*destroy)(void* value) = nullptr;
  // Makes *to, which is a value, a copy of *from. Null: the bits are the value, if can_copy, else it can't be cloned.
  void (*clone)(void* to, const void* from) = nullptr;
  // Appends the value as print shows it. Null: the fields, as of a script's struct.
  void (*print)(const void* value, std::string* text) = nullptr;
  // Set: there are no values of the type, only objects behind smart pointers; `fields` says where C++ has the fields
  // that scripts see.
  const NativeCounted* counted = nullptr;
  // Set when what `new` makes lies outside of the script's heap: makes a value and returns where; fields that the
  // script does not name keep what it holds. Null after a panic.
  void* (*make)(runtime::ScriptContext& context, const NativeType& type) = nullptr;
  // What `delete` of a pointer does to such a value. False after a panic: there was none at `value`.
  bool (*release)(runtime::ScriptContext& context, void* value) = nullptr;
  // Set when a closure that captures a pointer to such a value holds it: called when the closure takes the pointer,
  // which is not null.
  void (*hold)(runtime::ScriptContext& context, void* value) = nullptr;
  // Called when the closure's frame ends and still has the pointer. `is_lambda`: of a generator otherwise.
  void (*drop)(runtime::ScriptContext& context, void* value, bool is_lambda) = nullptr;
};

// A native module that scripts can `require` (or, named "$", always see). Parts with one name are one module.
struct NativeModule {
  std::string_view name;                           // "math"
  std::string_view alias = {};                     // another name it can be required by: "daslib/math_boost"
  std::span<const NativeFunction> functions = {};  // overloads are rows of one name
  std::span<const NativeConstant> constants = {};  // names of values
  std::string_view prelude = {};           // declarations in script text (enums, structs), parsed with the module
  std::span<const NativeType> types = {};  // what C++ says of structs of the prelude
};

}  // namespace vestige

#endif  // VESTIGE_NATIVE_H_
