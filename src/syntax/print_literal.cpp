// Literals, closures and words with brackets as text. Floor 2 (syntax).

#include "fmt/format.h"
#include "syntax/printer.h"

namespace vestige::syntax {

void Printer::PrintLiteralLike(const Expr& expr) {
  const auto in_parentheses = [&](std::string_view word, const Expr* value) {
    Add(word);
    Add("(");
    PrintExpr(value);
    Add(")");
  };
  switch (expr.kind) {
    case ExprKind::kNull:
      return Add("null");
    case ExprKind::kBool:
      return Add(As<BoolExpr>(&expr)->value ? "true" : "false");
    case ExprKind::kNumber:
      return PrintNumber(*As<NumberExpr>(&expr));
    case ExprKind::kString:
      return PrintQuoted(As<StringExpr>(&expr)->text);
    case ExprKind::kInterpolation:
      return PrintInterpolation(*As<InterpolationExpr>(&expr));
    case ExprKind::kCast: {
      const auto* cast = As<CastExpr>(&expr);
      constexpr std::string_view kForms[] = {"cast", "upcast", "reinterpret"};
      PrintAngle(kForms[static_cast<int>(cast->form)], cast->type);
      return in_parentheses("", cast->value);
    }
    case ExprKind::kAddress: {
      const auto* address = As<AddressExpr>(&expr);
      if (address->type == nullptr) return in_parentheses("addr", address->value);
      PrintAngle("addr", address->type);
      return in_parentheses("", address->value);
    }
    case ExprKind::kUnsafe:
      return in_parentheses("unsafe", As<UnsafeExpr>(&expr)->value);
    case ExprKind::kTypeInfo:
      return PrintTypeInfo(*As<TypeInfoExpr>(&expr));
    case ExprKind::kTypeValue:
      return PrintAngle("type", As<TypeValueExpr>(&expr)->type);
    case ExprKind::kTuple:
      return PrintTuple(*As<TupleExpr>(&expr));
    case ExprKind::kArrayLiteral:
      return PrintArray(*As<ArrayLiteralExpr>(&expr));
    case ExprKind::kTableLiteral:
      return PrintTable(*As<TableLiteralExpr>(&expr));
    case ExprKind::kStructLiteral:
      return PrintStructLiteral(*As<StructLiteralExpr>(&expr));
    case ExprKind::kComprehension:
      return PrintComprehension(*As<ComprehensionExpr>(&expr));
    case ExprKind::kClosure:
      return PrintClosure(*As<ClosureExpr>(&expr));
    case ExprKind::kFunctionRef:
      return PrintFunctionRef(*As<FunctionRefExpr>(&expr));
    case ExprKind::kGenerator:
      return PrintGenerator(*As<GeneratorExpr>(&expr));
    case ExprKind::kReader: {
      const auto* reader = As<ReaderExpr>(&expr);
      Add("%");
      PrintName(reader->name);
      Add(reader->is_inline ? "!" : "~");
      Add(reader->text);
      return Add("%%");
    }
    case ExprKind::kTag: {
      const auto* tag = As<TagExpr>(&expr);
      return in_parentheses(std::string("$") + tag->letter, tag->value);
    }
    case ExprKind::kEllipsis:
      return Add("...");
    default:
      return;
  }
}

void Printer::PrintNumber(const NumberExpr& number) {
  switch (number.type) {
    case BasicType::kUInt:
      return Add(fmt::format("{}u", number.bits));
    case BasicType::kUInt8:
      return Add(fmt::format("{}u8", number.bits));
    case BasicType::kInt64:
      return Add(fmt::format("{}l", number.bits));
    case BasicType::kUInt64:
      return Add(fmt::format("{}ul", number.bits));
    case BasicType::kFloat:
      return Add(fmt::format("{}f", static_cast<float>(number.real)));
    case BasicType::kFloat16:
      return Add(fmt::format("{}h", static_cast<float>(number.real)));
    case BasicType::kDouble:
      return Add(fmt::format("{}lf", number.real));
    default:
      return Add(fmt::format("{}", static_cast<int64_t>(number.bits)));
  }
}

void Printer::PrintInterpolation(const InterpolationExpr& expr) {
  // Operators that could be taken for the colon of a format get parentheses.
  constexpr int kPlainLevel = 16;
  Add("\"");
  for (const InterpolationPart& part : expr.parts) {
    PrintEscaped(part.text);
    if (part.value == nullptr) continue;
    Add("{");
    PrintExpr(part.value, kPlainLevel);
    if (!part.format.empty()) Add(":");
    Add(part.format);
    Add("}");
  }
  Add("\"");
}

void Printer::PrintTypeInfo(const TypeInfoExpr& expr) {
  Add("typeinfo ");
  PrintName(expr.trait);
  if (!expr.name.empty()) {
    Add("<");
    Add(expr.name);
    if (!expr.extra.empty()) Add(";");
    Add(expr.extra);
    Add(">");
  }
  Add("(");
  PrintExpr(expr.argument);
  Add(")");
}

void Printer::PrintTuple(const TupleExpr& tuple) {
  Add("(");
  PrintArguments(tuple.elements);
  if (tuple.elements.size() == 1) Add(",");
  Add(")");
}

void Printer::PrintArray(const ArrayLiteralExpr& array) {
  if (array.form == ArrayForm::kBrackets) {
    Add("[");
    PrintArguments(array.elements);
    return Add("]");
  }
  Add(array.form == ArrayForm::kArray ? "array" : "fixed_array");
  if (array.element != nullptr) PrintAngle("", array.element);
  Add("(");
  PrintArguments(array.elements);
  Add(")");
}

void Printer::PrintTable(const TableLiteralExpr& table) {
  if (!table.is_call) {
    Add("{");
    PrintArguments(table.entries);
    return Add("}");
  }
  Add("table");
  if (table.key != nullptr) {
    Add("<");
    PrintType(table.key);
    if (table.value != nullptr) {
      Add(";");
      PrintType(table.value);
    }
    Add(">");
  }
  Add("(");
  PrintArguments(table.entries);
  Add(")");
}

void Printer::PrintStructLiteral(const StructLiteralExpr& literal) {
  if (literal.is_array) Add("array ");
  switch (literal.form) {
    case StructForm::kStruct:
      PrintAngle("struct", literal.type);
      break;
    case StructForm::kClass:
      PrintAngle("class", literal.type);
      break;
    case StructForm::kTuple:
      PrintType(literal.type);
      break;
    case StructForm::kVariant:
      if (literal.type->kind == TypeKind::kVariant && literal.type->qualifiers == 0) {
        PrintType(literal.type);
      } else {
        PrintAngle("variant type", literal.type);
      }
      break;
    case StructForm::kDefault:
      PrintAngle("default", literal.type);
      return Add(literal.is_uninitialized ? " uninitialized" : "");
  }
  Add(literal.is_uninitialized ? "(uninitialized " : "(");
  // One row needs parentheses of its own only where several are possible.
  if (literal.rows.size() == 1) {
    PrintArguments(literal.rows.front());
  } else {
    std::string_view before;
    for (const std::span<Argument>& row : literal.rows) {
      Add(before);
      before = ", ";
      Add("(");
      PrintArguments(row);
      Add(")");
    }
  }
  Add(")");
}

void Printer::PrintComprehension(const ComprehensionExpr& expr) {
  const bool is_table = expr.form == ComprehensionForm::kTable;
  Add(is_table ? "{ " : "[");
  if (expr.form == ComprehensionForm::kIterator) Add("iterator ");
  Add("for ");
  PrintLoopHead(expr.head);
  Add("; ");
  PrintExpr(expr.value);
  if (expr.where != nullptr) {
    Add("; where ");
    PrintExpr(expr.where);
  }
  Add(is_table ? " }" : "]");
}

void Printer::PrintCaptures(std::span<const Capture> captures) {
  if (captures.empty()) return;
  constexpr std::string_view kSigns[] = {"= ", "<- ", ":= ", "& "};
  Add(" capture");
  std::string_view before = "(";
  for (const Capture& capture : captures) {
    Add(before);
    before = ", ";
    Add(kSigns[static_cast<int>(capture.mode)]);
    Add(capture.name);
  }
  Add(")");
}

void Printer::PrintClosure(const ClosureExpr& closure) {
  if (closure.is_bare) return PrintBlock(*closure.body);
  constexpr std::string_view kForms[] = {"$", "@", "@@"};
  Add(kForms[static_cast<int>(closure.form)]);
  PrintAnnotations(closure.annotations, false);
  PrintCaptures(closure.captures);
  Add("(");
  PrintParameters(closure.parameters);
  Add(")");
  if (closure.result != nullptr) {
    Add(" : ");
    PrintType(closure.result);
  }
  PrintBody(*closure.body, closure.has_arrow_body);
}

void Printer::PrintFunctionRef(const FunctionRefExpr& expr) {
  Add("@@");
  if (expr.signature != nullptr) {
    Add("<");
    const auto* callable = As<CallableTypeExpr>(expr.signature);
    if (callable != nullptr && callable->form == CallableForm::kFunction && callable->qualifiers == 0) {
      if (callable->parameters.empty() && callable->result != nullptr) Add(":");
      PrintSignature(*callable);
    } else {
      PrintType(expr.signature);
    }
    Add(">");
  }
  if (expr.tag == nullptr) return PrintName(expr.name);
  Add(expr.tag_is_call ? "$c(" : "$i(");
  PrintExpr(expr.tag);
  Add(")");
}

void Printer::PrintGenerator(const GeneratorExpr& expr) {
  PrintAngle("generator", expr.type);
  PrintCaptures(expr.captures);
  if (expr.body != nullptr) {
    Add(" ");
    return PrintBlock(*expr.body);
  }
  Add("(");
  if (expr.source != nullptr) PrintExpr(expr.source);
  Add(")");
}

}  // namespace vestige::syntax
