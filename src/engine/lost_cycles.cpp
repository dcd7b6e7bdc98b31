#include "engine/lost_cycles.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "engine/block_numbers.h"
#include "engine/strong_components.h"
#include "runtime/mark.h"

namespace vestige::engine {

namespace {

using Vertex = Graph::Vertex;

// Vertices that the search for a component's shortest cycle looks at, at most; then any cycle will do.
constexpr size_t kMostSearched = 1 << 20;
// Steps of a cycle that are looked at to name its shape, and those that are printed.
constexpr size_t kMostSteps = 4096;
constexpr size_t kMostPrinted = 12;

// References of lost blocks to lost blocks, told as vertices.
struct LostReferences final : runtime::ReferenceObserver {
  explicit LostReferences(const BlockNumbers& block_numbers) : numbers(block_numbers) {}

  void DidMeet(const void* block, runtime::Way way) override {
    const uint32_t to = numbers.OfUnmarked(block);
    if (to == BlockNumbers::kNone) return;
    if (graph != nullptr) {
      graph->AddEdge(from, to);
    } else if (to == wanted && found == 0) {
      found = way;
    }
  }

  const BlockNumbers& numbers;
  // Set while edges are collected.
  Graph* graph = nullptr;
  Vertex from = 0;
  // Otherwise: the first way that leads to this vertex.
  Vertex wanted = 0;
  runtime::Way found = 0;
};

class CycleSearch {
 public:
  CycleSearch(exec::Context& context, const BlockNumbers& numbers)
      : context_(context),
        numbers_(numbers),
        references_(numbers),
        walk_(context, references_, nullptr),
        graph_(numbers.count()) {}

  std::vector<CycleFinding> Run() {
    references_.graph = &graph_;
    context_.heap().ForEachLive([this](const memory::LiveBlock& block) {
      if (block.marked || !MayRefer(block)) return;
      references_.from = numbers_.OfUnmarked(block.pointer);
      walk_.VisitReferences(block.pointer);
    });
    references_.graph = nullptr;
    graph_.ForEachCycle([this](const std::vector<Vertex>& members) { Add(members); });
    std::sort(findings_.begin(), findings_.end(), [](const CycleFinding& a, const CycleFinding& b) {
      return std::tie(b.bytes, a.first_id, a.path) < std::tie(a.bytes, b.first_id, b.path);
    });
    return std::move(findings_);
  }

 private:
  // Whether it is worth looking into; most leaked objects refer to nothing.
  bool MayRefer(const memory::LiveBlock& block) const {
    const types::TypeTable* types = context_.options().types;
    if (types == nullptr || block.type == 0 || block.type >= types->type_count()) return true;
    return types->ById(block.type)->traits().holds_heap;
  }

  // One component: its shape, and the figures of the shape.
  void Add(const std::vector<Vertex>& members) {
    // Told from the object that was made first.
    Vertex start = members.front();
    uint64_t first_id = ~uint64_t{0};
    uint64_t bytes = 0;
    for (Vertex member : members) {
      const memory::LiveBlock block = numbers_.BlockAt(member);
      bytes += block.requested;
      if (block.id >= first_id) continue;
      first_id = block.id;
      start = member;
    }
    const std::vector<Vertex> cycle = CycleThrough(start);
    std::vector<uint64_t> steps;
    for (size_t i = 0; i < cycle.size() && i < kMostSteps; ++i) {
      steps.push_back(StepFrom(cycle[i], cycle[(i + 1) % cycle.size()]));
    }
    const std::vector<uint64_t> shape = FoldCycle(steps);
    const auto [entry, is_new] = shapes_.try_emplace(shape, findings_.size());
    if (is_new) findings_.push_back({.path = TextOf(cycle, steps, shape.size())});
    CycleFinding& finding = findings_[entry->second];
    finding.count += 1;
    finding.block_count += members.size();
    finding.bytes += bytes;
    if (finding.first_id == 0 || first_id < finding.first_id) finding.first_id = first_id;
  }

