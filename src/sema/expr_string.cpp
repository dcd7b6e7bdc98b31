// Interpolated strings. Floor 3.

#include <string>

#include "sema/call.h"
#include "sema/constant.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/expr_parts.h"

namespace vestige::sema {

using types::Kind;
using types::Type;

namespace {

bool CanFormat(const Type* type) { return type->is_numeric(); }

TExpr* CheckPart(Checker& c, const syntax::InterpolationPart& part, TStringPart* out) {
  TExpr* value = CheckExpr(c, part.value);
  if (IsError(value)) return value;
  if (value->type->kind == Kind::kVoid) {
    return c.Error(30231, part.value->place, "argument of format string should not be `void`");
  }
  if (!part.format.empty() && !CanFormat(value->type)) {
    return c.Error(30341, part.value->place,
                   "no matching functions or generics: fmt(string const, " + Describe(value) + ")");
  }
  if (value->type->kind == Kind::kNull) value = MakeConst(c, c.types.Pointer(c.types.void_type()), 0, value->location);
  out->value = value;
  if (!part.format.empty()) out->format = c.arena.CopyText(":" + std::string(part.format));
  return value;
}

}  // namespace

TExpr* CheckInterpolation(Checker& c, const syntax::InterpolationExpr* text) {
  std::vector<TStringPart> parts;
  bool fine = true;
  for (const syntax::InterpolationPart& part : text->parts) {
    TStringPart out;
    if (part.value == nullptr) {
      if (part.text.empty()) continue;
      out.text = c.arena.CopyText(part.text);
    } else {
      fine &= !IsError(CheckPart(c, part, &out));
    }
    parts.push_back(out);
  }
  if (!fine) return c.ErrorExpr(text->place.location);
  TString* node = c.Node<TString>(text->place.location, c.types.string_type());
  node->parts = c.arena.Copy(parts);
  return node;
}

}  // namespace vestige::sema
