// Printing of values: one walk over a value, guided by its type. Floor 3.

#include "runtime/print.h"

#include <iterator>
#include <vector>

#include "base/load.h"
#include "fmt/compile.h"
#include "runtime/array.h"
#include "runtime/callable.h"
#include "runtime/part.h"
#include "runtime/table.h"
#include "vestige/native.h"

namespace vestige::runtime {
namespace {

using base::Load;
using types::Kind;
using types::Type;

// The value of an integer of any width, sign- or zero-extended.
uint64_t LoadInteger(const Type* type, const void* value) {
  switch (type->kind) {
    case Kind::kInt8:
      return static_cast<uint64_t>(Load<int8_t>(value));
    case Kind::kUInt8:
      return Load<uint8_t>(value);
    case Kind::kInt16:
      return static_cast<uint64_t>(Load<int16_t>(value));
    case Kind::kUInt16:
      return Load<uint16_t>(value);
    case Kind::kInt:
      return static_cast<uint64_t>(Load<int32_t>(value));
    case Kind::kUInt:
      return Load<uint32_t>(value);
    default:
      return Load<uint64_t>(value);
  }
}

class Printer {
 public:
  Printer(TextBuffer& out, const ScriptContext& context) : out_(out), context_(context) {}

  void Print(const Type* type, const void* value);

 private:
  void PrintScalar(const Type* type, const void* value);
  void PrintVector(const Type* type, const void* value);
  void PrintRange(const Type* type, const void* value);
  void PrintEnum(const Type* type, const void* value);
  void PrintBitfield(const Type* type, const void* value);
  void PrintPointer(const Type* type, const void* value);
  void PrintLambda(const void* lambda);
  void PrintStruct(const Type* type, const void* value);
  void PrintTuple(const Type* type, const void* value);
  void PrintVariant(const Type* type, const void* value);
  void PrintElements(const Type* element, const char* data, uint32_t count);
  void PrintTable(const Type* type, const Table& table);
  void PrintFunction(const void* function);

  void Text(std::string_view text) { AppendText(out_, text); }
  // In front of item `index` of a bracketed list.
  void Separate(size_t index) { Text(index == 0 ? " " : ", "); }

  struct Open {
    const void* address;
    const Type* type;
  };

