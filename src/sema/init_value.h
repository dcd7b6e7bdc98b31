// Initialising a variable: which type it gets, which value goes in, and how (copy, move, clone).
//
// Locals, globals and fields follow the same rules and differ in the words of their messages. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_INIT_VALUE_H_
#define VESTIGE_SEMA_INIT_VALUE_H_

#include <string>

#include "sema/checker.h"

namespace vestige::sema {

// How messages about one kind of variable read.
struct InitWords {
  std::string subject;  // "local variable x", "global variable 'x'"
  int cannot_infer = 30200;
  int cannot_move = 30940;
  int cannot_copy = 30197;
  std::string cannot_copy_text;  // behind the subject
  std::string cannot_copy_fixme;
  syntax::Place variable;  // most messages point at the variable...
  syntax::Place mismatch;  // ...the ones about types sometimes at the value
};

struct InitValue {
  const types::Type* type = nullptr;  // of the variable, without kConst and kRef; the error type after a message
  TExpr* value = nullptr;             // converted to it
  AssignMode mode = AssignMode::kCopy;
};

// Checks `written` for a variable of type `declared`: null or generic types are inferred.
InitValue CheckInit(Checker& c, const types::Type* declared, const syntax::Expr* written, syntax::InitMode mode,
                    bool is_const, const InitWords& words);
// The same for a value that is elaborated already.
InitValue InitFrom(Checker& c, const types::Type* declared, TExpr* value, syntax::InitMode mode, bool is_const,
                   const InitWords& words);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_INIT_VALUE_H_
