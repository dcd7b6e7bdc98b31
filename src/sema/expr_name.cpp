// Names in expressions: locals, members of `with` and self, module variables. Floor 3.

#include <string>

#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"
#include "sema/function.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

ModuleScope* LookupModule(Checker& c, const syntax::QualifiedName& name) {
  ModuleScope* from = c.fn != nullptr ? c.fn->module : c.main;
  return name.is_qualified ? FindQualifier(c, from, name.module) : from;
}

namespace {

TExpr* UseLocal(Checker& c, const LocalName& name, syntax::Place place) {
  if (c.fn != nullptr && name.owner != c.fn->function) return OuterLocal(c, name, place);
  return LocalRef(c, name.local, place.location);
}

TExpr* UseGlobal(Checker& c, GlobalEntity* entity, base::Location location) {
  if (entity->constant != nullptr) {
    if (const TConst* constant = ConstantOf(entity->constant)) {
      TConst* copy = c.Node<TConst>(location, constant->type);
      copy->bits[0] = constant->bits[0];
      copy->bits[1] = constant->bits[1];
      copy->text = constant->text;
      return copy;
    }
  }
  if (entity->global == nullptr || entity->global->type == nullptr || IsError(entity->global->type)) {
    return c.ErrorExpr(location);
  }
  NoteGlobalUse(c, entity);
  TGlobalRef* ref = c.Node<TGlobalRef>(location, entity->global->type, true);
  ref->global = entity->global;
  return ref;
}

// Static members of the class around, and of its ancestors, are module variables named `Class`member`.
TExpr* TryStaticMember(Checker& c, base::Symbol name, syntax::Place place) {
  const types::StructInfo* around = nullptr;
  for (const FunctionState* state = c.fn; state != nullptr && around == nullptr; state = state->outer) {
    around = state->self;
  }
  for (; around != nullptr; around = around->parent) {
    std::string text(around->name.text());
    text.append("`").append(name.text());
    syntax::QualifiedName full;
    full.name = c.symbols.Intern(text);
    if (GlobalEntity* entity = FindGlobal(c, c.fn->module, full, place)) return UseGlobal(c, entity, place.location);
  }
  return nullptr;
}

}  // namespace

TExpr* WithObject(Checker& c, const LocalName& with, syntax::Place place) {
  TExpr* object = UseLocal(c, with, place);
  return object->type->kind == Kind::kPointer ? Deref(c, object, place.location) : object;
}

TExpr* TryWithMember(Checker& c, const LocalName& with, base::Symbol name, syntax::Place place) {
  const Type* type = with.local->type;
  if (type->kind == Kind::kPointer) type = type->element;
  if (type->kind != Kind::kStruct) return nullptr;
  const types::Field* field = type->struct_info->FindField(name);
  if (field != nullptr) {
    if (!MayAccess(c, type->struct_info, *field, place)) return c.ErrorExpr(place.location);
    TExpr* object = WithObject(c, with, place);
    return field->is_method ? MethodValue(c, object, *field, place) : FieldOf(c, object, *field, place.location);
  }
  std::string property = ".`";
  property.append(name.text());
  const base::Symbol symbol = c.symbols.Intern(property);
  if (c.fn == nullptr || FindOverloads(c, c.fn->module, symbol).empty()) return nullptr;
  TExpr* object = WithObject(c, with, place);
  return TryCallByName(c, c.fn->module, symbol, std::span<TExpr* const>(&object, 1), place);
}

TExpr* TryName(Checker& c, const syntax::QualifiedName& name, syntax::Place place) {
  if (!name.is_qualified) {
    const size_t begin = NamesBegin(c);
    for (size_t i = c.names.size(); i > begin; --i) {
      // A copy: elaborating an `assume` may add names.
      const LocalName local = c.names[i - 1];
      if (local.kind == LocalName::Kind::kWith) {
        if (TExpr* member = TryWithMember(c, local, name.name, place)) return member;
        continue;
      }
      if (local.name != name.name) continue;
      if (local.kind == LocalName::Kind::kLocal) return UseLocal(c, local, place);
      if (local.kind == LocalName::Kind::kAssume) return ExpandAlias(c, i - 1, place);
    }
    if (TExpr* member = TryStaticMember(c, name.name, place)) return member;
  }
  ModuleScope* module = c.fn != nullptr ? c.fn->module : c.main;
  GlobalEntity* entity = FindGlobal(c, module, name, place);
  return entity != nullptr ? UseGlobal(c, entity, place.location) : nullptr;
}

const Type* TypeByName(Checker& c, const syntax::QualifiedName& name) {
  if (!name.is_qualified) {
    for (const FunctionState* state = c.fn; state != nullptr; state = state->outer) {
      if (state->bindings == nullptr) continue;
      if (const Type* bound = FindBinding(*state->bindings, name.name)) return bound;
    }
    for (size_t i = c.names.size(); i > NamesBegin(c); --i) {
      const LocalName& local = c.names[i - 1];
      if (local.kind == LocalName::Kind::kType && local.name == name.name) return local.type;
    }
  }
  return FindNamedType(c, c.fn != nullptr ? c.fn->module : c.main, name);
}

TExpr* CheckName(Checker& c, const syntax::NameExpr* name) {
  const int errors = c.error_count;
  if (TExpr* value = TryName(c, name->name, name->place)) return value;
  if (c.error_count != errors) return c.ErrorExpr(name->place.location);
  ModuleScope* module = LookupModule(c, name->name);
  if (module != nullptr) {
    if (const GlobalEntity* hidden = FindHiddenGlobal(module, name->name.name)) {
      return c.Error(30283, name->place, "can't access private variable '" + std::string(name->name.name.text()) + "'",
                     "variable is private to module " + std::string(hidden->module->name.text()));
    }
  }
  std::string text(name->name.name.text());
  if (name->name.is_qualified) text = std::string(name->name.module.text()) + "::" + text;
  return c.Error(30838, name->place, "can't locate variable '" + text + "'");
}

}  // namespace vestige::sema