  TextBuffer& out_;
  const ScriptContext& context_;
  // Structs around the value that is being printed.
  std::vector<Open> open_;
  int depth_ = 0;
};

void Printer::Print(const Type* type, const void* value) {
  if (type->is_ref()) value = Load<const void*>(value);
  type = type->unqualified;
  while (type->kind == Kind::kDistinct) type = type->element->unqualified;
  if (depth_ >= kMaxPrintDepth) return Text("...");
  depth_ += 1;
  switch (type->kind) {
    case Kind::kString:
      Text(TextOf(Load<const char*>(value)));
      break;
    case Kind::kEnum:
      PrintEnum(type, value);
      break;
    case Kind::kBitfield:
      PrintBitfield(type, value);
      break;
    case Kind::kNull:
    case Kind::kPointer:
      PrintPointer(type, value);
      break;
    case Kind::kFunction:
      PrintFunction(Load<const void*>(value));
      break;
    case Kind::kLambda:
      PrintLambda(Load<const void*>(value));
      break;
    case Kind::kBlock:
      Text("block");
      break;
    case Kind::kIterator:
      Text(types::TypeName(type));
      break;
    case Kind::kArray: {
      const auto& array = *static_cast<const Array*>(value);
      PrintElements(type->element, array.data, array.size);
      break;
    }
    case Kind::kFixedArray:
      PrintElements(type->element, static_cast<const char*>(value), type->dim);
      break;
    case Kind::kTable:
      PrintTable(type, *static_cast<const Table*>(value));
      break;
    case Kind::kStruct:
      PrintStruct(type, value);
      break;
    case Kind::kTuple:
      PrintTuple(type, value);
      break;
    case Kind::kVariant:
      PrintVariant(type, value);
      break;
    default:
      PrintScalar(type, value);
      break;
  }
  depth_ -= 1;
}

void Printer::PrintScalar(const Type* type, const void* value) {
  switch (type->kind) {
    case Kind::kVoid:
      break;
    case Kind::kBool:
      Text(Load<uint8_t>(value) != 0 ? "true" : "false");
      break;
    case Kind::kFloat:
      PrintFloat(out_, Load<float>(value));
      break;
    case Kind::kDouble:
      PrintDouble(out_, Load<double>(value));
      break;
    default:
      if (type->is_vector()) return PrintVector(type, value);
      if (type->is_range()) return PrintRange(type, value);
      if (type->is_unsigned()) return PrintHex(out_, LoadInteger(type, value));
      PrintInt(out_, static_cast<int64_t>(LoadInteger(type, value)));
  }
}

// Components of unsigned vectors are decimal, unlike lone unsigned numbers.
void Printer::PrintVector(const Type* type, const void* value) {
  for (uint32_t i = 0; i < type->size() / 4; ++i) {
    if (i != 0) Text(",");
    const char* component = At(value, i * 4);
    if (type->kind >= Kind::kFloat2) {
      PrintFloat(out_, Load<float>(component));
    } else if (type->is_unsigned()) {
      PrintInt(out_, Load<uint32_t>(component));
    } else {
      PrintInt(out_, Load<int32_t>(component));
    }
  }
}

void Printer::PrintRange(const Type* type, const void* value) {
  for (uint32_t i = 0; i < 2; ++i) {
    if (i != 0) Text(",");
    switch (type->kind) {
      case Kind::kRange:
        PrintInt(out_, Load<int32_t>(At(value, i * 4)));
        break;
      case Kind::kURange:
        PrintInt(out_, Load<uint32_t>(At(value, i * 4)));
        break;
      case Kind::kRange64:
        PrintInt(out_, Load<int64_t>(At(value, i * 8)));
        break;
      default:
        fmt::format_to(std::back_inserter(out_), FMT_COMPILE("{}"), Load<uint64_t>(At(value, i * 8)));
        break;
    }
  }
}

void Printer::PrintEnum(const Type* type, const void* value) {
  const auto number = static_cast<int64_t>(LoadInteger(types::Representation(type), value));
  for (const types::EnumValue& candidate : type->enum_info->values) {
    if (candidate.value == number) return Text(candidate.name.text());
  }
  fmt::format_to(std::back_inserter(out_), FMT_COMPILE("enum {}"), number);
}

void Printer::PrintBitfield(const Type* type, const void* value) {
  const uint64_t bits = LoadInteger(types::Representation(type), value);
  if (type->enum_info == nullptr) return PrintHex(out_, bits);
  Text("(");
  bool any = false;
  for (const types::EnumValue& flag : type->enum_info->values.first(type->enum_info->flag_count)) {
    if ((bits & static_cast<uint64_t>(flag.value)) == 0) continue;
    if (any) Text("|");
    Text(flag.name.text());
    any = true;
  }
  Text(any ? ")" : "0)");
}

void Printer::PrintPointer(const Type* type, const void* value) {
  const void* target = Load<const void*>(value);
  if (type->element->kind == Kind::kVoid) return PrintHex(out_, reinterpret_cast<uintptr_t>(target));
  if (target == nullptr) return Text("null");
  Print(type->element, target);
}

void Printer::PrintFunction(const void* function) {
  Text(function == nullptr ? "null" : context_.FunctionText(function));
}

void Printer::PrintLambda(const void* lambda) {
  if (lambda == nullptr) return Text("null");
  Print(HeaderOf(lambda).capture_type, lambda);
}

void Printer::PrintStruct(const Type* type, const void* value) {
  const types::StructInfo& info = *type->struct_info;
  for (const Open& open : open_) {
    if (open.address != value || open.type != type) continue;
    fmt::format_to(std::back_inserter(out_), FMT_COMPILE("~loop at {:#x} {}~"), reinterpret_cast<uintptr_t>(value),
                   info.name.text());
    return;
  }
  if (info.native != nullptr && info.native->print != nullptr) {
    std::string text;
    info.native->print(value, &text);
    return Text(text);
  }
  open_.push_back({value, type});
  Text("(");
  for (size_t i = 0; i < info.fields.size(); ++i) {
    Separate(i);
    Print(info.fields[i].type, At(value, info.fields[i].offset));
  }
  Text(")");
  open_.pop_back();
}

void Printer::PrintTuple(const Type* type, const void* value) {
  Text("(");
  for (size_t i = 0; i < type->parts.size(); ++i) {
    Separate(i);
    Print(type->parts[i], At(value, type->part_offset(i)));
  }
  Text(")");
}

void Printer::PrintVariant(const Type* type, const void* value) {
  const auto active = Load<int32_t>(value);
  if (active < 0 || static_cast<size_t>(active) >= type->parts.size()) return;
  Print(type->parts[static_cast<size_t>(active)], At(value, type->part_offset(static_cast<size_t>(active))));
}

void Printer::PrintElements(const Type* element, const char* data, uint32_t count) {
  const size_t stride = element->size();
  Text("[");
  for (size_t i = 0; i < count; ++i) {
    Separate(i);
    Print(element, data + i * stride);
  }
  Text("]");
}

void Printer::PrintTable(const Type* type, const Table& table) {
  const TableShape shape = ShapeOfTable(type);
  Text("{");
  size_t count = 0;
  for (uint32_t i = NextLiveSlot(table, shape, 0); i < table.capacity; i = NextLiveSlot(table, shape, i + 1)) {
    Separate(count++);
    Print(type->key, KeyAt(table, shape, i));
    Text(" => ");
    Print(type->element, ValueAt(table, shape, i));
  }
  Text("}");
}

}  // namespace

void PrintInt(TextBuffer& out, int64_t value) {
  const fmt::format_int digits(value);
  out.append(digits.data(), digits.data() + digits.size());
}

void PrintHex(TextBuffer& out, uint64_t value) { fmt::format_to(std::back_inserter(out), FMT_COMPILE("{:#x}"), value); }

// The shortest text that reads back as the same number; exponents below -4 and from 16 on are written out.
void PrintFloat(TextBuffer& out, float value) { fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), value); }

void PrintDouble(TextBuffer& out, double value) { fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), value); }

void PrintValue(TextBuffer& out, const types::Type* type, const void* value, const ScriptContext& context) {
  Printer(out, context).Print(type, value);
}

}  // namespace vestige::runtime
