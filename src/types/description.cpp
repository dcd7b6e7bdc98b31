#include "types/description.h"

#include <vector>

namespace vestige::types {

void Description::NoteNames(const Type* type) {
  std::vector<const char*> names;
  if (type->kind == Kind::kBitfield) {
    for (uint32_t i = 0; type->enum_info != nullptr && i < type->enum_info->flag_count; ++i) {
      names.push_back(type->enum_info->values[i].name.text().data());
    }
  } else {
    for (const base::Symbol name : type->names) names.push_back(name.text().data());
  }
  if (!names.empty()) names_[type] = arena_.Copy(names).data();
}

void Description::NoteArguments(std::span<const DescribedArgument> arguments) {
  for (const DescribedArgument& argument : arguments) Note(Part::kArgument, &argument);
}

void Description::NoteAnnotations(std::span<const DescribedAnnotation> annotations) {
  for (const DescribedAnnotation& annotation : annotations) {
    Note(Part::kAnnotation, &annotation);
    NoteArguments(annotation.arguments);
  }
}

void Description::NoteVariables(std::span<const DescribedVariable> variables) {
  for (const DescribedVariable& variable : variables) {
    Note(Part::kVariable, &variable);
    NoteArguments(variable.tags);
  }
}

void Description::NoteFunctions(std::span<const DescribedFunction> functions) {
  for (const DescribedFunction& function : functions) {
    Note(Part::kFunction, &function);
    NoteVariables(function.arguments);
    NoteAnnotations(function.annotations);
  }
}

void Description::Finish(const TypeTable& types) {
  for (uint32_t id = 1; id < types.type_count(); ++id) {
    const Type* type = types.ById(id);
    Note(Part::kType, type);
    NoteNames(type);
    if (type->struct_info != nullptr) Note(Part::kStruct, type->struct_info);
    if (type->enum_info != nullptr) {
      Note(Part::kEnum, type->enum_info);
      for (const EnumValue& value : type->enum_info->values) Note(Part::kEnumValue, &value);
    }
  }
  for (const auto& [info, members] : members_) {
    NoteVariables(members.fields);
    NoteAnnotations(members.annotations);
    if (members.host_type != nullptr) Note(Part::kAnnotation, members.host_type);
  }
  NoteFunctions(functions);
  NoteVariables(globals);
  for (const DescribedModule& module : modules) {
    Note(Part::kModule, &module);
    NoteFunctions(module.functions);
    NoteFunctions(module.generics);
    NoteVariables(module.globals);
    NoteAnnotations(module.annotations);
  }
}

}  // namespace vestige::types
