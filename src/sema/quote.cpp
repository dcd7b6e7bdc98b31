#include "sema/quote.h"

#include <string>

#include "fmt/format.h"
#include "sema/call.h"
#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/quote_builder.h"
#include "sema/quote_known.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

// What a form makes, which is what its last native returns.
struct QuoteForm {
  std::string_view name;
  std::string_view result;
  bool fills;
  // Builds the tree from the arguments; null after a message.
  void* (*build)(Checker& c, const syntax::CallExpr* call, QuoteBuilder& builder);
};

const syntax::Expr* Only(Checker& c, const syntax::CallExpr* call, size_t count) {
  if (call->arguments.size() == count) return call->arguments.back().value;
  c.Error(30116, call->place,
          fmt::format("{} expects {} argument{}", call->callee.name.text(), count, count == 1 ? "" : "s"));
  return nullptr;
}

const syntax::ClosureExpr* OnlyClosure(Checker& c, const syntax::CallExpr* call, size_t count) {
  const syntax::Expr* last = Only(c, call, count);
  if (last == nullptr) return nullptr;
  const auto* closure = syntax::As<syntax::ClosureExpr>(last);
  if (closure == nullptr) {
    c.Error(30116, call->place, fmt::format("{} expects a block", call->callee.name.text()));
  }
  return closure;
}

void* BuildExpr(Checker& c, const syntax::CallExpr* call, QuoteBuilder& builder) {
  const syntax::Expr* expr = Only(c, call, 1);
  return expr != nullptr ? builder.Expr(expr) : nullptr;
}

void* BuildBlock(Checker& c, const syntax::CallExpr* call, QuoteBuilder& builder) {
  const syntax::ClosureExpr* closure = OnlyClosure(c, call, 1);
  return closure != nullptr ? builder.Block(closure->body) : nullptr;
}

void* BuildStatement(Checker& c, const syntax::CallExpr* call, QuoteBuilder& builder) {
  const syntax::ClosureExpr* closure = OnlyClosure(c, call, 1);
  if (closure == nullptr) return nullptr;
  if (closure->body->statements.size() == 1) return builder.Statement(closure->body->statements[0]);
  c.Error(30116, call->place,
          fmt::format("{} expects one statement, not {}", call->callee.name.text(), closure->body->statements.size()));
  return nullptr;
}

void* BuildType(Checker& c, const syntax::CallExpr* call, QuoteBuilder& builder) {
  const syntax::Expr* expr = Only(c, call, 1);
  if (expr == nullptr) return nullptr;
  if (const auto* type = syntax::As<syntax::TypeValueExpr>(expr)) return builder.Type(type->type);
  c.Error(30116, call->place, fmt::format("{} expects type<..>", call->callee.name.text()));
  return nullptr;
}

void* BuildFunction(Checker& c, const syntax::CallExpr* call, QuoteBuilder& builder) {
  const syntax::ClosureExpr* closure = OnlyClosure(c, call, 2);
  return closure != nullptr ? builder.Function(closure, call->arguments[0].value) : nullptr;
}

void* BuildVariable(Checker& c, const syntax::CallExpr* call, QuoteBuilder& builder) {
  const syntax::Expr* init = Only(c, call, 2);
  return init != nullptr ? builder.Variable(call->arguments[0].value, init, call->place) : nullptr;
}

constexpr QuoteForm kForms[] = {
    {"quote", "__quote_expression", false, &BuildExpr},
    {"qmacro", "__quote_expression", true, &BuildExpr},
    {"qmacro_expr", "__quote_expression", true, &BuildStatement},
    {"qmacro_block", "__quote_expression", true, &BuildBlock},
    {"qmacro_block_to_array", "__quote_statements", true, &BuildBlock},
    {"qmacro_type", "__quote_type", true, &BuildType},
    {"qmacro_function", "__quote_function", true, &BuildFunction},
    {"qmacro_variable", "__quote_variable", true, &BuildVariable},
};

ModuleScope* Here(Checker& c) { return c.fn != nullptr ? c.fn->module : nullptr; }

bool IsVisible(Checker& c, std::string_view name) {
  return Here(c) != nullptr && !FindOverloads(c, Here(c), c.symbols.Intern(name)).empty();
}

TExpr* CallNative(Checker& c, std::string_view name, std::span<TExpr* const> arguments, syntax::Place place) {
  return CallByName(c, Here(c), c.symbols.Intern(name), arguments, place);
}

// open(tree), then each hole around it, then the result.
TExpr* MakeCalls(Checker& c, void* tree, const QuoteBuilder& builder, std::string_view result, syntax::Place place) {
  const int32_t number = c.input.quotes->Add(tree);
  TExpr* open[] = {MakeConst(c, c.types.int_type(), static_cast<uint64_t>(number), place.location)};
  TExpr* root = CallNative(c, "quote", open, place);
  for (size_t i = 0; i < builder.holes().size() && !IsError(root); ++i) {
    const QuoteHole& hole = builder.holes()[i];
    TExpr* value = CheckExpr(c, hole.value);
    if (IsError(value)) return value;
    TExpr* fill[] = {root, MakeConst(c, c.types.int_type(), i, place.location), value};
    root = CallNative(c, std::string("__quote_") + hole.letter, fill, hole.place);
  }
  if (IsError(root)) return root;
  TExpr* last[] = {root};
  return CallNative(c, result, last, place);
}

}  // namespace

TExpr* TryQuote(Checker& c, const syntax::CallExpr* call) {
  if (c.input.quotes == nullptr || call->tag != nullptr) return nullptr;
  for (const QuoteForm& form : kForms) {
    if (call->callee.name.text() != form.name) continue;
    if (!IsVisible(c, form.fills ? "__quote_e" : "quote")) return nullptr;
    QuoteBuilder builder(c, form.fills);
    void* tree = form.build(c, call, builder);
    if (tree == nullptr || builder.failed()) return c.ErrorExpr(call->place.location);
    return MakeCalls(c, tree, builder, form.result, call->place);
  }
  return nullptr;
}

TExpr* QuoteOfType(Checker& c, const Type* type, syntax::Place place) {
  if (c.input.quotes == nullptr || !IsVisible(c, "quote")) return nullptr;
  const QuoteBuilder no_holes(c, false);
  return MakeCalls(c, TreeOfType(c, type), no_holes, "__quote_type", place);
}

}  // namespace vestige::sema
