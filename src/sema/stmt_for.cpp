// for: what can be iterated, and what the loop variables are. Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/call.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/stmt.h"

namespace vestige::sema {

namespace {

using types::Kind;
using types::Type;

// The loop variable a source gives.
struct Element {
  const Type* type = nullptr;
  bool is_reference = false;
};

class HeadChecker {
 public:
  HeadChecker(Checker& c, const syntax::LoopHead& head, syntax::Place place, LoopParts* loop)
      : c_(c), head_(head), place_(place), loop_(*loop) {}

  bool Check() {
    if (head_.variables.size() != head_.sources.size()) {
      c_.Error(30155, place_, "for loop needs as many iterators as there are sources");
      for (const syntax::LoopVariable& variable : head_.variables) {
        TForSource unused;
        AddVariable(variable, {c_.types.Basic(Kind::kAny), false}, &unused);
      }
      return false;
    }
    bool ok = true;
    std::vector<Element> elements(head_.sources.size());
    for (size_t i = 0; i < head_.sources.size(); ++i) {
      TForSource source;
      ok = CheckSource(head_.sources[i].value, head_.variables[i], &source, &elements[i]) && ok;
      loop_.sources.push_back(source);
    }
    // All sources are looked at before any variable exists.
    for (size_t i = 0; i < elements.size(); ++i) {
      if (elements[i].type == nullptr) elements[i].type = c_.types.Basic(Kind::kAny);
      ok = AddVariable(head_.variables[i], elements[i], &loop_.sources[i]) && ok;
    }
    return ok;
  }

 private:
  // `name(arguments)` without qualifiers; null when `expr` is something else.
  const syntax::CallExpr* CallOf(const syntax::Expr* expr, std::string_view name, size_t most) {
    const auto* call = syntax::As<syntax::CallExpr>(expr);
    if (call == nullptr || call->callee.is_qualified || call->callee.name.text() != name) return nullptr;
    return call->arguments.size() <= most ? call : nullptr;
  }

  bool CheckSource(const syntax::Expr* written, const syntax::LoopVariable& variable, TForSource* source,
                   Element* element) {
    if (const auto* call = CallOf(written, "count", 2)) return CheckCount(call, source, element);
    for (bool of_keys : {true, false}) {
      const auto* call = CallOf(written, of_keys ? "keys" : "values", 1);
      if (call == nullptr || call->arguments.size() != 1) continue;
      TExpr* table = CheckExpr(c_, call->arguments[0].value);
      if (IsError(table)) return false;
      if (table->type->kind != Kind::kTable) break;
      return UseTable(table, of_keys, source, element);
    }
    if (const auto* call = CallOf(written, "each", 1); call != nullptr && call->arguments.size() == 1) {
      TExpr* inner = CheckExpr(c_, call->arguments[0].value);
      if (IsError(inner)) return false;
      if (UseDirectly(inner, source, element)) return true;
    }
    Want want;
    want.for_source = true;
    TExpr* value = CheckExpr(c_, written, want);
    if (IsError(value)) return false;
    if (value->type->kind == Kind::kVoid) c_.Error(30107, written->place, "void type is not allowed as argument");
    if (UseDirectly(value, source, element) || UseIterator(value, source, element)) return true;
    CallArguments arguments;
    AddArgument(&arguments, value, written->place);
    const CallTarget target{
        .module = c_.fn->module, .name = c_.known.each, .for_source = true, .place = written->place};
    TExpr* each = TryCall(c_, target, arguments);
    if (each != nullptr && UseIterator(each, source, element)) return true;
    c_.Error(30192, place_,
             fmt::format("unsupported iteration type {} for the loop variable {}, iterating over {}", Describe(value),
                         NameOf(variable), Describe(value)));
    return false;
  }

  static std::string NameOf(const syntax::LoopVariable& variable) {
    if (variable.tuple_names.empty()) return std::string(variable.name.text());
    std::string joined;
    for (base::Symbol name : variable.tuple_names) {
      if (!joined.empty()) joined += '`';
      joined += name.text();
    }
    return joined;
  }

  // Ranges, arrays, fixed arrays, strings. False: something else.
  bool UseDirectly(TExpr* value, TForSource* source, Element* element) {
    const Type* type = value->type;
    source->source = value;
    switch (type->kind) {
      case Kind::kRange:
        return Values(SourceKind::kRange, Kind::kInt, source, element);
      case Kind::kURange:
        return Values(SourceKind::kRange, Kind::kUInt, source, element);
      case Kind::kRange64:
        return Values(SourceKind::kRange, Kind::kInt64, source, element);
      case Kind::kURange64:
        return Values(SourceKind::kRange, Kind::kUInt64, source, element);
      case Kind::kString:
        return Values(SourceKind::kString, Kind::kInt, source, element);
      case Kind::kArray:
      case Kind::kFixedArray: {
        source->kind = type->kind == Kind::kArray ? SourceKind::kArray : SourceKind::kFixed;
        const auto carried = static_cast<types::Qualifiers>(type->qualifiers & (types::kConst | types::kTemp));
        *element = {c_.types.WithQualifiers(type->element, carried), true};
        Hold(source);
        return true;
      }
      default:
        return false;
    }
  }

  bool Values(SourceKind kind, Kind element_kind, TForSource* source, Element* element) {
    source->kind = kind;
    *element = {c_.types.WithConst(c_.types.Basic(element_kind)), false};
    return true;
  }

