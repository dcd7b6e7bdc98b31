// Values as bytes, and memory as arrays. Part of module `$`.
//
// binary_save writes what a value owns inside: strings and arrays with their contents; numbers as they lie in memory.
// In front stands a hash of the type's name, so that binary_load refuses bytes of another type. The format is of this
// machine (byte order, layout) and of this program's types, not one for files that others read. Floor 5.

#include <cstdint>
#include <string>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "runtime/finalize.h"
#include "runtime/hash.h"
#include "runtime/string.h"

namespace vestige::builtins {

namespace binary_natives {
namespace {

using runtime::Array;
using types::Kind;
using types::Type;

// Arrays in arrays in a struct that contains itself: how deep a value may be.
constexpr int kMaxDepth = 1000;

uint64_t HashOf(const Type* type) { return runtime::HashText(types::TypeName(type->unqualified).c_str()); }

// What cannot be written: null when `type` by itself can.
const char* WhyNot(const Type* type) {
  switch (type->kind) {
    case Kind::kTable:
      return "tables";
    case Kind::kPointer:
      return "pointers";
    case Kind::kIterator:
      return "iterators";
    case Kind::kBlock:
      return "blocks";
    case Kind::kFunction:
      return "functions";
    case Kind::kLambda:
      return "lambdas";
    default:
      return type->kind == Kind::kStruct && type->struct_info->native != nullptr ? "types of the host" : nullptr;
  }
}

// One walk over a value by its type; Derived says what happens to bytes, strings and arrays. False after a panic.
template <typename Derived>
class Walker {
 public:
  explicit Walker(exec::Context& context) : context_(context) {}

  bool Walk(const Type* type, char* value) {
    type = type->unqualified;
    if (const char* what = WhyNot(type)) {
      return context_.PanicF("binary serialization of {} is not supported", what);
    }
    if (depth_ >= kMaxDepth) return context_.Panic("binary serialization: the value is nested too deeply");
    depth_ += 1;
    const bool done = WalkParts(type, value);
    depth_ -= 1;
    return done;
  }

 protected:
  exec::Context& context_;

 private:
  Derived& self() { return static_cast<Derived&>(*this); }

  bool WalkParts(const Type* type, char* value) {
    switch (type->kind) {
      case Kind::kString:
        return self().Text(value);
      case Kind::kArray:
        return self().Elements(type, *reinterpret_cast<Array*>(value));
      case Kind::kDistinct:
        return Walk(type->element, value);
      case Kind::kFixedArray:
        return WalkRow(type->element, value, type->dim);
      case Kind::kStruct:
        for (const types::Field& field : type->struct_info->fields) {
          if (!Walk(field.type, value + field.offset)) return false;
        }
        return true;
      case Kind::kTuple:
        for (size_t i = 0; i < type->parts.size(); ++i) {
          if (!Walk(type->parts[i], value + type->part_offset(i))) return false;
        }
        return true;
      case Kind::kVariant: {
        if (!self().Bytes(value, sizeof(int32_t))) return false;
        int32_t index;
        std::memcpy(&index, value, sizeof(index));
        if (index < 0 || static_cast<size_t>(index) >= type->parts.size()) {
          return context_.Panic("binary data type mismatch");
        }
        return Walk(type->parts[static_cast<size_t>(index)], value + type->part_offset(static_cast<size_t>(index)));
      }
      default:
        return self().Bytes(value, type->size());
    }
  }

 protected:
  bool WalkRow(const Type* element, char* data, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
      if (!Walk(element, data + size_t{i} * element->size())) return false;
    }
    return true;
  }

 private:
  int depth_ = 0;
};

class Writer : public Walker<Writer> {
 public:
  using Walker::Walker;

  bool Bytes(const void* data, size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
    return true;
  }
  bool Text(const char* place) {
    const char* string;
    std::memcpy(&string, place, sizeof(string));
    const auto size = static_cast<uint32_t>(runtime::StringLength(string));
    return Bytes(&size, sizeof(size)) && Bytes(string, size);
  }
  bool Elements(const Type* type, const Array& array) {
    return Bytes(&array.size, sizeof(array.size)) && WalkRow(type->element, array.data, array.size);
  }

  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

class Reader : public Walker<Reader> {
 public:
  Reader(exec::Context& context, std::string_view bytes) : Walker(context), bytes_(bytes) {}

