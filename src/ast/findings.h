// Nodes left behind, as data for reports. Floor 2.

#ifndef VESTIGE_AST_FINDINGS_H_
#define VESTIGE_AST_FINDINGS_H_

#include <vector>

#include "ast/lane.h"
#include "vestige/findings.h"

namespace vestige::ast {

enum class Which : uint8_t { kAll, kUntold };

// The nodes on `root`, in the order of their making.
SyntaxNodes FindingsOf(const Root& root, Which which);

// Those on thread roots of all lanes that no report has named yet; they count as named from now on. Lanes without any
// are left out.
std::vector<SyntaxNodes> TakeUntold(Registry& registry);

}  // namespace vestige::ast

#endif  // VESTIGE_AST_FINDINGS_H_
