// assume: names for expressions, which are checked again at every use. Floor 3.

#include <string>
#include <utility>

#include "fmt/format.h"
#include "sema/decl.h"
#include "sema/expr.h"
#include "sema/function.h"
#include "sema/stmt.h"

namespace vestige::sema {

namespace {

// Aliases of aliases multiply.
constexpr int kMaxExpansions = 10000;

// The name is free; else a message.
bool IsFree(Checker& c, const syntax::AssumeStmt* stmt) {
  for (size_t i = NamesBegin(c); i < c.names.size(); ++i) {
    const LocalName& other = c.names[i];
    if (other.name != stmt->name || other.kind == LocalName::Kind::kType) continue;
    const bool is_alias = other.kind == LocalName::Kind::kAssume;
    c.Error(30700, stmt->place,
            fmt::format("can't assume {}, alias already taken by {} at {}", stmt->name.text(),
                        is_alias ? "another assume expression" : "local variable",
                        c.input.sources->Describe(other.location)));
    return false;
  }
  return true;
}

// The alias that was entered last leads back to itself.
bool IsCircular(Checker& c, syntax::Place place) {
  const int errors = c.error_count;
  ++c.silent;
  c.alias_cycle = false;
  ExpandAlias(c, c.names.size() - 1, place);
  --c.silent;
  c.error_count = errors;
  return std::exchange(c.alias_cycle, false);
}

}  // namespace

TExpr* ExpandAlias(Checker& c, size_t index, syntax::Place place) {
  if (c.names[index].is_expanding) {
    c.alias_cycle = true;
    return c.Error(31101, place, fmt::format("assume '{}' creates a circular dependency", c.names[index].name.text()));
  }
  if (++c.alias_count > kMaxExpansions) return c.Error(30505, place, "aliases expand to too large an expression");
  const bool is_outermost = c.alias_count == 1;
  if (is_outermost) c.alias_place = place;
  c.names[index].is_expanding = true;
  TExpr* value = CheckExpr(c, c.names[index].assumed);
  c.names[index].is_expanding = false;
  if (is_outermost) c.alias_count = 0;
  return value;
}

void CheckAssume(Checker& c, const syntax::AssumeStmt* stmt) {
  if (!IsFree(c, stmt)) return;
  LocalName alias;
  alias.kind = LocalName::Kind::kAssume;
  alias.name = stmt->name;
  alias.assumed = stmt->value;
  alias.owner = c.fn->function;
  alias.location = stmt->place.location;
  c.names.push_back(alias);
  if (!IsCircular(c, stmt->place)) return;
  c.names.pop_back();
  c.Error(31101, stmt->place, fmt::format("assume '{}' creates a circular dependency", stmt->name.text()));
}

}  // namespace vestige::sema
