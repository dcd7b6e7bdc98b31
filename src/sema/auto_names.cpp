#include "sema/auto_names.h"

#include <span>

namespace vestige::sema {

namespace {

class Collector {
 public:
  explicit Collector(std::vector<base::Symbol>* names) : names_(names) {}

  void Visit(const syntax::TypeExpr* type) {
    if (type == nullptr || depth_ >= kMaxDepth) return;
    ++depth_;
    VisitParts(type);
    --depth_;
  }

 private:
  static constexpr int kMaxDepth = 200;

  void VisitMembers(std::span<const syntax::TypeMember> members) {
    for (const syntax::TypeMember& member : members) Visit(member.type);
  }

  void VisitParts(const syntax::TypeExpr* type) {
    using K = syntax::TypeKind;
    switch (type->kind) {
      case K::kAuto: {
        const base::Symbol name = static_cast<const syntax::AutoTypeExpr*>(type)->name;
        if (!name.empty()) names_->push_back(name);
        break;
      }
      case K::kPointer:
        return Visit(static_cast<const syntax::PointerTypeExpr*>(type)->target);
      case K::kSmartPtr:
        return Visit(static_cast<const syntax::SmartPtrTypeExpr*>(type)->target);
      case K::kArray:
        return Visit(static_cast<const syntax::ArrayTypeExpr*>(type)->element);
      case K::kIterator:
        return Visit(static_cast<const syntax::IteratorTypeExpr*>(type)->element);
      case K::kFixedArray:
        return Visit(static_cast<const syntax::FixedArrayTypeExpr*>(type)->element);
      case K::kTable:
        Visit(static_cast<const syntax::TableTypeExpr*>(type)->key);
        return Visit(static_cast<const syntax::TableTypeExpr*>(type)->value);
      case K::kCallable: {
        const auto* callable = static_cast<const syntax::CallableTypeExpr*>(type);
        for (const syntax::Variable& parameter : callable->parameters) Visit(parameter.type);
        return Visit(callable->result);
      }
      case K::kTuple:
        return VisitMembers(static_cast<const syntax::TupleTypeExpr*>(type)->members);
      case K::kVariant:
        return VisitMembers(static_cast<const syntax::VariantTypeExpr*>(type)->members);
      case K::kMacro:
        for (const syntax::TypeExpr* part : static_cast<const syntax::MacroTypeExpr*>(type)->types) Visit(part);
        break;
      case K::kOptions:
        for (const syntax::TypeExpr* part : static_cast<const syntax::OptionsTypeExpr*>(type)->alternatives)
          Visit(part);
        break;
      default:
        break;
    }
  }

  std::vector<base::Symbol>* names_;
  int depth_ = 0;
};

}  // namespace

void CollectAutoNames(const syntax::TypeExpr* type, std::vector<base::Symbol>* names) { Collector(names).Visit(type); }

}  // namespace vestige::sema
