// Typed trees by hand, for tests of code generation that need no parser and no sema.
//
// A Tree owns a TProgram and makes nodes in its arena; every helper returns the node, so that trees read like the
// script they stand for. Locations are the ordinal of the node, which makes every expression its own "line".

#ifndef VESTIGE_TESTS_UNIT_LOWER_TREE_H_
#define VESTIGE_TESTS_UNIT_LOWER_TREE_H_

#include <bit>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "base/symbol.h"
#include "sema/typed.h"

namespace vestige::lower_test {

using namespace sema;  // NOLINT: every line of a test tree names a dozen nodes

class Tree {
 public:
  Tree() { program.types = &types; }

  types::TypeTable types;
  base::Interner names;
  TProgram program;

  const types::Type* Int() { return types.Basic(types::Kind::kInt); }
  const types::Type* Long() { return types.Basic(types::Kind::kInt64); }
  const types::Type* Bool() { return types.Basic(types::Kind::kBool); }
  const types::Type* Float() { return types.Basic(types::Kind::kFloat); }
  const types::Type* Double() { return types.Basic(types::Kind::kDouble); }
  const types::Type* String() { return types.Basic(types::Kind::kString); }
  const types::Type* Void() { return types.Basic(types::Kind::kVoid); }

  // --- Functions and variables ---

  TFunction* Function(std::string_view name, const types::Type* result, std::initializer_list<TLocal*> arguments = {},
                      FunctionRole role = FunctionRole::kFunction, TFunction* parent = nullptr) {
    auto* function = new (program.arena.Allocate(sizeof(TFunction))) TFunction();
    function->name = function->mangled = names.Intern(name);
    function->location = Next();
    function->result = result;
    function->role = role;
    function->parent = parent;
    function->uses_parent_frame = role == FunctionRole::kBlock;
    function->index = static_cast<uint32_t>(program.functions.size());
    function->locals = new std::vector<TLocal*>();
    program.local_lists.push_back(function->locals);
    program.functions.push_back(function);
    for (TLocal* argument : arguments) {
      argument->is_argument = true;
      Own(function, argument);
    }
    function->arguments = Copy(arguments);
    return function;
  }
  TLocal* Local(std::string_view name, const types::Type* type, bool is_reference = false) {
    TLocal* local = program.arena.New<TLocal>();
    local->name = names.Intern(name);
    local->type = type;
    local->is_reference = is_reference;
    return local;
  }
  TLocal* Local(TFunction* function, std::string_view name, const types::Type* type, bool is_reference = false) {
    TLocal* local = Local(name, type, is_reference);
    Own(function, local);
    return local;
  }
  TGlobal* Global(std::string_view name, const types::Type* type, TExpr* init = nullptr) {
    TGlobal* global = program.arena.New<TGlobal>();
    global->name = names.Intern(name);
    global->type = type;
    global->init = init;
    global->index = static_cast<uint32_t>(program.globals.size());
    program.globals.push_back(global);
    return global;
  }

  // --- Expressions ---

