// Local variables: let and var, references, destructuring, inscope. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/function.h"
#include "sema/init_value.h"
#include "sema/match.h"
#include "sema/smart_pointer.h"
#include "sema/stmt.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

void PushName(Checker& c, base::Symbol name, TLocal* local) {
  LocalName entry;
  entry.name = name;
  entry.local = local;
  entry.owner = c.fn->function;
  entry.location = local->location;
  c.names.push_back(entry);
}

namespace {

// Whether a name that belongs to `owner` is one of the current function, blocks around included. What lambdas and
// generators take along is theirs under the same name, so they may use the name for something else instead.
bool IsAmongOwnNames(const Checker& c, const FunctionRecord* owner) {
  if (owner == nullptr) return true;
  for (const FunctionState* state = c.fn; state != nullptr; state = state->outer) {
    if (state->function == owner) return true;
    if (state->function == nullptr || state->function->role != FunctionRole::kBlock) return false;
  }
  return false;
}

}  // namespace

bool CheckShadowing(Checker& c, base::Symbol name, syntax::Place place, std::string_view what, int code) {
  for (size_t i = c.names.size(); i > NamesBegin(c); --i) {
    const LocalName& other = c.names[i - 1];
    if (!IsAmongOwnNames(c, other.owner)) continue;
    const uint32_t line = c.input.sources->Locate(other.location).line;
    if (other.kind == LocalName::Kind::kAssume && other.name == name) {
      c.Error(code, place,
              fmt::format("can't make {} `{}`, name already taken by alias",
                          what.starts_with("for") ? "loop variable" : "local variable", name.text()));
      return false;
    }
    if (other.kind == LocalName::Kind::kWith && other.local->type->kind == Kind::kStruct) {
      if (other.local->type->struct_info->FindField(name) == nullptr) continue;
      c.Error(code, place, fmt::format("{} {} is shadowed by with expression at line {}", what, name.text(), line));
      return false;
    }
    if (other.kind != LocalName::Kind::kLocal || other.name != name) continue;
    std::string_view kind = "another local variable";
    if (other.local->is_argument) {
      const bool of_function = other.owner == nullptr || other.owner->role == FunctionRole::kFunction;
      kind = of_function ? "function argument" : "block argument";
    }
    c.Error(code, place,
            fmt::format("{} {} is shadowed by {} {}: {} at line {}", what, name.text(), kind, name.text(),
                        types::TypeName(other.local->type), line));
    return false;
  }
  return true;
}

TLocal* HoldValue(Checker& c, TExpr* value, BlockBuilder& block) {
  TLocal* local = NewLocal(c, {}, value->type, value->location);
  local->is_reference = value->is_place;
  TLet* let = c.Stmt<TLet>(value->location);
  let->local = local;
  let->init = value;
  let->mode = value->is_place ? AssignMode::kCopy : AssignMode::kMove;
  block.statements.push_back(let);
  return local;
}

namespace {

// A reference to this place cannot outlive what it refers to: a local, a global, a part of one.
bool IsLocalOrGlobal(const TExpr* place) {
  switch (place->kind) {
    case ExprKind::kLocal:
      return !static_cast<const TLocalRef*>(place)->local->is_argument;
    case ExprKind::kGlobal:
      return true;
    case ExprKind::kField: {
      const TExpr* base = static_cast<const TField*>(place)->base;
      if (base->kind == ExprKind::kDeref) base = static_cast<const TDeref*>(base)->pointer;
      return IsLocalOrGlobal(base);
    }
    case ExprKind::kIndex: {
      const auto* index = static_cast<const TIndex*>(place);
      return index->mode == IndexMode::kFixed && IsLocalOrGlobal(index->base);
    }
    case ExprKind::kSwizzle:
      return IsLocalOrGlobal(static_cast<const TSwizzle*>(place)->base);
    // A call whose result is a place returns a reference.
    case ExprKind::kCall:
    case ExprKind::kNativeCall:
    case ExprKind::kInvoke:
      return true;
    default:
      return false;
  }
}

class LetChecker {
 public:
  LetChecker(Checker& c, const syntax::LetStmt* stmt, BlockBuilder& block)
      : c_(c), stmt_(stmt), block_(block), is_const_(!stmt->is_var) {}

