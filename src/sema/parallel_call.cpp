// parallel_for(begin, end, jobs) $(from, to, wg) { body } and its relatives: the block becomes one that starts a job
// with the body. Floor 3.
//
//   _parallel_for(begin, end, jobs) $(from, to, wg) { new_job(@() { body }) }
//
// So what the body names from outside is captured as by any lambda. The tree is not changed; the call is checked as a
// copy.

#include "sema/parallel_call.h"

#include <vector>

#include "sema/call.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/new_tree.h"

namespace vestige::sema {

namespace {

constexpr std::string_view kModule = "jobque_boost";

// The function that runs the parts; empty: the call is none of these.
std::string_view RunnerOf(std::string_view name) {
  if (name == "parallel_for") return "_parallel_for";
  if (name == "parallel_for_each") return "_parallel_for_each";
  return name == "parallel_map" ? "_parallel_map" : "";
}

syntax::QualifiedName Qualified(Checker& c, std::string_view module, std::string_view name) {
  return {.module = c.symbols.Intern(module), .name = c.symbols.Intern(name), .is_qualified = true};
}

syntax::Block* BodyWithJob(Checker& c, const syntax::ClosureExpr* closure) {
  auto* lambda = NewTree<syntax::ClosureExpr>(c, closure->place);
  lambda->form = syntax::ClosureForm::kLambda;
  lambda->captures = closure->captures;
  lambda->body = closure->body;
  auto* start = NewTree<syntax::CallExpr>(c, closure->place);
  start->callee = Qualified(c, "jobque", "new_job");
  const syntax::Argument argument = {.value = lambda, .place = closure->place};
  start->arguments = c.scratch.Copy(std::vector<syntax::Argument>{argument});
  start->end = closure->place.location;
  auto* statement = NewTree<syntax::ExprStmt>(c, closure->place);
  statement->expr = start;
  auto* body = c.scratch.New<syntax::Block>(*closure->body);
  body->statements = c.scratch.Copy(std::vector<syntax::Stmt*>{statement});
  body->finally = nullptr;
  return body;
}

}  // namespace

TExpr* TryParallelCall(Checker& c, const syntax::CallExpr* call, Want want) {
  const std::string_view runner = RunnerOf(call->callee.name.text());
  if (runner.empty() || call->arguments.empty() || call->type != nullptr || call->tag != nullptr) return nullptr;
  const auto* closure = syntax::As<syntax::ClosureExpr>(call->arguments.back().value);
  if (closure == nullptr || closure->form != syntax::ClosureForm::kBlock) return nullptr;
  ModuleScope* module = LookupModule(c, call->callee);
  const FunctionEntity* function =
      module == nullptr ? nullptr : OnlyFunction(FindOverloads(c, module, call->callee.name));
  if (function == nullptr || function->module->name.text() != kModule) return nullptr;
  auto* block = c.scratch.New<syntax::ClosureExpr>(*closure);
  block->body = BodyWithJob(c, closure);
  block->has_arrow_body = false;
  auto* made = c.scratch.New<syntax::CallExpr>(*call);
  made->callee = Qualified(c, kModule, runner);
  std::vector<syntax::Argument> arguments(call->arguments.begin(), call->arguments.end());
  arguments.back().value = block;
  made->arguments = c.scratch.Copy(arguments);
  return CheckCall(c, made, want);
}

}  // namespace vestige::sema
