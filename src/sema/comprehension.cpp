// Comprehensions: a loop that fills a container which nobody else sees until it is full. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/make.h"
#include "sema/stmt.h"
#include "sema/type_verify.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

class ComprehensionChecker {
 public:
  ComprehensionChecker(Checker& c, const syntax::ComprehensionExpr* expr, Want want)
      : c_(c), expr_(expr), want_(want) {}

  TExpr* Check() {
    if (expr_->form == syntax::ComprehensionForm::kIterator) {
      return MakeGenerator(c_, expr_->place, {}, c_.types.Auto({}), nullptr, [this]() { return YieldAll(); });
    }
    NameScope scope(c_);
    LoopParts parts;
    if (!CheckLoopHead(c_, expr_->head, expr_->place, &parts)) return Failed();
    TExpr* condition = nullptr;
    if (expr_->where != nullptr) {
      condition = CheckCondition(c_, expr_->where, "where condition");
      if (IsError(condition)) return condition;
    }
    BlockBuilder fill;
    const bool ok = expr_->form == syntax::ComprehensionForm::kArray ? FillArray(fill) : FillTable(fill);
    if (!ok) return Failed();
    TBlock* body = MakeBlock(c_, expr_->place.location, fill);
    if (condition != nullptr) body = Guard(condition, body);
    BlockBuilder all;
    TLet* let = c_.Stmt<TLet>(expr_->place.location);
    let->local = result_;
    all.statements.push_back(let);
    FinishLoop(c_, parts, body, expr_->place.location, all);
    TStmtExpr* made = c_.Node<TStmtExpr>(expr_->place.location, result_->type);
    made->body = MakeBlock(c_, expr_->place.location, all);
    made->result = LocalRef(c_, result_, expr_->place.location);
    return made;
  }

 private:
  // The body of the generator that an iterator comprehension stands for.
  TBlock* YieldAll() {
    NameScope scope(c_);
    LoopParts parts;
    if (!CheckLoopHead(c_, expr_->head, expr_->place, &parts)) return nullptr;
    TExpr* condition = nullptr;
    if (expr_->where != nullptr) {
      condition = CheckCondition(c_, expr_->where, "where condition");
      if (IsError(condition)) return nullptr;
    }
    const Type* element = nullptr;
    const bool wants_iterator = want_.type != nullptr && want_.type->kind == Kind::kIterator;
    TExpr* value = Stored(expr_->value, wants_iterator ? want_.type->element : nullptr, &element);
    if (value == nullptr) return nullptr;
    c_.fn->yields = element;
    BlockBuilder fill;
    TStmt* yield = MakeYield(c_, value, !element->traits().can_copy, expr_->place);
    if (yield == nullptr) return nullptr;
    fill.statements.push_back(yield);
    TBlock* body = MakeBlock(c_, expr_->place.location, fill);
    if (condition != nullptr) body = Guard(condition, body);
    BlockBuilder all;
    FinishLoop(c_, parts, body, expr_->place.location, all);
    TReturn* end = c_.Stmt<TReturn>(expr_->place.location);
    end->value = MakeConst(c_, c_.types.bool_type(), 0, expr_->place.location);
    all.statements.push_back(end);
    return MakeBlock(c_, expr_->place.location, all);
  }

  TExpr* Failed() { return c_.ErrorExpr(expr_->place.location); }

  TBlock* Guard(TExpr* condition, TBlock* body) {
    TIf* guarded = c_.Stmt<TIf>(expr_->place.location);
    guarded->condition = condition;
    guarded->then_part = body;
    BlockBuilder builder;
    builder.statements.push_back(guarded);
    return MakeBlock(c_, expr_->place.location, builder);
  }

  // A value to be stored, with the type it is stored as; null after a message.
  TExpr* Stored(const syntax::Expr* written, const Type* wanted, const Type** type) {
    Want want;
    want.type = wanted == nullptr || wanted->is_generic() || wanted->kind == Kind::kVoid ? nullptr : wanted;
    TExpr* value = CheckExpr(c_, written, want);
    if (IsError(value)) return nullptr;
    EnsureComplete(c_, value->type);
    const types::Traits& traits = value->type->traits();
    if (value->type->kind == Kind::kVoid || (!traits.can_copy && !traits.can_move)) {
      c_.Error(30139, expr_->place, "comprehension element has to be copyable or moveable");
      return nullptr;
    }
    *type = c_.types.WithoutQualifiers(value->type, types::kConst | types::kRef | types::kTemp);
    if (want.type != nullptr) {
      if (TExpr* converted = Convert(c_, value, want.type, written->place)) {
        *type = c_.types.WithoutQualifiers(want.type, types::kConst | types::kRef);
        return IsError(converted) ? nullptr : converted;
      }
    }
    return value;
  }