  TExpr* I(int32_t value) { return Bits(Int(), static_cast<uint64_t>(int64_t{value})); }
  TExpr* L(int64_t value) { return Bits(Long(), static_cast<uint64_t>(value)); }
  TExpr* B(bool value) { return Bits(Bool(), value); }
  TExpr* F(float value) { return Bits(Float(), std::bit_cast<uint32_t>(value)); }
  TExpr* D(double value) { return Bits(Double(), std::bit_cast<uint64_t>(value)); }
  TExpr* S(std::string_view text) {
    auto* node = Make<TConst>(String());
    node->text = text;
    return node;
  }
  TExpr* Bits(const types::Type* type, uint64_t low, uint64_t high = 0) {
    auto* node = Make<TConst>(type);
    node->bits[0] = low;
    node->bits[1] = high;
    return node;
  }
  TExpr* V(TLocal* local) {
    auto* node = Make<TLocalRef>(local->type, true);
    node->local = local;
    return node;
  }
  TExpr* V(TGlobal* global) {
    auto* node = Make<TGlobalRef>(global->type, true);
    node->global = global;
    return node;
  }
  TExpr* Field(TExpr* base, uint32_t offset, const types::Type* type) {
    auto* node = Make<TField>(type, base->is_place);
    node->base = base;
    node->offset = offset;
    return node;
  }
  TExpr* Deref(TExpr* pointer, std::string_view hint = {}) {
    auto* node = Make<TDeref>(pointer->type->element, true);
    node->pointer = pointer;
    node->hint = hint;
    return node;
  }
  TExpr* Address(TExpr* place) {
    auto* node = Make<TAddress>(types.Pointer(place->type));
    node->place = place;
    return node;
  }
  TExpr* Index(TExpr* base, TExpr* index, IndexMode mode = IndexMode::kArray) {
    const types::Type* element = base->type->element;
    auto* node = Make<TIndex>(element, true);
    node->mode = mode;
    node->base = base;
    node->index = index;
    return node;
  }
  TExpr* Unary(UnaryOp op, TExpr* operand) {
    auto* node = Make<TUnary>(operand->type);
    node->op = op;
    node->operand = operand;
    return node;
  }
  TExpr* Binary(BinaryOp op, TExpr* left, TExpr* right) {
    const bool compares = op >= BinaryOp::kEq && op <= BinaryOp::kGe;
    auto* node = Make<TBinary>(compares ? Bool() : left->type->unqualified);
    node->op = op;
    node->left = left;
    node->right = right;
    return node;
  }
  TExpr* Logic(bool is_and, TExpr* left, TExpr* right) {
    auto* node = Make<TLogic>(Bool());
    node->is_and = is_and;
    node->left = left;
    node->right = right;
    return node;
  }
  TExpr* Choose(TExpr* condition, TExpr* a, TExpr* b) {
    auto* node = Make<TConditional>(a->type->unqualified);
    node->condition = condition;
    node->then_value = a;
    node->else_value = b;
    return node;
  }
  TExpr* Cast(const types::Type* to, TExpr* operand, CastMode mode = CastMode::kNumeric) {
    auto* node = Make<TCast>(to);
    node->mode = mode;
    node->operand = operand;
    return node;
  }
  TExpr* Assign(TExpr* target, TExpr* value, AssignMode mode = AssignMode::kCopy) {
    auto* node = Make<TAssign>(Void());
    node->mode = mode;
    node->target = target;
    node->value = value;
    return node;
  }
  TExpr* Compound(BinaryOp op, TExpr* target, TExpr* value) {
    auto* node = Make<TCompound>(Void());
    node->op = op;
    node->target = target;
    node->value = value;
    return node;
  }
  TExpr* Step(TExpr* target, bool is_increment, bool is_prefix) {
    auto* node = Make<TStep>(target->type->unqualified);
    node->target = target;
    node->is_increment = is_increment;
    node->is_prefix = is_prefix;
    return node;
  }
  TExpr* Call(TFunction* callee, std::initializer_list<TExpr*> arguments = {}) {
    auto* node = Make<TCall>(callee->result);
    node->callee = callee;
    node->arguments = Copy(arguments);
    return node;
  }
  TExpr* MakeValue(const types::Type* type, std::initializer_list<TMember> members) {
    auto* node = Make<TMake>(type);
    node->members = Copy(members);
    return node;
  }
  TExpr* New(const types::Type* target, TExpr* init = nullptr) {
    auto* node = Make<TNew>(types.Pointer(target));
    node->target = target;
    node->init = init;
    return node;
  }
  TExpr* ArrayOf(const types::Type* element, std::initializer_list<TExpr*> values) {
    auto* node = Make<TMakeArray>(types.Array(element));
    std::vector<TMember> members;
    for (TExpr* value : values) members.push_back({.value = value});
    node->elements = program.arena.Copy(members);
    return node;
  }
  TExpr* Block(TFunction* function, const types::Type* type) {
    auto* node = Make<TClosure>(type);
    node->function = function;
    return node;
  }
  TExpr* Invoke(TExpr* callee, std::initializer_list<TExpr*> arguments) {
    auto* node = Make<TInvoke>(callee->type->element);
    node->callee = callee;
    node->arguments = Copy(arguments);
    bool* flags = static_cast<bool*>(program.arena.Allocate(arguments.size() + 1));
    for (size_t i = 0; i < arguments.size(); ++i) flags[i] = node->arguments[i]->type->is_ref_type();
    node->by_reference = {flags, arguments.size()};
    return node;
  }

