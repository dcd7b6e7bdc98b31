// How types are written in messages and by `typeinfo typename`. Floor 2.

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "types/type_name.h"

#include "types/type.h"

namespace vestige::types {
namespace {

constexpr std::string_view kKindTexts[] = {
#define VESTIGE_TYPE_KIND(Name, text, bytes, align) text,
#include "types/kinds.def"
#undef VESTIGE_TYPE_KIND
};

// Where a name goes: a string, or memory that it is cut to.
class NameText {
 public:
  explicit NameText(std::string& text) : text_(&text) {}
  explicit NameText(std::span<char> room) : room_(room) {}

  NameText& append(std::string_view part) {
    if (text_ != nullptr) {
      text_->append(part);
    } else {
      const size_t bytes = std::min(part.size(), room_.size() - size_);
      std::memcpy(room_.data() + size_, part.data(), bytes);
      size_ += bytes;
    }
    return *this;
  }
  size_t size() const { return size_; }

 private:
  std::string* text_ = nullptr;
  std::span<char> room_;
  size_t size_ = 0;
};

void Append(NameText& out, const Type* type);

void AppendParts(NameText& out, std::string_view head, const Type* type) {
  out.append(head).append("<");
  for (size_t i = 0; i < type->parts.size(); ++i) {
    if (i != 0) out.append(";");
    if (!type->names.empty() && type->names[i]) out.append(type->names[i].text()).append(":");
    Append(out, type->parts[i]);
  }
  out.append(">");
}

// Arguments that may be changed say `var`; unnamed ones are numbered.
void AppendCallable(NameText& out, std::string_view head, const Type* type) {
  out.append(head).append("<");
  if (!type->parts.empty()) {
    out.append("(");
    for (size_t i = 0; i < type->parts.size(); ++i) {
      if (i != 0) out.append(";");
      if (!type->parts[i]->is_const()) out.append("var ");
      if (!type->names.empty() && type->names[i]) {
        out.append(type->names[i].text());
      } else {
        out.append("arg").append(std::to_string(i));
      }
      out.append(":");
      Append(out, type->parts[i]);
    }
    out.append("):");
  }
  Append(out, type->element);
  out.append(">");
}

void AppendBitfield(NameText& out, const Type* type) {
  if (type->enum_info != nullptr) {
    out.append(type->enum_info->name.text());
    return;
  }
  out.append("bitfield");
  if (type->element->kind != Kind::kUInt) {
    out.append(":");
    Append(out, type->element);
    out.append("<>");
  }
}

void AppendShape(NameText& out, const Type* type) {
  switch (type->kind) {
    case Kind::kArray:
      Append(out.append("array<"), type->element);
      out.append(">");
      break;
    case Kind::kTable:
      Append(out.append("table<"), type->key);
      Append(out.append(";"), type->element);
      out.append(">");
      break;
    case Kind::kIterator:
      Append(out.append("iterator<"), type->element);
      out.append(">");
      break;
    case Kind::kPointer:
      Append(type->is_smart ? out.append("smart_ptr<") : out, type->element);
      out.append(type->is_smart ? ">" : "?");
      break;
    case Kind::kFixedArray: {
      const Type* element = type;
      while (element->kind == Kind::kFixedArray) element = element->element;
      Append(out, element);
      break;
    }
    case Kind::kTuple:
      AppendParts(out, "tuple", type);
      break;
    case Kind::kVariant:
      AppendParts(out, "variant", type);
      break;
    case Kind::kFunction:
      AppendCallable(out, "function", type);
      break;
    case Kind::kLambda:
      AppendCallable(out, "lambda", type);
      break;
    case Kind::kBlock:
      AppendCallable(out, "block", type);
      break;
    case Kind::kStruct:
      out.append(type->struct_info->name.text());
      break;
    case Kind::kEnum:
      out.append(type->enum_info->name.text());
      break;
    case Kind::kBitfield:
      AppendBitfield(out, type);
      break;
    case Kind::kDistinct:
      out.append(type->name.text());
      break;
    case Kind::kAuto:
      out.append("auto");
      if (type->name) out.append("(").append(type->name.text()).append(")");
      break;
    case Kind::kOption:
      for (size_t i = 0; i < type->parts.size(); ++i) {
        if (i != 0) out.append("|");
        Append(out, type->parts[i]);
      }
      break;
    default:
      out.append(kKindTexts[static_cast<size_t>(type->kind)]);
      break;
  }
}

// Qualifiers follow the shape in this order; dimensions stand between const and the rest: `int const[3]&`.
void Append(NameText& out, const Type* type) {
  struct Suffix {
    Qualifier qualifier;
    std::string_view text;
  };
  static constexpr Suffix kSuffixes[] = {{kRef, "&"},
                                         {kTemp, "#"},
                                         {kImplicit, " implicit"},
                                         {kExplicit, " explicit"},
                                         {kExactConst, " ==const"},
                                         {kExactRef, " ==&"},
                                         {kRemoveConst, " -const"},
                                         {kRemoveRef, " -&"},
                                         {kRemoveDim, " -[]"},
                                         {kRemoveTemp, " -#"}};
  AppendShape(out, type);
  if (type->is_const()) out.append(" const");
  for (const Type* level = type; level->kind == Kind::kFixedArray; level = level->element) {
    out.append("[");
    if (level->dim != 0) out.append(std::to_string(level->dim));
    out.append("]");
  }
  for (const Suffix& suffix : kSuffixes) {
    if ((type->qualifiers & suffix.qualifier) != 0) out.append(suffix.text);
  }
}

}  // namespace

std::string TypeName(const Type* type) {
  std::string text;
  NameText out(text);
  Append(out, type);
  return text;
}

size_t WriteTypeName(const Type* type, std::span<char> room) {
  NameText out(room);
  Append(out, type);
  return out.size();
}

}  // namespace vestige::types
