// Declarations as text. Floor 2 (syntax).

#include "fmt/format.h"
#include "syntax/printer.h"

namespace vestige::syntax {

void Printer::PrintModule(const Module& module) {
  for (const AnnotationArgument& option : module.options) {
    Add("options ");
    PrintAnnotationArguments({&option, 1});
    NewLine();
  }
  if (!module.name.empty()) {
    Add("module ");
    Add(module.name);
    if (module.is_shared) Add(" shared");
    if (module.visibility != Visibility::kDefault) {
      Add(module.visibility == Visibility::kPublic ? " public" : " private");
    }
    if (module.is_inscope) Add(" !inscope");
    NewLine();
  }
  for (const Expectation& expectation : module.expectations) {
    out_ += fmt::format("expect {}:{}\n", expectation.code, expectation.count);
  }
  for (const Require& require : module.requires_list) PrintRequire(require);
  for (const Decl* decl : module.declarations) {
    PrintDecl(*decl);
    NewLine();
  }
}

void Printer::PrintRequire(const Require& require) {
  Add("require ");
  if (!require.guard.empty()) {
    Add("?");
    Add(require.guard);
    Add(" ");
  }
  Add(require.path);
  if (!require.alias.empty()) {
    Add(" as ");
    Add(require.alias);
  }
  if (require.is_public) Add(" public");
  NewLine();
}

void Printer::PrintDecl(const Decl& decl) {
  switch (decl.kind) {
    case DeclKind::kStruct:
      return PrintStruct(*As<StructDecl>(&decl));
    case DeclKind::kEnum:
      return PrintEnum(*As<EnumDecl>(&decl));
    case DeclKind::kBitfield:
      return PrintBitfield(*As<BitfieldDecl>(&decl));
    case DeclKind::kAlias:
      return PrintAlias(*As<AliasDecl>(&decl));
    case DeclKind::kGlobals:
      return PrintGlobals(*As<GlobalsDecl>(&decl));
    case DeclKind::kFunction:
      return PrintFunction(*As<FunctionDecl>(&decl));
    case DeclKind::kReader:
      return PrintExpr(As<ReaderDecl>(&decl)->reader);
  }
}

void Printer::PrintVisibility(Visibility visibility) {
  if (visibility == Visibility::kPublic) Add("public ");
  if (visibility == Visibility::kPrivate) Add("private ");
}

void Printer::PrintAnnotations(std::span<Annotation* const> annotations, bool on_own_line) {
  if (annotations.empty()) return;
  std::string_view before = "[";
  for (const Annotation* annotation : annotations) {
    Add(before);
    before = ", ";
    PrintAnnotation(*annotation);
  }
  Add("]");
  if (on_own_line) NewLine();
}

void Printer::PrintAnnotation(const Annotation& annotation) {
  if (annotation.form == AnnotationForm::kPlain) {
    PrintName(annotation.name);
    if (annotation.arguments.empty()) return;
    Add("(");
    PrintAnnotationArguments(annotation.arguments);
    return Add(")");
  }
  Add("(");
  if (annotation.form == AnnotationForm::kNot) {
    Add("!");
    PrintAnnotation(*annotation.left);
  } else {
    constexpr std::string_view kSigns[] = {"", "", " && ", " || ", " ^^ "};
    PrintAnnotation(*annotation.left);
    Add(kSigns[static_cast<int>(annotation.form)]);
    PrintAnnotation(*annotation.right);
  }
  Add(")");
}

void Printer::PrintAnnotationArguments(std::span<const AnnotationArgument> arguments) {
  std::string_view before;
  for (const AnnotationArgument& argument : arguments) {
    Add(before);
    before = ", ";
    Add(argument.name);
    if (argument.kind == AnnotationValue::kNone) continue;
    Add(" = ");
    if (argument.kind != AnnotationValue::kList) {
      PrintAnnotationValue(argument);
      continue;
    }
    std::string_view separator = "(";
    for (const AnnotationArgument& item : argument.list) {
      Add(separator);
      separator = ", ";
      PrintAnnotationValue(item);
    }
    Add(")");
  }
}

void Printer::PrintAnnotationValue(const AnnotationArgument& argument) {
  switch (argument.kind) {
    case AnnotationValue::kNone:
    case AnnotationValue::kList:
      return;
    case AnnotationValue::kBool:
      return Add(argument.boolean ? "true" : "false");
    case AnnotationValue::kInt:
      return Add(std::to_string(argument.integer));
    case AnnotationValue::kFloat:
      return Add(fmt::format("{}f", argument.real));
    case AnnotationValue::kString:
      return PrintQuoted(argument.text.text());
    case AnnotationValue::kName:
      return Add(argument.text);
    case AnnotationValue::kFunction:
      Add("@@");
      return Add(argument.text);
  }
}

void Printer::PrintTags(std::span<const AnnotationArgument> tags) {
  for (const AnnotationArgument& tag : tags) {
    Add("@");
    PrintAnnotationArguments({&tag, 1});
    Add(" ");
  }
}

void Printer::PrintFunction(const FunctionDecl& function) {
  PrintAnnotations(function.annotations, true);
  Add("def ");
  if (function.is_template) Add("template ");
  PrintVisibility(function.visibility);
  if (function.is_abstract) Add("abstract ");
  if (function.is_static) Add("static ");
  if (function.is_override) Add("override ");
  if (function.is_sealed) Add("sealed ");
  if (function.is_const) Add("const ");
  PrintFunctionName(function);
  if (!function.parameters.empty()) {
    Add("(");
    PrintParameters(function.parameters);
    Add(")");
  }
  if (function.result != nullptr) {
    Add(" : ");
    PrintType(function.result);
  }
  if (function.body != nullptr) PrintBody(*function.body, function.has_arrow_body);
}

// Undoes what the parser does to names of operators.
void Printer::PrintFunctionName(const FunctionDecl& function) {
  std::string name(function.name.text());
  if (!function.is_operator) return Add(name);
  if (name == "++" || name == "--") return Add(name + " operator");
  if (name == "+++" || name == "---") return Add("operator " + name.substr(1));
  if (name == "interval") return Add("operator ..");
  if (name == "clone") return Add("operator :=");
  if (name == "finalize") return Add("operator delete");
  Add("operator");
  std::string_view rest = name;
  if (rest.starts_with("?as")) {
    Add(" ? as");
    rest.remove_prefix(3);
  }
  // ".`x`clone" is `. x :=`, "`is`x" is `is x`.
  bool is_property = false;
  while (!rest.empty()) {
    const size_t tick = rest.find('`');
    std::string_view part = rest.substr(0, tick);
    rest.remove_prefix(tick == std::string_view::npos ? rest.size() : tick + 1);
    if (part.empty()) continue;
    if (is_property && part == "clone") part = ":=";
    is_property |= part == ".";
    Add(" ");
    Add(part);
  }
}

void Printer::PrintField(const Variable& field) {
  PrintTags(field.tags);
  if (field.is_static) Add("static ");
  if (field.is_override) Add("override ");
  if (field.is_sealed) Add("sealed ");
  PrintVisibility(field.visibility);
  PrintDeclaration({&field, 1}, 0);
}

void Printer::PrintStruct(const StructDecl& decl) {
  PrintAnnotations(decl.annotations, true);
  Add(decl.is_class ? "class " : "struct ");
  if (decl.is_template) Add("template ");
  PrintVisibility(decl.visibility);
  if (decl.is_sealed) Add("sealed ");
  Add(decl.name);
  if (!decl.parent.name.empty()) {
    Add(" : ");
    PrintName(decl.parent);
  }
  if (!decl.has_body) return Add(";");
  Add(" {");
  ++indent_;
  for (const StructMember& member : decl.members) {
    NewLine();
    if (member.field != nullptr) PrintField(*member.field);
    if (member.method != nullptr) PrintFunction(*member.method);
    if (member.alias != nullptr) PrintAlias(*member.alias);
  }
  --indent_;
  NewLine();
  Add("}");
}

void Printer::PrintEnumValues(std::span<const EnumValue> values) {
  Add(" {");
  ++indent_;
  for (const EnumValue& value : values) {
    NewLine();
    Add(value.name);
    PrintInit(InitMode::kCopy, value.value);
  }
  --indent_;
  NewLine();
  Add("}");
}

void Printer::PrintEnum(const EnumDecl& decl) {
  PrintAnnotations(decl.annotations, true);
  Add("enum ");
  PrintVisibility(decl.visibility);
  Add(decl.name);
  if (decl.has_storage) {
    Add(" : ");
    Add(BasicTypeWord(decl.storage));
  }
  PrintEnumValues(decl.values);
}

void Printer::PrintBitfield(const BitfieldDecl& decl) {
  Add("bitfield ");
  PrintVisibility(decl.visibility);
  Add(decl.name);
  if (decl.has_storage) {
    Add(" : ");
    Add(BasicTypeWord(decl.storage));
  }
  PrintEnumValues(decl.bits);
}

void Printer::PrintAlias(const AliasDecl& decl) {
  if (!decl.has_body) {
    Add("typedef ");
    PrintVisibility(decl.visibility);
    if (decl.is_distinct) Add("distinct ");
    Add(decl.name);
    Add(" = ");
    return PrintType(decl.type);
  }
  const auto* tuple = As<TupleTypeExpr>(decl.type);
  const auto* variant = As<VariantTypeExpr>(decl.type);
  Add(tuple != nullptr ? "tuple " : "variant ");
  PrintVisibility(decl.visibility);
  Add(decl.name);
  Add(" { ");
  PrintTypeMembers(tuple != nullptr ? tuple->members : variant->members, "; ");
  Add(" }");
}

void Printer::PrintGlobals(const GlobalsDecl& decl) {
  Add(decl.is_var ? "var " : "let ");
  if (decl.is_shared) Add("shared ");
  PrintVisibility(decl.visibility);
  if (decl.is_group) return PrintVariableGroup(decl.variables);
  if (decl.variables.empty()) return;
  PrintTags(decl.variables.front().tags);
  PrintDeclaration(decl.variables, 0);
}

}  // namespace vestige::syntax