  void Check(const syntax::Variable& variable) {
    const Type* declared = nullptr;
    if (variable.type != nullptr) {
      UnknownType unknown{30820, "undefined let type ", is_const_ ? " const" : "", variable.place};
      declared = ResolveTypeAs(c_, variable.type, TypeUse::kPartial, c_.fn->module, unknown);
      // An array of which nobody knows how large it is does not come into being: its uses are errors of their own.
      if (IsError(declared) && HasUnknownSize(variable.type)) return;
    }
    if (variable.is_reference || (declared != nullptr && declared->is_ref()) || IsTypeInfo(variable)) {
      CheckReference(variable, declared);
    } else if (variable.init == nullptr) {
      CheckUninitialized(variable, declared);
    } else {
      CheckInitialized(variable, declared);
    }
  }

 private:
  // let t = typeinfo rtti_typeinfo(x): what it names is part of the program, and stays where it is.
  bool IsTypeInfo(const syntax::Variable& variable) const {
    const auto* written = syntax::As<syntax::TypeInfoExpr>(variable.init);
    return is_const_ && written != nullptr && written->trait.name.text() == "rtti_typeinfo";
  }

  // T[n] where n is no constant.
  bool HasUnknownSize(const syntax::TypeExpr* type) {
    if (type->kind != syntax::TypeKind::kFixedArray) return false;
    ++c_.silent;
    bool unknown = false;
    for (const syntax::Expr* size : static_cast<const syntax::FixedArrayTypeExpr*>(type)->sizes) {
      int64_t value = 0;
      unknown = unknown || (size != nullptr && !ConstantInteger(CheckExpr(c_, size), &value));
    }
    --c_.silent;
    return unknown;
  }

  InitWords Words(const syntax::Variable& variable) {
    InitWords words;
    words.subject = "local variable " + NameOf(variable);
    words.cannot_copy_text = " can only be move-initialized";
    words.cannot_copy_fixme = "use <- for that";
    words.variable = words.mismatch = variable.place;
    return words;
  }

  static std::string NameOf(const syntax::Variable& variable) {
    if (variable.tuple_names.empty()) return std::string(variable.name.text());
    std::string joined;
    for (base::Symbol name : variable.tuple_names) {
      if (!joined.empty()) joined += '`';
      joined += name.text();
    }
    return joined;
  }

  const Type* Declared(const Type* type) { return is_const_ ? c_.types.WithConst(type) : type; }

  TLet* AddLet(TLocal* local, TExpr* init, AssignMode mode) {
    TLet* let = c_.Stmt<TLet>(local->location);
    let->local = local;
    let->init = init;
    let->mode = mode;
    block_.statements.push_back(let);
    return let;
  }

  // auto(T) of the variable's type: T means what was found, to the end of the scope.
  void BindNames(const syntax::Variable& variable, const Type* declared, const Type* found) {
    Matcher matcher(c_.types, true);
    if (matcher.Match(declared, {c_.types.WithoutQualifiers(found, types::kConst), true}) == nullptr) return;
    for (const auto& [name, type] : matcher.bindings) {
      LocalName bound;
      bound.kind = LocalName::Kind::kType;
      bound.name = name;
      bound.type = declared->kind == Kind::kAuto ? found : type;
      bound.owner = c_.fn->function;
      bound.location = variable.place.location;
      c_.names.push_back(bound);
    }
  }

  // After the variable's own initialiser: its names, and what happens at the end of the scope.
  void Enter(const syntax::Variable& variable, TLocal* local) {
    if (!variable.name.empty()) {
      CheckShadowing(c_, variable.name, variable.place, "local variable", 30704);
      PushName(c_, variable.name, local);
    }
    if (!variable.aka.empty()) {
      CheckShadowing(c_, variable.aka, variable.place, "local variable", 30704);
      PushName(c_, variable.aka, local);
    }
    AddDelete(variable, local);
  }

  // So that uses of a variable whose declaration failed do not add messages.
  void EnterFailed(const syntax::Variable& variable) {
    const Type* error = c_.types.Basic(Kind::kAny);
    for (base::Symbol name : variable.tuple_names)
      PushName(c_, name, NewLocal(c_, name, error, variable.place.location));
    TLocal* local = NewLocal(c_, variable.name, error, variable.place.location);
    if (!variable.name.empty()) PushName(c_, variable.name, local);
    if (!variable.aka.empty()) PushName(c_, variable.aka, local);
  }

