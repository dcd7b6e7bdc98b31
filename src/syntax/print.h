// The tree as text again.
//
// What is printed is a program with the same tree; comments, layout and ways of writing that mean the same are not
// kept. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_PRINT_H_
#define VESTIGE_SYNTAX_PRINT_H_

#include <string>

#include "syntax/ast.h"

namespace vestige::syntax {

std::string Print(const Module& module);
std::string Print(const Decl& decl);
std::string Print(const Stmt& stmt);
// On one line, unless it contains a closure.
std::string Print(const Expr& expr);
std::string Print(const TypeExpr& type);

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_PRINT_H_
