// Type matching: see match.h.
//
// A parameter that is not generic takes what Passes() allows. A generic one is compared part by part with the argument:
// `auto` takes anything, every other part must be of the same kind. Once a name is bound it stands for its type, so the
// rest of the signature is compared as if it had been written out. Floor 3.

#include "sema/match.h"

#include <algorithm>

namespace vestige::sema {

using types::Kind;
using types::Qualifiers;
using types::Type;

namespace {

constexpr Qualifiers kValueQualifiers = types::kConst | types::kTemp;
constexpr Qualifiers kMatchingQualifiers = types::kImplicit | types::kExplicit | types::kRemoveConst |
                                           types::kRemoveRef | types::kRemoveTemp | types::kRemoveDim |
                                           types::kExactConst | types::kExactRef;

// Temporary values must not slip into places that may keep them; numbers cannot be kept.
bool TempMatters(const Type* type) {
  switch (type->kind) {
    case Kind::kPointer:
    case Kind::kArray:
    case Kind::kTable:
    case Kind::kString:
    case Kind::kIterator:
    case Kind::kStruct:
    case Kind::kTuple:
    case Kind::kVariant:
    case Kind::kFixedArray:
      return true;
    default:
      return false;
  }
}

bool SameParts(std::span<const Type* const> a, std::span<const Type* const> b, bool callable) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    if (!callable && a[i]->qualifiers != b[i]->qualifiers) return false;
    if (callable && (a[i]->is_ref() != b[i]->is_ref()) && !a[i]->is_ref_type()) return false;
    if (!SameShape(a[i], b[i])) return false;
  }
  return true;
}

bool PointerPasses(const Type* parameter, const Type* actual, bool top) {
  const Type* want = parameter->element;
  const Type* have = actual->element;
  if (parameter->is_smart != actual->is_smart) return false;
  if (want == have) return true;
  if (want == nullptr || have == nullptr) return true;
  if (want->kind == Kind::kVoid || have->kind == Kind::kVoid) return top;
  if (have->is_const() && !want->is_const()) return false;
  if (want->kind == Kind::kStruct && have->kind == Kind::kStruct && (parameter->qualifiers & types::kExplicit) == 0) {
    return DerivesFrom(have->struct_info, want->struct_info);
  }
  return SameShape(want, have);
}

// Parts that are pointers may gain const on the way.
bool TuplePasses(const Type* parameter, const Type* actual) {
  if (SameShape(parameter, actual)) return true;
  if (!std::equal(parameter->names.begin(), parameter->names.end(), actual->names.begin(), actual->names.end())) {
    return false;
  }
  return std::equal(parameter->parts.begin(), parameter->parts.end(), actual->parts.begin(), actual->parts.end(),
                    [](const Type* want, const Type* have) {
                      if (want->kind != Kind::kPointer || have->kind != Kind::kPointer) return SameShape(want, have);
                      if (want->is_smart != have->is_smart) return false;
                      return want->element == have->element ||
                             (want->element->is_const() && want->element->unqualified == have->element->unqualified);
                    });
}

}  // namespace

bool DerivesFrom(const types::StructInfo* derived, const types::StructInfo* base) {
  for (; derived != nullptr; derived = derived->parent) {
    if (derived == base) return true;
  }
  return false;
}

bool SameShape(const Type* a, const Type* b) {
  if (a == b || a->unqualified == b->unqualified) return true;
  if (a->kind != b->kind) return false;
  switch (a->kind) {
    case Kind::kBlock:
    case Kind::kFunction:
    case Kind::kLambda:
      return SameParts(a->parts, b->parts, true) && a->element->is_ref() == b->element->is_ref() &&
             SameShape(a->element, b->element);
    case Kind::kPointer:
      return a->is_smart == b->is_smart && a->element != nullptr && b->element != nullptr &&
             a->element->qualifiers == b->element->qualifiers && SameShape(a->element, b->element);
    case Kind::kArray:
    case Kind::kIterator:
      return a->element->qualifiers == b->element->qualifiers && SameShape(a->element, b->element);
    case Kind::kFixedArray:
      return a->dim == b->dim && SameShape(a->element, b->element);
    case Kind::kTable:
      return SameShape(a->key, b->key) && SameShape(a->element, b->element);
    case Kind::kTuple:
    case Kind::kVariant: {
      if (a->names.size() != b->names.size()) return false;
      for (size_t i = 0; i < a->names.size(); ++i) {
        if (a->names[i] != b->names[i]) return false;
      }
      return SameParts(a->parts, b->parts, false);
    }
    // A flag set without names fits every named one of the same storage.
    case Kind::kBitfield:
      return (a->enum_info == nullptr || b->enum_info == nullptr) && a->element == b->element;
    default:
      return false;
  }
}