  // --- Statements ---

  TStmt* Do(TExpr* expr) {
    auto* node = MakeStmt<TExprStmt>();
    node->expr = expr;
    return node;
  }
  TStmt* Let(TLocal* local, TExpr* init = nullptr, AssignMode mode = AssignMode::kCopy) {
    auto* node = MakeStmt<TLet>();
    node->local = local;
    node->init = init;
    node->mode = mode;
    return node;
  }
  TBlock* Body(std::initializer_list<TStmt*> statements, std::initializer_list<TStmt*> finally_part = {}) {
    auto* node = MakeStmt<TBlock>();
    node->statements = Copy(statements);
    node->finally_part = Copy(finally_part);
    return node;
  }
  TStmt* If(TExpr* condition, TBlock* then_part, TBlock* else_part = nullptr) {
    auto* node = MakeStmt<TIf>();
    node->condition = condition;
    node->then_part = then_part;
    node->else_part = else_part;
    return node;
  }
  TStmt* While(TExpr* condition, TBlock* body) {
    auto* node = MakeStmt<TWhile>();
    node->condition = condition;
    node->body = body;
    return node;
  }
  TStmt* For(std::initializer_list<TForSource> sources, TBlock* body) {
    auto* node = MakeStmt<TFor>();
    node->sources = Copy(sources);
    node->body = body;
    return node;
  }
  // Values from `first` up to but excluding `last`.
  TExpr* Range(int32_t first, int32_t last) {
    const uint64_t bits = static_cast<uint32_t>(first) | static_cast<uint64_t>(static_cast<uint32_t>(last)) << 32;
    return Bits(types.Basic(types::Kind::kRange), bits);
  }
  TStmt* Return(TExpr* value = nullptr, AssignMode mode = AssignMode::kCopy) {
    auto* node = MakeStmt<TReturn>();
    node->value = value;
    node->mode = mode;
    return node;
  }
  TStmt* Break() { return MakeStmt<TBreak>(); }
  TStmt* Continue() { return MakeStmt<TContinue>(); }
  TStmt* Try(TBlock* body, TBlock* recover) {
    auto* node = MakeStmt<TTry>();
    node->body = body;
    node->recover = recover;
    return node;
  }
  TStmt* Delete(TExpr* place, TLocal* guard = nullptr) {
    auto* node = MakeStmt<TDelete>();
    node->place = place;
    node->guard = guard;
    return node;
  }

  // A node of any other kind, to be filled in by the test.
  template <typename T>
  T* Make(const types::Type* type, bool is_place = false) {
    T* node = program.arena.New<T>();
    node->kind = T::kKind;
    node->type = type;
    node->is_place = is_place;
    node->location = Next();
    return node;
  }
  template <typename T>
  T* MakeStmt() {
    T* node = program.arena.New<T>();
    node->kind = T::kKind;
    node->location = Next();
    return node;
  }
  template <typename T>
  std::span<T> Copy(std::initializer_list<T> items) {
    return program.arena.Copy(std::span<const T>(items.begin(), items.size()));
  }

 private:
  base::Location Next() { return base::Location{++last_location_}; }
  void Own(TFunction* function, TLocal* local) {
    local->owner = function;
    local->index = static_cast<uint32_t>(function->locals->size());
    function->locals->push_back(local);
  }

  uint32_t last_location_ = 0;
};

}  // namespace vestige::lower_test

#endif  // VESTIGE_TESTS_UNIT_LOWER_TREE_H_
