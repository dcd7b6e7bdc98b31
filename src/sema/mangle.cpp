// Unique spellings of functions: name, then one code per parameter type.
//
// People see them in `stack overflow while calling rec Ci` and where function pointers print. Floor 3.

#include <string>

#include "sema/function.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

// Code letters by kind, in the order of kinds.def up to String.
constexpr std::string_view kBasicCodes[] = {"v",   "b",  "i8", "u8", "i16", "u16", "i",   "u",  "i64",
                                            "u64", "f",  "d",  "i2", "i3",  "i4",  "u2",  "u3", "u4",
                                            "f2",  "f3", "f4", "r",  "z",   "r64", "z64", "s"};
static_assert(std::size(kBasicCodes) == static_cast<size_t>(Kind::kString) + 1);

void Append(std::string& out, const Type* type);

void AppendNominal(std::string& out, std::string_view code, base::Symbol module, base::Symbol name) {
  out.append(code).append("<");
  if (!module.empty()) out.append(module.text()).append("::");
  out.append(name.text()).append(">");
}

void AppendParts(std::string& out, const Type* type) {
  if (!type->names.empty()) {
    out += "N<";
    for (size_t i = 0; i < type->names.size(); ++i) {
      if (i != 0) out += ';';
      out.append(type->names[i].text());
    }
    out += '>';
  }
  if (!type->parts.empty()) {
    out += "0<";
    for (size_t i = 0; i < type->parts.size(); ++i) {
      if (i != 0) out += ';';
      Append(out, type->parts[i]);
    }
    out += '>';
  }
  const Type* first = type->kind == Kind::kTable ? type->key : type->element;
  const bool has_first = first != nullptr && type->kind != Kind::kBitfield && type->kind != Kind::kDistinct;
  if (has_first && !(type->kind == Kind::kPointer && first->kind == Kind::kVoid)) {
    out += "1<";
    Append(out, first);
    out += '>';
  }
  if (type->kind == Kind::kTable) {
    out += "2<";
    Append(out, type->element);
    out += '>';
  }
}

std::string_view ContainerCode(Kind kind) {
  switch (kind) {
    case Kind::kPointer:
      return "?";
    case Kind::kFunction:
      return "@@";
    case Kind::kLambda:
      return "@";
    case Kind::kBlock:
      return "$";
    case Kind::kIterator:
      return "G";
    case Kind::kArray:
      return "A";
    case Kind::kTable:
      return "T";
    case Kind::kTuple:
      return "U";
    case Kind::kVariant:
      return "V";
    case Kind::kNull:
      return "?";
    case Kind::kAny:
      return "*";
    case Kind::kOption:
      return "|";
    default:
      return ".";
  }
}

void Append(std::string& out, const Type* type) {
  if (type->is_const()) out += 'C';
  if (type->is_ref()) out += '&';
  if (type->is_temp()) out += '#';
  if (type->kind <= Kind::kString) {
    out.append(kBasicCodes[static_cast<size_t>(type->kind)]);
    return;
  }
  switch (type->kind) {
    case Kind::kFixedArray:
      out += '[' + std::to_string(type->dim) + ']';
      return Append(out, type->element);
    case Kind::kStruct:
      return AppendNominal(out, "S", type->struct_info->module, type->struct_info->name);
    case Kind::kDistinct:
      return AppendNominal(out, "Q", type->module, type->name);
    case Kind::kEnum: {
      const uint32_t bytes = type->enum_info->storage->size();
      const std::string code = bytes == 4 ? "E" : "E" + std::to_string(bytes * 8);
      return AppendNominal(out, code, type->enum_info->module, type->enum_info->name);
    }
    case Kind::kBitfield: {
      const uint32_t bytes = type->size();
      out += bytes == 4 ? "t" : "t" + std::to_string(bytes * 8);
      return;
    }
    default:
      break;
  }
  AppendParts(out, type);
  out.append(ContainerCode(type->kind));
  if (type->is_smart_pointer()) out += 'M';
}

}  // namespace

base::Symbol MangledName(Checker& c, const FunctionRecord* function) {
  std::string text;
  if (function->module && !function->module.text().empty())
    text.append("@").append(function->module.text()).append("::");
  text.append(function->name.text());
  for (const TLocal* argument : function->arguments) {
    text += ' ';
    const Type* type = argument->type;
    if (argument->is_reference && !type->is_ref_type()) type = c.types.WithQualifiers(type, types::kRef);
    Append(text, type);
  }
  return c.program.mangled_names.Intern(text);
}

std::string NativeDeclaration(const NativeFunction& native) {
  const char first = native.name.front();
  const bool is_word = first == '_' || (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  std::string text = first == '.' ? "property" : is_word ? "" : "operator ";
  if (first != '.') text.append(native.name);
  // `?as` of a name is written as two words.
  if (first == '?') text[text.find('`')] = ' ';
  return text.append(native.signature);
}

}  // namespace vestige::sema
