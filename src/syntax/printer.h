// The printer's state, shared by its files; everybody else uses print.h. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_PRINTER_H_
#define VESTIGE_SYNTAX_PRINTER_H_

#include <string>
#include <string_view>

#include "syntax/ast.h"

namespace vestige::syntax {

class Printer {
 public:
  void PrintModule(const Module& module);
  void PrintDecl(const Decl& decl);
  void PrintStmt(const Stmt& stmt);
  // In parentheses when it binds less tightly than `level` (see parse_expr.cpp) asks for.
  void PrintExpr(const Expr* expr, int level = 0);
  void PrintType(const TypeExpr* type);

  std::string Take() { return std::move(out_); }

 private:
  // print.cpp.
  void NewLine();
  void Add(std::string_view text) { out_ += text; }
  void Add(base::Symbol symbol) { out_ += symbol.text(); }
  void PrintName(const QualifiedName& name);
  void PrintQuoted(std::string_view text);
  void PrintEscaped(std::string_view text);

  // print_decl.cpp.
  void PrintAnnotations(std::span<Annotation* const> annotations, bool on_own_line);
  void PrintAnnotation(const Annotation& annotation);
  void PrintAnnotationArguments(std::span<const AnnotationArgument> arguments);
  void PrintAnnotationValue(const AnnotationArgument& argument);
  void PrintTags(std::span<const AnnotationArgument> tags);
  void PrintVisibility(Visibility visibility);
  void PrintFunction(const FunctionDecl& function);
  void PrintFunctionName(const FunctionDecl& function);
  void PrintStruct(const StructDecl& decl);
  void PrintEnumValues(std::span<const EnumValue> values);
  void PrintEnum(const EnumDecl& decl);
  void PrintBitfield(const BitfieldDecl& decl);
  void PrintAlias(const AliasDecl& decl);
  void PrintGlobals(const GlobalsDecl& decl);
  void PrintField(const Variable& field);
  void PrintRequire(const Require& require);

  // print_stmt.cpp.
  void PrintBlock(const Block& block);
  void PrintControl(const Stmt& stmt);
  void PrintBody(const Block& body, bool is_arrow);
  void PrintLet(const LetStmt& let);
  void PrintIf(const IfStmt& statement);
  void PrintLoopHead(const LoopHead& head);
  void PrintLoopAnnotations(std::span<const AnnotationArgument> annotations);
  // Variables that share a declaration from `first` on; returns how many.
  size_t PrintDeclaration(std::span<const Variable> variables, size_t first);
  void PrintVariableGroup(std::span<const Variable> variables);
  void PrintParameters(std::span<const Variable> parameters);
  void PrintInit(InitMode mode, const Expr* init);

  // print_expr.cpp, print_literal.cpp.
  void PrintBareExpr(const Expr& expr);
  void PrintLiteralLike(const Expr& expr);
  void PrintUnary(const UnaryExpr& expr);
  void PrintAssign(const AssignExpr& expr);
  void PrintTypeTest(const TypeTestExpr& expr);
  void PrintField(const FieldExpr& expr);
  void PrintIndex(const IndexExpr& expr);
  void PrintCall(const CallExpr& call);
  void PrintMethodCall(const MethodCallExpr& call);
  void PrintCallArguments(std::span<const Argument> arguments, bool named_in_brackets, bool is_uninitialized);
  void PrintArgument(const Argument& argument);
  void PrintArguments(std::span<const Argument> arguments);
  void PrintObject(const Expr* object);
  void PrintNew(const NewExpr& expr);
  void PrintNumber(const NumberExpr& number);
  void PrintInterpolation(const InterpolationExpr& expr);
  void PrintTuple(const TupleExpr& tuple);
  void PrintArray(const ArrayLiteralExpr& array);
  void PrintTable(const TableLiteralExpr& table);
  void PrintStructLiteral(const StructLiteralExpr& literal);
  void PrintComprehension(const ComprehensionExpr& expr);
  void PrintClosure(const ClosureExpr& closure);
  void PrintCaptures(std::span<const Capture> captures);
  void PrintFunctionRef(const FunctionRefExpr& expr);
  void PrintGenerator(const GeneratorExpr& expr);
  void PrintTypeInfo(const TypeInfoExpr& expr);

  // print_type.cpp.
  void PrintBareType(const TypeExpr& type);
  void PrintComposedType(const TypeExpr& type);
  void PrintSignature(const CallableTypeExpr& type);
  void PrintTypeMembers(std::span<const TypeMember> members, std::string_view separator);
  void PrintAngle(std::string_view word, const TypeExpr* type);

  std::string out_;
  int indent_ = 0;
};

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_PRINTER_H_