  // The shortest cycle from `start` back to it, or some cycle of its component if that is far to seek.
  std::vector<Vertex> CycleThrough(Vertex start) {
    struct Seen {
      Vertex vertex;
      uint32_t before;
    };
    std::vector<Seen> queue = {{start, 0}};
    absl::flat_hash_set<Vertex> seen = {start};
    for (size_t at = 0; at < queue.size() && queue.size() < kMostSearched; ++at) {
      bool is_back = false;
      graph_.ForEachEdge(queue[at].vertex, [&](Vertex to) {
        is_back = to == start;
        if (is_back) return false;
        if (graph_.AreTogether(to, start) && seen.insert(to).second) {
          queue.push_back({to, static_cast<uint32_t>(at)});
        }
        return true;
      });
      if (!is_back) continue;
      std::vector<Vertex> cycle;
      for (size_t step = at; step != 0; step = queue[step].before) cycle.push_back(queue[step].vertex);
      cycle.push_back(start);
      std::reverse(cycle.begin(), cycle.end());
      return cycle;
    }
    return AnyCycleFrom(start);
  }

  // The first steps of a walk that never leaves the component: it must go round, if only later.
  std::vector<Vertex> AnyCycleFrom(Vertex start) {
    std::vector<Vertex> walk = {start};
    while (walk.size() < kMostSteps) {
      Vertex next = start;
      graph_.ForEachEdge(walk.back(), [&](Vertex to) {
        if (!graph_.AreTogether(to, start)) return true;
        next = to;
        return false;
      });
      if (next == start) break;
      walk.push_back(next);
    }
    return walk;
  }

  // The type of the block and the way on: equal numbers, equal names.
  uint64_t StepFrom(Vertex from, Vertex to) {
    const memory::LiveBlock block = numbers_.BlockAt(from);
    references_.wanted = to;
    references_.found = 0;
    walk_.VisitReferences(block.pointer);
    // Of lambdas and generators, which have one type number for all, the ways alone tell.
    return references_.found + uint64_t{block.type} * 0x9E3779B97F4A7C15;
  }

  std::string NameOf(Vertex from, Vertex to) {
    runtime::Marker::WayNames names;
    runtime::Marker walk(context_, references_, &names);
    references_.wanted = to;
    references_.found = 0;
    walk.VisitReferences(numbers_.BlockAt(from).pointer);
    return names[references_.found];
  }

  // The first `count` steps of which none equals the one before it.
  std::string TextOf(const std::vector<Vertex>& cycle, const std::vector<uint64_t>& steps, size_t count) {
    std::string text;
    size_t told = 0;
    for (size_t i = 0; i < steps.size() && told < std::min(count, kMostPrinted); ++i) {
      if (i > 0 && steps[i] == steps[i - 1]) continue;
      text += NameOf(cycle[i], cycle[(i + 1) % cycle.size()]) + " -> ";
      ++told;
    }
    return text + "...";
  }

  exec::Context& context_;
  const BlockNumbers& numbers_;
  LostReferences references_;
  runtime::Marker walk_;
  Graph graph_;
  absl::flat_hash_map<std::vector<uint64_t>, size_t> shapes_;
  std::vector<CycleFinding> findings_;
};

}  // namespace

std::vector<uint64_t> FoldCycle(const std::vector<uint64_t>& steps) {
  // The longest proper prefix that is a suffix, of every prefix: what is left of the whole is its period.
  std::vector<size_t> borders(steps.size(), 0);
  for (size_t i = 1; i < steps.size(); ++i) {
    size_t border = borders[i - 1];
    while (border > 0 && steps[i] != steps[border]) border = borders[border - 1];
    borders[i] = steps[i] == steps[border] ? border + 1 : 0;
  }
  size_t period = steps.empty() ? 0 : steps.size() - borders.back();
  // Of a long cycle these are the first steps only, perhaps some more than whole periods.
  if (steps.size() % std::max<size_t>(period, 1) != 0 && period * 2 > steps.size()) period = steps.size();
  std::vector<uint64_t> folded;
  for (size_t i = 0; i < period; ++i) {
    if (folded.empty() || folded.back() != steps[i]) folded.push_back(steps[i]);
  }
  while (folded.size() > 1 && folded.front() == folded.back()) folded.pop_back();
  // Where a cycle begins is chance: it is turned to its smallest form.
  std::vector<uint64_t> least = folded;
  for (size_t i = 1; i < folded.size() && folded.size() <= 64; ++i) {
    std::rotate(folded.begin(), folded.begin() + 1, folded.end());
    least = std::min(least, folded);
  }
  return least;
}

std::vector<CycleFinding> CyclesOfLost(exec::Context& context) {
  const BlockNumbers numbers(context.heap());
  if (numbers.count() == 0 || numbers.count() >= Graph::kMaxVertices) return {};
  return CycleSearch(context, numbers).Run();
}

}  // namespace vestige::engine
