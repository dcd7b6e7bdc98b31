#include "runtime/object_type.h"

namespace vestige::runtime {

const types::Type* ObjectType(ScriptContext& context, const types::Type* declared, const void* pointer) {
  const types::TypeTable* types = context.options().types;
  if (types == nullptr) return declared;
  const memory::LiveBlock block = context.heap().Describe(pointer);
  const bool is_object = block.comment == memory::Comment::kNew || block.comment == memory::Comment::kNewMakeLocal ||
                         block.comment == memory::Comment::kNewWithInitializer;
  if (!is_object || block.type == 0 || block.type >= types->type_count()) return declared;
  const types::Type* own = types->ById(block.type);
  return own->size() >= declared->size() && own->size() <= block.requested ? own : declared;
}

}  // namespace vestige::runtime
