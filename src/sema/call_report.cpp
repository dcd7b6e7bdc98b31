// What people read when no function fits: the call with its types, and the candidates with what is wrong with each.
// Floor 3.

#include <algorithm>
#include <string>

#include "sema/call.h"
#include "sema/expr.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

std::string DescribeFunction(Checker&, FunctionEntity* entity) {
  std::string text;
  const std::string_view name = entity->name.text();
  const bool word =
      !name.empty() && (std::isalpha(static_cast<unsigned char>(name[0])) != 0 || name[0] == '_' || name[0] == '`');
  if (!word) text += "operator ";
  text += name;
  for (size_t i = 0; i < entity->parameters.size(); ++i) {
    text += i == 0 ? "(" : "; ";
    text.append(entity->parameters[i].name.text()).append(": ").append(types::TypeName(entity->parameters[i].type));
  }
  if (!entity->parameters.empty()) text += ')';
  const Type* result = entity->result;
  if (entity->record != nullptr && entity->record->result_known) result = entity->record->result;
  return text + ": " + (result != nullptr ? types::TypeName(result) : std::string("auto"));
}

namespace {

constexpr size_t kAllReportedUpTo = 6;

std::string DescribeArgument(const CallArgument& argument) {
  if (argument.expr != nullptr) {
    // Literals and results are described without the reference, places with it.
    return Describe(argument.expr);
  }
  switch (argument.ast->kind) {
    case syntax::ExprKind::kClosure: {
      const auto* closure = static_cast<const syntax::ClosureExpr*>(argument.ast);
      const std::string kind = closure->form == syntax::ClosureForm::kBlock    ? "block<("
                               : closure->form == syntax::ClosureForm::kLambda ? "lambda<("
                                                                               : "function<(";
      std::string text = kind;
      for (size_t i = 0; i < closure->parameters.size(); ++i) {
        if (i != 0) text += ';';
        text.append(closure->parameters[i].name.text()).append(":auto");
      }
      return text + "):auto> const";
    }
    case syntax::ExprKind::kArrayLiteral:
      return "array<auto>";
    case syntax::ExprKind::kTableLiteral:
      return "table<auto;auto>";
    default:
      return "auto";
  }
}

std::string DescribeCall(base::Symbol name, const CallArguments& arguments) {
  std::string text(name.text());
  text += '(';
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (i != 0) text += ", ";
    if (!arguments[i].name.empty()) text.append(arguments[i].name.text()).append(" = ");
    text += DescribeArgument(arguments[i]);
  }
  return text + ")";
}

bool ArgumentFits(Checker& c, const FunctionEntity* entity, const Parameter& parameter, const CallArgument& argument) {
  if (argument.expr == nullptr) return DeferredFits(argument.ast, parameter.type);
  Matcher matcher(c.types, entity->native != nullptr);
  return matcher.Match(parameter.type, {argument.expr->type, argument.expr->is_place}) != nullptr;
}

// Thousands per argument that is wrong or missing.
int Rank(Checker& c, const FunctionEntity* entity, const CallArguments& arguments) {
  const size_t count = std::min(arguments.size(), entity->parameters.size());
  int rank = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!ArgumentFits(c, entity, entity->parameters[i], arguments[i])) rank += 1000;
  }
  const size_t more = std::max(arguments.size(), entity->parameters.size()) - count;
  return rank + static_cast<int>(more) * 1000;
}

void AppendArgumentProblem(std::string& out, const Parameter& parameter, const CallArgument& argument, size_t index) {
  const Type* want = parameter.type;
  out += "\t\tinvalid argument '" + std::string(parameter.name.text()) + "' (" + std::to_string(index) +
         "). expecting '" + types::TypeName(want) + "', passing '" + DescribeArgument(argument) + "'\n";
  if (argument.expr == nullptr) return;
  const Type* have = argument.expr->type;
  const bool by_reference = want->is_ref() || want->is_ref_type();
  if (by_reference && !argument.expr->is_place && !have->is_ref_type()) out += "\t\tcan't pass non-ref to ref\n";
  if (by_reference && !want->is_const() && have->is_const()) out += "\t\tcan't ref types can only add constness\n";
}

