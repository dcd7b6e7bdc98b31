// Where a host wants text: its function, or a file descriptor. Floor 6.

#ifndef VESTIGE_ENGINE_HOST_SINK_H_
#define VESTIGE_ENGINE_HOST_SINK_H_

#include <memory>

#include "base/text_sink.h"
#include "vestige/options.h"

namespace vestige::engine {

// What the function takes; null when it is empty.
std::unique_ptr<base::TextSink> SinkFor(const TextFunction& function);

// The same, or else the file descriptor. Jobs and threads may write too.
std::unique_ptr<base::TextSink> SharedSinkFor(const TextFunction& function, int fd);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_HOST_SINK_H_
