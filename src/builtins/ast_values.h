// Syntax nodes as arguments of natives. Floor 5.

#ifndef VESTIGE_BUILTINS_AST_VALUES_H_
#define VESTIGE_BUILTINS_AST_VALUES_H_

#include <string_view>
#include <vector>

#include "ast/lane.h"
#include "sema/native.h"

namespace vestige::builtins {

// Where the running context makes nodes; null after a panic when it can make none.
ast::Lane* LaneOf(sema::NativeCall& call);
// The same for natives that make some: a panic as of a full heap when nodes take as much as the run's memory limit.
ast::Lane* MakingLane(runtime::ScriptContext& context);
// The live node that argument `index` points at; null after a panic that begins with `function`. Not for null pointers.
ast::NodeHeader* NodeAt(sema::NativeCall& call, size_t index, std::string_view function);
// That node and all that belongs to it, in `nodes`. False after a panic.
bool TreeAt(sema::NativeCall& call, size_t index, std::string_view function, std::vector<ast::NodeHeader*>* nodes);
// The same of any pointer.
bool TreeOf(sema::NativeCall& call, void* node, std::string_view function, std::vector<ast::NodeHeader*>* nodes);

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_AST_VALUES_H_
