#include "sema/build_constant.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "sema/constant.h"
#include "sema/expr.h"

namespace vestige::sema {

using types::Kind;

namespace {

enum class Form : uint8_t { kHas, kFlag, kValue, kInt };

struct BuildFunction {
  std::string_view name;
  Form form;
  bool looks_at_arguments;
  bool looks_at_environment;

  size_t names() const { return static_cast<size_t>(looks_at_arguments) + static_cast<size_t>(looks_at_environment); }
  bool has_default() const { return form == Form::kValue || form == Form::kInt; }
};

constexpr BuildFunction kFunctions[] = {
    {"build_flag", Form::kFlag, true, true},        {"build_value", Form::kValue, true, true},
    {"build_int", Form::kInt, true, true},          {"build_has_arg", Form::kHas, true, false},
    {"build_arg_value", Form::kValue, true, false}, {"build_arg_int", Form::kInt, true, false},
    {"build_env_flag", Form::kFlag, false, true},   {"build_env_value", Form::kValue, false, true},
    {"build_env_int", Form::kInt, false, true},
};

bool IsVisible(const Checker& c) {
  const auto& visible = c.fn->module->visible;
  return std::any_of(visible.begin(), visible.end(),
                     [](const ModuleScope* module) { return module->name.text() == "build_const"; });
}

bool IsTrue(std::string_view text) {
  std::string lower(text);
  absl::AsciiStrToLower(&lower);
  return !lower.empty() && lower != "0" && lower != "false" && lower != "off" && lower != "no";
}

// What stands behind `name=`, or, for values, in the next word; the last one counts. A flag alone is "1".
std::optional<std::string> FindArgument(std::span<const std::string> words, std::string_view name, bool is_value) {
  std::optional<std::string> found;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == name) {
      if (!is_value) found = "1";
      if (is_value && i + 1 < words.size()) found = words[i + 1];
    } else if (word.size() > name.size() && word.substr(0, name.size()) == name && word[name.size()] == '=') {
      found = std::string(word.substr(name.size() + 1));
    }
  }
  return found;
}

TExpr* WrongArguments(Checker& c, const syntax::CallExpr* call, const BuildFunction& function) {
  std::string expected = function.looks_at_arguments ? "flag" : "name";
  if (function.names() == 2) expected += ", variable";
  if (function.has_default()) expected += ", default";
  return c.Error(31400, call->place, std::string(function.name) + " expects literals: (" + expected + ")");
}

TExpr* MakeInteger(Checker& c, const syntax::CallExpr* call, const BuildFunction& function, const std::string& text) {
  int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return c.Error(31400, call->place, std::string(function.name) + ": '" + text + "' is not an integer");
  }
  return MakeConst(c, c.types.int_type(), static_cast<uint32_t>(number), call->place.location);
}

TExpr* MakeBuildConstant(Checker& c, const syntax::CallExpr* call, const BuildFunction& function) {
  const size_t count = function.names() + (function.has_default() ? 1 : 0);
  if (call->arguments.size() != count) return WrongArguments(c, call, function);
  std::vector<const TConst*> arguments;
  for (size_t i = 0; i < count; ++i) {
    TExpr* argument = CheckExpr(c, call->arguments[i].value);
    if (IsError(argument)) return argument;
    const TConst* constant = ConstantOf(argument);
    const Kind expected = i >= function.names() && function.form == Form::kInt ? Kind::kInt : Kind::kString;
    if (constant == nullptr || constant->type->kind != expected) return WrongArguments(c, call, function);
    arguments.push_back(constant);
  }
  std::optional<std::string> found;
  if (function.looks_at_arguments) {
    found = FindArgument(c.input.arguments, arguments[0]->text, function.has_default());
  }
  if (!found.has_value() && function.looks_at_environment) {
    const char* value = std::getenv(std::string(arguments[function.names() - 1]->text).c_str());
    if (value != nullptr && *value != '\0') found = value;
  }
  const base::Location location = call->place.location;
  switch (function.form) {
    case Form::kHas:
      return MakeConst(c, c.types.bool_type(), found.has_value(), location);
    case Form::kFlag:
      return MakeConst(c, c.types.bool_type(), found.has_value() && IsTrue(*found), location);
    case Form::kValue:
      return MakeString(c, found.has_value() ? std::string_view(*found) : arguments.back()->text, location);
    case Form::kInt:
      break;
  }
  if (found.has_value()) return MakeInteger(c, call, function, *found);
  return MakeConst(c, c.types.int_type(), arguments.back()->bits[0], location);
}

}  // namespace

TExpr* TryBuildConstant(Checker& c, const syntax::CallExpr* call) {
  const std::string_view name = call->callee.name.text();
  if (!name.starts_with("build_")) return nullptr;
  for (const BuildFunction& function : kFunctions) {
    if (function.name == name) return IsVisible(c) ? MakeBuildConstant(c, call, function) : nullptr;
  }
  return nullptr;
}

}  // namespace vestige::sema