  bool UseTable(TExpr* table, bool of_keys, TForSource* source, Element* element) {
    source->kind = of_keys ? SourceKind::kKeys : SourceKind::kValues;
    source->source = table;
    if (of_keys) {
      *element = {c_.types.WithConst(table->type->key), false};
    } else {
      const Type* value = table->type->element;
      if (value->kind == Kind::kVoid) {
        c_.Error(30192, place_, fmt::format("a set has no values, iterating over {}", Describe(table)));
        return false;
      }
      *element = {table->type->is_const() ? c_.types.WithConst(value) : value, true};
    }
    Hold(source);
    return true;
  }

  bool UseIterator(TExpr* value, TForSource* source, Element* element) {
    if (value->type->kind != Kind::kIterator) return false;
    if (value->is_place && value->type->is_const()) {
      c_.Error(30939, place_, "can't iterate over const iterator");
      return true;
    }
    source->kind = SourceKind::kIterator;
    source->source = value;
    const Type* type = value->type->element;
    *element = {c_.types.WithoutQualifiers(type, types::kRef), type->is_ref()};
    Hold(source);
    return true;
  }

  // count(start, step): both optional, in order or by name.
  bool CheckCount(const syntax::CallExpr* call, TForSource* source, Element* element) {
    source->kind = SourceKind::kCount;
    size_t position = 0;
    for (const syntax::Argument& argument : call->arguments) {
      const bool is_step = argument.name.empty() ? position == 1 : argument.name.text() == "step";
      ++position;
      Want want;
      want.type = c_.types.int_type();
      TExpr* value = CheckExpr(c_, argument.value, want);
      if (IsError(value)) return false;
      if (value->type->kind != Kind::kInt) {
        c_.Error(30341, argument.value->place,
                 fmt::format("no matching functions or generics: count({})", types::TypeName(value->type)));
        return false;
      }
      (is_step ? source->step : source->source) = value;
    }
    if (source->source == nullptr) source->source = MakeConst(c_, c_.types.int_type(), 0, call->place.location);
    if (source->step == nullptr) source->step = MakeConst(c_, c_.types.int_type(), 1, call->place.location);
    *element = {c_.types.WithConst(c_.types.int_type()), false};
    return true;
  }

  // Containers and iterators are iterated where they are; results of calls get a place first.
  void Hold(TForSource* source) {
    if (source->source->is_place) return;
    TLocal* local = HoldValue(c_, source->source, loop_.setup);
    source->source = LocalRef(c_, local, source->source->location);
  }

  bool AddVariable(const syntax::LoopVariable& variable, const Element& element, TForSource* source) {
    TLocal* local = NewLocal(c_, variable.name, element.type, variable.place.location);
    local->is_reference = element.is_reference;
    source->variable = local;
    if (!variable.tuple_names.empty()) return Expand(variable, local);
    CheckShadowing(c_, variable.name, variable.place, "for loop iterator variable", 30708);
    PushName(c_, variable.name, local);
    if (!variable.aka.empty()) PushName(c_, variable.aka, local);
    return true;
  }

  // for ((k, v) in pairs): names for the parts of a tuple that goes by.
  bool Expand(const syntax::LoopVariable& variable, TLocal* whole) {
    const Type* type = whole->type;
    const bool fits = type->kind == Kind::kTuple && type->parts.size() == variable.tuple_names.size();
    if (!fits && !IsError(type)) {
      c_.Error(30156, place_, fmt::format("for loop iterator variable {} is not a tuple", NameOf(variable)));
    }
    for (size_t i = 0; i < variable.tuple_names.size(); ++i) {
      const base::Symbol name = variable.tuple_names[i];
      if (name == c_.known.underscore) continue;
      const auto carried = static_cast<types::Qualifiers>(type->qualifiers & types::kConst);
      const Type* part_type = fits ? c_.types.WithQualifiers(type->parts[i], carried) : c_.types.Basic(Kind::kAny);
      TLocal* local = NewLocal(c_, name, part_type, variable.place.location);
      if (fits) {
        TField* part = c_.Node<TField>(variable.place.location, part_type, true);
        part->base = LocalRef(c_, whole, variable.place.location);
        part->offset = type->part_offset(i);
        local->is_reference = true;
        TLet* let = c_.Stmt<TLet>(variable.place.location);
        let->local = local;
        let->init = part;
        loop_.prologue.statements.push_back(let);
      }
      CheckShadowing(c_, name, variable.place, "for loop iterator variable", 30708);
      PushName(c_, name, local);
    }
    return fits;
  }

  Checker& c_;
  const syntax::LoopHead& head_;
  syntax::Place place_;
  LoopParts& loop_;
};

}  // namespace

bool CheckLoopHead(Checker& c, const syntax::LoopHead& head, syntax::Place place, LoopParts* parts) {
  return HeadChecker(c, head, place, parts).Check();
}

void FinishLoop(Checker& c, LoopParts& parts, TBlock* body, base::Location location, BlockBuilder& block) {
  if (!parts.prologue.statements.empty()) {
    parts.prologue.statements.push_back(body);
    body = MakeBlock(c, body->location, parts.prologue);
  }
  TFor* loop = c.Stmt<TFor>(location);
  loop->sources = c.arena.Copy(parts.sources);
  loop->body = body;
  if (parts.setup.statements.empty()) {
    block.statements.push_back(loop);
    return;
  }
  parts.setup.statements.push_back(loop);
  block.statements.push_back(MakeBlock(c, location, parts.setup));
}

void CheckFor(Checker& c, const syntax::ForStmt* stmt, BlockBuilder& block) {
  NameScope scope(c);
  LoopParts parts;
  const bool ok = CheckLoopHead(c, stmt->head, stmt->place, &parts);
  ++c.fn->loop_depth;
  TBlock* body = CheckBody(c, stmt->body, BodyKind::kLoop);
  --c.fn->loop_depth;
  if (ok) FinishLoop(c, parts, body, stmt->place.location, block);
}

}  // namespace vestige::sema
