// Operators, calls and names as text. Floor 2 (syntax).

#include "syntax/levels.h"
#include "syntax/printer.h"

namespace vestige::syntax {

namespace {

constexpr int kBinaryLevels[] = {
#define VESTIGE_BINARY_OPERATOR(Name, text, precedence) precedence,
#include "syntax/operators.def"
};

// How tightly an expression holds together.
int LevelOf(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kAssign:
      return 0;
    case ExprKind::kMapTo:
      return 1;
    case ExprKind::kBinary:
      return kBinaryLevels[static_cast<int>(As<BinaryExpr>(&expr)->op)];
    case ExprKind::kConditional:
      return kLevelConditional;
    case ExprKind::kCoalesce:
      return kLevelCoalesce;
    case ExprKind::kUnary:
      return As<UnaryExpr>(&expr)->op == UnaryOperator::kDereference ? kLevelPostfix : kLevelPrefix;
    case ExprKind::kTypeTest: {
      const auto* test = As<TypeTestExpr>(&expr);
      return test->form == TypeTestForm::kSafeAs && !test->is_raw ? kLevelConditional : kLevelTypeTest;
    }
    case ExprKind::kClosure:
      return As<ClosureExpr>(&expr)->has_arrow_body ? kLevelConditional : kLevelPostfix;
    default:
      return kLevelPostfix;
  }
}

}  // namespace

void Printer::PrintExpr(const Expr* expr, int level) {
  const bool needs_parentheses = LevelOf(*expr) < level;
  if (needs_parentheses) Add("(");
  PrintBareExpr(*expr);
  if (needs_parentheses) Add(")");
}

void Printer::PrintBareExpr(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kName:
      return PrintName(As<NameExpr>(&expr)->name);
    case ExprKind::kUnary:
      return PrintUnary(*As<UnaryExpr>(&expr));
    case ExprKind::kBinary: {
      const auto* binary = As<BinaryExpr>(&expr);
      const int level = LevelOf(expr);
      const bool associates = binary->op != BinaryOperator::kInterval;
      PrintExpr(binary->left, associates ? level : level + 1);
      Add(" ");
      Add(OperatorText(binary->op));
      Add(" ");
      return PrintExpr(binary->right, level + 1);
    }
    case ExprKind::kAssign:
      return PrintAssign(*As<AssignExpr>(&expr));
    case ExprKind::kConditional: {
      const auto* conditional = As<ConditionalExpr>(&expr);
      PrintExpr(conditional->condition, kLevelConditional + 1);
      Add(" ? ");
      PrintExpr(conditional->then_value, kLevelConditional + 1);
      Add(" : ");
      return PrintExpr(conditional->else_value, kLevelConditional);
    }
    case ExprKind::kCoalesce: {
      const auto* coalesce = As<CoalesceExpr>(&expr);
      PrintExpr(coalesce->value, kLevelCoalesce + 1);
      Add(coalesce->is_raw ? " !?? " : " ?? ");
      return PrintExpr(coalesce->fallback, kLevelCoalesce);
    }
    case ExprKind::kMapTo: {
      const auto* entry = As<MapToExpr>(&expr);
      PrintExpr(entry->key, kLevelConditional);
      Add(" => ");
      return PrintExpr(entry->value, kLevelConditional);
    }
    case ExprKind::kTypeTest:
      return PrintTypeTest(*As<TypeTestExpr>(&expr));
    case ExprKind::kField:
      return PrintField(*As<FieldExpr>(&expr));
    case ExprKind::kIndex:
      return PrintIndex(*As<IndexExpr>(&expr));
    case ExprKind::kCall:
      return PrintCall(*As<CallExpr>(&expr));
    case ExprKind::kMethodCall:
      return PrintMethodCall(*As<MethodCallExpr>(&expr));
    case ExprKind::kNew:
      return PrintNew(*As<NewExpr>(&expr));
    default:
      return PrintLiteralLike(expr);
  }
}

void Printer::PrintUnary(const UnaryExpr& expr) {
  const std::string_view text = OperatorText(expr.op);
  switch (expr.op) {
    case UnaryOperator::kDereference:
      Add("deref(");
      PrintExpr(expr.operand);
      return Add(")");
    case UnaryOperator::kPostIncrement:
    case UnaryOperator::kPostDecrement:
      PrintExpr(expr.operand, kLevelPrefix + 1);
      return Add(text.substr(1));
    default:
      break;
  }
  Add(text);
  // `- -x` must not become `--x`.
  const auto* inner = As<UnaryExpr>(expr.operand);
  PrintExpr(expr.operand, inner != nullptr && inner->op <= UnaryOperator::kPreDecrement ? kLevelPostfix : kLevelPrefix);
}

