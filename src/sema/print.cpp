// Typed statements, functions and programs as text: see print.h. Floor 3.

#include "sema/print.h"

#include "fmt/format.h"
#include "sema/native.h"

namespace vestige::sema {

namespace {

class Printer {
 public:
  std::string out;

  void Block(const TBlock* block) {
    out += "{\n";
    indent_ += 2;
    if (block != nullptr) Statements(block->statements);
    indent_ -= 2;
    Line("}");
    if (block == nullptr || block->finally_part.empty()) return;
    Trim();
    out += " finally {\n";
    indent_ += 2;
    Statements(block->finally_part);
    indent_ -= 2;
    Line("}");
  }

  // Appends without a line end where a nested block's closing brace stands.
  void Trim() {
    if (!out.empty() && out.back() == '\n') out.pop_back();
  }

 private:
  void Line(std::string_view text) {
    Indent();
    out.append(text);
    out += '\n';
  }
  void Indent() { out.append(static_cast<size_t>(indent_), ' '); }

  void Statements(std::span<TStmt* const> statements) {
    for (const TStmt* stmt : statements) Statement(stmt);
  }

  void Head(std::string_view text) {
    Indent();
    out.append(text).append(" ");
  }

  void Let(const TLet* let) {
    const TLocal* local = let->local;
    std::string text = fmt::format("var {} : {}{}", local->name.empty() ? "_" : local->name.text(),
                                   types::TypeName(local->type), local->is_reference ? "&" : "");
    constexpr std::string_view kSigns[] = {" = ", " <- ", " := "};
    if (let->init != nullptr) text.append(kSigns[static_cast<size_t>(let->mode)]).append(PrintExpr(let->init));
    Line(text);
  }

  void If(const TIf* branch) {
    Head(fmt::format("if ({})", PrintExpr(branch->condition)));
    Block(branch->then_part);
    if (branch->else_part == nullptr) return;
    Trim();
    out += " else ";
    Block(branch->else_part);
  }

  void For(const TFor* loop) {
    constexpr std::string_view kKinds[] = {"range", "array", "fixed", "string", "iterator", "keys", "values", "count"};
    std::string sources;
    for (const TForSource& source : loop->sources) {
      if (!sources.empty()) sources += "; ";
      sources += fmt::format("{} : {} in {} {}", source.variable->name.text(), types::TypeName(source.variable->type),
                             kKinds[static_cast<size_t>(source.kind)], PrintExpr(source.source));
    }
    Head("for (" + sources + ")");
    Block(loop->body);
  }

  void Return(const TReturn* stmt) {
    const std::string_view sign = stmt->mode == AssignMode::kMove ? " <- " : " ";
    Line("return" + (stmt->value != nullptr ? std::string(sign) + PrintExpr(stmt->value) : std::string()));
  }

  void Try(const TTry* stmt) {
    Head("try");
    Block(stmt->body);
    Trim();
    out += " recover ";
    Block(stmt->recover);
  }

  void Goto(const TGoto* stmt) {
    Line(stmt->computed != nullptr ? "goto " + PrintExpr(stmt->computed) : fmt::format("goto label {}", stmt->label));
  }

  void Statement(const TStmt* stmt) {
    switch (stmt->kind) {
      case StmtKind::kExpr:
        return Line(PrintExpr(static_cast<const TExprStmt*>(stmt)->expr));
      case StmtKind::kLet:
        return Let(static_cast<const TLet*>(stmt));
      case StmtKind::kBlock:
        Indent();
        return Block(static_cast<const TBlock*>(stmt));
      case StmtKind::kIf:
        return If(static_cast<const TIf*>(stmt));
      case StmtKind::kWhile:
        Head(fmt::format("while ({})", PrintExpr(static_cast<const TWhile*>(stmt)->condition)));
        return Block(static_cast<const TWhile*>(stmt)->body);
      case StmtKind::kFor:
        return For(static_cast<const TFor*>(stmt));
      case StmtKind::kReturn:
        return Return(static_cast<const TReturn*>(stmt));
      case StmtKind::kBreak:
        return Line("break");
      case StmtKind::kContinue:
        return Line("continue");
      case StmtKind::kTry:
        return Try(static_cast<const TTry*>(stmt));
      case StmtKind::kDelete:
        return Line("delete " + PrintExpr(static_cast<const TDelete*>(stmt)->place));
      case StmtKind::kLabel:
        return Line(fmt::format("label {}:", static_cast<const TLabel*>(stmt)->label));
      case StmtKind::kGoto:
        return Goto(static_cast<const TGoto*>(stmt));
      case StmtKind::kYield: {
        const auto* yield = static_cast<const TYield*>(stmt);
        return Line((yield->mode == AssignMode::kMove ? "yield <- " : "yield ") + PrintExpr(yield->value));
      }
    }
  }

  int indent_ = 0;
};

}  // namespace

std::string PrintFunction(const TFunction& function) {
  Printer printer;
  printer.out = fmt::format("def {}(", function.name.text());
  for (const TLocal* argument : function.arguments) {
    if (argument != function.arguments.front()) printer.out += "; ";
    printer.out += fmt::format("{} : {}{}", argument->name.text(), types::TypeName(argument->type),
                               argument->is_reference ? "&" : "");
  }
  printer.out += fmt::format(") : {}{} ", types::TypeName(function.result), function.returns_reference ? "&" : "");
  printer.Block(function.body);
  return std::move(printer.out);
}

std::string PrintProgram(const TProgram& program) {
  std::string out;
  for (const TGlobal* global : program.globals) {
    out += fmt::format("var {} : {}", global->name.text(), types::TypeName(global->type));
    if (global->init != nullptr) out += (global->init_moves ? " <- " : " = ") + PrintExpr(global->init);
    out += '\n';
  }
  for (const TFunction* function : program.functions) out += PrintFunction(*function);
  return out;
}

}  // namespace vestige::sema
