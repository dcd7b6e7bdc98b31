// Arguments nobody reads. Floor 3.

#include <string>

#include "sema/declarations.h"

namespace vestige::sema {

namespace {

// [unused_argument(name)] says that it is meant.
bool IsMarked(const syntax::FunctionDecl* decl, base::Symbol name) {
  for (const syntax::Annotation* annotation : decl->annotations) {
    if (annotation->name.name.text() != "unused_argument") continue;
    for (const syntax::AnnotationArgument& argument : annotation->arguments) {
      if (argument.name == name) return true;
    }
  }
  return false;
}

}  // namespace

void CheckUnusedArguments(Checker& c, const FunctionRecord* function) {
  const FunctionEntity* entity = function->entity;
  if (!entity->module->options.no_unused_function_arguments) return;
  for (const TLocal* argument : function->arguments) {
    if (argument->name == c.known.self || IsMarked(entity->decl, argument->name)) continue;
    if (c.declarations->used_arguments.contains(argument)) continue;
    const std::string name(argument->name.text());
    c.Error(30159, {argument->location, 1}, "unused function argument " + name, {},
            "use [unused_argument(" + name + ")] if intentional");
  }
}

}  // namespace vestige::sema
