// The syntax tree of a module: everything the parser makes. Include this to read trees.
//
// Nodes are plain structs in the base::Arena of their module and are never changed once parsing is over: a generic is
// checked again and again from the same nodes under different bindings. A node is told apart by its `kind` and cast
// with As<T>(). Lists are spans into the same arena. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_AST_H_
#define VESTIGE_SYNTAX_AST_H_

#include "syntax/ast_decl.h"
#include "syntax/ast_expr.h"
#include "syntax/ast_literal.h"
#include "syntax/ast_stmt.h"
#include "syntax/ast_type.h"

#endif  // VESTIGE_SYNTAX_AST_H_
