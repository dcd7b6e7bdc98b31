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
// So many are looked through one by one.
constexpr size_t kManyQueued = 16;
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
    FindCycleThrough(start);
    steps_.clear();
    for (size_t i = 0; i < cycle_.size() && i < kMostSteps; ++i) {
      steps_.push_back(StepFrom(cycle_[i], cycle_[(i + 1) % cycle_.size()]));
    }
    shape_ = steps_;
    FoldCycle(shape_);
    const auto [entry, is_new] = shapes_.try_emplace(shape_, findings_.size());
    if (is_new) findings_.push_back({.path = TextOf(shape_.size())});
    CycleFinding& finding = findings_[entry->second];
    finding.count += 1;
    finding.block_count += members.size();
    finding.bytes += bytes;
    if (finding.first_id == 0 || first_id < finding.first_id) finding.first_id = first_id;
  }

  // The shortest cycle from `start` back to it, or some cycle of its component if that is far to seek: cycle_.
  void FindCycleThrough(Vertex start) {
    cycle_.clear();
    queue_.assign(1, {start, 0});
    seen_.clear();
    for (size_t at = 0; at < queue_.size() && queue_.size() < kMostSearched; ++at) {
      bool is_back = false;
      graph_.ForEachEdge(queue_[at].vertex, [&](Vertex to) {
        is_back = to == start;
        if (is_back) return false;
        if (graph_.AreTogether(to, start) && IsNew(to)) queue_.push_back({to, static_cast<uint32_t>(at)});
        return true;
      });
      if (!is_back) continue;
      for (size_t step = at; step != 0; step = queue_[step].before) cycle_.push_back(queue_[step].vertex);
      cycle_.push_back(start);
      std::reverse(cycle_.begin(), cycle_.end());
      return;
    }
    WalkFrom(start);
  }

  // Whether a vertex is not in the queue yet, where it comes next then.
  bool IsNew(Vertex vertex) {
    if (queue_.size() >= kManyQueued) {
      if (seen_.empty()) {
        for (const Queued& queued : queue_) seen_.insert(queued.vertex);
      }
      return seen_.insert(vertex).second;
    }
    return std::none_of(queue_.begin(), queue_.end(), [&](const Queued& queued) { return queued.vertex == vertex; });
  }

  // The first steps of a walk that never leaves the component: it must go round, if only later.
  void WalkFrom(Vertex start) {
    cycle_.assign(1, start);
    while (cycle_.size() < kMostSteps) {
      Vertex next = start;
      graph_.ForEachEdge(cycle_.back(), [&](Vertex to) {
        if (!graph_.AreTogether(to, start)) return true;
        next = to;
        return false;
      });
      if (next == start) break;
      cycle_.push_back(next);
    }
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
  std::string TextOf(size_t count) {
    std::string text;
    size_t told = 0;
    for (size_t i = 0; i < steps_.size() && told < std::min(count, kMostPrinted); ++i) {
      if (i > 0 && steps_[i] == steps_[i - 1]) continue;
      text += NameOf(cycle_[i], cycle_[(i + 1) % cycle_.size()]) + " -> ";
      ++told;
    }
    return text + "...";
  }

  exec::Context& context_;
  const BlockNumbers& numbers_;
  LostReferences references_;
  runtime::Marker walk_;
  Graph graph_;
  // Of one component, kept for the next: there may be millions.
  struct Queued {
    Vertex vertex;
    uint32_t before;
  };
  std::vector<Queued> queue_;
  absl::flat_hash_set<Vertex> seen_;  // empty while the queue is short
  std::vector<Vertex> cycle_;
  std::vector<uint64_t> steps_;
  std::vector<uint64_t> shape_;
  absl::flat_hash_map<std::vector<uint64_t>, size_t> shapes_;
  std::vector<CycleFinding> findings_;
};

// Of the shortest row whose repetition is `steps`, its length.
size_t PeriodOf(const std::vector<uint64_t>& steps) {
  // The longest proper prefix that is a suffix, of every prefix: what is left of the whole is its period.
  std::vector<size_t> borders(steps.size(), 0);
  for (size_t i = 1; i < steps.size(); ++i) {
    size_t border = borders[i - 1];
    while (border > 0 && steps[i] != steps[border]) border = borders[border - 1];
    borders[i] = steps[i] == steps[border] ? border + 1 : 0;
  }
  const size_t period = steps.size() - borders.back();
  // Of a long cycle these are the first steps only, perhaps some more than whole periods.
  return steps.size() % period != 0 && period * 2 > steps.size() ? steps.size() : period;
}

}  // namespace

void FoldCycle(std::vector<uint64_t>& steps) {
  if (steps.size() > 2) steps.resize(PeriodOf(steps));
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  while (steps.size() > 1 && steps.front() == steps.back()) steps.pop_back();
  // Where a cycle begins is chance: it is turned to its smallest form.
  if (steps.size() == 2) {
    if (steps[1] < steps[0]) std::swap(steps[0], steps[1]);
    return;
  }
  if (steps.size() > 64) return;
  std::vector<uint64_t> turned = steps;
  for (size_t i = 1; i < turned.size(); ++i) {
    std::rotate(turned.begin(), turned.begin() + 1, turned.end());
    steps = std::min(steps, turned);
  }
}

std::vector<CycleFinding> CyclesOfLost(exec::Context& context) {
  const BlockNumbers numbers(context.heap());
  if (numbers.count() == 0 || numbers.count() >= Graph::kMaxVertices) return {};
  return CycleSearch(context, numbers).Run();
}

}  // namespace vestige::engine
