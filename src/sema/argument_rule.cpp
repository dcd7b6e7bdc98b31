// [argument_rule(x = kind)]: what the argument for x must be as written, whatever its type.
//
// For libraries whose functions keep an address, or free what they get: the type of `x` does not tell a variable from a
// temporary. Floor 3.

#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "sema/call.h"
#include "sema/expr.h"

namespace vestige::sema {

namespace {

using types::Kind;

// What a place is a part of, without following pointers or containers; null when it is behind one.
const TExpr* RootOf(const TExpr* place) {
  for (;;) {
    if (place->kind == ExprKind::kField) {
      place = static_cast<const TField*>(place)->base;
    } else if (place->kind == ExprKind::kSwizzle) {
      place = static_cast<const TSwizzle*>(place)->base;
    } else if (place->kind == ExprKind::kIndex && static_cast<const TIndex*>(place)->mode == IndexMode::kFixed) {
      place = static_cast<const TIndex*>(place)->base;
    } else {
      return place;
    }
  }
}

bool IsLocal(const TExpr* root) {
  if (root->kind != ExprKind::kLocal) return false;
  const TLocal* local = static_cast<const TLocalRef*>(root)->local;
  return !local->is_argument && !local->is_reference;
}

const TExpr* SharedRoot(const TExpr* place) {
  for (;;) {
    place = RootOf(place);
    if (place->kind != ExprKind::kIndex) return place;
    place = static_cast<const TIndex*>(place)->base;
  }
}

struct Rule {
  std::string_view kind;
  int code;
  std::string_view what;
  bool (*fits)(const syntax::Expr* written, const TExpr* value);
};

constexpr Rule kRules[] = {
    {"interpolation", 50501, "must be a string with substitutions: \"text {value}\"",
     [](const syntax::Expr* written, const TExpr*) {
       return written != nullptr && written->kind == syntax::ExprKind::kInterpolation;
     }},
    {"variable", 50503, "is not a local value: it has to be a local or global variable, or a part of one",
     [](const syntax::Expr*, const TExpr* value) {
       const TExpr* root = RootOf(value);
       return root->kind == ExprKind::kGlobal || IsLocal(root);
     }},
    {"shared", 50501, "has to be a shared global variable, or a part of one",
     [](const syntax::Expr*, const TExpr* value) {
       const TExpr* root = SharedRoot(value);
       return root->kind == ExprKind::kGlobal && static_cast<const TGlobalRef*>(root)->global->is_shared;
     }},
    {"temporary", 50501,
     "can't be promoted to a temporary value: it has to be a local variable, a part of one, or a call",
     [](const syntax::Expr*, const TExpr* value) {
       const TExpr* root = RootOf(value);
       return IsLocal(root) || (root->kind == ExprKind::kCall && root->is_place);
     }},
};

}  // namespace

bool CheckArgumentRules(Checker& c, const Candidate& candidate, const CallArguments& arguments,
                        std::span<TExpr* const> values) {
  const FunctionEntity* entity = candidate.entity;
  if (entity->decl == nullptr) return true;
  const syntax::Annotation* annotation = FindAnnotation(entity->decl->annotations, "argument_rule");
  if (annotation == nullptr) return true;
  for (const syntax::AnnotationArgument& stated : annotation->arguments) {
    const auto rule = std::find_if(std::begin(kRules), std::end(kRules),
                                   [&](const Rule& known) { return known.kind == stated.text.text(); });
    if (rule == std::end(kRules)) {
      c.Error(20800, annotation->place, fmt::format("there is no argument rule '{}'", stated.text.text()));
      return false;
    }
    for (size_t i = 0; i < candidate.slots.size(); ++i) {
      if (entity->parameters[i].name != stated.name || candidate.slots[i] < 0) continue;
      const CallArgument& argument = arguments[candidate.slots[i]];
      if (rule->fits(argument.ast, values[i])) continue;
      c.Error(rule->code, argument.place,
              fmt::format("argument '{}' of {} {}", stated.name.text(), entity->name.text(), rule->what));
      return false;
    }
  }
  return true;
}

}  // namespace vestige::sema
