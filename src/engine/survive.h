// The border at which the system's refusals become messages: outside of scripts, where no panic can be begun. Floor 6.

#ifndef VESTIGE_ENGINE_SURVIVE_H_
#define VESTIGE_ENGINE_SURVIVE_H_

#include <string_view>

#include "absl/functional/function_ref.h"
#include "base/text_sink.h"

namespace vestige::engine {

// Takes `step`. When the system has no memory for it, says on `out` that there was none to do `what`, without needing
// any, and returns false; what the step had made is gone.
bool Survives(std::string_view what, base::TextSink& out, absl::FunctionRef<void()> step);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_SURVIVE_H_
