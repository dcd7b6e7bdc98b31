// Profiles of a whole engine: what its contexts allocated and did, as files of DHAT. Floor 6.

#ifndef VESTIGE_ENGINE_PROFILES_H_
#define VESTIGE_ENGINE_PROFILES_H_

#include <cstdint>

#include "audit/dhat_profile.h"
#include "engine/compiler.h"
#include "exec/context.h"
#include "vestige/options.h"

namespace vestige::engine {

// Add is thread-safe: contexts close on the threads that they ran on.
class Profiles {
 public:
  // `options` outlives this.
  explicit Profiles(const EngineOptions& options)
      : options_(options), heap_(audit::DhatKind::kHeap), events_(audit::DhatKind::kEvents) {}

  // What `context`, which runs `program` and is about to close, did so far; nothing when it made no profile.
  void Add(const Compiled& program, exec::Context& context);
  // An event that a host tells while no script runs.
  void AddHostEvent(uint64_t weight);
  // Writes the files that the options ask for.
  void Write() const;

 private:
  const EngineOptions& options_;
  audit::DhatProfile heap_;
  audit::DhatProfile events_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_PROFILES_H_
