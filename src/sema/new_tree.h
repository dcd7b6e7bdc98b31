// Syntax that no source text wrote: what a construct stands for, said in the language itself. Floor 3.

#ifndef VESTIGE_SEMA_NEW_TREE_H_
#define VESTIGE_SEMA_NEW_TREE_H_

#include "sema/checker.h"
#include "syntax/ast.h"

namespace vestige::sema {

// A node that lives as long as the check and stands at `place` in messages.
template <typename T>
T* NewTree(Checker& c, syntax::Place place) {
  T* node = c.scratch.New<T>();
  node->kind = T::kKind;
  node->place = place;
  return node;
}

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_NEW_TREE_H_
