// The verbose walk over a value, and the indentation of its lines. Floor 3.

#include "runtime/print_verbose.h"

#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "base/load.h"
#include "fmt/format.h"
#include "runtime/array.h"
#include "runtime/callable.h"
#include "runtime/escape.h"
#include "runtime/part.h"
#include "runtime/print.h"
#include "runtime/table.h"

namespace vestige::runtime {
namespace {

using base::Load;
using types::Kind;
using types::Type;

// Elements of these types share a line.
bool IsSimple(const Type* type) {
  switch (type->kind) {
    case Kind::kStruct:
    case Kind::kTuple:
    case Kind::kVariant:
    case Kind::kArray:
    case Kind::kTable:
    case Kind::kFixedArray:
    case Kind::kPointer:
    case Kind::kLambda:
    case Kind::kBlock:
    case Kind::kIterator:
      return false;
    default:
      return true;
  }
}

class VerbosePrinter {
 public:
  VerbosePrinter(TextBuffer& out, const ScriptContext& context, uint32_t flags)
      : out_(out), context_(context), flags_(flags) {}

  void Print(const Type* type, const void* value) {
    if (type->is_ref()) value = Load<const void*>(value);
    type = type->unqualified;
    while (type->kind == Kind::kDistinct) type = type->element->unqualified;
    if (depth_ >= kMaxPrintDepth) return Text("...");
    depth_ += 1;
    PrintKind(type, value);
    depth_ -= 1;
  }

 private:
  void PrintKind(const Type* type, const void* value) {
    switch (type->kind) {
      case Kind::kString:
        return PrintString(Load<const char*>(value));
      case Kind::kPointer:
        return PrintPointer(type, value);
      case Kind::kStruct:
        return PrintStruct(type, value);
      case Kind::kTuple: {
        Text("(");
        Address(" at", value);
        const bool breaks = !AllSimple(type);
        for (size_t i = 0; i < type->parts.size(); ++i) {
          if (breaks) Break();
          Part(i);
          Print(type->parts[i], At(value, type->part_offset(i)));
        }
        return Close(")", breaks);
      }
      case Kind::kVariant:
        return PrintVariant(type, value);
      case Kind::kFixedArray:
        Open(type, "[");
        return PrintRow(type->element, static_cast<const char*>(value), type->dim);
      case Kind::kArray: {
        const auto& array = *static_cast<const Array*>(value);
        Open(type, "[");
        Address(" data at", array.data);
        return PrintRow(type->element, array.data, array.size);
      }
      case Kind::kTable:
        return PrintTable(type, *static_cast<const Table*>(value));
      case Kind::kEnum:
        if (Has(kFullTypeInfo)) AppendText(out_, fmt::format("{}.", types::TypeName(type)));
        return PrintValue(out_, type, value, context_);
      default:
        return PrintNumber(type, value);
    }
  }

  bool Has(uint32_t flag) const { return (flags_ & flag) != 0; }
  void Text(std::string_view text) { AppendText(out_, text); }
  void Address(std::string_view what, const void* address) {
    if (Has(kRefAddresses)) Text(fmt::format("{} {:#x}", what, reinterpret_cast<uintptr_t>(address)));
  }
  // A new line, if there are several.
  void Break() {
    if (Has(kNamesAndDimensions) && !Has(kSingleLine)) Text("\n");
  }
  void Part(size_t index) { Text(index == 0 ? " " : ", "); }
  void Close(std::string_view bracket, bool breaks) {
    if (breaks) Break();
    Text(bracket);
  }
  void Open(const Type* type, std::string_view bracket) {
    if (Has(kFullTypeInfo)) Text(types::TypeName(type));
    Text(bracket);
  }

  static bool AllSimple(const Type* type) {
    for (const Type* part : type->parts) {
      if (!IsSimple(part)) return false;
    }
    return true;
  }

  void PrintString(const char* string) {
    if (!Has(kEscapeString)) {
      Text(TextOf(string));
    } else {
      Text("\"");
      AppendEscaped(out_, TextOf(string));
      Text("\"");
    }
    if (Has(kRefAddresses)) Text(fmt::format(" /*{:#x}*/", reinterpret_cast<uintptr_t>(string)));
  }

