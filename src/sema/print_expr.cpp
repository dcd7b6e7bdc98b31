// Typed expressions as text: see print.h. Floor 3.

#include <bit>

#include "fmt/format.h"
#include "sema/native.h"
#include "sema/print.h"

namespace vestige::sema {

using types::Kind;

namespace {

std::string Name(base::Symbol symbol, std::string_view fallback) {
  return symbol.empty() ? std::string(fallback) : std::string(symbol.text());
}

std::string_view Sign(BinaryOp op) {
  constexpr std::string_view kSigns[] = {"+",   "-",   "*",  "/",  "%", "&",  "|", "^",  "<<", ">>",
                                         "<<<", ">>>", "==", "!=", "<", "<=", ">", ">=", "^^"};
  return kSigns[static_cast<size_t>(op)];
}

std::string_view Sign(UnaryOp op) {
  constexpr std::string_view kSigns[] = {"-", "+", "!", "~"};
  return kSigns[static_cast<size_t>(op)];
}

std::string_view Sign(AssignMode mode) {
  constexpr std::string_view kSigns[] = {"=", "<-", ":="};
  return kSigns[static_cast<size_t>(mode)];
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (char letter : text) {
    if (letter == '\n') {
      out += "\\n";
    } else {
      if (letter == '"' || letter == '\\' || letter == '{' || letter == '}') out += '\\';
      out += letter;
    }
  }
  return out;
}

std::string Quoted(std::string_view text) { return "\"" + Escaped(text) + "\""; }

// One lane of a vector or range, from its bits.
std::string PrintLane(Kind kind, uint64_t bits) {
  const auto low = static_cast<uint32_t>(bits);
  switch (kind) {
    case Kind::kFloat2:
    case Kind::kFloat3:
    case Kind::kFloat4:
      return fmt::format("{}f", std::bit_cast<float>(low));
    case Kind::kInt2:
    case Kind::kInt3:
    case Kind::kInt4:
    case Kind::kRange:
      return std::to_string(static_cast<int32_t>(low));
    case Kind::kRange64:
      return fmt::format("{}l", static_cast<int64_t>(bits));
    case Kind::kURange64:
      return fmt::format("{:#x}ul", bits);
    default:
      return fmt::format("{:#x}", low);
  }
}

std::string PrintLanes(const TConst* constant) {
  const types::Type* type = constant->type;
  const bool is_wide = type->kind == Kind::kRange64 || type->kind == Kind::kURange64;
  const size_t count = type->size() / (is_wide ? 8 : 4);
  std::string out = types::TypeName(type->unqualified) + "(";
  for (size_t lane = 0; lane < count; ++lane) {
    if (lane != 0) out += ", ";
    out += PrintLane(type->kind, is_wide ? constant->bits[lane] : constant->bits[lane / 2] >> (lane % 2 * 32));
  }
  return out + ")";
}

std::string PrintConst(const TConst* constant) {
  const types::Type* type = constant->type;
  const uint64_t bits = constant->bits[0];
  switch (type->kind) {
    case Kind::kBool:
      return bits != 0 ? "true" : "false";
    case Kind::kString:
      return Quoted(constant->text);
    case Kind::kFloat:
      return fmt::format("{}f", std::bit_cast<float>(static_cast<uint32_t>(bits)));
    case Kind::kDouble:
      return fmt::format("{}lf", std::bit_cast<double>(bits));
    case Kind::kInt:
      return std::to_string(static_cast<int32_t>(bits));
    case Kind::kNull:
      return "null";
    default:
      break;
  }
  if (type->kind == Kind::kPointer || type->kind == Kind::kFunction || type->kind == Kind::kLambda) return "null";
  if (type->is_vector() || type->is_range()) return PrintLanes(constant);
  return fmt::format("{}({})", types::TypeName(type->unqualified), static_cast<int64_t>(bits));
}

template <typename Range, typename Fn>
std::string Join(const Range& range, Fn fn) {
  std::string out;
  for (const auto& item : range) {
    if (!out.empty()) out += ", ";
    out += fn(item);
  }
  return out;
}

std::string Arguments(std::span<TExpr* const> arguments) { return Join(arguments, PrintExpr); }

std::string Members(std::span<const TMember> members, bool offsets) {
  return Join(members, [offsets](const TMember& member) {
    const std::string mode = member.mode == AssignMode::kCopy ? "" : std::string(Sign(member.mode)) + " ";
    const std::string value = mode + PrintExpr(member.value);
    return offsets ? fmt::format("+{} {}", member.offset, value) : value;
  });
}

std::string PrintClosure(const TClosure* closure) {
  std::string out = closure->function->role == FunctionRole::kBlock ? "$" : "@";
  out += Name(closure->function->name, "closure");
  if (closure->captures.empty()) return out;
  return out + "[" +
         Join(closure->captures,
              [](const TCapture& capture) {
                return (capture.by_reference ? "&" : std::string(Sign(capture.mode))) + " " + PrintExpr(capture.source);
              }) +
         "]";
}

std::string PrintText(const TString* text) {
  std::string out = "\"";
  for (const TStringPart& part : text->parts) {
    out += part.value == nullptr ? Escaped(part.text) : "{" + PrintExpr(part.value) + std::string(part.format) + "}";
  }
  return out + "\"";
}

std::string PrintTable(const TMakeTable* table) {
  std::string out = "{";
  for (size_t i = 0; i < table->keys.size(); ++i) {
    if (i != 0) out += ", ";
    out += PrintExpr(table->keys[i]);
    if (i < table->values.size()) out += " => " + PrintExpr(table->values[i].value);
  }
  return out + "}";
}

// Places and parts of places.
std::string PrintPlace(const TExpr* expr) {
  switch (expr->kind) {
    case ExprKind::kLocal:
      return Name(static_cast<const TLocalRef*>(expr)->local->name, "_");
    case ExprKind::kGlobal:
      return "::" + Name(static_cast<const TGlobalRef*>(expr)->global->name, "_");
    case ExprKind::kField: {
      const auto* field = static_cast<const TField*>(expr);
      return fmt::format("{}.+{}", PrintExpr(field->base), field->offset);
    }
    case ExprKind::kDeref:
      return "*" + PrintExpr(static_cast<const TDeref*>(expr)->pointer);
    case ExprKind::kAddress:
      return "addr(" + PrintExpr(static_cast<const TAddress*>(expr)->place) + ")";
    case ExprKind::kIndex: {
      const auto* index = static_cast<const TIndex*>(expr);
      return fmt::format("{}[{}]", PrintExpr(index->base), PrintExpr(index->index));
    }
    case ExprKind::kSafeField: {
      const auto* field = static_cast<const TSafeField*>(expr);
      return fmt::format("{}?.+{}", PrintExpr(field->pointer), field->offset);
    }
    case ExprKind::kSafeIndex: {
      const auto* index = static_cast<const TSafeIndex*>(expr);
      return fmt::format("{}?[{}]", PrintExpr(index->base), PrintExpr(index->index));
    }
    case ExprKind::kTableFind: {
      const auto* find = static_cast<const TTableFind*>(expr);
      return fmt::format("{}?[{}]", PrintExpr(find->table), PrintExpr(find->key));
    }
    case ExprKind::kSwizzle: {
      const auto* swizzle = static_cast<const TSwizzle*>(expr);
      std::string out = PrintExpr(swizzle->base) + ".";
      for (int i = 0; i < swizzle->count; ++i) out += "xyzw"[swizzle->components[i] & 3];
      return out;
    }
    case ExprKind::kVariantIs: {
      const auto* test = static_cast<const TVariantIs*>(expr);
      return fmt::format("{} is #{}", PrintExpr(test->base), test->member);
    }
    case ExprKind::kVariantAs: {
      const auto* as = static_cast<const TVariantAs*>(expr);
      return fmt::format("{} {} #{}", PrintExpr(as->base), as->safe ? "?as" : "as", as->member);
    }
    default:
      return "?";
  }
}

std::string PrintOperator(const TExpr* expr) {
  switch (expr->kind) {
    case ExprKind::kUnary: {
      const auto* unary = static_cast<const TUnary*>(expr);
      return fmt::format("({}{})", Sign(unary->op), PrintExpr(unary->operand));
    }
    case ExprKind::kBinary: {
      const auto* binary = static_cast<const TBinary*>(expr);
      return fmt::format("({} {} {})", PrintExpr(binary->left), Sign(binary->op), PrintExpr(binary->right));
    }
    case ExprKind::kLogic: {
      const auto* logic = static_cast<const TLogic*>(expr);
      return fmt::format("({} {} {})", PrintExpr(logic->left), logic->is_and ? "&&" : "||", PrintExpr(logic->right));
    }
    case ExprKind::kConditional: {
      const auto* choice = static_cast<const TConditional*>(expr);
      return fmt::format("({} ? {} : {})", PrintExpr(choice->condition), PrintExpr(choice->then_value),
                         PrintExpr(choice->else_value));
    }
    case ExprKind::kCoalesce: {
      const auto* coalesce = static_cast<const TCoalesce*>(expr);
      std::string out = "(" + PrintExpr(coalesce->pointer);
      out.append(" ?").append("? ").append(PrintExpr(coalesce->fallback)).append(")");
      return out;
    }
    case ExprKind::kCast: {
      const auto* cast = static_cast<const TCast*>(expr);
      return fmt::format("{}<{}>({})", cast->mode == CastMode::kBits ? "bits" : "cast", types::TypeName(cast->type),
                         PrintExpr(cast->operand));
    }
    case ExprKind::kAssign: {
      const auto* assign = static_cast<const TAssign*>(expr);
      return fmt::format("{} {} {}", PrintExpr(assign->target), Sign(assign->mode), PrintExpr(assign->value));
    }
    case ExprKind::kCompound: {
      const auto* compound = static_cast<const TCompound*>(expr);
      return fmt::format("{} {}= {}", PrintExpr(compound->target), Sign(compound->op), PrintExpr(compound->value));
    }
    case ExprKind::kStep: {
      const auto* step = static_cast<const TStep*>(expr);
      const std::string_view sign = step->is_increment ? "++" : "--";
      return step->is_prefix ? fmt::format("{}{}", sign, PrintExpr(step->target))
                             : fmt::format("{}{}", PrintExpr(step->target), sign);
    }
    default:
      return PrintPlace(expr);
  }
}

}  // namespace

std::string PrintExpr(const TExpr* expr) {
  if (expr == nullptr) return "<none>";
  switch (expr->kind) {
    case ExprKind::kConst:
      return PrintConst(static_cast<const TConst*>(expr));
    case ExprKind::kZero:
      return "zero<" + types::TypeName(expr->type) + ">";
    case ExprKind::kCall: {
      const auto* call = static_cast<const TCall*>(expr);
      return fmt::format("{}({})", call->callee->name.text(), Arguments(call->arguments));
    }
    case ExprKind::kNativeCall: {
      const auto* call = static_cast<const TNativeCall*>(expr);
      return fmt::format("$::{}({})", call->native->name, Arguments(call->arguments));
    }
    case ExprKind::kInvoke: {
      const auto* invoke = static_cast<const TInvoke*>(expr);
      return fmt::format("invoke {}({})", PrintExpr(invoke->callee), Arguments(invoke->arguments));
    }
    case ExprKind::kNew: {
      const auto* made = static_cast<const TNew*>(expr);
      return fmt::format("new {}", made->init != nullptr ? PrintExpr(made->init) : types::TypeName(made->target));
    }
    case ExprKind::kMake: {
      const auto* make = static_cast<const TMake*>(expr);
      const std::string index = make->variant_index >= 0 ? fmt::format("#{} ", make->variant_index) : std::string();
      return fmt::format("{}({}{})", types::TypeName(make->type), index, Members(make->members, true));
    }
    case ExprKind::kMakeArray:
      return "[" + Members(static_cast<const TMakeArray*>(expr)->elements, false) + "]";
    case ExprKind::kMakeTable:
      return PrintTable(static_cast<const TMakeTable*>(expr));
    case ExprKind::kClosure:
      return PrintClosure(static_cast<const TClosure*>(expr));
    case ExprKind::kFunctionRef:
      return "@@" + Name(static_cast<const TFunctionRef*>(expr)->function->name, "_");
    case ExprKind::kString:
      return PrintText(static_cast<const TString*>(expr));
    case ExprKind::kStmtExpr:
      return "{...; " + PrintExpr(static_cast<const TStmtExpr*>(expr)->result) + "}";
    default:
      return PrintOperator(expr);
  }
}

}  // namespace vestige::sema
