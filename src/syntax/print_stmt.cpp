// Statements as text. Floor 2 (syntax).

#include "syntax/printer.h"

namespace vestige::syntax {

void Printer::PrintBlock(const Block& block) {
  Add("{");
  ++indent_;
  for (const Stmt* statement : block.statements) {
    NewLine();
    PrintStmt(*statement);
  }
  --indent_;
  NewLine();
  Add("}");
  if (block.finally != nullptr) {
    Add(" finally ");
    PrintBlock(*block.finally);
  }
}

// A function's body with the space before it.
void Printer::PrintBody(const Block& body, bool is_arrow) {
  const auto* result = body.statements.empty() ? nullptr : As<ReturnStmt>(body.statements.front());
  if (!is_arrow || result == nullptr) {
    Add(" ");
    return PrintBlock(body);
  }
  Add(result->moves ? " => <- " : " => ");
  PrintExpr(result->value, 2);
}

void Printer::PrintInit(InitMode mode, const Expr* init) {
  if (init == nullptr) return;
  Add(mode == InitMode::kMove ? " <- " : mode == InitMode::kClone ? " := " : " = ");
  PrintExpr(init);
}

// name, name : type = init
size_t Printer::PrintDeclaration(std::span<const Variable> variables, size_t first) {
  const Variable& shared = variables[first];
  size_t last = first;
  do {
    const Variable& variable = variables[last];
    if (last > first) Add(", ");
    if (variable.tag != nullptr) {
      Add("$i(");
      PrintExpr(variable.tag);
      Add(")");
    } else if (!variable.tuple_names.empty()) {
      std::string_view before = "(";
      for (base::Symbol name : variable.tuple_names) {
        Add(before);
        before = ", ";
        Add(name);
      }
      Add(")");
    } else {
      Add(variable.name);
    }
    if (!variable.aka.empty()) {
      Add(" aka ");
      Add(variable.aka);
    }
    ++last;
  } while (last < variables.size() && variables[last].joins_previous);
  if (shared.type != nullptr) {
    Add(" : ");
    PrintType(shared.type);
  }
  if (shared.is_reference) Add(" &");
  PrintInit(shared.init_mode, shared.init);
  return last - first;
}

void Printer::PrintVariableGroup(std::span<const Variable> variables) {
  Add("{");
  ++indent_;
  for (size_t i = 0; i < variables.size();) {
    NewLine();
    PrintTags(variables[i].tags);
    i += PrintDeclaration(variables, i);
  }
  --indent_;
  NewLine();
  Add("}");
}

void Printer::PrintParameters(std::span<const Variable> parameters) {
  for (size_t i = 0; i < parameters.size();) {
    const Variable& parameter = parameters[i];
    if (i > 0) Add("; ");
    PrintTags(parameter.tags);
    if (parameter.is_var) Add("var ");
    if (parameter.is_let) Add("let ");
    if (parameter.tag != nullptr && parameter.name.empty() && parameter.type == nullptr) {
      Add("$a(");
      PrintExpr(parameter.tag);
      Add(")");
      ++i;
    } else {
      i += PrintDeclaration(parameters, i);
    }
  }
}

void Printer::PrintLet(const LetStmt& let) {
  Add(let.is_var ? "var " : "let ");
  if (let.is_inscope) Add("inscope ");
  if (let.is_group) return PrintVariableGroup(let.variables);
  if (!let.variables.empty()) PrintTags(let.variables.front().tags);
  PrintDeclaration(let.variables, 0);
}

// Single statements get braces, conditions written behind go in front.
void Printer::PrintIf(const IfStmt& statement) {
  Add(statement.is_static ? "static_" : "");
  Add(statement.is_elif ? "elif (" : "if (");
  PrintExpr(statement.condition);
  Add(") ");
  PrintBlock(*statement.then_block);
  const Block* rest = statement.else_block;
  if (rest == nullptr) return;
  const auto* nested = rest->has_braces || rest->statements.empty() ? nullptr : As<IfStmt>(rest->statements.front());
  if (nested != nullptr && nested->is_elif) {
    Add(" ");
    return PrintIf(*nested);
  }
  Add(" else ");
  PrintBlock(*rest);
}

void Printer::PrintLoopHead(const LoopHead& head) {
  Add("(");
  std::string_view before;
  for (const LoopVariable& variable : head.variables) {
    Add(before);
    before = ", ";
    if (variable.tag != nullptr) {
      Add("$i(");
      PrintExpr(variable.tag);
      Add(")");
    } else if (!variable.tuple_names.empty()) {
      std::string_view separator = "(";
      for (base::Symbol name : variable.tuple_names) {
        Add(separator);
        separator = ", ";
        Add(name);
      }
      Add(")");
    } else {
      Add(variable.name);
    }
    if (!variable.aka.empty()) {
      Add(" aka ");
      Add(variable.aka);
    }
  }
  Add(" in ");
  PrintArguments(head.sources);
  Add(")");
}

void Printer::PrintLoopAnnotations(std::span<const AnnotationArgument> annotations) {
  if (annotations.empty()) return;
  Add("[");
  PrintAnnotationArguments(annotations);
  Add("] ");
}

// Statements that contain blocks.
void Printer::PrintControl(const Stmt& stmt) {
  switch (stmt.kind) {
    case StmtKind::kIf:
      return PrintIf(*As<IfStmt>(&stmt));
    case StmtKind::kFor: {
      const auto* loop = As<ForStmt>(&stmt);
      Add("for ");
      PrintLoopAnnotations(loop->annotations);
      PrintLoopHead(loop->head);
      Add(" ");
      return PrintBlock(*loop->body);
    }
    case StmtKind::kWhile: {
      const auto* loop = As<WhileStmt>(&stmt);
      Add("while ");
      PrintLoopAnnotations(loop->annotations);
      Add("(");
      PrintExpr(loop->condition);
      Add(") ");
      return PrintBlock(*loop->body);
    }
    case StmtKind::kWith: {
      const auto* with = As<WithStmt>(&stmt);
      Add("with (");
      PrintExpr(with->object);
      Add(") ");
      return PrintBlock(*with->body);
    }
    case StmtKind::kWithModule: {
      const auto* with = As<WithModuleStmt>(&stmt);
      Add("with (module ");
      Add(with->module);
      Add(") ");
      return PrintBlock(*with->body);
    }
    case StmtKind::kUnsafe:
      Add("unsafe ");
      return PrintBlock(*As<UnsafeStmt>(&stmt)->body);
    case StmtKind::kTry: {
      const auto* attempt = As<TryStmt>(&stmt);
      Add("try ");
      PrintBlock(*attempt->body);
      Add(" recover ");
      return PrintBlock(*attempt->recover);
    }
    case StmtKind::kBlock:
      return PrintBlock(*As<BlockStmt>(&stmt)->block);
    default:
      return;
  }
}

void Printer::PrintStmt(const Stmt& stmt) {
  switch (stmt.kind) {
    case StmtKind::kExpr:
      return PrintExpr(As<ExprStmt>(&stmt)->expr);
    case StmtKind::kLet:
      return PrintLet(*As<LetStmt>(&stmt));
    case StmtKind::kAssume: {
      const auto* assume = As<AssumeStmt>(&stmt);
      Add("assume ");
      Add(assume->name);
      return PrintInit(InitMode::kCopy, assume->value);
    }
    case StmtKind::kTypedef: {
      const auto* alias = As<TypedefStmt>(&stmt);
      Add("typedef ");
      Add(alias->name);
      Add(" = ");
      return PrintType(alias->type);
    }
    case StmtKind::kReturn: {
      const auto* result = As<ReturnStmt>(&stmt);
      Add("return");
      if (result->moves) Add(" <-");
      if (result->value == nullptr) return;
      Add(" ");
      return PrintExpr(result->value);
    }
    case StmtKind::kYield: {
      const auto* yield = As<YieldStmt>(&stmt);
      Add(yield->moves ? "yield <- " : "yield ");
      return PrintExpr(yield->value);
    }
    case StmtKind::kBreak:
      return Add("break");
    case StmtKind::kContinue:
      return Add("continue");
    case StmtKind::kDelete: {
      const auto* del = As<DeleteStmt>(&stmt);
      Add(del->is_explicit ? "delete explicit " : "delete ");
      return PrintExpr(del->value);
    }
    case StmtKind::kLabel:
      return Add("label " + std::to_string(As<LabelStmt>(&stmt)->label) + ":");
    case StmtKind::kGoto: {
      const auto* jump = As<GotoStmt>(&stmt);
      Add("goto ");
      if (jump->value != nullptr) return PrintExpr(jump->value);
      return Add("label " + std::to_string(jump->label));
    }
    case StmtKind::kPass:
      return Add("pass");
    default:
      return PrintControl(stmt);
  }
}

}  // namespace vestige::syntax
