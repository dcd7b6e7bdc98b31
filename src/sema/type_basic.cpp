// Basic type words. Floor 3.

#include "sema/type_basic.h"

namespace vestige::sema {

std::optional<types::Kind> KindOf(syntax::BasicType word) {
  using B = syntax::BasicType;
  using types::Kind;
  // The two lists have the same names and different orders.
  switch (word) {
    case B::kBool:
      return Kind::kBool;
    case B::kVoid:
      return Kind::kVoid;
    case B::kString:
      return Kind::kString;
    case B::kInt:
      return Kind::kInt;
    case B::kInt8:
      return Kind::kInt8;
    case B::kInt16:
      return Kind::kInt16;
    case B::kInt64:
      return Kind::kInt64;
    case B::kInt2:
      return Kind::kInt2;
    case B::kInt3:
      return Kind::kInt3;
    case B::kInt4:
      return Kind::kInt4;
    case B::kUInt:
      return Kind::kUInt;
    case B::kUInt8:
      return Kind::kUInt8;
    case B::kUInt16:
      return Kind::kUInt16;
    case B::kUInt64:
      return Kind::kUInt64;
    case B::kUInt2:
      return Kind::kUInt2;
    case B::kUInt3:
      return Kind::kUInt3;
    case B::kUInt4:
      return Kind::kUInt4;
    case B::kFloat:
      return Kind::kFloat;
    case B::kFloat2:
      return Kind::kFloat2;
    case B::kFloat3:
      return Kind::kFloat3;
    case B::kFloat4:
      return Kind::kFloat4;
    case B::kDouble:
      return Kind::kDouble;
    case B::kRange:
      return Kind::kRange;
    case B::kURange:
      return Kind::kURange;
    case B::kRange64:
      return Kind::kRange64;
    case B::kURange64:
      return Kind::kURange64;
    default:
      return std::nullopt;
  }
}

const types::Type* SizedBitfield(types::TypeTable& types, std::string_view name) {
  if (!name.starts_with("bitfield")) return nullptr;
  const std::string_view bits = name.substr(8);
  if (bits == "8") return types.AnonymousBitfield(types.Basic(types::Kind::kUInt8));
  if (bits == "16") return types.AnonymousBitfield(types.Basic(types::Kind::kUInt16));
  return bits == "64" ? types.AnonymousBitfield(types.Basic(types::Kind::kUInt64)) : nullptr;
}

}  // namespace vestige::sema