  void CheckClass(const syntax::Variable& variable, const Type* type) {
    EnsureComplete(c_, type);
    if (IsCounted(type)) {
      c_.Error(30112, variable.place,
               fmt::format("objects with a count live behind smart pointers only: '{}'", types::TypeName(type)));
    }
    if (!stmt_->is_inscope && !c_.is_unsafe() && c_.program.options.strict_smart_pointers &&
        type->traits().holds_counted) {
      c_.Error(31018, variable.place,
               fmt::format("variable {} of type {} requires var inscope to be safe", NameOf(variable),
                           types::TypeName(type)));
    }
    if (c_.is_unsafe() || !type->traits().holds_class) return;
    c_.Error(31017, variable.place, fmt::format("local class requires unsafe {}", types::TypeName(type)));
  }

  void CheckUninitialized(const syntax::Variable& variable, const Type* declared) {
    if (declared == nullptr || (declared->is_generic() && !IsError(declared))) {
      c_.Error(30316, variable.place, "local variable type can't be inferred, it needs an initializer");
      return EnterFailed(variable);
    }
    if (IsError(declared)) return EnterFailed(variable);
    EnsureComplete(c_, declared);
    if (declared->kind == Kind::kVoid) {
      c_.Error(30202, variable.place, "local variable can't be declared void");
      return EnterFailed(variable);
    }
    if (declared->kind == Kind::kBlock) {
      c_.Error(30315, variable.place, "local block variable needs to be initialized");
      return EnterFailed(variable);
    }
    if (!c_.is_unsafe() && IsUnsafeUninitialized(c_, declared)) {
      c_.Error(31016, stmt_->place,
               fmt::format("Uninitialized variable {} is unsafe. Use initializer syntax or [safe_when_uninitialized] "
                           "when intended.",
                           variable.name.text()));
    }
    CheckClass(variable, declared);
    // A type that is const by its name only, such as what a generic's auto(T) stands for, does not make a `var`
    // constant.
    const bool by_name = variable.type->kind == syntax::TypeKind::kNamed && variable.type->qualifiers == 0;
    if (by_name) declared = c_.types.WithoutQualifiers(declared, types::kConst);
    TLocal* local = NewLocal(c_, variable.name, Declared(declared), variable.place.location);
    AddLet(local, nullptr, AssignMode::kCopy);
    Enter(variable, local);
  }

  void CheckInitialized(const syntax::Variable& variable, const Type* declared) {
    InitValue init = CheckInit(c_, declared, variable.init, variable.init_mode, is_const_, Words(variable));
    if (IsError(init.type)) return EnterFailed(variable);
    if (init.type->kind == Kind::kVoid) {
      c_.Error(30202, variable.place, "local variable can't be declared void");
      return EnterFailed(variable);
    }
    if (init.type->kind == Kind::kBlock && c_.fn->yields != nullptr) {
      c_.Error(30202, variable.place,
               fmt::format("local block variable {} can't be declared in generator", variable.name.text()));
      return EnterFailed(variable);
    }
    CheckClass(variable, init.type);
    if (!variable.tuple_names.empty()) return Expand(variable, init);
    TLocal* local = NewLocal(c_, variable.name, Declared(init.type), variable.place.location);
    AddLet(local, init.value, init.mode);
    if (declared != nullptr && declared->is_generic()) BindNames(variable, declared, local->type);
    Enter(variable, local);
  }

