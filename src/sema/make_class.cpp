// Objects of classes. `new Class(..)` makes the object where it stays: its fields first, then the constructor runs on
// it, then fields that were named get their values. A constructor that panics leaves the block to whoever looks for
// leaks. Floor 3.

#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "sema/call.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/make.h"
#include "sema/stmt.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

std::vector<FunctionEntity*> Constructors(const StructEntity* entity) {
  std::vector<FunctionEntity*> constructors;
  for (FunctionEntity* method : entity->methods) {
    if (method->decl->name == entity->decl->name && !method->is_static_method) constructors.push_back(method);
  }
  return constructors;
}

class ObjectMaker {
 public:
  ObjectMaker(Checker& c, const Type* type, syntax::Place place)
      : c_(c), type_(type), entity_(c.declarations->Find(type->struct_info)), place_(place) {}

  // The constructor that suits `arguments`, called on `object`; null when the fields are all there is to it. An error
  // expression after a message.
  TExpr* Construct(TExpr* object, std::span<const syntax::Argument> arguments) {
    const std::vector<FunctionEntity*> constructors = Constructors(entity_);
    const std::string name(type_->struct_info->name.text());
    CallTarget target{.module = c_.fn->module, .name = type_->struct_info->name, .place = place_};
    CallArguments with_self;
    AddArgument(&with_self, object, place_);
    CallArguments prepared;
    if (!PrepareArguments(c_, arguments, &prepared)) return c_.ErrorExpr(place_.location);
    with_self.insert(with_self.end(), prepared.begin(), prepared.end());
    Candidate best;
    std::vector<FunctionEntity*> tie;
    if (ChooseCandidate(c_, constructors, with_self, &best, &tie)) return FinishCall(c_, best, with_self, target);
    if (!tie.empty() || (!arguments.empty() && !constructors.empty())) {
      return ReportNoMatch(c_, target, constructors, with_self, tie);
    }
    if (arguments.empty() && !entity_->lacks_constructor) return nullptr;
    if (entity_->lacks_constructor)
      c_.Error(30341, place_, fmt::format("no matching functions or generics: {}()", name));
    return c_.Error(30318, place_, fmt::format("'{}' does not have default initializer", name));
  }

  // Fields that are named get their values.
  bool SetFields(TExpr* object, std::span<const syntax::Argument> arguments, BlockBuilder& builder) {
    TExpr* made = MakeMembers(c_, type_, arguments, place_);
    if (IsError(made)) return false;
    for (const TMember& member : static_cast<TMake*>(made)->members) {
      TField* field = c_.Node<TField>(place_.location, member.value->type->unqualified, true);
      field->base = object;
      field->offset = member.offset;
      TAssign* assign = c_.Node<TAssign>(member.value->location, c_.types.void_type());
      assign->mode = member.mode;
      assign->target = field;
      assign->value = member.value;
      Add(assign, builder);
    }
    return true;
  }

  void Add(TExpr* expr, BlockBuilder& builder) {
    TExprStmt* stmt = c_.Stmt<TExprStmt>(expr->location);
    stmt->expr = expr;
    builder.statements.push_back(stmt);
  }

  TLocal* Hold(TExpr* value, BlockBuilder& builder) {
    TLocal* local = NewLocal(c_, {}, value->type, place_.location);
    TLet* let = c_.Stmt<TLet>(place_.location);
    let->local = local;
    let->init = value;
    let->mode = AssignMode::kMove;
    builder.statements.push_back(let);
    return local;
  }

  TExpr* Finish(TLocal* local, const BlockBuilder& builder) {
    TStmtExpr* node = c_.Node<TStmtExpr>(place_.location, local->type);
    node->body = MakeBlock(c_, place_.location, builder);
    node->result = LocalRef(c_, local, place_.location);
    return node;
  }

  // Whether values for fields go to an object that a constructor has made.
  bool ConstructsFirst() const { return DefaultConstructor(entity_) != nullptr; }

 private:
  Checker& c_;
  const Type* type_;
  StructEntity* entity_;
  syntax::Place place_;
};

TNew* NewObject(Checker& c, const Type* type, TExpr* init, syntax::Place place) {
  TNew* made = c.Node<TNew>(place.location, c.types.Pointer(type));
  made->target = type;
  made->init = init;
  return made;
}

bool CheckUninitialized(Checker& c, syntax::Place place) {
  if (c.is_unsafe()) return true;
  c.Error(31006, place, "skipping initializer for class initialization requires unsafe");
  return false;
}

}  // namespace

TExpr* NewObject(Checker& c, const syntax::NewExpr* expr, const Type* type) {
  const syntax::Place place = expr->place;
  const std::string name(type->struct_info->name.text());
  if (!expr->has_parentheses) {
    return c.Error(30211, place, fmt::format("invalid syntax for 'new' of class, expected syntax: 'new {}()'", name));
  }
  const bool is_unsafe = c.is_unsafe();
  ObjectMaker maker(c, type, place);
  const bool by_fields = AllNamed(expr->arguments);
  if (expr->is_uninitialized) {
    if (!is_unsafe && !CheckUninitialized(c, place)) return c.ErrorExpr(place.location);
    TExpr* value = MakeMembers(c, type, expr->arguments, place);
    return IsError(value) ? value : NewObject(c, type, value, place);
  }
  if (by_fields && !maker.ConstructsFirst()) {
    TExpr* value = MakeNamed(c, type, expr->arguments, false, place);
    return IsError(value) ? value : NewObject(c, type, value, place);
  }
  TExpr* fields = MakeNamed(c, type, {}, false, place);
  if (IsError(fields)) return fields;
  TNew* made = NewObject(c, type, fields, place);
  made->has_constructor = true;
  BlockBuilder builder;
  TLocal* pointer = maker.Hold(made, builder);
  TDeref* object = c.Node<TDeref>(place.location, type, true);
  object->pointer = LocalRef(c, pointer, place.location);
  object->unchecked = true;
  TExpr* call = maker.Construct(object, by_fields ? std::span<const syntax::Argument>() : expr->arguments);
  if (call == nullptr) return made;
  if (IsError(call)) return call;
  maker.Add(call, builder);
  if (by_fields && !maker.SetFields(object, expr->arguments, builder)) return c.ErrorExpr(place.location);
  return maker.Finish(pointer, builder);
}

TExpr* MakeObject(Checker& c, const Type* type, std::span<const syntax::Argument> arguments, bool zeroed,
                  syntax::Place place) {
  if (!c.is_unsafe()) {
    return c.Error(31007, place,
                   fmt::format("Constructing class on stack is unsafe. Allocate it on the heap via new {}() instead.",
                               type->struct_info->name.text()));
  }
  ObjectMaker maker(c, type, place);
  if (zeroed) {
    TExpr* made = MakeMembers(c, type, arguments, place);
    return made;
  }
  if (!maker.ConstructsFirst()) return MakeNamed(c, type, arguments, false, place);
  TExpr* fields = MakeNamed(c, type, {}, false, place);
  if (IsError(fields)) return fields;
  BlockBuilder builder;
  TLocal* made = maker.Hold(fields, builder);
  TExpr* object = LocalRef(c, made, place.location);
  TExpr* call = maker.Construct(object, {});
  if (call == nullptr || IsError(call)) return call == nullptr ? fields : call;
  maker.Add(call, builder);
  if (!maker.SetFields(object, arguments, builder)) return c.ErrorExpr(place.location);
  return maker.Finish(made, builder);
}

}  // namespace vestige::sema
