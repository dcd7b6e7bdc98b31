// What functions do besides computing a result, as far as [run] has to know. Floor 3.

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "sema/declarations.h"

namespace vestige::sema {

namespace {

// The place belongs to a variable of the function itself.
bool IsOwn(const TExpr* place, const FunctionRecord* function) {
  for (;;) {
    switch (place->kind) {
      case ExprKind::kField:
        place = static_cast<const TField*>(place)->base;
        break;
      case ExprKind::kSwizzle:
        place = static_cast<const TSwizzle*>(place)->base;
        break;
      case ExprKind::kIndex:
        place = static_cast<const TIndex*>(place)->base;
        break;
      case ExprKind::kLocal: {
        const TLocal* local = static_cast<const TLocalRef*>(place)->local;
        return local->owner == function && !(local->is_argument && local->is_reference);
      }
      default:
        return false;
    }
  }
}

bool HasEffects(const FunctionRecord* function) {
  std::vector<const FunctionRecord*> queue = {function};
  absl::flat_hash_set<const FunctionRecord*> seen = {function};
  while (!queue.empty()) {
    const FunctionRecord* next = queue.back();
    queue.pop_back();
    if (next->has_side_effects) return true;
    for (const FunctionRecord::Use* use = next->uses; use != nullptr; use = use->next) {
      if (seen.insert(use->function).second) queue.push_back(use->function);
    }
  }
  return false;
}

}  // namespace

void NoteWrite(Checker& c, const TExpr* target) {
  if (c.fn != nullptr && c.fn->function != nullptr && !IsOwn(target, c.fn->function)) NoteEffect(c);
}

void NoteEffect(Checker& c) {
  if (c.fn != nullptr && c.fn->function != nullptr) c.fn->function->has_side_effects = true;
}

void CheckRunCalls(Checker& c) {
  for (const auto& [function, place] : c.declarations->run_calls) {
    if (!HasEffects(function)) continue;
    c.LintError(50500, place, "function did not run at compilation time because it has side-effects");
  }
}

}  // namespace vestige::sema
