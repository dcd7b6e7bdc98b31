// Basic type words and the kinds of types they stand for. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_TYPE_BASIC_H_
#define VESTIGE_SEMA_TYPE_BASIC_H_

#include <optional>
#include <string_view>

#include "syntax/ast_type.h"
#include "types/type.h"
#include "types/type_table.h"

namespace vestige::sema {

// The kind of a basic type word. None for the words that are reserved but not available, and for `bitfield`, which is
// a family of types.
std::optional<types::Kind> KindOf(syntax::BasicType word);

// bitfield8, bitfield16, bitfield64: flags without names, of the size that the name says. Null for other names.
const types::Type* SizedBitfield(types::TypeTable& types, std::string_view name);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_TYPE_BASIC_H_
