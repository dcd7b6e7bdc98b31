// Entry points of the printer, and what all its parts use. Floor 2 (syntax).

#include "syntax/print.h"

#include "fmt/format.h"
#include "syntax/printer.h"

namespace vestige::syntax {

std::string Print(const Module& module) {
  Printer printer;
  printer.PrintModule(module);
  return printer.Take();
}

std::string Print(const Decl& decl) {
  Printer printer;
  printer.PrintDecl(decl);
  return printer.Take();
}

std::string Print(const Stmt& stmt) {
  Printer printer;
  printer.PrintStmt(stmt);
  return printer.Take();
}

std::string Print(const Expr& expr) {
  Printer printer;
  printer.PrintExpr(&expr);
  return printer.Take();
}

std::string Print(const TypeExpr& type) {
  Printer printer;
  printer.PrintType(&type);
  return printer.Take();
}

void Printer::NewLine() {
  out_ += '\n';
  out_.append(static_cast<size_t>(indent_) * 4, ' ');
}

void Printer::PrintName(const QualifiedName& name) {
  if (name.is_qualified) {
    Add(name.module);
    Add("::");
  }
  Add(name.name);
}

void Printer::PrintQuoted(std::string_view text) {
  out_ += '"';
  PrintEscaped(text);
  out_ += '"';
}

void Printer::PrintEscaped(std::string_view text) {
  for (char c : text) {
    switch (c) {
      case '\n':
        Add("\\n");
        break;
      case '\t':
        Add("\\t");
        break;
      case '\r':
        Add("\\r");
        break;
      case '"':
      case '\\':
      case '{':
      case '}':
        out_ += '\\';
        out_ += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out_ += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
          out_ += c;
        }
    }
  }
}

}  // namespace vestige::syntax
