#include "engine/stack_text.h"

#include "engine/embedded_modules.h"
#include "fmt/format.h"

namespace vestige::engine {

namespace {

void AppendSite(const Compiled& program, const ledger::PathFrame& path, std::vector<StackFrame>& frames) {
  VisitSite(program, path, [&](const audit::FrameView& frame) {
    frames.push_back({.function = std::string(frame.function),
                      .file = std::string(frame.file),
                      .line = frame.line,
                      .column = frame.column,
                      .is_native = frame.is_native,
                      .is_recursive = frame.is_recursive});
  });
}

}  // namespace

void VisitSite(const Compiled& program, const ledger::PathFrame& path,
               absl::FunctionRef<void(const audit::FrameView&)> visit) {
  const exec::Code& code = *program.code;
  // The native it calls may call back into the script, as sort does.
  if (const exec::NativeSite* native = code.NativeSiteAt(path.site)) {
    visit({.function = native->frame_name, .is_native = true});
  }
  base::Location location = code.LocationOf(path.site);
  const auto tell = [&](uint32_t function, bool is_recursive) {
    const diag::Position at = program.sources.Locate(location);
    visit({.function = code.infos()[function].name,
           .file = at.file,
           .line = at.line,
           .column = at.column,
           .is_recursive = is_recursive});
  };
  for (uint32_t id = code.InlineIdOf(path.site); id != 0; id = code.inline_entry(id).parent) {
    tell(code.inline_entry(id).function, false);
    location = code.inline_entry(id).call;
  }
  const uint32_t function = code.FunctionAt(path.site);
  if (function != types::kNoFunction) tell(function, path.recursive);
}

void VisitFrames(const Compiled& program, const ledger::ContextTree& tree, ledger::NodeId node,
                 absl::FunctionRef<void(const audit::FrameView&)> visit) {
  if (node == ledger::kNoNode) return;
  for (; node != ledger::kRootNode; node = tree.Parent(node)) {
    VisitSite(program, {tree.Site(node), tree.Function(node), tree.IsRecursive(node)}, visit);
  }
}

bool IsLibrary(std::string_view file, std::string_view das_root) {
  if (file.starts_with(kEmbeddedRoot)) return true;
  return !das_root.empty() && file.size() > das_root.size() && file.starts_with(das_root) &&
         (das_root.back() == '/' || file[das_root.size()] == '/');
}

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
