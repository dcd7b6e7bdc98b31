// Statements and blocks. Floor 3.

#include "sema/stmt.h"

#include <string>
#include <utility>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

constexpr int kMaxNesting = 500;

TBlock* BlockOf(Checker& c, base::Location location, std::vector<TStmt*>&& statements) {
  BlockBuilder builder;
  builder.statements = std::move(statements);
  return MakeBlock(c, location, builder);
}

// `break`, `continue` and `return` may not leave a finally section; reports it.
bool InFinally(Checker& c, syntax::Place place, std::string_view what) {
  if (!c.fn->in_finally) return false;
  c.Error(30127, place, fmt::format("can't {} from the finally section", what));
  return true;
}

TStmt* CheckJump(Checker& c, const syntax::Stmt* stmt, bool is_break) {
  const std::string_view word = is_break ? "break" : "continue";
  if (c.fn->loop_depth == 0) {
    if (InFinally(c, stmt->place, word)) return nullptr;
    for (const FunctionState* around = c.fn->outer; around != nullptr; around = around->outer) {
      if (around->loop_depth == 0) continue;
      c.Error(is_break ? 30125 : 30126, {c.fn->function->location, 1},
              fmt::format("captured block can't '{}' outside of the block", word));
      return nullptr;
    }
    c.Error(is_break ? 30128 : 30140, stmt->place, fmt::format("'{}' without a loop", word));
    return nullptr;
  }
  if (is_break) return c.Stmt<TBreak>(stmt->place.location);
  return c.Stmt<TContinue>(stmt->place.location);
}

TStmt* CheckStaticIf(Checker& c, const syntax::IfStmt* stmt) {
  TExpr* condition = CheckCondition(c, stmt->condition, "if-then-else condition");
  if (IsError(condition)) return nullptr;
  bool value = false;
  if (!ConstantBool(condition, &value)) {
    c.Error(30229, stmt->place, "static_if must resolve to constant");
    return nullptr;
  }
  const syntax::Block* taken = value ? stmt->then_block : stmt->else_block;
  return taken == nullptr ? nullptr : CheckBlock(c, taken);
}

TStmt* CheckIf(Checker& c, const syntax::IfStmt* stmt) {
  if (stmt->is_static) return CheckStaticIf(c, stmt);
  TExpr* condition = CheckCondition(c, stmt->condition, "if-then-else condition");
  bool value = false;
  if (!IsError(condition) && ConstantBool(condition, &value)) {
    const syntax::Block* taken = value ? stmt->then_block : stmt->else_block;
    return taken == nullptr ? nullptr : CheckBlock(c, taken);
  }
  TIf* branch = c.Stmt<TIf>(stmt->place.location);
  branch->condition = condition;
  branch->then_part = CheckBlock(c, stmt->then_block);
  if (stmt->else_block != nullptr) branch->else_part = CheckBlock(c, stmt->else_block);
  return branch;
}

TStmt* CheckWhile(Checker& c, const syntax::WhileStmt* stmt) {
  TWhile* loop = c.Stmt<TWhile>(stmt->place.location);
  loop->condition = CheckExpr(c, stmt->condition);
  if (!IsError(loop->condition) && loop->condition->type->kind != Kind::kBool) {
    c.Error(30291, stmt->place, "while loop condition must be boolean");
  }
  ++c.fn->loop_depth;
  loop->body = CheckBody(c, stmt->body, BodyKind::kLoop);
  --c.fn->loop_depth;
  return loop;
}

// The names of a struct come into scope through a reference to it.
TStmt* CheckWith(Checker& c, const syntax::WithStmt* stmt) {
  TExpr* object = CheckExpr(c, stmt->object);
  if (IsError(object)) return nullptr;
  if (object->type->kind == Kind::kFixedArray) {
    c.Error(30292, stmt->place, fmt::format("with array in undefined, {}", Describe(object)));
    return nullptr;
  }
  if (object->type->kind == Kind::kPointer && object->type->element->kind == Kind::kStruct) {
    object = Deref(c, object, stmt->object->place.location);
  }
  if (object->type->kind != Kind::kStruct) {
    c.Error(30293, stmt->place, fmt::format("unexpected with type {}", Describe(object)));
    return nullptr;
  }
  for (const types::Field& field : object->type->struct_info->fields) {
    for (size_t i = NamesBegin(c); i < c.names.size(); ++i) {
      const LocalName& name = c.names[i];
      if (name.kind != LocalName::Kind::kLocal || name.name != field.name) continue;
      c.Error(30709, stmt->place,
              fmt::format("with expression shadows local variable {} at line {}", name.name.text(),
                          c.input.sources->Locate(name.location).line));
    }
  }
  NameScope scope(c);
  BlockBuilder builder;
  LocalName with;
  with.kind = LocalName::Kind::kWith;
  with.local = HoldValue(c, object, builder);
  with.owner = c.fn->function;
  with.location = stmt->place.location;
  c.names.push_back(with);
  builder.statements.push_back(CheckBlock(c, stmt->body));
  return MakeBlock(c, stmt->place.location, builder);
}