  // let (a, b) = t: the tuple goes into a nameless local, its parts become variables of their own.
  void Expand(const syntax::Variable& variable, const InitValue& init) {
    if (init.type->kind != Kind::kTuple || init.type->parts.size() != variable.tuple_names.size()) {
      c_.Error(
          30201, variable.place,
          fmt::format("can't expand {} into {} variables", types::TypeName(init.type), variable.tuple_names.size()));
      return EnterFailed(variable);
    }
    TLocal* whole = NewLocal(c_, {}, init.type, variable.place.location);
    AddLet(whole, init.value, init.mode);
    PushName(c_, c_.symbols.Intern(NameOf(variable)), whole);
    for (size_t i = 0; i < variable.tuple_names.size(); ++i) {
      const base::Symbol name = variable.tuple_names[i];
      if (name == c_.known.underscore) continue;
      const Type* type = init.type->parts[i];
      TField* part = c_.Node<TField>(variable.place.location, type, true);
      part->base = LocalRef(c_, whole, variable.place.location);
      part->offset = init.type->part_offset(i);
      TLocal* local = NewLocal(c_, name, Declared(type), variable.place.location);
      // The nameless tuple is never looked at again: whoever gets the bits owns them.
      AddLet(local, part, AssignMode::kCopy);
      CheckShadowing(c_, name, variable.place, "local variable", 30704);
      PushName(c_, name, local);
      AddDelete(variable, local);
    }
  }

  void CheckReference(const syntax::Variable& variable, const Type* declared) {
    if (variable.init == nullptr) {
      c_.Error(30317, variable.place, "local reference has to be initialized");
      return EnterFailed(variable);
    }
    TExpr* place = CheckExpr(c_, variable.init);
    if (IsError(place)) return EnterFailed(variable);
    if (!place->is_place) {
      c_.Error(31019, variable.place, "local reference to a temporary value is not allowed",
               "a reference must bind to addressable storage (a variable, a field, or a function returning a "
               "reference); a freshly-built temporary has none");
      return EnterFailed(variable);
    }
    if (declared != nullptr && !declared->is_generic() && !types::SameIgnoringConstRef(declared, place->type)) {
      c_.Error(30344, variable.place,
               fmt::format("local variable {} initialization type mismatch; {} = {}", variable.name.text(),
                           types::TypeName(declared), Describe(place)),
               "not the same type");
      return EnterFailed(variable);
    }
    if (!is_const_ && declared != nullptr && !declared->is_generic() && !declared->is_const() &&
        place->type->is_const()) {
      c_.Error(30200, variable.place,
               fmt::format("local variable {} initialization type mismatch. const matters, {} = {}",
                           variable.name.text(), types::TypeName(declared), Describe(place)));
      return EnterFailed(variable);
    }
    if (!c_.is_unsafe() && variable.init->kind != syntax::ExprKind::kUnsafe && !IsTypeInfo(variable) &&
        !IsLocalOrGlobal(place)) {
      c_.Error(31019, variable.place, "local reference to non-local expression is unsafe");
    }
    TLocal* local = NewLocal(c_, variable.name, Declared(place->type), variable.place.location);
    local->is_reference = true;
    AddLet(local, place, AssignMode::kCopy);
    Enter(variable, local);
  }

  void AddDelete(const syntax::Variable& variable, TLocal* local) {
    if (stmt_->is_inscope) return AddInScope(variable, local);
    if (TDelete* implied = ImpliedDelete(c_, local)) block_.deletes.push_back(implied);
  }

  void AddInScope(const syntax::Variable& variable, TLocal* local) {
    if (c_.fn->in_finally) {
      c_.Error(30196, variable.place,
               fmt::format("in-scope variable {} can't be declared in the finally block", variable.name.text()));
      return;
    }
    if (local->type->is_const()) {
      c_.Error(30195, variable.place,
               fmt::format("variable {} of type {} can't be in-scope const", variable.name.text(),
                           types::TypeName(local->type)),
               "const variable with complex finalizer can't be deleted automatically");
      return;
    }
    if (!CanDelete(local->type)) {
      c_.Error(30918, variable.place, fmt::format("can't delete {}", types::TypeName(local->type)));
      return;
    }
    TDelete* made = MakeDelete(c_, LocalRef(c_, local, variable.place.location), variable.place);
    // Nothing to free, nothing to run: allowed, and done.
    if (made == nullptr || !local->type->traits().needs_delete) return;
    made->guard = local;
    block_.deletes.push_back(made);
  }

  Checker& c_;
  const syntax::LetStmt* stmt_;
  BlockBuilder& block_;
  bool is_const_;
};

}  // namespace

void CheckLet(Checker& c, const syntax::LetStmt* stmt, BlockBuilder& block) {
  LetChecker checker(c, stmt, block);
  for (const syntax::Variable& variable : stmt->variables) checker.Check(variable);
}

}  // namespace vestige::sema
