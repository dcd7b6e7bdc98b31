// Functions and variables of modules as trees. Floor 3, inside sema.

#include "sema/declarations.h"
#include "sema/quote_builder.h"
#include "sema/quote_known.h"

namespace vestige::sema {

namespace {

const syntax::Variable* WrittenParameter(const FunctionEntity& entity, base::Symbol name) {
  if (entity.decl == nullptr) return nullptr;
  for (const syntax::Variable& parameter : entity.decl->parameters) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

uint32_t FunctionFlagsOf(const FunctionEntity& entity) {
  uint32_t flags = 0;
  if (entity.is_export) flags |= ast::kFunctionExports;
  if (entity.is_private) flags |= ast::kFunctionIsPrivate;
  if (entity.native != nullptr) flags |= ast::kFunctionIsNative;
  if (entity.is_init) flags |= ast::kFunctionIsInit;
  if (entity.is_finalize) flags |= ast::kFunctionIsShutdown;
  if (entity.is_unsafe) flags |= ast::kFunctionIsUnsafe;
  if (entity.method_of != nullptr) flags |= ast::kFunctionIsMethod;
  if (entity.is_static_method) flags |= ast::kFunctionIsStaticMethod;
  return flags;
}

}  // namespace

ast::Function* TreeOfFunction(Checker& c, const FunctionEntity& entity, const types::DescribedFunction& described) {
  QuoteBuilder builder = QuoteBuilder::OfChecked(c);
  ast::Lane& lane = c.input.quotes->lane();
  auto* made = lane.Make<ast::Function>();
  made->name.Assign(described.name.text());
  made->flags = FunctionFlagsOf(entity);
  const syntax::FunctionDecl* decl = entity.native == nullptr ? entity.decl : nullptr;
  if (decl != nullptr) made->at = made->atDecl = builder.PlaceOf(decl->place);
  for (const types::DescribedVariable& argument : described.arguments) {
    const syntax::Variable* written = WrittenParameter(entity, argument.name);
    ast::Variable* variable = written != nullptr ? builder.VariableOf(*written) : lane.Make<ast::Variable>();
    variable->name.Assign(argument.name.text());
    // What a generic takes is a pattern, which only its own words tell.
    if (argument.type != nullptr && (written == nullptr || !entity.is_generic)) {
      variable->_type = TreeOfType(c, argument.type);
    }
    if (written == nullptr && variable->_type != nullptr && (variable->_type->flags & ast::kTypeConstant) == 0) {
      variable->flags |= ast::kVariableIsVar;
    }
    ast::Append(made->arguments, variable);
  }
  if (described.result != nullptr && !entity.is_generic) {
    made->result = TreeOfType(c, described.result);
  } else if (entity.decl != nullptr && entity.decl->result != nullptr) {
    made->result = builder.Type(entity.decl->result);
  }
  if (decl != nullptr && decl->body != nullptr) made->body = builder.Block(decl->body);
  return made;
}

ast::Variable* TreeOfGlobal(Checker& c, const GlobalEntity& entity) {
  QuoteBuilder builder = QuoteBuilder::OfChecked(c);
  const auto* declaration = static_cast<const GlobalDeclaration*>(entity.declaration);
  ast::Variable* made = declaration != nullptr ? builder.VariableOf(*declaration->variable)
                                               : c.input.quotes->lane().Make<ast::Variable>();
  made->name.Assign(entity.name.text());
  if (entity.type != nullptr) made->_type = TreeOfType(c, entity.type);
  return made;
}

void CompleteField(Checker& c, ast::Variable& made, const syntax::Variable* written,
                   const types::DescribedFunction* method) {
  if (written != nullptr) {
    QuoteBuilder builder = QuoteBuilder::OfChecked(c);
    made.at = builder.PlaceOf(written->place);
    if (made.init == nullptr) made.init = builder.Expr(written->init);
    if (written->init_mode == syntax::InitMode::kMove) made.flags |= ast::kVariableMoves;
    if (written->init_mode == syntax::InitMode::kClone) made.flags |= ast::kVariableClones;
  }
  if (method == nullptr) return;
  ast::TypeDecl& type = *made._type;
  if (type.firstType != nullptr && !type.argTypes.span().empty()) return;
  if (method->result != nullptr) type.firstType = TreeOfType(c, method->result);
  for (const types::DescribedVariable& argument : method->arguments) {
    ast::Append(type.argTypes, TreeOfType(c, argument.type));
    ast::Append(type.argNames, argument.name.text());
  }
}

}  // namespace vestige::sema
