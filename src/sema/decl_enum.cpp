// Values of enums and bitfields. They may be constant expressions, of other enums or of names above in the same one.
// Floor 3.

#include <string>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/declarations.h"
#include "sema/expr.h"

namespace vestige::sema {

namespace {

// The constant behind a name; false after a message.
bool EvaluateValue(Checker& c, const EnumEntity* entity, const syntax::EnumValue& written, int64_t* value) {
  DetachedState detached(c, entity->module);
  Want want;
  want.type = entity->info->storage;
  TExpr* expr = CheckExpr(c, written.value, want);
  if (IsError(expr)) return false;
  const std::string_view name = written.name.text();
  if (ConstantInteger(expr, value)) return true;
  if (!expr->type->is_integer() && expr->type->kind != types::Kind::kEnum &&
      expr->type->kind != types::Kind::kBitfield) {
    c.Error(30149, written.value->place,
            fmt::format("enumeration value '{}' has to be signed or unsigned integer of any size, and not '{}'", name,
                        types::TypeName(expr->type)));
  } else {
    c.Error(30147, written.value->place,
            fmt::format("enumeration value '{}' must be integer constant, and not an expression", name));
  }
  return false;
}

// Both readings of the bits are allowed, so that masks of signed enums can be written in hex.
bool FitsStorage(int64_t value, const types::Type* storage) {
  const uint32_t width = storage->size() * 8;
  if (width >= 64) return true;
  return value >= -(int64_t{1} << (width - 1)) && value < (int64_t{1} << width);
}

bool IsDeclared(const std::vector<types::EnumValue>& values, base::Symbol name) {
  for (const types::EnumValue& value : values) {
    if (value.name == name) return true;
  }
  return false;
}

void CompleteEnumeration(Checker& c, EnumEntity* entity) {
  std::vector<types::EnumValue> values;
  int64_t next = 0;
  for (const syntax::EnumValue& written : entity->enumeration->values) {
    if (IsDeclared(values, written.name)) {
      c.Error(20502, written.place, fmt::format("enumeration already declared {}", written.name.text()));
      continue;
    }
    if (written.value != nullptr) {
      // Names above may be used by the expression.
      c.types.SetValues(entity->info, values, 0);
      int64_t value = next;
      if (EvaluateValue(c, entity, written, &value)) next = value;
      if (!FitsStorage(next, entity->info->storage)) {
        c.Error(30147, written.value->place,
                fmt::format("enumeration value '{}' does not fit in {}", written.name.text(),
                            types::TypeName(entity->info->storage)));
      }
    }
    values.push_back({written.name, next});
    next = static_cast<int64_t>(static_cast<uint64_t>(next) + 1);
  }
  c.types.SetValues(entity->info, values, 0);
}

void CompleteBits(Checker& c, EnumEntity* entity) {
  std::vector<types::EnumValue> values;
  const uint32_t width = entity->info->storage->size() * 8;
  for (const syntax::EnumValue& written : entity->bitfield->bits) {
    if (written.value != nullptr) continue;
    if (IsDeclared(values, written.name)) {
      c.Error(20502, written.place, fmt::format("bitfield value is already declared {}", written.name.text()));
      continue;
    }
    if (values.size() == width) {
      c.Error(30503, written.place, fmt::format("only {} different bits are allowed in a bitfield", width));
      break;
    }
    values.push_back({written.name, static_cast<int64_t>(uint64_t{1} << values.size())});
  }
  const uint32_t flags = static_cast<uint32_t>(values.size());
  for (const syntax::EnumValue& written : entity->bitfield->bits) {
    if (written.value == nullptr) continue;
    c.types.SetValues(entity->info, values, flags);
    int64_t value = 0;
    if (EvaluateValue(c, entity, written, &value)) values.push_back({written.name, value});
  }
  c.types.SetValues(entity->info, values, flags);
}

}  // namespace

void CompleteEnum(Checker& c, EnumEntity* entity) {
  if (entity->progress != Progress::kDeclared) return;
  entity->progress = Progress::kWorking;
  if (entity->enumeration != nullptr) {
    CompleteEnumeration(c, entity);
  } else {
    CompleteBits(c, entity);
  }
  entity->progress = Progress::kDone;
}

}  // namespace vestige::sema
