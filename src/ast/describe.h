// Nodes as the source text they stand for. Floor 2.

#ifndef VESTIGE_AST_DESCRIBE_H_
#define VESTIGE_AST_DESCRIBE_H_

#include <string>

#include "ast/lane.h"

namespace vestige::ast {

// The text of a node that Collect has seen. What is missing is left out; trees too deep or too long end in "...".
std::string DescribeNode(NodeHeader* header);

}  // namespace vestige::ast

#endif  // VESTIGE_AST_DESCRIBE_H_