bool Passes(const Type* parameter, Passed passed, bool ignore_temporary) {
  const Type* actual = passed.type;
  if (parameter->kind == Kind::kAny) return actual->kind != Kind::kVoid;
  if ((parameter->qualifiers & types::kExactConst) != 0 && parameter->is_const() != actual->is_const()) return false;
  if ((parameter->qualifiers & types::kExactRef) != 0 && parameter->is_ref() != passed.is_place) return false;
  bool fits = false;
  if (actual->kind == Kind::kNull) {
    fits = parameter->kind == Kind::kPointer || parameter->kind == Kind::kFunction ||
           parameter->kind == Kind::kLambda || parameter->kind == Kind::kNull;
    return fits && !parameter->is_ref();
  }
  if (parameter->kind == Kind::kStruct && actual->kind == Kind::kStruct) {
    fits = parameter->struct_info == actual->struct_info || ((parameter->qualifiers & types::kExplicit) == 0 &&
                                                             DerivesFrom(actual->struct_info, parameter->struct_info));
  } else if (parameter->kind == Kind::kPointer && actual->kind == Kind::kPointer) {
    fits = PointerPasses(parameter, actual, true);
  } else if (parameter->kind == Kind::kTuple && actual->kind == Kind::kTuple) {
    fits = TuplePasses(parameter, actual);
  } else {
    fits = SameShape(parameter, actual);
  }
  if (!fits) return false;
  if (!ignore_temporary && (parameter->qualifiers & types::kImplicit) == 0 && TempMatters(actual) &&
      parameter->is_temp() != actual->is_temp()) {
    return false;
  }
  const bool by_reference = parameter->is_ref() || parameter->is_ref_type();
  if (parameter->is_ref() && !passed.is_place && !actual->is_ref_type()) return false;
  if (by_reference && !parameter->is_const() && actual->is_const()) return false;
  return true;
}

bool CanPass(const Type* from, const Type* to) {
  return Passes(to->is_ref() ? to->unqualified : to, {from->unqualified, true}, true);
}

const Type* Matcher::Substitute(const Type* pattern) const {
  if (!pattern->is_generic()) return pattern;
  if (pattern->kind == Kind::kAuto) {
    const Type* bound = pattern->name.empty() ? nullptr : FindBinding(bindings, pattern->name);
    if (bound == nullptr) return pattern;
    const Qualifiers q = pattern->qualifiers;
    if ((q & types::kRemoveDim) != 0 && bound->kind == Kind::kFixedArray) bound = bound->element;
    Qualifiers result =
        bound->qualifiers | (q & ~(types::kRemoveConst | types::kRemoveRef | types::kRemoveTemp | types::kRemoveDim));
    if ((q & types::kRemoveConst) != 0) result &= ~types::kConst;
    if ((q & types::kRemoveRef) != 0) result &= ~types::kRef;
    if ((q & types::kRemoveTemp) != 0) result &= ~types::kTemp;
    return types_.Qualified(bound, result);
  }
  return MapParts(types_, pattern, [this](const Type* part) { return Substitute(part); });
}

const Type* Matcher::Match(const Type* pattern, Passed passed) {
  const size_t bound = bindings.size();
  const Type* result = Infer(pattern, passed, true);
  if (result == nullptr) bindings.resize(bound);
  return result;
}