TStmt* CheckWithModule(Checker& c, const syntax::WithModuleStmt* stmt) {
  std::string_view path = stmt->module.text();
  const size_t slash = path.rfind('/');
  base::Symbol name = slash == std::string_view::npos ? stmt->module : c.symbols.Intern(path.substr(slash + 1));
  ModuleScope* module = FindQualifier(c, c.fn->module, name);
  // Inside of another `with (module ..)` the names are still those that this file requires.
  for (const FunctionState* state = c.fn; state != nullptr && module == nullptr; state = state->outer) {
    const FunctionEntity* entity = state->function != nullptr ? state->function->entity : nullptr;
    if (entity != nullptr) module = FindQualifier(c, entity->module, name);
  }
  if (module == nullptr) {
    c.Error(30298, stmt->place, fmt::format("with module '{}' is not found", path));
    return nullptr;
  }
  if (c.fn->module->options.with_module_is_unsafe && !c.is_unsafe()) {
    c.Error(31037, stmt->place, fmt::format("with (module {}) requires unsafe", path));
  }
  ModuleScope* saved = std::exchange(c.fn->module, module);
  TBlock* body = CheckBlock(c, stmt->body);
  c.fn->module = saved;
  return body;
}

void CheckTypedef(Checker& c, const syntax::TypedefStmt* stmt) {
  LocalName alias;
  alias.kind = LocalName::Kind::kType;
  alias.name = stmt->name;
  alias.type = ResolveType(c, stmt->type, TypeUse::kValue, c.fn->module);
  alias.owner = c.fn->function;
  alias.location = stmt->place.location;
  c.names.push_back(alias);
}

TStmt* CheckTry(Checker& c, const syntax::TryStmt* stmt) {
  TTry* attempt = c.Stmt<TTry>(stmt->place.location);
  attempt->body = CheckBlock(c, stmt->body);
  attempt->recover = stmt->recover != nullptr ? CheckBlock(c, stmt->recover) : BlockOf(c, stmt->place.location, {});
  return attempt;
}

TStmt* CheckGoto(Checker& c, const syntax::GotoStmt* stmt) {
  TGoto* jump = c.Stmt<TGoto>(stmt->place.location);
  jump->label = stmt->label;
  if (stmt->value == nullptr) return jump;
  jump->computed = CheckExpr(c, stmt->value);
  if (IsError(jump->computed)) return nullptr;
  if (jump->computed->type->kind == Kind::kInt) return jump;
  c.Error(30194, stmt->place, fmt::format("label type has to be int, not {}", Describe(jump->computed)));
  return nullptr;
}

TStmt* CheckExprStmt(Checker& c, const syntax::ExprStmt* stmt) {
  Want want;
  want.discarded = true;
  TExpr* expr = CheckExpr(c, stmt->expr, want);
  CheckTableCollision(c, expr);
  if (IsError(expr)) return nullptr;
  if (expr->kind == ExprKind::kBinary || expr->kind == ExprKind::kLogic) {
    const auto* binary = syntax::As<syntax::BinaryExpr>(stmt->expr);
    if (binary != nullptr) {
      c.LintError(30151, binary->place,
                  fmt::format("top level no side effect operation {}", syntax::OperatorText(binary->op)));
    }
  }
  TExprStmt* made = c.Stmt<TExprStmt>(stmt->place.location);
  made->expr = expr;
  return made;
}

TStmt* CheckUnsafe(Checker& c, const syntax::UnsafeStmt* stmt) {
  NoteUnsafe(c);
  ++c.fn->unsafe_depth;
  TBlock* body = CheckBlock(c, stmt->body);
  --c.fn->unsafe_depth;
  return body;
}

TStmt* CheckLabel(Checker& c, const syntax::LabelStmt* stmt) {
  TLabel* label = c.Stmt<TLabel>(stmt->place.location);
  label->label = stmt->label;
  return label;
}

TStmt* CheckReturnStmt(Checker& c, const syntax::ReturnStmt* stmt) {
  if (InFinally(c, stmt->place, "return")) return nullptr;
  return CheckReturn(c, stmt->value, stmt->moves, stmt->place);
}

