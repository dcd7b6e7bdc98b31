// Going through trees of nodes: what belongs to a node, copying it, deleting it, filling in what was left open.
//
// Scripts build trees, so a tree may hold pointers to nodes that are gone, to nodes of another thread, to itself or to
// nothing that ever was a node. Collect looks at every pointer before anything follows it; the others take what it
// found. Nothing here recurses. Floor 2.

#ifndef VESTIGE_AST_WALK_H_
#define VESTIGE_AST_WALK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "ast/lane.h"
#include "ast/node.h"

namespace vestige::ast {

// Calls `visit` with each child of a live node, in the order of the fields: the slot that holds its pointer. Null ones
// and links are left out.
void EachChild(NodeHeader* header, absl::FunctionRef<void(void** slot)> visit);

// What a report or message calls a node: "TypeDecl", "Expression" (its family).
std::string_view FamilyName(const NodeHeader& header);
// "gc_node id=3 (TypeDecl, made at f.das:7:12)".
std::string Describe(const NodeHeader& header);

// The live node at `node`; null, with what is wrong as a sentence in *problem, when there is none.
NodeHeader* Check(const Registry& registry, const void* node, std::string* problem);

// The node and all that belongs to it, each once, parents before children. False, with *problem, when some pointer is
// not a live node.
bool Collect(const Registry& registry, void* node, std::vector<NodeHeader*>* nodes, std::string* problem);
// The same with the declarations that its types refer to, and theirs.
bool CollectWithLinks(const Registry& registry, void* node, std::vector<NodeHeader*>* nodes, std::string* problem);

// Copies what Collect found, on the active root of `lane`; nodes that are shared stay shared. Links lead to the copy of
// a declaration when it is among `nodes`, and nowhere when it is of another program. `keeps_places`: copies
// are born where the originals say they are (their `at`), for code that was quoted. Returns the copy of the first.
void* Clone(Lane& lane, const std::vector<NodeHeader*>& nodes, bool keeps_places = false);

// Deletes what Collect found. False, with *problem and nothing deleted, when some node is of another lane.
bool DeleteAll(Lane& lane, const std::vector<NodeHeader*>& nodes, std::string* problem);

// Where the node says that its code is: its `at`, or nowhere.
LineInfo PlaceOf(const NodeHeader& header);

}  // namespace vestige::ast

#endif  // VESTIGE_AST_WALK_H_
