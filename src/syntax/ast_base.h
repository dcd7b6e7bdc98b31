// What all syntax nodes share: places, names, the cast. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_AST_BASE_H_
#define VESTIGE_SYNTAX_AST_BASE_H_

#include <cstdint>
#include <span>

#include "base/location.h"
#include "base/symbol.h"

namespace vestige::syntax {

struct TypeExpr;
struct Expr;
struct Stmt;
struct Decl;
struct Block;
struct Annotation;
struct AnnotationArgument;

// Where a node is: the token people should look at (a name, an operator, a keyword) and how many carets go under it.
struct Place {
  base::Location location;
  uint32_t length = 1;
};

// `name`, `mod::name`, `::name` (qualified, empty module). `_::name` and `__::name` keep `_` and `__` as the module.
struct QualifiedName {
  base::Symbol module;
  base::Symbol name;
  bool is_qualified = false;
};

// How an initialiser, argument or capture is taken over.
enum class InitMode : uint8_t { kNone, kCopy, kMove, kClone };  // none, `=`, `<-`, `:=`

enum class Visibility : uint8_t { kDefault, kPublic, kPrivate };

// A cast that checks the kind; null when it is another one (or the node is null). T is a concrete node type.
template <typename T, typename Base>
const T* As(const Base* node) {
  return node != nullptr && node->kind == T::kKind ? static_cast<const T*>(node) : nullptr;
}
template <typename T, typename Base>
T* As(Base* node) {
  return node != nullptr && node->kind == T::kKind ? static_cast<T*>(node) : nullptr;
}

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_AST_BASE_H_
