// What may be done with a value of a type, from what its parts allow.
//
// A struct may contain itself through an array, so the computation meets types that are being computed: such a part
// adds nothing (the answer is the least fixed point). Answers found below a cycle are provisional and are not
// remembered; only the type the question was about, whose cycle is closed, is. Floor 2.

#include "types/type.h"
#include "vestige/native.h"

namespace vestige::types {
namespace {

// One question. `met_cycle` is set when a type under computation was met again.
struct Computation {
  bool met_cycle = false;
  int depth = 0;
};

Traits Compute(const Type& type, Computation& computation);

void Merge(Traits& into, const Traits& part) {
  into.is_pod &= part.is_pod;
  into.is_raw &= part.is_raw;
  into.can_copy &= part.can_copy;
  into.can_move &= part.can_move;
  into.can_clone &= part.can_clone;
  into.holds_heap |= part.holds_heap;
  into.needs_delete |= part.needs_delete;
  into.unsafe_delete |= part.unsafe_delete;
  into.has_init |= part.has_init;
  into.holds_class |= part.holds_class;
  into.holds_counted |= part.holds_counted;
  into.clones_by_bits &= part.clones_by_bits;
  into.plain_delete &= part.plain_delete;
}

Traits Ask(const Type& type, Computation& computation) {
  if (type.traits_known) return type.cached_traits;
  if (type.computing) {
    computation.met_cycle = true;
    return {};
  }
  type.computing = true;
  computation.depth += 1;
  const bool met_before = computation.met_cycle;
  computation.met_cycle = false;
  const Traits traits = Compute(type, computation);
  computation.depth -= 1;
  type.computing = false;
  const bool incomplete = type.kind == Kind::kStruct && !type.struct_info->is_complete;
  if (incomplete) computation.met_cycle = true;
  if (!incomplete && (!computation.met_cycle || computation.depth == 0)) {
    type.cached_traits = traits;
    type.traits_known = true;
  }
  computation.met_cycle |= met_before;
  return traits;
}

// Deleting a pointer frees what it points at, which only struct-like targets have finalizers for.
Traits OfPointer(const Type& type) {
  if (type.is_smart) {
    return {.is_pod = false,
            .is_raw = false,
            .can_copy = false,
            .needs_delete = true,
            .holds_counted = true,
            .clones_by_bits = false,
            .plain_delete = false};
  }
  Traits traits{.is_raw = false, .holds_heap = true};
  const Type* target = type.element;
  while (target->kind == Kind::kFixedArray) target = target->element;
  traits.needs_delete = target->kind != Kind::kVoid;
  traits.unsafe_delete = traits.needs_delete;
  traits.plain_delete = !traits.needs_delete;
  return traits;
}

// What C++ adds to what the fields say.
Traits OfNative(const NativeType& native) {
  // Objects with a count exist behind pointers only.
  if (native.counted != nullptr) {
    return {.is_pod = false, .is_raw = false, .can_copy = false, .can_move = false, .can_clone = false};
  }
  const bool is_bits = native.can_copy && native.destroy == nullptr && native.clone == nullptr;
  return {.is_pod = is_bits,
          .is_raw = is_bits,
          .can_copy = native.can_copy,
          .can_clone = native.can_copy || native.clone != nullptr,
          .needs_delete = native.destroy != nullptr,
          .clones_by_bits = native.clone == nullptr,
          .plain_delete = native.destroy == nullptr};
}

Traits OfStruct(const Type& type, Computation& computation) {
  const StructInfo& info = *type.struct_info;
  Traits traits;
  for (const Field& field : info.fields) {
    Traits part = Ask(*field.type->unqualified, computation);
    part.plain_delete &= !field.type->is_const();
    if (field.do_not_delete) {
      part.needs_delete = part.unsafe_delete = false;
      part.plain_delete = true;
    }
    Merge(traits, part);
  }
  traits.has_init |= info.has_init;
  if (info.native != nullptr) Merge(traits, OfNative(*info.native));
  if (info.clone_function != kNoFunction) traits.clones_by_bits = false;
  if (info.is_class) traits.unsafe_delete = traits.holds_class = true;
  if (info.is_class || info.finalize_function != kNoFunction) {
    traits.needs_delete = true;
    traits.plain_delete = false;
  }
  return traits;
}

Traits OfContainer(const Type& type, Computation& computation) {
  Traits traits{.is_pod = false,
                .is_raw = false,
                .can_copy = false,
                .holds_heap = true,
                .needs_delete = true,
                .clones_by_bits = false};
  const Traits element = Ask(*type.element->unqualified, computation);
  traits.can_clone = element.can_clone;
  traits.unsafe_delete = element.unsafe_delete;
  traits.holds_class = element.holds_class;
  traits.holds_counted = element.holds_counted;
  traits.plain_delete = element.plain_delete && !type.element->is_const();
  return traits;
}

Traits Compute(const Type& type, Computation& computation) {
  switch (type.kind) {
    case Kind::kString:
      return {.is_pod = false, .is_raw = false, .holds_heap = true};
    case Kind::kFunction:
      return {.is_raw = false, .plain_delete = false};
    case Kind::kPointer:
      return OfPointer(type);
    case Kind::kNull:
      return {.is_raw = false};
    case Kind::kLambda:
      return {.is_pod = false,
              .is_raw = false,
              .can_clone = false,
              .holds_heap = true,
              .needs_delete = true,
              .unsafe_delete = true,
              .plain_delete = false};
    case Kind::kBlock:
      return {.is_pod = false,
              .is_raw = false,
              .can_copy = false,
              .can_move = false,
              .can_clone = false,
              .plain_delete = false};
    case Kind::kIterator:
      return {.is_raw = false,
              .can_copy = false,
              .can_clone = false,
              .holds_heap = true,
              .needs_delete = true,
              .plain_delete = false};
    case Kind::kArray:
    case Kind::kTable:
      return OfContainer(type, computation);
    case Kind::kFixedArray:
    case Kind::kDistinct:
      return Ask(*type.element->unqualified, computation);
    case Kind::kStruct:
      return OfStruct(type, computation);
    case Kind::kTuple:
    case Kind::kVariant: {
      Traits traits;
      for (const Type* part : type.parts) {
        Merge(traits, Ask(*part->unqualified, computation));
        traits.plain_delete &= !part->is_const();
      }
      return traits;
    }
    default:
      return {};
  }
}

}  // namespace

const Traits& Type::ComputeTraits() const {
  Computation computation;
  const Traits traits = Ask(*unqualified, computation);
  cached_traits = traits;
  traits_known = unqualified->traits_known;
  return cached_traits;
}

}  // namespace vestige::types