void AppendProblems(Checker& c, std::string& out, const FunctionEntity* entity, const CallArguments& arguments) {
  const bool named = std::any_of(arguments.begin(), arguments.end(), [](const auto& a) { return !a.name.empty(); });
  if (named && arguments.size() > entity->parameters.size()) {
    out += "\t\ttoo many arguments\n";
    return;
  }
  size_t next = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const CallArgument& argument = arguments[i];
    while (!argument.name.empty() && next < entity->parameters.size() &&
           entity->parameters[next].name != argument.name) {
      ++next;
    }
    if (next >= entity->parameters.size()) {
      if (!argument.name.empty()) {
        out += "\t\tcan't match argument " + std::string(argument.name.text()) + ", out of function arguments\n";
      }
      return;
    }
    if (!ArgumentFits(c, entity, entity->parameters[next], argument)) {
      AppendArgumentProblem(out, entity->parameters[next], argument, i);
    }
    ++next;
  }
  for (; next < entity->parameters.size(); ++next) {
    const Parameter& parameter = entity->parameters[next];
    if (parameter.default_value == nullptr) {
      out += "\t\tmissing argument " + std::string(parameter.name.text()) + "\n";
    }
  }
}

// The candidates worth showing, best first; `*left_out` counts the others.
std::vector<FunctionEntity*> Interesting(Checker& c, OverloadSet overloads, const CallArguments& arguments,
                                         size_t* left_out) {
  std::vector<std::pair<int, FunctionEntity*>> ranked;
  for (FunctionEntity* entity : overloads) {
    if (!EnsureSignature(c, entity)) continue;
    ranked.emplace_back(Rank(c, entity, arguments), entity);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  size_t keep = ranked.size();
  if (ranked.size() > kAllReportedUpTo) {
    size_t near = 0;
    while (near < ranked.size() && ranked[near].first <= 1000) ++near;
    if (near > 0) {
      keep = near;
    } else {
      const int too_far = static_cast<int>(arguments.size()) * 1000;
      while (keep > 0 && ranked[keep - 1].first >= too_far) --keep;
    }
  }
  *left_out = ranked.size() - keep;
  std::vector<FunctionEntity*> result;
  for (size_t i = 0; i < keep; ++i) result.push_back(ranked[i].second);
  return result;
}

// Private functions of modules that are seen, which the search leaves out.
std::vector<FunctionEntity*> Hidden(const CallTarget& target) {
  std::vector<FunctionEntity*> hidden;
  for (ModuleScope* seen : target.module->visible) {
    const auto head = seen->functions.find(target.name);
    if (seen == target.module || head == seen->functions.end()) continue;
    for (FunctionEntity* entity = head->second; entity != nullptr; entity = entity->next_overload) {
      if (entity->is_private) hidden.push_back(entity);
    }
  }
  return hidden;
}

void AppendCandidate(Checker& c, std::string& out, FunctionEntity* entity) {
  out += '\t';
  const std::string_view module = entity->module->name.text();
  if (!entity->module->is_main && !module.empty()) out.append(module).append("::");
  out += DescribeFunction(c, entity);
  out += entity->native != nullptr ? " // builtin" : " at " + c.input.sources->Describe(entity->location);
  out += '\n';
}

}  // namespace

TExpr* ReportNoMatch(Checker& c, const CallTarget& target, OverloadSet overloads, const CallArguments& arguments,
                     std::span<FunctionEntity* const> tie) {
  if (c.silent > 0) return c.Error(30341, target.place, {});
  const std::string call = DescribeCall(target.name, arguments);
  std::string extra = call + "\n";
  if (c.fn != nullptr && c.fn->function != nullptr && c.fn->function->entity != nullptr) {
    extra += "while compiling: " + DescribeFunction(c, c.fn->function->entity) + "\n";
  }
  size_t left_out = 0;
  std::vector<FunctionEntity*> shown(tie.begin(), tie.end());
  if (tie.empty()) shown = Interesting(c, overloads, arguments, &left_out);
  const std::vector<FunctionEntity*> hidden = tie.empty() ? Hidden(target) : std::vector<FunctionEntity*>();
  const size_t total = shown.size() + hidden.size();
  if (total == 0) {
    extra += "there are no good matching candidates out of " + std::to_string(left_out) +
             " total functions with the same name\n";
  } else if (total > 1) {
    extra += "candidates:\n";
  } else {
    extra += left_out != 0 ? "\nmost likely candidate:\n" : "\ncandidate function:\n";
  }
  for (FunctionEntity* entity : shown) {
    AppendCandidate(c, extra, entity);
    if (tie.empty()) AppendProblems(c, extra, entity, arguments);
  }
  for (FunctionEntity* entity : hidden) {
    EnsureSignature(c, entity);
    AppendCandidate(c, extra, entity);
    extra += "\t\tfunction is private to module " + std::string(entity->module->name.text()) + "\n";
  }
  if (left_out > 0 && total != 0) extra += "also " + std::to_string(left_out) + " more candidates\n";
  const std::string what = tie.empty() ? "no matching functions or generics: " + call
                                       : "too many matching functions or generics " + std::string(target.name.text());
  return c.Error(30341, target.place, what, std::move(extra));
}

}  // namespace vestige::sema
