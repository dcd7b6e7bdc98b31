// Lost or still reachable: what the extended report says of every survivor. Floor 6.

#ifndef VESTIGE_ENGINE_REACH_H_
#define VESTIGE_ENGINE_REACH_H_

#include <vector>

#include "engine/heap_findings.h"
#include "exec/context.h"

namespace vestige::engine {

// Survivors of both heaps of a context, grouped by stack, size and reach: "reachable from <path>" for the first global,
// in order of declaration, that leads to the block, else "lost". The path, global and fields, is that of the group's
// first block. Marks precisely, by types, each block once.
// When the system has no memory for the marks, the groups say nothing about reach.
struct ReachFindings {
  Survivors blocks;
  Survivors strings;
  // Among lost blocks.
  std::vector<CycleFinding> cycles;
  // Only when asked for: the survivors one by one, with their reach. The context must live on.
  audit::EachSurvivor each_block;
  audit::EachSurvivor each_string;
};
// `each`: to be told one by one as well, which costs 16 bytes for each block that is reachable.
ReachFindings SurvivorsWithReach(exec::Context& context, bool each);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_REACH_H_
