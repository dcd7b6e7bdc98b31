// Statements of the typed program (typed.h has the essay). Floor 3.

#ifndef VESTIGE_SEMA_TYPED_STMT_H_
#define VESTIGE_SEMA_TYPED_STMT_H_

#include <cstdint>
#include <span>

#include "base/location.h"
#include "sema/typed_expr.h"

namespace vestige::sema {

enum class StmtKind : uint8_t {
  kExpr,
  kLet,
  kBlock,
  kIf,
  kWhile,
  kFor,
  kReturn,
  kBreak,
  kContinue,
  kTry,
  kDelete,
  kLabel,
  kGoto,
  kYield,
};

struct TStmt {
  StmtKind kind;
  base::Location location;
};

template <typename T>
T* As(TStmt* stmt) {
  return stmt != nullptr && stmt->kind == T::kKind ? static_cast<T*>(stmt) : nullptr;
}

struct TExprStmt : TStmt {
  static constexpr StmtKind kKind = StmtKind::kExpr;
  TExpr* expr = nullptr;
};

// Begins the life of a local. init null: zeros. When local->is_reference, init is the place it refers to.
struct TLet : TStmt {
  static constexpr StmtKind kKind = StmtKind::kLet;
  TLocal* local = nullptr;
  AssignMode mode = AssignMode::kCopy;
  TExpr* init = nullptr;
};

// Statements and what runs when control leaves them (also by break, continue, return; not by a panic). `inscope` locals
// are deletes in `finally_part`, in reverse order of declaration; each such entry applies only once its guard (the
// local whose TLet was passed) is alive. Other parts of `finally_part` may mention locals of the block whose TLet was
// not reached: they count as zero.
struct TBlock : TStmt {
  static constexpr StmtKind kKind = StmtKind::kBlock;
  std::span<TStmt*> statements;
  std::span<TStmt*> finally_part;
};

struct TIf : TStmt {
  static constexpr StmtKind kKind = StmtKind::kIf;
  TExpr* condition = nullptr;
  TBlock* then_part = nullptr;
  TBlock* else_part = nullptr;
};

struct TWhile : TStmt {
  static constexpr StmtKind kKind = StmtKind::kWhile;
  TExpr* condition = nullptr;
  TBlock* body = nullptr;  // its finally_part runs at the end of every round
};

enum class SourceKind : uint8_t { kRange, kArray, kFixed, kString, kIterator, kKeys, kValues, kCount };

// One source of a for loop. kRange: value of a range type. kArray/kFixed: place, locked while iterated; the variable is
// a reference. kString: a byte at a time as int. kKeys/kValues: place of a table. kCount: endless `count(start, step)`.
struct TForSource {
  SourceKind kind = SourceKind::kRange;
  TLocal* variable = nullptr;
  TExpr* source = nullptr;
  TExpr* step = nullptr;  // kCount
};

// Lockstep over all sources, until the shortest ends.
struct TFor : TStmt {
  static constexpr StmtKind kKind = StmtKind::kFor;
  std::span<TForSource> sources;
  TBlock* body = nullptr;
};

struct TReturn : TStmt {
  static constexpr StmtKind kKind = StmtKind::kReturn;
  TExpr* value = nullptr;               // null: void
  AssignMode mode = AssignMode::kCopy;  // kMove for `return <- x`
};

struct TBreak : TStmt {
  static constexpr StmtKind kKind = StmtKind::kBreak;
};
struct TContinue : TStmt {
  static constexpr StmtKind kKind = StmtKind::kContinue;
};

struct TTry : TStmt {
  static constexpr StmtKind kKind = StmtKind::kTry;
  TBlock* body = nullptr;
  TBlock* recover = nullptr;
};

// Finalizes the place by its type (user finalizers included), frees what it owns, zeroes it. Pointers: finalizes the
// target, frees the block, stores null.
struct TDelete : TStmt {
  static constexpr StmtKind kKind = StmtKind::kDelete;
  TExpr* place = nullptr;
  // Runs only when this local's TLet was executed in the current round: `inscope` deletes at the end of a scope.
  TLocal* guard = nullptr;
  // Nobody wrote it (options force_inscope_pod): nothing happens when this function does something unsafe.
  const TFunction* implied_in = nullptr;
};

struct TLabel : TStmt {
  static constexpr StmtKind kKind = StmtKind::kLabel;
  int32_t label = 0;
};
struct TGoto : TStmt {
  static constexpr StmtKind kKind = StmtKind::kGoto;
  int32_t label = 0;
  TExpr* computed = nullptr;
};

// Hands a value to whoever steps the generator; the next step goes on behind it. When the generator
// `returns_reference`, the value is the place that is handed out.
struct TYield : TStmt {
  static constexpr StmtKind kKind = StmtKind::kYield;
  TExpr* value = nullptr;
  AssignMode mode = AssignMode::kCopy;
};

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_TYPED_STMT_H_
