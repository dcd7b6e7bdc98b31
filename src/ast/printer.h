// The printer behind describe.h: expressions in describe.cpp, statements in describe_statement.cpp, types in
// describe_type.cpp. Floor 2, inside ast.

#ifndef VESTIGE_AST_PRINTER_H_
#define VESTIGE_AST_PRINTER_H_

#include <string>
#include <string_view>

#include "ast/lane.h"
#include "ast/node.h"

namespace vestige::ast {

class Printer {
 public:
  void Node(void* node);
  std::string Take() { return std::move(text_); }

 private:
  // Trees of scripts may be deep, and may hold themselves.
  static constexpr int kMaxDepth = 200;
  static constexpr size_t kMaxBytes = size_t{1} << 20;

  template <typename T>
  static T* As(void* node) {
    return NodeHeader::Of(node)->kind == KindOfNode<T>::kValue ? static_cast<T*>(node) : nullptr;
  }

  // Links may be to nodes that are gone, or to those of the program.
  static bool IsAlive(const void* owner, const void* link);
  void Expr(void* node);
  void Described(void* node, bool is_bare);
  // False: the node is of another group.
  bool Constant(void* node);
  bool Operator(void* node, bool is_bare);
  bool Assignment(void* node, bool is_bare);
  bool Access(void* node);
  bool Call(void* node);
  bool MethodCall(const ExprInvoke& invoke);
  bool Literal(void* node);
  bool Closure(void* node);
  bool Statement(void* node);
  bool Jump(void* node);
  void Type(const TypeDecl* type);
  void TypeHead(const TypeDecl& type);
  void Callable(std::string_view word, const TypeDecl& type);
  void Members(std::string_view word, const TypeDecl& type);
  void Pointer(const TypeDecl& type);
  void FixedArray(const TypeDecl& type);
  void Bitfield(const TypeDecl& type);
  void Suffixes(const TypeDecl& type);
  void OfVariable(const Variable& variable);
  void OfField(const MakeFieldDecl& field, std::string_view copies, std::string_view moves);
  void OfFunction(const Function& function);
  void OfMembers(std::string_view word, const Text& name, const List& members);
  void Arguments(const List& list, std::string_view between, bool are_bare = false);
  // A node that stands alone - an argument, a condition, a statement - needs no parentheses around its operator.
  void Bare(void* node) {
    next_is_bare_ = true;
    Node(node);
    next_is_bare_ = false;
  }
  // `of_closure`: a parameter without a type of its own is what the caller says.
  void Parameters(const List& list, bool of_closure);
  void Tuple(const ExprMakeTuple& tuple);
  void Interpolation(const ExprStringBuilder& builder);
  void Captures(const TextList& list);
  void FunctionName(std::string_view name);
  void Braces(const List& list);
  void Body(void* node);
  void BlockLines(const ExprBlock& block);
  void Line();
  void Put(std::string_view text) { text_.append(text); }
  void Put(const Text& text) { text_.append(text.view()); }
  void PutString(std::string_view text);
  void PutEscaped(std::string_view text);

  std::string text_;
  bool next_is_bare_ = false;
  int depth_ = 0;
  int indent_ = 0;
};

}  // namespace vestige::ast

#endif  // VESTIGE_AST_PRINTER_H_
