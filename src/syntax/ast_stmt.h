// Statements as written. Floor 2 (syntax).

#ifndef VESTIGE_SYNTAX_AST_STMT_H_
#define VESTIGE_SYNTAX_AST_STMT_H_

#include "syntax/ast_base.h"
#include "syntax/ast_expr.h"
#include "syntax/ast_literal.h"

namespace vestige::syntax {

struct AliasDecl;

enum class StmtKind : uint8_t {
  kExpr,
  kLet,
  kIf,
  kFor,
  kWhile,
  kWith,
  kWithModule,
  kAssume,
  kTypedef,
  kUnsafe,
  kTry,
  kReturn,
  kYield,
  kBreak,
  kContinue,
  kDelete,
  kBlock,
  kLabel,
  kGoto,
  kPass,
};

// place: the first keyword, or the place of the expression.
struct Stmt {
  StmtKind kind;
  Place place;
};

// { statements } finally { statements }. Single statements (`if (c) return`) are blocks without braces; then `end` is
// where they end.
struct Block {
  Place place;
  base::Location end;  // the closing brace
  std::span<Stmt*> statements;
  Block* finally = nullptr;
  bool has_braces = true;
};

// An expression for its effect; assignments too (kAssign).
struct ExprStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kExpr;
  Expr* expr = nullptr;
};

// let / var, one variable per name: `var a, b : int` shares the type node, `let { .. }` is a group of declarations.
struct LetStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kLet;
  bool is_var = false;
  bool is_inscope = false;
  bool is_group = false;
  std::span<Variable> variables;
};

// if / static_if. An `elif` is an else block of one kIf with is_elif. is_postfix: `statement if (c) else statement`.
struct IfStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kIf;
  bool is_static = false;
  bool is_elif = false;
  bool is_postfix = false;
  Expr* condition = nullptr;
  Block* then_block = nullptr;
  Block* else_block = nullptr;
};

struct ForStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kFor;
  std::span<AnnotationArgument> annotations;  // for [hint] (..)
  LoopHead head;
  Block* body = nullptr;
};

struct WhileStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kWhile;
  std::span<AnnotationArgument> annotations;
  Expr* condition = nullptr;
  Block* body = nullptr;
};

struct WithStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kWith;
  Expr* object = nullptr;
  Block* body = nullptr;
};

// with (module a/b) { .. }: names are found as inside that module. The symbol is the path as written.
struct WithModuleStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kWithModule;
  base::Symbol module;
  Block* body = nullptr;
};

// assume name = expr: a textual alias, evaluated at each use.
struct AssumeStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kAssume;
  base::Symbol name;
  Expr* value = nullptr;
};

// typedef name = type, inside a function.
struct TypedefStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kTypedef;
  base::Symbol name;
  TypeExpr* type = nullptr;
};

struct UnsafeStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kUnsafe;
  Block* body = nullptr;
};

struct TryStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kTry;
  Block* body = nullptr;
  Block* recover = nullptr;
};

// value is null for a bare `return`.
struct ReturnStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kReturn;
  bool moves = false;  // return <- x
  Expr* value = nullptr;
};

struct YieldStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kYield;
  bool moves = false;
  Expr* value = nullptr;
};

struct BreakStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kBreak;
};

struct ContinueStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kContinue;
};

struct DeleteStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kDelete;
  bool is_explicit = false;
  Expr* value = nullptr;
};

struct BlockStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kBlock;
  Block* block = nullptr;
};

// label 3:
struct LabelStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kLabel;
  int32_t label = 0;
};

// goto label 3, or goto expr (value set).
struct GotoStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kGoto;
  int32_t label = 0;
  Expr* value = nullptr;
};

struct PassStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::kPass;
};

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_AST_STMT_H_
