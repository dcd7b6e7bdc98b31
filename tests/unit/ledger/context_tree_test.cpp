// The context tree: paths, folding of recursion, size.
#include "ledger/context_tree.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "ledger/lane.h"

namespace vestige::ledger {
namespace {

std::string Spell(const ContextTree& tree, NodeId node) {
  std::string text;
  for (const PathFrame& frame : tree.Path(node)) {
    if (!text.empty()) text += ' ';
    text += std::to_string(frame.function) + ":" + std::to_string(frame.site) + (frame.recursive ? "r" : "");
  }
  return text;
}

// Calls through `sites` of one function each, from the root.
NodeId Descend(ContextTree& tree, const std::vector<std::pair<FunctionId, CallSite>>& sites, NodeId node = kRootNode) {
  for (const auto& [function, site] : sites) node = tree.Child(node, site, function);
  return node;
}

TEST_CASE("a path is told leaf first and made once") {
  ContextTree tree;
  const NodeId first = Descend(tree, {{1, 10}, {2, 20}, {3, 30}});

  CHECK(Spell(tree, first) == "3:30 2:20 1:10");
  CHECK(Descend(tree, {{1, 10}, {2, 20}, {3, 30}}) == first);
  CHECK(tree.Parent(tree.Parent(first)) == Descend(tree, {{1, 10}}));
  CHECK(tree.node_count() == 4);
}

TEST_CASE("the empty path and no path have no frames") {
  ContextTree tree;
  CHECK(tree.Path(kRootNode).empty());
  CHECK(tree.Path(kNoNode).empty());
  CHECK(tree.Parent(kRootNode) == kRootNode);
}

TEST_CASE("children of one node are told apart in any order of asking") {
  ContextTree tree;
  std::vector<NodeId> nodes;
  for (CallSite site = 0; site < 100; ++site) nodes.push_back(tree.Child(kRootNode, site, 1));
  for (CallSite site = 100; site-- > 0;) CHECK(tree.Child(kRootNode, site, 1) == nodes[site]);
}

TEST_CASE("eight frames of a function are kept as they are") {
  ContextTree tree;
  NodeId node = Descend(tree, {{1, 5}});
  for (int i = 0; i < kMaxFramesPerFunction; ++i) node = tree.Child(node, 13, 2);

  CHECK(Spell(tree, node) == "2:13 2:13 2:13 2:13 2:13 2:13 2:13 2:13 1:5");
  CHECK_FALSE(tree.IsRecursive(node));
}

TEST_CASE("deeper frames fold into the eighth, which is told as recursive") {
  ContextTree tree;
  NodeId node = Descend(tree, {{1, 5}});
  for (int i = 0; i < 1000; ++i) node = tree.Child(node, 13, 2);

  CHECK(Spell(tree, node) == "2:13r 2:13 2:13 2:13 2:13 2:13 2:13 2:13 1:5");
  CHECK(tree.IsRecursive(node));
  CHECK(tree.Child(node, 13, 2) == node);

  SUBCASE("the leaf keeps its own place") {
    CHECK(Spell(tree, tree.Child(node, 12, 2)) == "2:12r 2:13 2:13 2:13 2:13 2:13 2:13 2:13 1:5");
  }
  SUBCASE("other functions below are not folded") {
    CHECK(Spell(tree, tree.Child(node, 40, 3)) == "3:40 2:13r 2:13 2:13 2:13 2:13 2:13 2:13 2:13 1:5");
  }
}

TEST_CASE("functions that call each other fold as well") {
  ContextTree tree;
  NodeId node = kRootNode;
  for (int i = 0; i < 500; ++i) node = tree.Child(tree.Child(node, 10, 1), 20, 2);
  int frames_of_first = 0;
  int frames_of_second = 0;
  for (const PathFrame& frame : tree.Path(node)) (frame.function == 1 ? frames_of_first : frames_of_second) += 1;
  CHECK(frames_of_first == 8);
  CHECK(frames_of_second == 8);
  CHECK(tree.node_count() < 40);
}

TEST_CASE("a walk over a deep binary tree stays small") {
  ContextTree tree;
  struct Walk {
    ContextTree& tree;
    void Down(NodeId node, int depth) {
      if (depth == 0) return;
      Down(tree.Child(node, 1, 1), depth - 1);
      Down(tree.Child(node, 2, 1), depth - 1);
    }
  };
  Walk{tree}.Down(kRootNode, 18);
  // Two ways at each of eight levels, the eighth once more as recursive.
  CHECK(tree.node_count() == 1 + 510 + 256);
}

TEST_CASE("full recursion keeps every frame") {
  ContextTree tree(ContextTree::Recursion::kKeepAll);
  NodeId node = kRootNode;
  for (int i = 0; i < 100; ++i) node = tree.Child(node, 13, 2);
  CHECK(tree.Path(node).size() == 100);
}

TEST_CASE("sites without a function are never folded") {
  ContextTree tree;
  NodeId node = kRootNode;
  for (int i = 0; i < 20; ++i) node = tree.Child(node, 13, kNoFunction);
  CHECK(tree.Path(node).size() == 20);
}

TEST_CASE("random walks agree with a map from paths to nodes") {
  ContextTree tree(ContextTree::Recursion::kKeepAll);
  std::map<std::pair<NodeId, CallSite>, NodeId> model;
  std::mt19937 random(7);
  NodeId node = kRootNode;
  for (int i = 0; i < 200000; ++i) {
    if (random() % 3 == 0) {
      node = tree.Parent(node);
      continue;
    }
    const CallSite site = random() % 50;
    const NodeId child = tree.Child(node, site, site % 5 + 1);
    const auto [known, is_new] = model.emplace(std::pair(node, site), child);
    REQUIRE(known->second == child);
    REQUIRE(tree.Parent(child) == node);
    REQUIRE(tree.Site(child) == site);
    REQUIRE(tree.Function(child) == site % 5 + 1);
    node = child;
  }
  CHECK(tree.node_count() == model.size() + 1);
}

TEST_CASE("a node costs at most 24 bytes, its share of the table included") {
  ContextTree tree;
  for (uint32_t million = 1; million <= 3; ++million) {
    NodeId node = kRootNode;
    for (uint32_t i = 0; i < 300000 * million; ++i) {
      node = i % 7 == 0 ? kRootNode : node;
      node = tree.Child(node, i, i + 1);
    }
    CAPTURE(tree.node_count());
    CHECK(tree.own_bytes() <= size_t{tree.node_count()} * 24);
  }
}

TEST_CASE("lanes are named by their creator and their ordinal there") {
  Lane lane;
  CHECK(lane.name() == "main");
  Lane first = lane.MakeChild();
  Lane second = lane.MakeChild();
  CHECK(first.name() == "main/1");
  CHECK(second.name() == "main/2");
  CHECK(second.MakeChild().name() == "main/2/1");
}

TEST_CASE("ids of a lane start at one") {
  BirthIds ids;
  CHECK(ids.last() == 0);
  CHECK(ids.Next() == 1);
  CHECK(ids.Next() == 2);
  CHECK(ids.last() == 2);
}

}  // namespace
}  // namespace vestige::ledger
