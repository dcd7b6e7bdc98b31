// Where syntax nodes live, and who tells that they were left behind.
//
//   Registry   all nodes of one run: their memory, and what is known of every address it ever handed out
//   Lane       one context's share: its ids, its thread root, and the root that new nodes go to
//   Root       a list of nodes; a node is on exactly one
//
// Memory of a node that is gone stays mapped, as zeros, so a stale pointer reads nulls; natives ask Find, which knows
// that the node is gone. Poison mode never uses such memory again, so that the answer is right for ever. Floor 2.

#ifndef VESTIGE_AST_LANE_H_
#define VESTIGE_AST_LANE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "ast/node.h"
#include "base/lock.h"
#include "ledger/lane.h"
#include "ledger/watch.h"
#include "vestige/findings.h"

namespace vestige::ast {

class Lane;
class Quotes;
class Registry;
class Root;

// Upper half of NodeHeader::magic; the lower one is the family, counted from 1.
inline constexpr uint32_t kAliveMagic = 0x1ee70000;
inline constexpr uint32_t kSweptMagic = 0x5ee90000;

// Where and how a node was made. `stack` is a node of the context tree of whoever made it.
struct Birth {
  const FileInfo* file = nullptr;
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t stack = 0;
};

// In front of every node.
struct NodeHeader {
  uint32_t magic;
  NodeKind kind;
  bool told;  // a report has named it
  ledger::BirthId id;
  Birth birth;
  Lane* lane;
  Root* root;
  NodeHeader* previous;
  NodeHeader* next;

  bool is_alive() const { return (magic & 0xffff0000u) == kAliveMagic; }
  void* node() { return this + 1; }
  static NodeHeader* Of(void* node) { return static_cast<NodeHeader*>(node) - 1; }
};
static_assert(sizeof(NodeHeader) % 8 == 0);

// Owns nothing: who makes a root empties it (OwnRoot does).
class Root {
 public:
  Root() = default;
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  void Link(NodeHeader* node);
  void Unlink(NodeHeader* node);
  NodeHeader* first() const { return first_; }
  uint64_t count() const { return count_; }

 private:
  NodeHeader* first_ = nullptr;
  NodeHeader* last_ = nullptr;
  uint64_t count_ = 0;
};

// Thread-safe, except Lanes, which is for when no script runs.
class Registry {
 public:
  // `max_bytes`: what live nodes may take before it is full; 0: no limit.
  explicit Registry(bool poison = false, uint64_t max_bytes = 0) : poison_(poison), max_bytes_(max_bytes) {}
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // A lane, owned; it keeps its name's ids however many lanes there are.
  Lane* MakeLane(std::string name);
  // Owns a lane of this registry from now on.
  void Keep(std::unique_ptr<Lane> lane);
  // Ends a lane that it owns and whose nodes are all gone.
  void Drop(Lane& lane);
  // What was ever made at this very address; null when nothing was.
  NodeHeader* Find(const void* node) const;
  // Bytes of live nodes, without texts and lists. Under poison, of all nodes ever made.
  uint64_t bytes() const;
  // Whether scripts may make no more; nothing here refuses.
  bool is_full() const { return max_bytes_ != 0 && bytes() > max_bytes_; }
  // One object for each name.
  const FileInfo* File(std::string_view name);
  // Tells a watch of births and deaths from now on; not owned.
  void set_watch(ledger::Watch* watch) { watch_ = watch; }
  ledger::Watch* watch() const { return watch_; }
  const std::deque<std::unique_ptr<Lane>>& lanes() const { return lanes_; }
  // Nodes alive on thread roots of all lanes.
  uint64_t live_count() const;
  // For births in a program that may be gone when they are told: what the result stands for as Birth::stack.
  uint32_t KeepStack(std::vector<StackFrame> frames);
  // Null when `stack` is a node of some context tree.
  const std::vector<StackFrame>* KeptStack(uint32_t stack) const;

 private:
  friend class Lane;
  // The upper half of all numbers; no context tree has so many nodes.
  static constexpr uint32_t kKept = 0x80000000;
  NodeHeader* Take(NodeKind kind);
  void GiveBack(NodeHeader* header);

