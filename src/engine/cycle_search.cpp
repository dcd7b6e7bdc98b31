#include "engine/cycle_search.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

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

// References between objects of a graph, told as vertices.
struct References final : runtime::ReferenceObserver {
  explicit References(const ObjectGraph& object_graph) : objects(object_graph) {}

  void DidMeet(const void* object, runtime::Way way) override {
    const Vertex to = objects.Find(object);
    if (to == ObjectGraph::kNone) return;
    if (graph != nullptr) {
      graph->AddEdge(from, to);
    } else if (to == wanted && !is_found) {
      is_found = true;
      found = way;
    }
  }
  bool OwnsBuffer(const void* buffer) const override { return objects.OwnsBuffer(buffer); }
  void Seek(Vertex vertex) {
    wanted = vertex;
    is_found = false;
    found = 0;
  }

  const ObjectGraph& objects;
  // Set while edges are collected.
  Graph* graph = nullptr;
  Vertex from = 0;
  // Otherwise: the first way that leads to this vertex.
  Vertex wanted = 0;
  bool is_found = false;
  runtime::Way found = 0;
};

class CycleSearch {
 public:
  CycleSearch(runtime::ScriptContext& context, const ObjectGraph& objects)
      : context_(context),
        objects_(objects),
        references_(objects),
        walk_(context, references_, nullptr),
        graph_(objects.count()) {}

  std::vector<CycleFinding> Run() {
    references_.graph = &graph_;
    objects_.VisitAll(walk_, [this](Vertex vertex) { references_.from = vertex; });
    references_.graph = nullptr;
    graph_.ForEachCycle([this](const std::vector<Vertex>& members) { Add(members); });
    std::sort(findings_.begin(), findings_.end(), [](const CycleFinding& a, const CycleFinding& b) {
      return std::tie(b.bytes, a.first_id, a.path) < std::tie(a.bytes, b.first_id, b.path);
    });
    return std::move(findings_);
  }

 private:
  // One component: its shape, and the figures of the shape.
  void Add(const std::vector<Vertex>& members) {
    // Told from the object that was made first.
    Vertex start = ObjectGraph::kNone;
    uint64_t first_id = 0;
    uint64_t bytes = 0;
    uint64_t count = 0;
    for (Vertex member : members) {
      const ObjectGraph::Member object = objects_.At(member);
      if (!object.is_told) continue;
      bytes += object.bytes;
      count += 1;
      if (start != ObjectGraph::kNone && object.id >= first_id) continue;
      first_id = object.id;
      start = member;
    }
    if (start == ObjectGraph::kNone) return;
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
    finding.block_count += count;
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

  // What the object is and the way on: equal numbers, equal names.
  uint64_t StepFrom(Vertex from, Vertex to) {
    references_.Seek(to);
    objects_.VisitReferences(from, walk_);
    // Of lambdas and generators, which have one type number for all, the ways alone tell.
    return references_.found + objects_.At(from).type * 0x9E3779B97F4A7C15;
  }

  std::string NameOf(Vertex from, Vertex to) {
    runtime::Marker::WayNames names;
    runtime::Marker walk(context_, references_, &names);
    references_.Seek(to);
    objects_.VisitReferences(from, walk);
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

  runtime::ScriptContext& context_;
  const ObjectGraph& objects_;
  References references_;
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

std::vector<CycleFinding> FindCycles(runtime::ScriptContext& context, const ObjectGraph& objects) {
  if (objects.count() == 0 || objects.count() >= Graph::kMaxVertices) return {};
  return CycleSearch(context, objects).Run();
}

}  // namespace vestige::engine
