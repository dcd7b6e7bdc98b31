#include "engine/survive.h"

#include <new>

namespace vestige::engine {

bool Survives(std::string_view what, base::TextSink& out, absl::FunctionRef<void()> step) {
  // As in exec::Context::RunWords: a container can tell of a refusal in no other way.
  try {
    step();
    return true;
  } catch (const std::bad_alloc&) {
    out.Write("error: the system has no memory to ");
    out.Write(what);
    out.Write("\n");
    out.Flush();
    return false;
  }
}

}  // namespace vestige::engine