  void PrintReal(double value, bool is_float) {
    if (Has(kTypeQualifiers) && !std::isfinite(value)) {
      return Text(std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
    }
    if (Has(kFixedPoint)) {
      Text(fmt::format("{:f}", value));
    } else if (is_float) {
      PrintFloat(out_, static_cast<float>(value));
    } else {
      PrintDouble(out_, value);
    }
    if (Has(kTypeQualifiers)) Text(is_float ? "f" : "lf");
  }

  void PrintNumber(const Type* type, const void* value) {
    if (type->kind == Kind::kFloat) return PrintReal(double{Load<float>(value)}, true);
    if (type->kind == Kind::kDouble) return PrintReal(Load<double>(value), false);
    PrintValue(out_, type, value, context_);
    if (!Has(kTypeQualifiers)) return;
    if (type->kind == Kind::kUInt) Text("u");
    if (type->kind == Kind::kInt64) Text("l");
    if (type->kind == Kind::kUInt64) Text("ul");
  }

  void PrintPointer(const Type* type, const void* value) {
    const void* target = Load<const void*>(value);
    if (type->element->kind == Kind::kVoid) {
      PrintHex(out_, reinterpret_cast<uintptr_t>(target));
      return Text(Has(kTypeQualifiers) ? "p" : "");
    }
    if (target == nullptr) return Text("null");
    if (Has(kNamesAndDimensions)) {
      Text(fmt::format("({} {:#x} ptr = ", types::TypeName(type), reinterpret_cast<uintptr_t>(target)));
    }
    Print(type->element, target);
    if (Has(kNamesAndDimensions)) Text(")");
  }

  void PrintStruct(const Type* type, const void* value) {
    const types::StructInfo& info = *type->struct_info;
    if (info.native != nullptr) return PrintValue(out_, type, value, context_);
    for (const auto& [address, open] : open_) {
      if (address != value || open != type) continue;
      return Text(fmt::format("~loop at {:#x} {}~", reinterpret_cast<uintptr_t>(value), info.name.text()));
    }
    open_.emplace_back(value, type);
    if (Has(kNamesAndDimensions)) Text(info.name.text());
    Text("(");
    Address(" at", value);
    for (size_t i = 0; i < info.fields.size(); ++i) {
      if (i != 0) Text(",");
      Break();
      Text(" ");
      if (Has(kNamesAndDimensions)) Text(fmt::format("{} = ", info.fields[i].name.text()));
      Print(info.fields[i].type, At(value, info.fields[i].offset));
    }
    Close(")", true);
    open_.pop_back();
  }

  void PrintVariant(const Type* type, const void* value) {
    const auto active = Load<int32_t>(value);
    const auto index = static_cast<size_t>(active);
    if (active < 0 || index >= type->parts.size()) return Text("unknown");
    if (Has(kNamesAndDimensions)) Text("variant(");
    if (Has(kNamesAndDimensions) && index < type->names.size()) {
      Text(fmt::format("{} = ", type->names[index].text()));
    }
    Print(type->parts[index], At(value, type->part_offset(index)));
    if (Has(kNamesAndDimensions)) Text(")");
  }

  void PrintRow(const Type* element, const char* data, uint32_t count) {
    const bool breaks = !IsSimple(element->unqualified);
    for (uint32_t i = 0; i < count; ++i) {
      if (i != 0) Text(",");
      if (breaks) Break();
      Text(" ");
      Print(element, data + size_t{i} * element->size());
    }
    Close("]", breaks && count != 0);
  }

  void PrintTable(const Type* type, const Table& table) {
    const TableShape shape = ShapeOfTable(type);
    const bool breaks = !IsSimple(type->element->unqualified);
    Open(type, "{");
    Address(" data at", table.data);
    uint32_t count = 0;
    for (uint32_t i = NextLiveSlot(table, shape, 0); i < table.capacity; i = NextLiveSlot(table, shape, i + 1)) {
      if (count++ != 0) Text(",");
      if (breaks) Break();
      Text(" ");
      Print(type->key, KeyAt(table, shape, i));
      Text(" => ");
      Print(type->element, ValueAt(table, shape, i));
    }
    Close("}", breaks && count != 0);
  }

  TextBuffer& out_;
  const ScriptContext& context_;
  const uint32_t flags_;
  // Structs around the value that is being printed.
  std::vector<std::pair<const void*, const Type*>> open_;
  int depth_ = 0;
};

// Two blanks for every bracket that a line finds open; brackets in quoted strings count for nothing.
void Indent(TextBuffer& out, std::string_view text) {
  int open = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    out.push_back(c);
    if (in_string) {
      if (c == '\\' && i + 1 < text.size()) out.push_back(text[++i]);
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '(' || c == '[' || c == '{') open += 1;
    if (c == ')' || c == ']' || c == '}') open -= 1;
    if (c != '\n') continue;
    while (i + 1 < text.size() && text[i + 1] == ' ') i += 1;
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool closes = next == ')' || next == ']' || next == '}';
    for (int level = closes ? 1 : 0; level < open; ++level) AppendText(out, "  ");
  }
}

}  // namespace

void PrintVerbose(TextBuffer& out, const Type* type, const void* value, const ScriptContext& context, uint32_t flags) {
  TextBuffer lines;
  VerbosePrinter(lines, context, flags).Print(type, value);
  const std::string_view text(lines.data(), lines.size());
  const bool breaks = (flags & kNamesAndDimensions) != 0 && (flags & kSingleLine) == 0;
  if (breaks) {
    Indent(out, text);
  } else {
    AppendText(out, text);
  }
}

}  // namespace vestige::runtime