void CheckStatement(Checker& c, const syntax::Stmt* stmt, BlockBuilder& block) {
  using K = syntax::StmtKind;
  TStmt* made = nullptr;
  switch (stmt->kind) {
    case K::kExpr: {
      const auto* expr = static_cast<const syntax::ExprStmt*>(stmt);
      if (!CheckDefer(c, expr, block) && !CheckStaticLet(c, expr)) made = CheckExprStmt(c, expr);
      break;
    }
    case K::kLet:
      CheckLet(c, static_cast<const syntax::LetStmt*>(stmt), block);
      break;
    case K::kIf:
      made = CheckIf(c, static_cast<const syntax::IfStmt*>(stmt));
      break;
    case K::kFor:
      CheckFor(c, static_cast<const syntax::ForStmt*>(stmt), block);
      break;
    case K::kWhile:
      made = CheckWhile(c, static_cast<const syntax::WhileStmt*>(stmt));
      break;
    case K::kWith:
      made = CheckWith(c, static_cast<const syntax::WithStmt*>(stmt));
      break;
    case K::kWithModule:
      made = CheckWithModule(c, static_cast<const syntax::WithModuleStmt*>(stmt));
      break;
    case K::kAssume:
      CheckAssume(c, static_cast<const syntax::AssumeStmt*>(stmt));
      break;
    case K::kTypedef:
      CheckTypedef(c, static_cast<const syntax::TypedefStmt*>(stmt));
      break;
    case K::kUnsafe:
      made = CheckUnsafe(c, static_cast<const syntax::UnsafeStmt*>(stmt));
      break;
    case K::kTry:
      made = CheckTry(c, static_cast<const syntax::TryStmt*>(stmt));
      break;
    case K::kReturn:
      made = CheckReturnStmt(c, static_cast<const syntax::ReturnStmt*>(stmt));
      break;
    case K::kYield:
      made = CheckYield(c, static_cast<const syntax::YieldStmt*>(stmt));
      break;
    case K::kBreak:
      made = CheckJump(c, stmt, true);
      break;
    case K::kContinue:
      made = CheckJump(c, stmt, false);
      break;
    case K::kDelete:
      made = CheckDelete(c, static_cast<const syntax::DeleteStmt*>(stmt));
      break;
    case K::kBlock:
      made = CheckBlock(c, static_cast<const syntax::BlockStmt*>(stmt)->block);
      break;
    case K::kLabel:
      made = CheckLabel(c, static_cast<const syntax::LabelStmt*>(stmt));
      break;
    case K::kGoto:
      made = CheckGoto(c, static_cast<const syntax::GotoStmt*>(stmt));
      break;
    case K::kPass:
      break;
  }
  if (made != nullptr) block.statements.push_back(made);
}

}  // namespace

void CheckStatements(Checker& c, const syntax::Block* block, BlockBuilder& builder) {
  const bool was_unreachable = c.fn->is_unreachable;
  for (size_t next = 0; next < block->statements.size();) {
    const syntax::Stmt* stmt = TakePipes(c, block->statements, &next);
    if (stmt == nullptr) continue;
    if (stmt->kind == syntax::StmtKind::kLabel) c.fn->is_unreachable = false;
    CheckStatement(c, stmt, builder);
    using K = syntax::StmtKind;
    if (stmt->kind == K::kReturn || stmt->kind == K::kBreak || stmt->kind == K::kContinue) c.fn->is_unreachable = true;
  }
  c.fn->is_unreachable = was_unreachable;
}

TBlock* MakeBlock(Checker& c, base::Location location, const BlockBuilder& builder) {
  TBlock* block = c.Stmt<TBlock>(location);
  block->statements = c.arena.Copy(builder.statements);
  if (!builder.deletes.empty()) {
    std::vector<TStmt*> reversed(builder.deletes.rbegin(), builder.deletes.rend());
    block->finally_part = c.arena.Copy(reversed);
  }
  return block;
}

TBlock* CheckFinally(Checker& c, const syntax::Block* block) {
  const bool saved = std::exchange(c.fn->in_finally, true);
  // Loops inside may be left, the ones around may not.
  const int saved_loops = std::exchange(c.fn->loop_depth, 0);
  TBlock* made = CheckBlock(c, block);
  c.fn->loop_depth = saved_loops;
  c.fn->in_finally = saved;
  return made;
}

// What runs when control leaves the block, last things first.
static std::vector<TStmt*> LastStatements(Checker& c, const BlockBuilder& builder) {
  std::vector<TStmt*> last;
  size_t waiting = builder.deferred.size();
  for (size_t position = builder.deletes.size() + 1; position-- > 0;) {
    for (; waiting > 0 && builder.deferred[waiting - 1].position == position; --waiting) {
      TStmt* deferred = FinishDeferred(c, builder.deferred[waiting - 1]);
      if (deferred != nullptr) last.push_back(deferred);
    }
    if (position > 0) last.push_back(builder.deletes[position - 1]);
  }
  return last;
}

TBlock* CheckBody(Checker& c, const syntax::Block* block, BodyKind kind) {
  if (block == nullptr) return BlockOf(c, {}, {});
  if (c.depth >= kMaxNesting) {
    c.Error(30505, block->place, "statements are nested too deeply");
    return BlockOf(c, block->place.location, {});
  }
  ++c.depth;
  NameScope scope(c);
  BlockBuilder builder;
  builder.kind = kind;
  CheckStatements(c, block, builder);
  std::vector<TStmt*> final_statements = LastStatements(c, builder);
  if (kind != BodyKind::kLambda && block->finally != nullptr) {
    const bool saved_closing = c.fn->in_closing;
    c.fn->in_closing = saved_closing || c.fn->generator_body == block;
    final_statements.push_back(CheckFinally(c, block->finally));
    c.fn->in_closing = saved_closing;
  }
  --c.depth;
  TBlock* made = c.Stmt<TBlock>(block->place.location);
  made->statements = c.arena.Copy(builder.statements);
  made->finally_part = c.arena.Copy(final_statements);
  return made;
}

TBlock* CheckBlock(Checker& c, const syntax::Block* block) { return CheckBody(c, block, BodyKind::kBlock); }

}  // namespace vestige::sema
