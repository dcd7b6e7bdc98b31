// What annotations and options mean to the checker. Floor 3.

#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "sema/contract.h"
#include "sema/declarations.h"
#include "sema/options.h"

namespace vestige::sema {

namespace {

// Annotations of functions that are known but change nothing here: hints for compilers to machine code, lint switches.
constexpr std::string_view kKnownForFunctions[] = {"argument_rule",
                                                   "deprecated",
                                                   "generic",
                                                   "hint",
                                                   "hybrid",
                                                   "inline",
                                                   "jit",
                                                   "nodiscard",
                                                   "no_aot",
                                                   "no_jit",
                                                   "no_lint",
                                                   "pinvoke",
                                                   "sideeffects",
                                                   "unsafe_deref",
                                                   "unused_argument",
                                                   "local_only",
                                                   "alias_cmres",
                                                   "never_alias_cmres",
                                                   "property",
                                                   "type_function",
                                                   "macro_function",
                                                   "_macro",
                                                   "expect_dim",
                                                   "expect_ref",
                                                   "expect_any_vector",
                                                   "template",
                                                   "nodiscard_result",
                                                   "no_side_effects",
                                                   "export_constructor"};

constexpr std::string_view kKnownForStructs[] = {
    "no_default_initializer", "cpp_layout",      "comment",   "skip_lock_check",
    "skip_field_lock_check",  "macro_interface", "local_only"};

template <size_t N>
bool Contains(const std::string_view (&list)[N], std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

std::string ValueText(const syntax::AnnotationArgument& argument) {
  switch (argument.kind) {
    case syntax::AnnotationValue::kNone:
      return {};
    case syntax::AnnotationValue::kBool:
      return argument.boolean ? "true" : "false";
    case syntax::AnnotationValue::kInt:
      return std::to_string(argument.integer);
    case syntax::AnnotationValue::kFloat:
      return fmt::format("{}", argument.real);
    default:
      return std::string(argument.text.text());
  }
}

}  // namespace

bool HasAnnotation(std::span<syntax::Annotation* const> annotations, std::string_view name) {
  for (const syntax::Annotation* annotation : annotations) {
    if (annotation->form == syntax::AnnotationForm::kPlain && annotation->name.name.text() == name) return true;
  }
  return false;
}

const syntax::AnnotationArgument* FindTag(std::span<const syntax::AnnotationArgument> tags, std::string_view name) {
  for (const syntax::AnnotationArgument& tag : tags) {
    if (tag.name.text() == name) return &tag;
  }
  return nullptr;
}

namespace {

bool Sees(const ModuleScope* module, std::string_view name) {
  return std::any_of(module->visible.begin(), module->visible.end(),
                     [&](const ModuleScope* other) { return other->name.text() == name; });
}

// [class_method] of module class_boost: a static member function that takes `self` all the same, but no place in the
// object: it cannot be overridden, and may be generic.
void ApplyClassMethod(Checker& c, const syntax::Annotation* annotation, FunctionEntity* entity) {
  const std::string_view name = annotation->name.name.text();
  if (!Sees(entity->module, "class_boost")) {
    c.Error(20600, annotation->place, fmt::format("annotation {} is not found", name));
  } else if (entity->method_of == nullptr || !entity->decl->is_static) {
    c.Error(20800, annotation->place, fmt::format("{} can be applied only to static class methods", name));
  } else {
    entity->is_static_method = false;
  }
}

}  // namespace

void ApplyFunctionAnnotations(Checker& c, const syntax::FunctionDecl* decl, FunctionEntity* entity) {
  for (const syntax::Annotation* annotation : decl->annotations) {
    if (annotation->form != syntax::AnnotationForm::kPlain) continue;
    const std::string_view name = annotation->name.name.text();
    if (name == "export") {
      entity->is_export = true;
    } else if (name == "init") {
      entity->is_init = true;
    } else if (name == "finalize") {
      entity->is_finalize = true;
    } else if ((name == "test" || name == "benchmark") && Sees(entity->module, "testing_boost")) {
      (name == "test" ? entity->is_test : entity->is_benchmark) = true;
    } else if (name == "never_inline") {
      entity->no_inline = true;
    } else if (name == "run") {
      entity->runs_at_compile_time = true;
    } else if (name == "generic") {
      entity->is_generic = true;
    } else if (name == "class_method" || name == "explicit_const_class_method") {
      ApplyClassMethod(c, annotation, entity);
    } else if (name == "unsafe_operation") {
      entity->is_unsafe = true;
    } else if (name == "unsafe_outside_of_for") {
      entity->is_unsafe_outside_of_for = true;
    } else if (!Contains(kKnownForFunctions, name) && !IsContract(name)) {
      c.Error(20600, annotation->place, fmt::format("annotation {} is not found", name));
    }
  }
  if ((entity->is_init || entity->is_finalize) && entity->module->options.no_init) {
    c.Error(30164, decl->place, "[init] is disabled in the options");
  }
}

void ApplyStructAnnotations(Checker& c, const syntax::StructDecl* decl, types::StructInfo* info) {
  for (const syntax::Annotation* annotation : decl->annotations) {
    if (annotation->form != syntax::AnnotationForm::kPlain) continue;
    const std::string_view name = annotation->name.name.text();
    if (name == "safe_when_uninitialized") {
      info->safe_when_uninitialized = true;
    } else if (name == "persistent") {
      info->is_persistent = true;
    } else if (!Contains(kKnownForStructs, name)) {
      c.Error(20600, annotation->place, fmt::format("annotation {} is not found", name));
    }
  }
}

void CheckTemplate(Checker& c, const ModuleScope* module, const syntax::StructDecl* decl) {
  for (const syntax::Annotation* annotation : decl->annotations) {
    if (annotation->form != syntax::AnnotationForm::kPlain) continue;
    const std::string_view name = annotation->name.name.text();
    if (name != "template_tuple" || !Sees(module, "typemacro_boost")) {
      c.Error(20600, annotation->place, fmt::format("annotation {} is not found", name));
    } else if (decl->is_class || !decl->parent.name.empty()) {
      c.Error(20800, annotation->place, "template_tuple can be applied only to struct templates without a parent");
    }
  }
}

void ReadOptions(Checker& c, ModuleScope* module) {
  ProgramOptions ignored;
  // Only the main file decides how the program runs.
  ProgramOptions& options = module->is_main ? c.program.options : ignored;
  for (const syntax::AnnotationArgument& option : module->ast->options) {
    const std::string_view name = option.name.text();
    switch (SetOption(options, name, ValueText(option))) {
      case OptionResult::kOk:
        break;
      // The reference prints this without a place.
      case OptionResult::kUnknown:
        c.Error(50100, {}, fmt::format("invalid option '{}'", name));
        break;
      case OptionResult::kBadValue:
        c.Error(50100, {}, fmt::format("invalid option type '{}'", name));
        break;
    }
    const bool enabled = option.kind != syntax::AnnotationValue::kBool || option.boolean;
    if (name == "no_init") module->options.no_init = enabled;
    if (name == "no_unused_function_arguments") module->options.no_unused_function_arguments = enabled;
    if (name == "with_module_is_unsafe") module->options.with_module_is_unsafe = enabled;
    if (name == "gen2" && option.kind == syntax::AnnotationValue::kBool && !option.boolean) {
      c.Error(50100, option.place, "only gen2 syntax is supported");
    }
  }
}

}  // namespace vestige::sema