  bool Bytes(void* data, size_t size) {
    if (size > bytes_.size()) return context_.Panic("binary data too short");
    std::memcpy(data, bytes_.data(), size);
    bytes_.remove_prefix(size);
    return true;
  }
  // The string that was there is not freed: who else holds it is not known.
  bool Text(char* place) {
    uint32_t size;
    if (!Bytes(&size, sizeof(size))) return false;
    if (size > bytes_.size()) return context_.Panic("binary data too short");
    const char* string = runtime::MakeString(context_, bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    std::memcpy(place, &string, sizeof(string));
    return !context_.has_panic();
  }
  // What was in the array goes first, as far as it owns nothing but containers.
  bool Elements(const Type* type, Array& array) {
    if (runtime::IsLocked(array.lock)) return context_.Panic("can't resize locked array");
    const types::Traits& traits = type->traits();
    const runtime::ArrayShape shape = runtime::ShapeOfArray(type);
    if (traits.plain_delete ? !runtime::FinalizeValue(context_, type, &array)
                            : !runtime::ClearArray(context_, array, shape)) {
      return false;
    }
    uint32_t size;
    if (!Bytes(&size, sizeof(size))) return false;
    // Every element takes a byte at least, so that a wrong number cannot ask for more memory than there are bytes.
    if (size > bytes_.size() && type->element->size() != 0) return context_.Panic("binary data too short");
    return runtime::ReserveArray(context_, array, size, shape) &&
           runtime::ResizeArray(context_, array, size, shape, true) &&
           WalkRow(type->element, array.data, shape.stride == 0 ? 0 : size);
  }

 private:
  std::string_view bytes_;
};

void Save(NativeCall& call) {
  Writer writer(call.context);
  const uint64_t hash = HashOf(call.types[0]);
  writer.Bytes(&hash, sizeof(hash));
  if (!writer.Walk(call.types[0], ValueAddress(call, 0))) return;
  LendArray(call, 1, writer.bytes().data(), static_cast<uint32_t>(writer.bytes().size()));
}

// A panic leaves the value as far as it was read.
void Load(NativeCall& call) {
  const auto& data = call.Reference<Array>(1);
  Reader reader(call.context, data.size == 0 ? std::string_view() : std::string_view(data.data, data.size));
  uint64_t hash;
  if (!reader.Bytes(&hash, sizeof(hash))) return;
  if (hash != HashOf(call.types[0])) {
    call.context.Panic("binary data type mismatch");
    return;
  }
  reader.Walk(call.types[0], ReferenceAddress(call, 0));
}

// `bytes` bytes of memory as an array of whatever the block takes.
void MapToArray(NativeCall& call) {
  const int32_t bytes = call.Value<int32_t>(1);
  if (call.Value<void*>(0) == nullptr || bytes <= 0) {
    call.context.Panic(bytes <= 0 ? "at least 1 element" : "expecting data");
    return;
  }
  const uint32_t stride = call.types[2]->parts[0]->element->size();
  LendArray(call, 2, call.Value<char*>(0), stride == 0 ? 0 : static_cast<uint32_t>(bytes) / stride);
}

constexpr uint32_t kLends = sema::kInvokesBlocks | sema::kUnsafe;

constexpr sema::NativeFunction kFunctions[] = {
    {"binary_save", "(obj : auto; blk : block<(data : array<uint8>#) : void>) : void", &Save, sema::kInvokesBlocks},
    {"binary_load", "(var obj : auto&; data : array<uint8> implicit) : void", &Load, sema::kMayAllocate},
    {"map_to_array", "(data : void?; bytes : int; blk : block<(var arg : array<auto(T)>#) : void>) : void", &MapToArray,
     kLends},
    {"map_to_ro_array", "(data : void?; bytes : int; blk : block<(arg : array<auto(T)>#) : void>) : void", &MapToArray,
     kLends},
};

}  // namespace
}  // namespace binary_natives

constexpr sema::NativeModule kBinaryModule = {.name = "$", .functions = binary_natives::kFunctions};

}  // namespace vestige::builtins