  void Statement(BlockBuilder& builder, TExpr* expr) {
    TExprStmt* stmt = c_.Stmt<TExprStmt>(expr_->place.location);
    stmt->expr = expr;
    builder.statements.push_back(stmt);
  }

  bool MakeResult(const Type* type) {
    if (!VerifyType(c_, type, expr_->place)) return false;
    result_ = NewLocal(c_, {}, type, expr_->place.location);
    return true;
  }

  bool FillArray(BlockBuilder& fill) {
    const Type* element = nullptr;
    const bool wants_array = want_.type != nullptr && want_.type->kind == Kind::kArray;
    TExpr* value = Stored(expr_->value, wants_array ? want_.type->element : nullptr, &element);
    if (value == nullptr || !MakeResult(c_.types.Array(element))) return false;
    TExpr* array = LocalRef(c_, result_, expr_->place.location);
    return Insert(fill, element, {array}, value, "push", "emplace");
  }

  // push(container, value), or emplace of a temporary when the value does not copy.
  bool Insert(BlockBuilder& fill, const Type* type, std::vector<TExpr*> arguments, TExpr* value,
              std::string_view copying, std::string_view moving) {
    std::string_view name = copying;
    if (!type->traits().can_copy) {
      TLocal* temporary = NewLocal(c_, {}, type, value->location);
      TLet* let = c_.Stmt<TLet>(value->location);
      let->local = temporary;
      let->init = value;
      if (!ElementMode(c_, value, 30908, expr_->value->place, &let->mode)) return false;
      fill.statements.push_back(let);
      value = LocalRef(c_, temporary, value->location);
      name = moving;
    }
    arguments.push_back(value);
    TExpr* call = CallByName(c_, c_.builtin, c_.symbols.Intern(name), arguments, expr_->place);
    if (IsError(call)) return false;
    Statement(fill, call);
    return true;
  }

  // `k => v`, or the same as a tuple, is an entry of a table; anything else a member of a set.
  static void SplitPair(const syntax::Expr** key, const syntax::Expr** value) {
    const auto* tuple = syntax::As<syntax::TupleExpr>(*key);
    if (const auto* pair = syntax::As<syntax::MapToExpr>(*key)) {
      *value = pair->value;
      *key = pair->key;
    } else if (tuple != nullptr && tuple->elements.size() == 2 && tuple->elements[0].name.empty()) {
      *value = tuple->elements[1].value;
      *key = tuple->elements[0].value;
    }
  }

  bool FillTable(BlockBuilder& fill) {
    const bool wants_table = want_.type != nullptr && want_.type->kind == Kind::kTable;
    const syntax::Expr* key_written = expr_->value;
    const syntax::Expr* value_written = nullptr;
    SplitPair(&key_written, &value_written);
    const Type* key_type = nullptr;
    TExpr* key = Stored(key_written, wants_table ? want_.type->key : nullptr, &key_type);
    if (key == nullptr) return false;
    if (value_written == nullptr) {
      if (!MakeResult(c_.types.Table(key_type, c_.types.void_type()))) return false;
      TExpr* arguments[] = {LocalRef(c_, result_, expr_->place.location), key};
      TExpr* call = CallByName(c_, c_.builtin, c_.symbols.Intern("insert"), arguments, expr_->place);
      if (IsError(call)) return false;
      Statement(fill, call);
      return true;
    }
    const Type* value_type = nullptr;
    TExpr* value = Stored(value_written, wants_table ? want_.type->element : nullptr, &value_type);
    if (value == nullptr || !MakeResult(c_.types.Table(key_type, value_type))) return false;
    TIndex* slot = c_.Node<TIndex>(expr_->place.location, value_type, true);
    slot->mode = IndexMode::kTable;
    slot->base = LocalRef(c_, result_, expr_->place.location);
    slot->index = key;
    TAssign* store = c_.Node<TAssign>(expr_->place.location, c_.types.void_type());
    store->target = slot;
    store->value = value;
    if (!ElementMode(c_, value, 30949, value_written->place, &store->mode)) return false;
    Statement(fill, store);
    return true;
  }

  Checker& c_;
  const syntax::ComprehensionExpr* expr_;
  Want want_;
  TLocal* result_ = nullptr;
};

}  // namespace

TExpr* MakeComprehension(Checker& c, const syntax::ComprehensionExpr* comprehension, Want want) {
  return ComprehensionChecker(c, comprehension, want).Check();
}

}  // namespace vestige::sema
