// What a program says of itself while it runs: its modules with their declarations, as scripts ask for them (module
// rtti).
//
// A description refers to the types of its program and adds what types do not know: annotations, initial values, and
// who declares what. Sema makes it when the program, or who compiles it, wants one; nothing changes in it afterwards.
// It lives as long as the program's types.
//
// Scripts hold addresses of its parts, and of types, in pointers that may outlive the program. So a description knows
// every address it gives out, by what is there: Knows(). Nothing else is looked at before that was asked. Floor 2.

#ifndef VESTIGE_TYPES_DESCRIPTION_H_
#define VESTIGE_TYPES_DESCRIPTION_H_

#include <cstdint>
#include <span>

#include "absl/container/flat_hash_map.h"
#include "base/arena.h"
#include "base/symbol.h"
#include "types/type.h"
#include "types/type_table.h"

namespace vestige::types {

// A value that a declaration names. Names in a description are those of the engine's interner.
struct ConstantValue {
  const Type* type = nullptr;  // null: there is none, or it is found out when the program runs
  uint64_t bits = 0;           // as in memory, of values of up to 8 bytes
  base::Symbol text;           // of strings
};

// `name = value`, of an annotation, or behind `@` at a field or a global variable.
struct DescribedArgument {
  base::Symbol name;
  ConstantValue value;
};

// What stands before a declaration in brackets; or a type of the host, which scripts find among annotations, too.
struct DescribedAnnotation {
  enum class Of : uint8_t { kStruct, kEnum, kFunction, kHostType };
  Of of = Of::kStruct;
  base::Symbol name;
  std::span<const DescribedArgument> arguments;
  const StructInfo* type = nullptr;  // the host's
};

// A field, a global variable or an argument.
struct DescribedVariable {
  base::Symbol name;
  const Type* type = nullptr;  // with kRef of `T&`
  uint32_t offset = 0;         // of fields
  uint32_t number = 0;         // of variables of modules: among those of the code
  ConstantValue value;         // what it begins with
  std::span<const DescribedArgument> tags;
  bool is_private = false;
  bool is_method = false;  // the field is a virtual method
};

struct DescribedFunction {
  base::Symbol name;
  base::Symbol mangled;
  base::Symbol module;
  std::span<const DescribedVariable> arguments;
  const Type* result = nullptr;  // null: nothing is known of it
  std::span<const DescribedAnnotation> annotations;
  bool is_init = false;
  bool is_finalize = false;
  bool is_private = false;
  bool is_native = false;
};

struct DescribedModule {
  base::Symbol name;
  bool is_native = false;
  std::span<const StructInfo* const> structs;
  std::span<const EnumInfo* const> enums;  // and bitfields with names
  std::span<const DescribedFunction> functions;
  std::span<const DescribedFunction> generics;
  std::span<const DescribedVariable> globals;
  std::span<const DescribedAnnotation> annotations;  // types of the host
};

// What a StructInfo or EnumInfo does not know itself.
struct DescribedMembers {
  const char* name = nullptr;                 // its own, as a string of scripts
  std::span<const DescribedVariable> fields;  // as many as those of the struct
  std::span<const DescribedAnnotation> annotations;
  const DescribedAnnotation* host_type = nullptr;  // null: it is the script's
};

class Description {
 public:
  enum class Part : uint8_t {
    kType,
    kStruct,
    kEnum,
    kEnumValue,
    kVariable,
    kFunction,
    kAnnotation,
    kArgument,
    kModule,
  };

  // All of them in order of initialisation, the program's own last.
  std::span<const DescribedModule> modules;
  // What the program's code has: functions that are reachable, instances of generics, and variables of script modules.
  std::span<const DescribedFunction> functions;
  std::span<const DescribedVariable> globals;

  // Whether `address` is that of such a part. Looks at nothing behind it.
  bool Knows(Part part, const void* address) const {
    const auto found = parts_.find(address);
    return found != parts_.end() && found->second == part;
  }
  // Of a StructInfo or EnumInfo that it knows; null: there is nothing to add.
  const DescribedMembers* MembersOf(const void* info) const {
    const auto found = members_.find(info);
    return found == members_.end() ? nullptr : &found->second;
  }
  // The names of the parts of a type, or of the flags of a bitfield, as strings of scripts; null: they have none.
  const char* const* NamesOf(const Type* type) const {
    const auto found = names_.find(type);
    return found == names_.end() ? nullptr : found->second;
  }

  // --- for who makes it
  base::Arena& arena() { return arena_; }
  void AddMembers(const void* info, const DescribedMembers& members) { members_[info] = members; }
  // The spans above are filled in: notes every address that is given out. `types` are the program's.
  void Finish(const TypeTable& types);

 private:
  void Note(Part part, const void* address) { parts_.try_emplace(address, part); }
  void NoteNames(const Type* type);
  void NoteVariables(std::span<const DescribedVariable> variables);
  void NoteArguments(std::span<const DescribedArgument> arguments);
  void NoteAnnotations(std::span<const DescribedAnnotation> annotations);
  void NoteFunctions(std::span<const DescribedFunction> functions);

  base::Arena arena_;
  absl::flat_hash_map<const void*, Part> parts_;
  absl::flat_hash_map<const void*, DescribedMembers> members_;
  absl::flat_hash_map<const Type*, const char* const*> names_;
};

}  // namespace vestige::types

#endif  // VESTIGE_TYPES_DESCRIPTION_H_
