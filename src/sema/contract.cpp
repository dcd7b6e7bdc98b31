// Contracts of generic functions: see contract.h. Floor 3.

#include "sema/contract.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

bool IsArray(const Type* type) { return type->kind == Kind::kArray || type->kind == Kind::kFixedArray; }

struct Contract {
  std::string_view name;
  bool (*fits)(const Type* type, bool is_place);
};

constexpr Contract kContracts[] = {
    {"expect_any_array", [](const Type* t, bool) { return IsArray(t); }},
    {"expect_any_enum", [](const Type* t, bool) { return t->kind == Kind::kEnum; }},
    {"expect_any_bitfield", [](const Type* t, bool) { return t->kind == Kind::kBitfield; }},
    {"expect_any_vector", [](const Type*, bool) { return false; }},
    {"expect_any_vector_type", [](const Type* t, bool) { return t->is_vector() || t->is_range(); }},
    {"expect_any_struct", [](const Type* t, bool) { return t->kind == Kind::kStruct && !t->struct_info->is_class; }},
    {"expect_any_numeric", [](const Type* t, bool) { return t->is_numeric(); }},
    {"expect_any_workhorse", [](const Type* t, bool) { return t->is_workhorse(); }},
    {"expect_any_workhorse_raw",
     [](const Type* t, bool) { return t->is_workhorse() && t->kind != Kind::kPointer && t->kind != Kind::kString; }},
    {"expect_any_tuple", [](const Type* t, bool) { return t->kind == Kind::kTuple; }},
    {"expect_any_variant", [](const Type* t, bool) { return t->kind == Kind::kVariant; }},
    {"expect_any_function", [](const Type* t, bool) { return t->kind == Kind::kFunction; }},
    {"expect_any_lambda", [](const Type* t, bool) { return t->kind == Kind::kLambda; }},
    {"expect_ref", [](const Type* t, bool place) { return place || t->is_ref_type(); }},
    {"expect_pointer", [](const Type* t, bool) { return t->kind == Kind::kPointer; }},
    {"expect_class",
     [](const Type* t, bool) {
       return t->kind == Kind::kPointer && t->element->kind == Kind::kStruct && t->element->struct_info->is_class;
     }},
    {"expect_value_handle", [](const Type*, bool) { return false; }},
    {"expect_dim", [](const Type* t, bool) { return t->kind == Kind::kFixedArray; }},
};

const Contract* FindContract(std::string_view name) {
  for (const Contract& contract : kContracts) {
    if (contract.name == name) return &contract;
  }
  return nullptr;
}

struct Arguments {
  const FunctionEntity* entity;
  const Candidate& candidate;
  const CallArguments& arguments;
};

// Annotations that are no contracts hold.
bool Holds(const syntax::Annotation* annotation, const Arguments& call) {
  using Form = syntax::AnnotationForm;
  switch (annotation->form) {
    case Form::kNot:
      return !Holds(annotation->left, call);
    case Form::kAnd:
      return Holds(annotation->left, call) && Holds(annotation->right, call);
    case Form::kOr:
      return Holds(annotation->left, call) || Holds(annotation->right, call);
    case Form::kXor:
      return Holds(annotation->left, call) != Holds(annotation->right, call);
    case Form::kPlain:
      break;
  }
  const Contract* contract = FindContract(annotation->name.name.text());
  if (contract == nullptr) return true;
  for (const syntax::AnnotationArgument& argument : annotation->arguments) {
    for (size_t i = 0; i < call.entity->parameters.size(); ++i) {
      if (call.entity->parameters[i].name != argument.name || call.candidate.slots[i] < 0) continue;
      const TExpr* passed = call.arguments[call.candidate.slots[i]].expr;
      if (passed != nullptr && !contract->fits(passed->type, passed->is_place)) return false;
    }
  }
  return true;
}

}  // namespace

bool IsContract(std::string_view name) { return FindContract(name) != nullptr; }

bool SatisfiesContracts(Checker&, const FunctionEntity* entity, const Candidate& candidate,
                        const CallArguments& arguments) {
  if (entity->decl == nullptr) return true;
  for (const syntax::Annotation* annotation : entity->decl->annotations) {
    if (!Holds(annotation, {entity, candidate, arguments})) return false;
  }
  return true;
}

int ContractCount(const FunctionEntity* entity) {
  int count = 0;
  if (entity->decl == nullptr) return 0;
  for (const syntax::Annotation* annotation : entity->decl->annotations) {
    if (annotation->form != syntax::AnnotationForm::kPlain || IsContract(annotation->name.name.text())) ++count;
  }
  return count;
}

}  // namespace vestige::sema
