#include "ast/lane.h"

#include <thread>

#include "ast/findings.h"
#include "ast/walk.h"
#include "doctest/doctest.h"

namespace vestige::ast {
namespace {

TEST_CASE("Ids count per lane, whatever other lanes do") {
  Registry registry;
  Lane* main = registry.MakeLane("main");
  Lane* other = registry.MakeLane("main/1");
  main->Make<TypeDecl>();
  other->Make<TypeDecl>();
  CHECK(NodeHeader::Of(main->Make<ExprVar>())->id == 2);
  CHECK(NodeHeader::Of(other->Make<ExprVar>())->id == 2);
  CHECK(registry.live_count() == 4);
}

TEST_CASE("A guard sweeps what is still on its root, and nothing else") {
  Registry registry;
  Lane* lane = registry.MakeLane("main");
  TypeDecl* before = lane->Make<TypeDecl>();
  {
    GuardScope guard(*lane);
    lane->Make<TypeDecl>();
    TypeDecl* kept = lane->Make<TypeDecl>();
    guard.root().Unlink(NodeHeader::Of(kept));
    guard.outer().Link(NodeHeader::Of(kept));
  }
  CHECK(lane->thread_root().count() == 2);
  CHECK(lane->thread_root().first() == NodeHeader::Of(before));
}

TEST_CASE("A module's root takes what it reaches; the rest is swept") {
  Registry registry;
  Lane* lane = registry.MakeLane("main");
  OwnRoot module(*lane);
  {
    GuardScope compiling(*lane);
    auto* function = lane->Make<Function>();
    function->body = reinterpret_cast<Expression*>(lane->Make<ExprVar>());
    lane->Make<ExprVar>();
    std::vector<NodeHeader*> reached;
    std::string problem;
    REQUIRE(Collect(registry, function, &reached, &problem));
    Claim(reached, compiling.root(), module.root());
    CHECK(compiling.root().count() == 1);
  }
  CHECK(module.root().count() == 2);
  CHECK(lane->thread_root().count() == 0);
}

TEST_CASE("An active scope lends a root") {
  Registry registry;
  Lane* lane = registry.MakeLane("main");
  OwnRoot module(*lane);
  {
    ActiveScope scope(*lane, module.root());
    lane->Make<TypeDecl>();
  }
  lane->Make<TypeDecl>();
  CHECK(module.root().count() == 1);
  CHECK(lane->thread_root().count() == 1);
}

TEST_CASE("A local node is its holder's alone") {
  Registry registry(true);
  Lane* lane = registry.MakeLane("main");
  void* address = nullptr;
  {
    LocalNode<TypeDecl> local(*lane, lane->Make<TypeDecl>());
    const LocalNode<TypeDecl> moved = std::move(local);
    address = moved.get();
    CHECK(registry.live_count() == 0);
    CHECK(TakeUntold(registry).empty());
    CHECK(registry.Find(address)->is_alive());
  }
  CHECK_FALSE(registry.Find(address)->is_alive());
}

TEST_CASE("A deleted node reads as zeros and is known to be gone") {
  Registry registry(true);
  Lane* lane = registry.MakeLane("main");
  auto* node = lane->Make<ExprVar>();
  node->name.Assign("x");
  lane->Delete(NodeHeader::Of(node));
  CHECK(node->name.view().empty());
  std::string problem;
  CHECK(Check(registry, node, &problem) == nullptr);
  CHECK(problem == "gc_node id=1 (Expression) is deleted already");
  for (int i = 0; i < 100; ++i) CHECK(lane->Make<ExprVar>() != node);
}

TEST_CASE("Without poison, memory is used again") {
  Registry registry;
  Lane* lane = registry.MakeLane("main");
  auto* node = lane->Make<ExprVar>();
  lane->Delete(NodeHeader::Of(node));
  CHECK(lane->Make<ExprVar>() == node);
}

TEST_CASE("A node is told once") {
  Registry registry;
  Lane* lane = registry.MakeLane("main");
  lane->Make<TypeDecl>();
  REQUIRE(TakeUntold(registry).size() == 1);
  CHECK(TakeUntold(registry).empty());
  lane->Make<Function>();
  const std::vector<SyntaxNodes> found = TakeUntold(registry);
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].nodes.size() == 1);
  CHECK(found[0].nodes[0].family == "Function");
  CHECK(found[0].nodes[0].magic == 0x1ee70005);
}

TEST_CASE("Lanes of many threads share a registry") {
  Registry registry;
  std::vector<Lane*> lanes;
  for (int i = 0; i < 4; ++i) lanes.push_back(registry.MakeLane("main/" + std::to_string(i)));
  std::vector<std::thread> threads;
  for (Lane* lane : lanes) {
    threads.emplace_back([lane] {
      for (int i = 0; i < 1000; ++i) {
        auto* node = lane->Make<ExprConstInt>();
        if (i % 2 == 0) lane->Delete(NodeHeader::Of(node));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(registry.live_count() == 2000);
  for (const Lane* lane : lanes) CHECK(lane->total() == 1000);
}

}  // namespace
}  // namespace vestige::ast