const Type* Matcher::Infer(const Type* pattern, Passed passed, bool top) {
  pattern = Substitute(pattern);
  const Type* actual = passed.type;
  if (pattern->kind == Kind::kOption) return InferOption(pattern, passed, top);
  if (!pattern->is_generic()) {
    if (top) return Passes(pattern, passed, ignore_temporary_) ? pattern : nullptr;
    const Qualifiers differ = (pattern->qualifiers ^ actual->qualifiers) & types::kRef;
    if (differ != 0 && !pattern->is_ref_type()) return nullptr;
    return SameShape(pattern, actual) ? pattern : nullptr;
  }
  const Qualifiers q = pattern->qualifiers;
  if ((q & types::kExactConst) != 0 && pattern->is_const() != actual->is_const()) return nullptr;
  if ((q & types::kExactRef) != 0 && pattern->is_ref() != passed.is_place) return nullptr;
  if (pattern->kind == Kind::kAny) return actual->kind == Kind::kVoid ? nullptr : actual;
  const bool can_refer = passed.is_place || actual->is_ref_type();
  if (pattern->is_ref() && !can_refer) return nullptr;
  const bool by_reference = pattern->is_ref() || actual->is_ref_type();
  if (top && by_reference && !pattern->is_const() && actual->is_const() && (q & types::kRemoveConst) == 0) {
    return nullptr;
  }
  if (pattern->kind == Kind::kAuto) return InferAuto(pattern, passed, top);
  if (pattern->kind != actual->kind) return nullptr;
  if (!ignore_temporary_ && (q & types::kImplicit) == 0 && TempMatters(actual) &&
      pattern->is_temp() != actual->is_temp()) {
    return nullptr;
  }
  const Type* made = InferParts(pattern, actual);
  if (made == nullptr) return nullptr;
  Qualifiers result = (q & ~kMatchingQualifiers) | (actual->qualifiers & types::kTemp);
  if (!top) result |= actual->qualifiers & kValueQualifiers;
  if ((q & types::kRemoveConst) != 0) result &= ~types::kConst;
  if ((q & types::kRemoveTemp) != 0) result &= ~types::kTemp;
  return types_.Qualified(made, result);
}

const Type* Matcher::InferOption(const Type* pattern, Passed passed, bool top) {
  for (const Type* alternative : pattern->parts) {
    const size_t bound = bindings.size();
    const Type* qualified = types_.WithQualifiers(alternative, pattern->qualifiers);
    if (const Type* result = Infer(qualified, passed, top)) return result;
    bindings.resize(bound);
  }
  return nullptr;
}

const Type* Matcher::InferAuto(const Type* pattern, Passed passed, bool top) {
  const Type* actual = passed.type;
  if (actual->kind == Kind::kVoid && top) return nullptr;
  const Qualifiers q = pattern->qualifiers;
  if ((q & types::kRemoveDim) != 0 && actual->kind == Kind::kFixedArray) {
    actual = types_.Qualified(actual->element, actual->qualifiers);
  }
  if (!pattern->name.empty()) {
    const Type* bare = actual->unqualified;
    bindings.emplace_back(pattern->name, top ? bare : types_.Qualified(bare, actual->qualifiers & types::kConst));
  }
  Qualifiers result = (actual->qualifiers & types::kTemp) | (q & ~kMatchingQualifiers);
  if (!top) result |= actual->qualifiers & kValueQualifiers;
  if ((q & types::kRemoveConst) != 0) result &= ~types::kConst;
  if ((q & types::kRemoveTemp) != 0) result &= ~types::kTemp;
  return types_.Qualified(actual, result);
}

bool Matcher::InferList(std::span<const Type* const> patterns, std::span<const Type* const> actuals,
                        absl::InlinedVector<const Type*, 8>* result) {
  if (patterns.size() != actuals.size()) return false;
  for (size_t i = 0; i < patterns.size(); ++i) {
    const Type* part = Infer(patterns[i], {actuals[i], actuals[i]->is_ref()}, false);
    if (part == nullptr) return false;
    result->push_back(part);
  }
  return true;
}

