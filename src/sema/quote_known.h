// Types and declarations that the program has as trees: what `typeinfo ast_typedecl` and walks over a compiled program
// give. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_QUOTE_KNOWN_H_
#define VESTIGE_SEMA_QUOTE_KNOWN_H_

#include "ast/quotes.h"
#include "sema/checker.h"
#include "types/description.h"

namespace vestige::sema {

// The tree, among the program's quotes. Structs and enums in it are links to one Structure or Enumeration each, which
// belongs to the program.
ast::TypeDecl* TreeOfType(Checker& c, const types::Type* type);
// The one of the struct, class or enum. Not for null.
ast::Structure* TreeOfStruct(Checker& c, const types::StructInfo* info);
ast::Enumeration* TreeOfEnum(Checker& c, const types::EnumInfo* info);

// What the types of a program do not know. Arguments, results and globals have their types, what is written in bodies
// and initial values is as it is written.
ast::Function* TreeOfFunction(Checker& c, const FunctionEntity& entity, const types::DescribedFunction& described);
ast::Variable* TreeOfGlobal(Checker& c, const GlobalEntity& entity);
// `made` is a field; `written` may be null: nobody wrote it. With the signature of a virtual method, null for others.
void CompleteField(Checker& c, ast::Variable& made, const syntax::Variable* written,
                   const types::DescribedFunction* method);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_QUOTE_KNOWN_H_
