// Comparing values by type, and calling blocks. Floor 5.

#include "builtins/native_values.h"

#include "base/load.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace {

using base::Load;
using types::Kind;
using types::Type;

template <typename T>
bool Less(const void* a, const void* b) {
  const T left = Load<T>(a);
  const T right = Load<T>(b);
  // Only NaN differs from itself.
  return left < right || (right != right && left == left);
}

template <typename T>
bool Equal(const void* a, const void* b) {
  return Load<T>(a) == Load<T>(b);
}

bool EqualFloats(const Type* type, const void* a, const void* b) {
  for (uint32_t offset = 0; offset < type->size(); offset += sizeof(float)) {
    if (!Equal<float>(static_cast<const char*>(a) + offset, static_cast<const char*>(b) + offset)) return false;
  }
  return true;
}

}  // namespace

bool EqualValues(const Type* type, const void* a, const void* b) {
  type = types::Representation(type);
  switch (type->kind) {
    case Kind::kString:
      return runtime::EqualStrings(Load<const char*>(a), Load<const char*>(b));
    case Kind::kDouble:
      return Equal<double>(a, b);
    case Kind::kFloat:
    case Kind::kFloat2:
    case Kind::kFloat3:
    case Kind::kFloat4:
      return EqualFloats(type, a, b);
    default:
      return std::memcmp(a, b, type->size()) == 0;
  }
}

bool LessValues(const Type* type, const void* a, const void* b) {
  type = types::Representation(type);
  switch (type->kind) {
    case Kind::kString:
      return runtime::CompareStrings(Load<const char*>(a), Load<const char*>(b)) < 0;
    case Kind::kInt8:
      return Less<int8_t>(a, b);
    case Kind::kBool:
    case Kind::kUInt8:
      return Less<uint8_t>(a, b);
    case Kind::kInt16:
      return Less<int16_t>(a, b);
    case Kind::kUInt16:
      return Less<uint16_t>(a, b);
    case Kind::kInt:
      return Less<int32_t>(a, b);
    case Kind::kUInt:
      return Less<uint32_t>(a, b);
    case Kind::kInt64:
      return Less<int64_t>(a, b);
    case Kind::kPointer:
    case Kind::kUInt64:
      return Less<uint64_t>(a, b);
    case Kind::kFloat:
      return Less<float>(a, b);
    case Kind::kDouble:
      return Less<double>(a, b);
    default:
      return std::memcmp(a, b, type->size()) < 0;
  }
}

bool LendArray(NativeCall& call, size_t block_index, char* data, uint32_t size) {
  runtime::Array view;
  view.data = data;
  view.size = view.capacity = size;
  view.lock = 1;
  view.flags = runtime::kArrayBorrowed;
  const runtime::Argument arguments[] = {runtime::Argument::Reference(&view)};
  return call.context.CallBlock(ReferenceAddress(call, block_index), arguments, nullptr);
}

bool CallWithElement(NativeCall& call, size_t block_index, const void* element, void* result) {
  const Type* parameter = call.types[block_index]->parts[0];
  const runtime::Argument arguments[] = {runtime::Argument::Of(parameter, element)};
  return call.context.CallBlock(ReferenceAddress(call, block_index), arguments, result);
}

}  // namespace vestige::builtins
