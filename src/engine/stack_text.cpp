#include "engine/stack_text.h"

#include "audit/leak_report.h"
#include "fmt/format.h"

namespace vestige::engine {

namespace {

// The frames that one site stands for: the native it calls (which may call back into the script, as sort does), the
// functions inlined there, innermost first, and the function whose words it lies in.
void AppendSite(const Compiled& program, const ledger::PathFrame& path, std::vector<StackFrame>& frames) {
  const exec::Code& code = *program.code;
  if (const exec::NativeSite* native = code.NativeSiteAt(path.site)) {
    frames.push_back({.function = native->frame_name, .is_native = true});
  }
  base::Location location = code.LocationOf(path.site);
  const auto add = [&](uint32_t function, bool is_recursive) {
    const diag::Position at = program.sources.Locate(location);
    frames.push_back({.function = code.infos()[function].name,
                      .file = std::string(at.file),
                      .line = at.line,
                      .column = at.column,
                      .is_recursive = is_recursive});
  };
  for (uint32_t id = code.InlineIdOf(path.site); id != 0; id = code.inline_entry(id).parent) {
    add(code.inline_entry(id).function, false);
    location = code.inline_entry(id).call;
  }
  const uint32_t function = code.FunctionAt(path.site);
  if (function != types::kNoFunction) add(function, path.recursive);
}

}  // namespace

std::vector<StackFrame> NodeResolver::Frames(StackId stack) const {
  std::vector<StackFrame> frames;
  if (stack == ledger::kNoNode) return frames;
  for (const ledger::PathFrame& path : tree_.Path(stack)) {
    AppendSite(program_, path, frames);
  }
  return frames;
}

std::string_view PlaceTexts::Of(ledger::NodeId node) {
  if (node == ledger::kNoNode) return {};
  for (; node != ledger::kRootNode; node = tree_.Parent(node)) {
    const std::string& place = OfSite({.site = tree_.Site(node), .function = tree_.Function(node)});
    if (!place.empty()) return place;
  }
  return {};
}

const std::string& PlaceTexts::OfSite(const ledger::PathFrame& frame) {
  std::unique_ptr<const std::string>& known = known_[frame.site];
  if (known != nullptr) return *known;
  std::vector<StackFrame> frames;
  AppendSite(program_, frame, frames);
  for (const StackFrame& at : frames) {
    if (at.is_native || at.line == 0) continue;
    known = std::make_unique<std::string>(fmt::format("{}:{}:{}", at.file, at.line, at.column));
    return *known;
  }
  known = std::make_unique<std::string>();
  return *known;
}

void AppendStack(const Compiled& program, const ledger::ContextTree& tree, ledger::NodeId node, std::string& text) {
  for (const StackFrame& frame : NodeResolver(program, tree).Frames(node)) {
    audit::AppendFrame(frame, text);
    text.push_back('\n');
  }
}

}  // namespace vestige::engine
