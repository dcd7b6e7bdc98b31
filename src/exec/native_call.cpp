// What include/vestige/native.h promises natives, the engine's own and those of hosts. Floor 4.

#include <algorithm>
#include <vector>

#include "exec/context.h"
#include "memory/handle_tables.h"
#include "runtime/string.h"
#include "vestige/native.h"

namespace vestige {

std::string_view NativeCall::Text(size_t index) const { return runtime::TextOf(Value<const char*>(index)); }

void NativeCall::ReturnText(std::string_view text) const {
  Return(runtime::MakeString(context, text.substr(0, text.find('\0'))));
}

void NativeCall::Panic(std::string_view message) const { context.Panic(message); }

bool NativeCall::HasPanic() const { return context.has_panic(); }

uint32_t NativeCall::SizeOf(size_t index) const { return types[index]->unqualified->size(); }

void* NativeCall::NewObject(size_t index) const {
  const types::Type* type = types[index]->unqualified;
  const memory::BlockInfo info(memory::Comment::kNew, type->id);
  void* block = context.AllocateOrPanic(std::max(type->size(), 1u), info);
  if (block != nullptr) std::memset(block, 0, type->size());
  return block;
}

bool NativeCall::CallBlock(size_t index, std::span<const BlockArgument> block_arguments, void* block_result) const {
  std::vector<runtime::Argument> values;
  values.reserve(block_arguments.size());
  for (const BlockArgument& argument : block_arguments) values.push_back(runtime::Argument::Value(argument.bits));
  return context.CallBlock(Value<const void*>(index), values, block_result);
}

void NativeCall::Meet(RefCounted& object) const {
  if (context.options().objects != nullptr) context.options().objects->Meet(object);
}

HandleSlots& NativeCall::HandleSlotsOf(const HandleKind& kind) const {
  return context.options().handles->TableOf(kind);
}

Birthplace NativeCall::CurrentBirthplace() const { return {context.options().lane, context.CurrentNode()}; }

}  // namespace vestige
