#include "engine/host_sink.h"

#include <string_view>
#include <utility>

#include "base/shared_sink.h"

namespace vestige::engine {

namespace {

// A host's function as a sink.
class FunctionSink : public base::TextSink {
 public:
  explicit FunctionSink(TextFunction function) : function_(std::move(function)) {}
  void Write(std::string_view text) override {
    if (!text.empty()) function_(text);
  }

 private:
  TextFunction function_;
};

}  // namespace

std::unique_ptr<base::TextSink> SinkFor(const TextFunction& function) {
  return function ? std::make_unique<FunctionSink>(function) : nullptr;
}

std::unique_ptr<base::TextSink> SharedSinkFor(const TextFunction& function, int fd) {
  std::unique_ptr<base::TextSink> sink = SinkFor(function);
  if (sink == nullptr) sink = std::make_unique<base::FdSink>(fd);
  return std::make_unique<base::SharedSink>(std::move(sink));
}

}  // namespace vestige::engine
