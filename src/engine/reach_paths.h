// How blocks were reached, folded: the paths of a marking as a tree. Floor 6.

#ifndef VESTIGE_ENGINE_REACH_PATHS_H_
#define VESTIGE_ENGINE_REACH_PATHS_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "exec/context.h"
#include "runtime/mark.h"

namespace vestige::engine {

// A path leads from a global over fields to an object. A step that a path has already made, from and to objects of the
// same types, leads back to where it was made first: the second node of a list and the millionth have one path. Paths
// are dense numbers from 1; there are as many as ways through the types at most, and never more than kMaxPaths: what
// would be beyond has the path of the object that leads there.
class ReachPaths {
 public:
  static constexpr uint32_t kNone = 0;

  // Keeps references.
  explicit ReachPaths(exec::Context& context) : context_(context), nodes_(1) {}

  // The path to global number `global` itself.
  uint32_t OfGlobal(uint32_t global);
  // The path from the object with path `owner` along `way` to `block`, whose type number is `type`.
  uint32_t Child(uint32_t owner, runtime::Way way, const void* block, uint32_t type);
  // Number of the global that a path begins at.
  uint32_t GlobalOf(uint32_t path) const { return nodes_[path].global; }
  // "cache", "cache.items[]", "cache.items[] -> Item.next". Walks the objects along the path, which have to be alive.
  const std::string& TextOf(uint32_t path);

 private:
  static constexpr uint32_t kMaxPaths = 1 << 20;

  struct Node {
    uint32_t parent = kNone;
    uint32_t global = 0;
    runtime::Way way = 0;
    uint32_t type = 0;
    // The first object with this path; null for a global.
    const void* block = nullptr;
  };

  // What the step from `owner` along `way` is called.
  std::string StepText(uint32_t owner, runtime::Way way);

  exec::Context& context_;
  std::vector<Node> nodes_;
  absl::flat_hash_map<std::tuple<uint32_t, runtime::Way, uint32_t>, uint32_t> children_;
  absl::flat_hash_map<uint32_t, std::string> texts_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_REACH_PATHS_H_
