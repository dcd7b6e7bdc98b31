#include "engine/profiles.h"

#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/stack_text.h"
#include "fmt/format.h"

namespace vestige::engine {

namespace {

class ProfileSink final : public base::TextSink {
 public:
  explicit ProfileSink(const TextFunction& function) : function_(function) {}
  void Write(std::string_view text) override { function_(text); }

 private:
  const TextFunction& function_;
};

std::vector<std::string> FramesOf(const NodeResolver& stacks, ledger::NodeId node) {
  std::vector<std::string> frames;
  for (const StackFrame& frame : stacks.Frames(node)) frames.push_back(audit::DhatFrame(frame));
  if (frames.empty()) frames.emplace_back("[outside of scripts]");
  return frames;
}

audit::DhatContext HeapOf(const memory::HeapProfile& profile, const NodeResolver& stacks) {
  audit::DhatContext context = {
      .end_time = profile.time(), .peak_time = profile.peak_time(), .peak_bytes = profile.peak_bytes()};
  profile.ForEachRow([&](const memory::ProfileRow& row) {
    context.points.push_back({.frames = FramesOf(stacks, row.node),
                              .counts = {.total_bytes = row.total_bytes,
                                         .total_blocks = row.total_blocks,
                                         .lifetimes = row.lifetimes,
                                         .max_bytes = row.max_bytes,
                                         .max_blocks = row.max_blocks,
                                         .peak_bytes = row.peak_bytes,
                                         .peak_blocks = row.peak_blocks,
                                         .end_bytes = row.live_bytes,
                                         .end_blocks = row.live_blocks}});
  });
  return context;
}

// What happened, as the innermost frame; empty where the script's own frame says it.
std::string FrameOf(const exec::EventRow& row, const exec::Code& code) {
  switch (row.event) {
    case exec::Event::kAdHoc:
      return "";
    case exec::Event::kCall:
      return fmt::format("[call of {}]", code.infos()[row.function].name);
    case exec::Event::kEnvironment:
      return fmt::format("[environment of {}]", code.infos()[row.function].name);
    case exec::Event::kContext:
      return "[context]";
  }
  return "";
}

audit::DhatContext EventsOf(const exec::EventProfile& profile, const exec::Code& code, const NodeResolver& stacks) {
  audit::DhatContext context;
  for (const exec::EventRow& row : profile.rows()) {
    std::vector<std::string> frames = FramesOf(stacks, row.node);
    if (std::string frame = FrameOf(row, code); !frame.empty()) frames.insert(frames.begin(), std::move(frame));
    context.end_time += row.count;
    context.points.push_back(
        {.frames = std::move(frames), .counts = {.total_bytes = row.weight, .total_blocks = row.count}});
  }
  return context;
}

}  // namespace

void Profiles::Add(const Compiled& program, exec::Context& context) {
  const NodeResolver stacks(program, context.tree());
  if (context.heap_profile() != nullptr) heap_.Add(HeapOf(*context.heap_profile(), stacks));
  if (context.events() != nullptr) events_.Add(EventsOf(*context.events(), *program.code, stacks));
}

void Profiles::AddHostEvent(uint64_t weight) {
  if (!options_.event_profile) return;
  events_.Add({.end_time = 1,
               .points = {{.frames = {"[outside of scripts]"}, .counts = {.total_bytes = weight, .total_blocks = 1}}}});
}

void Profiles::Write() const {
  const auto write = [this](const audit::DhatProfile& profile, const TextFunction& function) {
    if (!function) return;
    ProfileSink sink(function);
    profile.Write(options_.arguments, static_cast<int>(getpid()), sink);
  };
  write(heap_, options_.heap_profile);
  write(events_, options_.event_profile);
}

}  // namespace vestige::engine
