#include "engine/strong_components.h"

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "doctest/doctest.h"
#include "engine/cycle_search.h"

namespace vestige::engine {

namespace {

using Edges = std::vector<std::vector<uint32_t>>;
using Components = std::set<std::vector<uint32_t>>;

// Which vertices reach each other, by trying every pair.
Components ByBruteForce(const Edges& edges) {
  const size_t count = edges.size();
  std::vector<std::vector<bool>> reaches(count, std::vector<bool>(count, false));
  for (size_t from = 0; from < count; ++from) {
    for (uint32_t to : edges[from]) reaches[from][to] = true;
  }
  for (size_t by = 0; by < count; ++by) {
    for (size_t from = 0; from < count; ++from) {
      for (size_t to = 0; to < count; ++to) {
        if (reaches[from][by] && reaches[by][to]) reaches[from][to] = true;
      }
    }
  }
  Components components;
  for (uint32_t v = 0; v < count; ++v) {
    if (!reaches[v][v]) continue;
    std::vector<uint32_t> members;
    for (uint32_t w = 0; w < count; ++w) {
      if (reaches[v][w] && reaches[w][v]) members.push_back(w);
    }
    components.insert(members);
  }
  return components;
}

Graph Made(const Edges& edges) {
  Graph graph(static_cast<uint32_t>(edges.size()));
  for (uint32_t from = 0; from < edges.size(); ++from) {
    for (uint32_t to : edges[from]) graph.AddEdge(from, to);
  }
  return graph;
}

}  // namespace

TEST_CASE("components are those of trying every pair") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    Edges edges(1 + random() % 14);
    const uint32_t edge_count = random() % (2 * static_cast<uint32_t>(edges.size()) + 1);
    for (uint32_t i = 0; i < edge_count; ++i) {
      edges[random() % edges.size()].push_back(random() % static_cast<uint32_t>(edges.size()));
    }
    Graph graph = Made(edges);
    Components found;
    graph.ForEachCycle([&](const std::vector<Graph::Vertex>& members) {
      std::vector<uint32_t> sorted(members.begin(), members.end());
      std::sort(sorted.begin(), sorted.end());
      for (uint32_t member : sorted) {
        CHECK(graph.AreTogether(member, sorted.front()));
        std::vector<uint32_t> targets;
        graph.ForEachEdge(member, [&](uint32_t to) {
          targets.push_back(to);
          return true;
        });
        CHECK(targets == edges[member]);
      }
      CHECK(found.insert(sorted).second);
    });
    CHECK(found == ByBruteForce(edges));
  }
}

TEST_CASE("a ring of a million vertices is one component, however deep the search gets") {
  constexpr uint32_t kCount = 1000000;
  Graph graph(kCount);
  for (uint32_t v = 0; v < kCount; ++v) graph.AddEdge(v, (v + 1) % kCount);
  size_t components = 0;
  size_t members_seen = 0;
  graph.ForEachCycle([&](const std::vector<Graph::Vertex>& members) {
    ++components;
    members_seen += members.size();
  });
  CHECK(components == 1);
  CHECK(members_seen == kCount);
}

std::vector<uint64_t> Folded(std::vector<uint64_t> steps) {
  FoldCycle(steps);
  return steps;
}

TEST_CASE("a cycle has one shape, wherever it begins and however often it goes round") {
  using Steps = std::vector<uint64_t>;
  CHECK(Folded({5}) == Steps{5});
  CHECK(Folded({5, 5}) == Steps{5});
  CHECK(Folded({5, 5, 5}) == Steps{5});
  CHECK(Folded({2, 1}) == Steps{1, 2});
  CHECK(Folded({1, 2, 1, 2}) == Steps{1, 2});
  CHECK(Folded({3, 1, 2}) == Folded({2, 3, 1}));
  CHECK(Folded({1, 1, 2}) == Steps{1, 2});
  CHECK(Folded({1, 2, 1}) == Steps{1, 2});
  CHECK(Folded({1, 2, 3}) != Folded({1, 3, 2}));
}

}  // namespace vestige::engine
