// What a program keeps. Floor 3.

#include "sema/entry_points.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "sema/declarations.h"
#include "sema/expr.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

// An [init] function with its wishes: tag = "x", before = "y" (what is tagged y runs before this one), after = "z"
// (what is tagged z runs after it).
struct Initializer {
  FunctionRecord* function = nullptr;
  std::vector<std::string_view> tags;
  std::vector<std::string_view> before;
  std::vector<std::string_view> after;
  bool done = false;
};

void AddTexts(const syntax::AnnotationArgument& argument, std::vector<std::string_view>* texts) {
  if (!argument.list.empty()) {
    for (const syntax::AnnotationArgument& element : argument.list) texts->push_back(element.text.text());
  } else if (!argument.text.empty()) {
    texts->push_back(argument.text.text());
  }
}

Initializer ReadInitializer(FunctionRecord* function) {
  Initializer initializer;
  initializer.function = function;
  for (const syntax::Annotation* annotation : function->entity->decl->annotations) {
    if (annotation->name.name.text() != "init") continue;
    for (const syntax::AnnotationArgument& argument : annotation->arguments) {
      const std::string_view name = argument.name.text();
      if (name == "tag") AddTexts(argument, &initializer.tags);
      if (name == "before") AddTexts(argument, &initializer.before);
      if (name == "after") AddTexts(argument, &initializer.after);
    }
  }
  return initializer;
}

bool Intersect(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](std::string_view text) { return std::find(b.begin(), b.end(), text) != b.end(); });
}

// Order of declaration, except where before and after say otherwise.
std::vector<TFunction*> OrderInitializers(Checker& c, std::vector<Initializer> all) {
  std::vector<TFunction*> ordered;
  while (ordered.size() < all.size()) {
    auto is_ready = [&](const Initializer& candidate) {
      if (candidate.done) return false;
      return std::none_of(all.begin(), all.end(), [&](const Initializer& other) {
        if (other.done || &other == &candidate) return false;
        return Intersect(candidate.before, other.tags) || Intersect(other.after, candidate.tags);
      });
    };
    auto next = std::find_if(all.begin(), all.end(), is_ready);
    if (next == all.end()) {
      next = std::find_if(all.begin(), all.end(), [](const Initializer& left) { return !left.done; });
      c.Error(50506, next->function->entity->decl->place, "[init] functions wait for each other");
      return ordered;
    }
    next->done = true;
    ordered.push_back(next->function);
  }
  return ordered;
}

// [finalize(late = true)].
bool IsLate(const FunctionRecord* function) {
  for (const syntax::Annotation* annotation : function->entity->decl->annotations) {
    if (annotation->name.name.text() != "finalize") continue;
    const syntax::AnnotationArgument* late = FindTag(annotation->arguments, "late");
    if (late != nullptr && (late->kind != syntax::AnnotationValue::kBool || late->boolean)) return true;
  }
  return false;
}

void CheckHook(Checker& c, const FunctionRecord* function, std::string_view annotation) {
  const syntax::Place place = function->entity->decl->place;
  if (!function->arguments.empty()) {
    c.Error(20801, place, fmt::format("[{}] function {} can't have any arguments", annotation, function->name.text()));
  } else if (function->result->kind != Kind::kVoid) {
    c.Error(20801, place, fmt::format("[{}] function {} can't return a value", annotation, function->name.text()));
  }
}

// Whether `argument` is the pointer to struct `name` of module testing that a test takes.
bool IsTester(const TLocal* argument, std::string_view name) {
  const Type* type = argument->type;
  if (type->kind != Kind::kPointer || type->element->kind != Kind::kStruct) return false;
  const types::StructInfo* info = type->element->struct_info;
  return info->name.text() == name && info->module.text() == "testing";
}

void AddTest(Checker& c, FunctionRecord* function) {
  const FunctionEntity* entity = function->entity;
  const std::string_view annotation = entity->is_test ? "test" : "benchmark";
  const std::string_view tester = entity->is_test ? "T" : "B";
  const size_t count = function->arguments.size();
  if (count > 1 || (count == 1 && !IsTester(function->arguments[0], tester))) {
    c.Error(20800, entity->decl->place, fmt::format("invalid arguments of a [{}] function", annotation),
            fmt::format("expected def {0}() or def {0}(t : testing::{1}?)", function->name.text(), tester));
    return;
  }
  base::Symbol name = function->name;
  for (const syntax::Annotation* written : entity->decl->annotations) {
    if (written->name.name.text() != annotation) continue;
    const syntax::AnnotationArgument* argument = FindTag(written->arguments, "name");
    if (argument != nullptr && !argument->text.empty()) name = argument->text;
  }
  c.program.tests.push_back({.function = function, .name = name, .is_benchmark = !entity->is_test});
}

// The struct whose finalizer or clone `function` is, or null.
types::StructInfo* OperationOf(const FunctionRecord* function, base::Symbol name, size_t arguments) {
  if (function->name != name || function->arguments.size() != arguments) return nullptr;
  const Type* first = function->arguments[0]->type;
  if (first->kind != Kind::kStruct) return nullptr;
  // A clone fills its first argument; a finalizer may leave its own alone.
  if (arguments > 1 && first->is_const()) return nullptr;
  for (const TLocal* argument : function->arguments) {
    if (argument->type->unqualified != first->unqualified) return nullptr;
  }
  return first->struct_info;
}

}  // namespace

void CollectProgram(Checker& c, std::span<FunctionRecord* const> records) {
  std::vector<FunctionRecord*> roots;
  std::vector<Initializer> initializers;
  std::vector<TFunction*> late;
  std::vector<std::pair<FunctionRecord*, uint32_t*>> operations;
  for (FunctionRecord* function : records) {
    if (function->is_export || function->is_init || function->is_finalize) roots.push_back(function);
    if (function->entity->module == c.main && (function->entity->is_test || function->entity->is_benchmark)) {
      roots.push_back(function);
      AddTest(c, function);
    }
    if (function->is_export && function->name == c.known.main && function->entity->module == c.main) {
      c.program.main = function;
    }
    if (function->is_init) {
      CheckHook(c, function, "init");
      initializers.push_back(ReadInitializer(function));
    }
    if (function->is_finalize) {
      CheckHook(c, function, "finalize");
      (IsLate(function) ? late : c.program.finalize_functions).push_back(function);
    }
    if (types::StructInfo* info = OperationOf(function, c.known.finalize, 1)) {
      operations.emplace_back(function, &info->finalize_function);
    } else if (types::StructInfo* info = OperationOf(function, c.known.clone, 2)) {
      operations.emplace_back(function, &info->clone_function);
    }
  }
  c.program.finalize_functions.insert(c.program.finalize_functions.end(), late.begin(), late.end());
  c.program.init_functions = OrderInitializers(c, std::move(initializers));
  for (FunctionRecord::Use* use = c.declarations->initializer->uses; use != nullptr; use = use->next) {
    roots.push_back(use->function);
  }
  // Deleting and cloning by type reaches these without a call.
  for (auto& [function, slot] : operations) roots.push_back(function);
  CollectReachable(c, roots);
  for (auto& [function, slot] : operations) *slot = function->index;
}

}  // namespace vestige::sema