const Type* Matcher::InferParts(const Type* pattern, const Type* actual) {
  absl::InlinedVector<const Type*, 8> parts;
  const Type* element = nullptr;
  if (pattern->element != nullptr) {
    if (actual->element == nullptr) return nullptr;
    element = Infer(pattern->element, {actual->element, actual->element->is_ref()}, false);
    if (element == nullptr) return nullptr;
  }
  switch (pattern->kind) {
    case Kind::kPointer:
      return pattern->is_smart == actual->is_smart ? types_.PointerLike(pattern, element) : nullptr;
    case Kind::kArray:
      return types_.Array(element);
    // What an iterator gives by reference, the instance must not take for a value.
    case Kind::kIterator:
      if (actual->element->is_ref() && (pattern->element->qualifiers & types::kRemoveRef) == 0) {
        element = types_.WithQualifiers(element, types::kRef);
      }
      return types_.Iterator(element);
    // A pattern of dimension 0 was written `auto[]`.
    case Kind::kFixedArray:
      return pattern->dim == 0 || pattern->dim == actual->dim ? types_.FixedArray(element, actual->dim) : nullptr;
    case Kind::kTable: {
      const Type* key = Infer(pattern->key, {actual->key, false}, false);
      return key == nullptr ? nullptr : types_.Table(key, element);
    }
    case Kind::kTuple:
    case Kind::kVariant:
      if (!InferList(pattern->parts, actual->parts, &parts)) return nullptr;
      return pattern->kind == Kind::kTuple ? types_.Tuple(parts, actual->names) : types_.Variant(parts, actual->names);
    case Kind::kBlock:
    case Kind::kFunction:
    case Kind::kLambda:
      if (!InferList(pattern->parts, actual->parts, &parts)) return nullptr;
      return types_.Callable(pattern->kind, element, parts, pattern->names.empty() ? actual->names : pattern->names);
    default:
      return nullptr;
  }
}

namespace {

int Combine(std::span<const int> scores) {
  bool less = false;
  bool more = false;
  for (int score : scores) {
    less |= score < 0;
    more |= score > 0;
  }
  if (less == more) return 0;
  return more ? 1 : -1;
}

// Options: one alternative against the other side, all must agree.
int CompareOptions(const Type* a, const Type* b, const Type* passed) {
  const std::span<const Type* const> left = a->kind == Kind::kOption ? a->parts : std::span(&a, 1);
  const std::span<const Type* const> right = b->kind == Kind::kOption ? b->parts : std::span(&b, 1);
  bool seen[3] = {false, false, false};
  for (const Type* x : left) {
    for (const Type* y : right) seen[MoreSpecialized(x, y, passed) + 1] = true;
  }
  if (seen[0] + seen[1] + seen[2] != 1) return 0;
  return seen[0] ? -1 : seen[2] ? 1 : 0;
}

}  // namespace

int MoreSpecialized(const Type* a, const Type* b, const Type* passed) {
  if (a == b) return 0;
  if (a->kind == Kind::kOption || b->kind == Kind::kOption) return CompareOptions(a, b, passed);
  const bool generic_a = a->is_generic();
  const bool generic_b = b->is_generic();
  if (generic_a != generic_b) return generic_a ? -1 : 1;
  if (!generic_a) {
    if (passed == nullptr) return 0;
    const bool same_a = SameShape(a, passed);
    const bool same_b = SameShape(b, passed);
    return same_a == same_b ? 0 : same_a ? 1 : -1;
  }
  const bool fixed_a = a->kind == Kind::kFixedArray;
  const bool fixed_b = b->kind == Kind::kFixedArray;
  if (fixed_a != fixed_b) return fixed_a ? 1 : -1;
  if (fixed_a && a->dim != b->dim) return a->dim == 0 ? -1 : b->dim == 0 ? 1 : 0;
  const bool auto_a = a->kind == Kind::kAuto;
  const bool auto_b = b->kind == Kind::kAuto;
  if (auto_a != auto_b) return auto_a ? -1 : 1;
  if (auto_a) return 0;
  if (a->kind != b->kind || (passed != nullptr && passed->kind != a->kind)) return 0;
  absl::InlinedVector<int, 8> scores;
  if (a->element != nullptr && b->element != nullptr) {
    scores.push_back(MoreSpecialized(a->element, b->element, passed == nullptr ? nullptr : passed->element));
  }
  if (a->key != nullptr) scores.push_back(MoreSpecialized(a->key, b->key, passed == nullptr ? nullptr : passed->key));
  if (a->parts.size() != b->parts.size()) return Combine(scores);
  for (size_t i = 0; i < a->parts.size(); ++i) {
    const bool known = passed != nullptr && passed->parts.size() == a->parts.size();
    scores.push_back(MoreSpecialized(a->parts[i], b->parts[i], known ? passed->parts[i] : nullptr));
  }
  return Combine(scores);
}

}  // namespace vestige::sema
