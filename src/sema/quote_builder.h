// From syntax to the nodes that scripts hold: what quote(..) and qmacro(..) are made of. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_QUOTE_BUILDER_H_
#define VESTIGE_SEMA_QUOTE_BUILDER_H_

#include <span>
#include <string>
#include <vector>

#include "ast/quotes.h"
#include "sema/checker.h"
#include "syntax/ast.h"

namespace vestige::sema {

// What running code puts into a tree: `$letter(value)`. Its number is its position.
struct QuoteHole {
  char letter;
  const syntax::Expr* value;
  syntax::Place place;
};

// Makes nodes in the program's quotes. `fills`: tags are holes; otherwise they stay in the tree as they are written.
class QuoteBuilder {
 public:
  QuoteBuilder(Checker& c, bool fills) : c_(c), lane_(c.input.quotes->lane()), fills_(fills) {}
  // For code that was found right: what has no node of its own is a tag named "...", and nothing is told.
  static QuoteBuilder OfChecked(Checker& c) {
    QuoteBuilder builder(c, false);
    builder.tells_ = false;
    return builder;
  }

  ast::Expression* Expr(const syntax::Expr* expr);
  ast::Expression* Block(const syntax::Block* block);
  ast::Expression* Statement(const syntax::Stmt* stmt);
  ast::TypeDecl* Type(const syntax::TypeExpr* type);
  // A parameter, field or variable as it is written.
  ast::Variable* VariableOf(const syntax::Variable& variable);
  ast::LineInfo PlaceOf(syntax::Place place) const;
  // A function of the closure's signature and body, its name the hole for `name`.
  ast::Function* Function(const syntax::ClosureExpr* closure, const syntax::Expr* name);
  // A variable whose name is the hole for `name`.
  ast::Variable* Variable(const syntax::Expr* name, const syntax::Expr* init, syntax::Place place);

  const std::vector<QuoteHole>& holes() const { return holes_; }
  // Whether something has no node; it was told.
  bool failed() const { return failed_; }

 private:
  template <typename T>
  T* Make(syntax::Place place) {
    T* node = lane_.Make<T>();
    At(node, place);
    return node;
  }
  template <typename T>
  static ast::Expression* Up(T* node) {
    return reinterpret_cast<ast::Expression*>(node);
  }
  template <typename T>
  void At(T* node, syntax::Place place) {
    if constexpr (requires { node->base; }) {
      node->base.at = PlaceOf(place);
    } else if constexpr (requires { node->at; }) {
      node->at = PlaceOf(place);
    }
  }
  ast::Expression* Tag(char letter, const syntax::Expr* value, syntax::Place place);
  ast::Expression* Unknown(syntax::Place place);

  ast::Expression* Number(const syntax::NumberExpr* expr);
  ast::Expression* Formatted(const syntax::InterpolationPart& part, syntax::Place place);
  ast::Expression* Interpolation(const syntax::InterpolationExpr* expr);
  ast::Expression* Unary(const syntax::UnaryExpr* expr);
  ast::Expression* Binary(syntax::Place place, std::string_view op, const syntax::Expr* left,
                          const syntax::Expr* right);
  ast::Expression* Assign(const syntax::AssignExpr* expr);
  ast::Expression* TypeTest(const syntax::TypeTestExpr* expr);
  ast::Expression* Field(const syntax::FieldExpr* expr);
  ast::Expression* Index(const syntax::IndexExpr* expr);
  ast::Expression* Call(const syntax::CallExpr* expr);
  ast::Expression* MethodCall(const syntax::MethodCallExpr* expr);
  ast::Expression* New(const syntax::NewExpr* expr);
  ast::Expression* TypeInfo(const syntax::TypeInfoExpr* expr);
  ast::Expression* Operators(const syntax::Expr* expr);
  ast::Expression* Calls(const syntax::Expr* expr);
  ast::Expression* Literals(const syntax::Expr* expr);
  ast::Expression* Tuple(std::span<const syntax::Argument> elements, bool is_key_value, syntax::Place place);
  ast::Expression* Array(std::span<const syntax::Argument> elements, const syntax::TypeExpr* type, syntax::Place place);
  ast::Expression* ArrayLiteral(const syntax::ArrayLiteralExpr* expr);
  ast::Expression* Struct(const syntax::TypeExpr* type, std::span<const std::span<syntax::Argument>> rows,
                          syntax::Place place);
  ast::Expression* Comprehension(const syntax::ComprehensionExpr* expr);
  ast::Expression* Closure(const syntax::ClosureExpr* expr);
  ast::Expression* ClosureBlock(const syntax::ClosureExpr* expr);
  ast::Expression* Generator(const syntax::GeneratorExpr* expr);
  ast::Expression* FunctionRef(const syntax::FunctionRefExpr* expr);
  ast::Expression* Loop(const syntax::LoopHead& head, const syntax::Block* body, syntax::Place place);
  ast::Expression* Jump(const syntax::Stmt* stmt);
  ast::Expression* Compound(const syntax::Stmt* stmt);
  ast::Expression* Let(const syntax::LetStmt* stmt);
  ast::MakeStruct* Fields(std::span<const syntax::Argument> arguments);
  void Arguments(ast::List& list, std::span<const syntax::Argument> arguments);
  void Captures(ast::TextList& list, std::span<const syntax::Capture> captures);
  void Parameters(ast::List& list, std::span<const syntax::Variable> parameters);
  void TypeParts(ast::TypeDecl& made, const syntax::TypeExpr* type);
  void Members(ast::TypeDecl& made, std::span<const syntax::TypeMember> members);
  ast::TypeDecl* FixedArray(const syntax::FixedArrayTypeExpr* type);
  ast::TypeDecl* Named(const syntax::QualifiedName& name, syntax::Place place);

  Checker& c_;
  ast::Lane& lane_;
  bool fills_;
  bool tells_ = true;
  bool failed_ = false;
  std::vector<QuoteHole> holes_;
};

// `mod::name`, as it was written.
std::string QuotedName(const syntax::QualifiedName& name);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_QUOTE_BUILDER_H_