  const bool poison_;
  const uint64_t max_bytes_;
  ledger::Watch* watch_ = nullptr;
  // Added to under the lock, read when no script runs.
  std::deque<std::unique_ptr<Lane>> lanes_;
  mutable base::Mutex mutex_;
  absl::flat_hash_map<const void*, NodeHeader*> known_ ABSL_GUARDED_BY(mutex_);
  // The first of each kind, linked by `next`: giving a node back needs no memory.
  std::vector<NodeHeader*> free_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<char[]>> memory_ ABSL_GUARDED_BY(mutex_);
  uint64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<std::vector<StackFrame>> stacks_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::unique_ptr<FileInfo>> files_ ABSL_GUARDED_BY(mutex_);
};

// Used by one thread at a time.
class Lane {
 public:
  Lane(Registry& registry, std::string name) : registry_(registry), name_(std::move(name)) {}
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  Registry& registry() { return registry_; }
  const std::string& name() const { return name_; }
  // Who knows where the script is; asked for each birth. Unset: nodes are born nowhere.
  void set_place(std::function<Birth()> place) { place_ = std::move(place); }

  // Where the script is now.
  Birth BirthHere() const { return place_ ? place_() : Birth(); }
  // The program's own trees; not owned. Null: it has none.
  void set_quotes(Quotes* quotes) { quotes_ = quotes; }
  Quotes* quotes() const { return quotes_; }
  // Who owns what nodes of this lane may refer to, kept as long as the lane.
  void set_program(std::shared_ptr<const void> program) { program_ = std::move(program); }

  // A node of zeros on the active root; its kind's name is in place. `birth`: instead of asking.
  void* Make(NodeKind kind, const Birth* birth = nullptr);
  template <typename T>
  T* Make(const Birth* birth = nullptr) {
    return static_cast<T*>(Make(KindOfNode<T>::kValue, birth));
  }
  // Frees a live node of this lane, not what it refers to.
  void Delete(NodeHeader* header);
  // Deletes whatever is on `root`.
  void Sweep(Root& root);

  Root& thread_root() { return thread_root_; }
  const Root& thread_root() const { return thread_root_; }
  Root& active() { return *active_; }
  void set_active(Root* root) { active_ = root; }
  // Births so far.
  ledger::BirthId total() const { return ids_.last(); }

 private:
  Registry& registry_;
  std::string name_;
  Root thread_root_;
  Root* active_ = &thread_root_;
  ledger::BirthIds ids_;
  std::function<Birth()> place_;
  Quotes* quotes_ = nullptr;
  std::shared_ptr<const void> program_;
};

// New nodes go to a root of their own; those still on it at the end are swept.
class GuardScope {
 public:
  explicit GuardScope(Lane& lane) : lane_(lane), outer_(&lane.active()) { lane.set_active(&root_); }
  ~GuardScope() {
    lane_.set_active(outer_);
    lane_.Sweep(root_);
  }
  GuardScope(const GuardScope&) = delete;
  GuardScope& operator=(const GuardScope&) = delete;

  Root& root() { return root_; }
  Root& outer() { return *outer_; }

 private:
  Lane& lane_;
  Root* outer_;
  Root root_;
};

// Moves those of `nodes` that are on `from` to `to`; the others stay where they are.
void Claim(const std::vector<NodeHeader*>& nodes, Root& from, Root& to);

// A root that lives as long as this: a module's, which claims what the module reaches while the rest is swept.
class OwnRoot {
 public:
  explicit OwnRoot(Lane& lane) : lane_(lane) {}
  ~OwnRoot() { lane_.Sweep(root_); }
  OwnRoot(const OwnRoot&) = delete;
  OwnRoot& operator=(const OwnRoot&) = delete;

  Root& root() { return root_; }

 private:
  Lane& lane_;
  Root root_;
};

// A node on no root: its holder's alone, deleted with it and never told. `node` is a live node of `lane` or null.
template <typename T>
class LocalNode {
 public:
  LocalNode(Lane& lane, T* node) : lane_(&lane), node_(node) {
    if (node_ != nullptr) NodeHeader::Of(node_)->root->Unlink(NodeHeader::Of(node_));
  }
  LocalNode(LocalNode&& other) noexcept : lane_(other.lane_), node_(std::exchange(other.node_, nullptr)) {}
  ~LocalNode() {
    if (node_ != nullptr) lane_->Delete(NodeHeader::Of(node_));
  }
  LocalNode(const LocalNode&) = delete;
  LocalNode& operator=(const LocalNode&) = delete;

  T* get() const { return node_; }
  T* operator->() const { return node_; }

 private:
  Lane* lane_;
  T* node_;
};

// New nodes go to `root` until the end.
class ActiveScope {
 public:
  ActiveScope(Lane& lane, Root& root) : lane_(lane), outer_(&lane.active()) { lane.set_active(&root); }
  ~ActiveScope() { lane_.set_active(outer_); }
  ActiveScope(const ActiveScope&) = delete;
  ActiveScope& operator=(const ActiveScope&) = delete;

 private:
  Lane& lane_;
  Root* outer_;
};

}  // namespace vestige::ast

#endif  // VESTIGE_AST_LANE_H_
