#include "ast/walk.h"

#include "ast/describe.h"
#include "doctest/doctest.h"

namespace vestige::ast {
namespace {

Expression* Up(void* node) { return static_cast<Expression*>(node); }

// -x
ExprOp1* Negation(Lane& lane) {
  auto* made = lane.Make<ExprOp1>();
  made->op.Assign("-");
  auto* name = lane.Make<ExprVar>();
  name->name.Assign("x");
  made->subexpr = Up(name);
  return made;
}

TEST_CASE("A copy shares nothing with its original") {
  Registry registry;
  Lane* lane = registry.MakeLane("main");
  ExprOp1* original = Negation(*lane);
  std::vector<NodeHeader*> nodes;
  std::string problem;
  REQUIRE(Collect(registry, original, &nodes, &problem));
  auto* copy = static_cast<ExprOp1*>(Clone(*lane, nodes));
  CHECK(copy->subexpr != original->subexpr);
  copy->op.Assign("!");
  CHECK(DescribeNode(NodeHeader::Of(original)) == "-x");
  CHECK(DescribeNode(NodeHeader::Of(copy)) == "!x");
}

TEST_CASE("A node of another lane is not deleted") {
  Registry registry;
  Lane* lane = registry.MakeLane("main");
  Lane* other = registry.MakeLane("main/1");
  ExprOp1* tree = Negation(*lane);
  std::vector<NodeHeader*> nodes;
  std::string problem;
  REQUIRE(Collect(registry, tree, &nodes, &problem));
  CHECK_FALSE(DeleteAll(*other, nodes, &problem));
  CHECK(problem == "gc_node id=1 (Expression) belongs to main, not to main/1");
  CHECK(lane->thread_root().count() == 2);
}

TEST_CASE("A tree that holds a deleted node, or what is none, is told and not followed") {
  Registry registry(true);
  Lane* lane = registry.MakeLane("main");
  ExprOp1* tree = Negation(*lane);
  lane->Delete(NodeHeader::Of(tree->subexpr));
  std::vector<NodeHeader*> nodes;
  std::string problem;
  CHECK_FALSE(Collect(registry, tree, &nodes, &problem));
  CHECK(problem == "gc_node id=2 (Expression) is deleted already");
  int stranger = 0;
  tree->subexpr = Up(&stranger);
  nodes.clear();
  CHECK_FALSE(Collect(registry, tree, &nodes, &problem));
  CHECK(problem == "this pointer does not point at a syntax node");
}

TEST_CASE("A tree that holds itself is walked once") {
  Registry registry;
  Lane* lane = registry.MakeLane("main");
  auto* knot = lane->Make<ExprOp1>();
  knot->subexpr = Up(knot);
  std::vector<NodeHeader*> nodes;
  std::string problem;
  REQUIRE(Collect(registry, knot, &nodes, &problem));
  CHECK(nodes.size() == 1);
  auto* copy = static_cast<ExprOp1*>(Clone(*lane, nodes));
  CHECK(copy->subexpr == Up(copy));
}

}  // namespace
}  // namespace vestige::ast