void Printer::PrintAssign(const AssignExpr& expr) {
  PrintExpr(expr.target);
  switch (expr.form) {
    case AssignForm::kCopy:
      Add(" = ");
      break;
    case AssignForm::kMove:
      Add(" <- ");
      break;
    case AssignForm::kClone:
      Add(" := ");
      break;
    case AssignForm::kCompound:
      Add(" ");
      Add(OperatorText(expr.op));
      Add("= ");
      break;
  }
  PrintExpr(expr.value);
}

void Printer::PrintTypeTest(const TypeTestExpr& expr) {
  const bool is_loose = expr.form == TypeTestForm::kSafeAs && !expr.is_raw;
  PrintExpr(expr.value, is_loose ? kLevelConditional + 1 : kLevelTypeTest);
  Add(expr.is_raw ? " !" : " ");
  Add(expr.form == TypeTestForm::kIs ? "is " : expr.form == TypeTestForm::kAs ? "as " : "?as ");
  if (expr.tag != nullptr) {
    Add("$f(");
    PrintExpr(expr.tag);
    return Add(")");
  }
  if (expr.type == nullptr) return Add(expr.name);
  if (expr.type->kind == TypeKind::kBasic && expr.type->qualifiers == 0) return PrintType(expr.type);
  PrintAngle("type", expr.type);
}

void Printer::PrintObject(const Expr* object) {
  // `1.x` would be a number.
  PrintExpr(object, object->kind == ExprKind::kNumber ? kLevelPostfix + 1 : kLevelPostfix);
}

void Printer::PrintField(const FieldExpr& expr) {
  PrintObject(expr.object);
  if (expr.is_raw) Add("!");
  // Two dots in a row would be an operator.
  if (expr.access == Access::kDot) Add(expr.is_safe_dot ? "." : ". ");
  Add(expr.access == Access::kSafe || expr.is_safe_dot ? "?." : ".");
  if (expr.tag == nullptr) return Add(expr.name);
  Add("$f(");
  PrintExpr(expr.tag);
  Add(")");
}

void Printer::PrintIndex(const IndexExpr& expr) {
  PrintObject(expr.object);
  if (expr.is_raw) Add("!");
  if (expr.access == Access::kDot) Add(".");
  Add(expr.access == Access::kSafe || expr.is_safe_dot ? "?[" : "[");
  PrintExpr(expr.index);
  Add("]");
}

void Printer::PrintArgument(const Argument& argument) {
  if (argument.tag != nullptr) {
    Add("$f(");
    PrintExpr(argument.tag);
    Add(")");
  }
  Add(argument.name);
  if (!argument.name.empty() || argument.tag != nullptr) return PrintInit(argument.mode, argument.value);
  if (argument.mode == InitMode::kMove) Add("<- ");
  PrintExpr(argument.value);
}

void Printer::PrintArguments(std::span<const Argument> arguments) {
  std::string_view before;
  for (const Argument& argument : arguments) {
    Add(before);
    before = ", ";
    PrintArgument(argument);
  }
}

// (a, [name = b]) and the closure behind.
void Printer::PrintCallArguments(std::span<const Argument> arguments, bool named_in_brackets, bool is_uninitialized) {
  const auto* trailing =
      !arguments.empty() && arguments.back().is_trailing ? As<ClosureExpr>(arguments.back().value) : nullptr;
  if (trailing != nullptr) arguments = arguments.first(arguments.size() - 1);
  Add(is_uninitialized ? "(uninitialized " : "(");
  size_t positional = arguments.size();
  if (named_in_brackets) {
    while (positional > 0 && (!arguments[positional - 1].name.empty() || arguments[positional - 1].tag != nullptr)) {
      --positional;
    }
  }
  PrintArguments(arguments.first(positional));
  if (positional < arguments.size()) {
    Add(positional > 0 ? ", [" : "[");
    PrintArguments(arguments.subspan(positional));
    Add("]");
  }
  Add(")");
  if (trailing != nullptr) {
    Add(" ");
    PrintClosure(*trailing);
  }
}

void Printer::PrintCall(const CallExpr& call) {
  if (call.tag != nullptr) {
    Add("$c(");
    PrintExpr(call.tag);
    Add(")");
  } else {
    PrintName(call.callee);
  }
  PrintCallArguments(call.arguments, call.named_in_brackets, call.is_uninitialized);
}

void Printer::PrintMethodCall(const MethodCallExpr& call) {
  PrintObject(call.object);
  Add(call.form == MethodForm::kDot ? "." : call.form == MethodForm::kArrow ? "->" : "!.");
  Add(call.name);
  PrintCallArguments(call.arguments, call.named_in_brackets, false);
}

void Printer::PrintNew(const NewExpr& expr) {
  Add("new ");
  if (expr.value != nullptr) return PrintExpr(expr.value, kLevelPostfix);
  if (expr.type->kind == TypeKind::kNamed && expr.type->qualifiers == 0) {
    PrintType(expr.type);
  } else {
    PrintAngle("", expr.type);
  }
  if (expr.has_parentheses) PrintCallArguments(expr.arguments, false, expr.is_uninitialized);
}

}  // namespace vestige::syntax
