#include "audit/job_report.h"

#include <algorithm>
#include <vector>

#include "audit/leak_report.h"
#include "fmt/format.h"

namespace vestige::audit {

namespace {

std::string At(std::string_view before, std::string_view file, uint32_t line, uint32_t column) {
  return file.empty() ? std::string() : fmt::format("{}{}:{}:{}", before, file, line, column);
}

void AppendPrimitive(const JobFinding& primitive, const ObjectReportOptions& options, std::string& text) {
  text += fmt::format("  JobStatus #{:x} (rc={}) {}", primitive.id, primitive.count, primitive.kind);
  text += At(" created at ", primitive.file, primitive.line, primitive.column);
  text += '\n';
  if (!options.stacks) return;
  for (const StackFrame& frame : primitive.birth) {
    AppendFrame(frame, text);
    text += '\n';
  }
}

void AppendFeature(const FeatureFinding& feature, std::string& text) {
  text += fmt::format("  Feature #{:x}", feature.id);
  if (feature.owner != 0) {
    text += fmt::format(" owner=#{:x} {} from {}", feature.owner, feature.type, feature.from_lane);
    text += At(" created at ", feature.file, feature.line, feature.column);
  }
  text += '\n';
}

void AppendCycles(const std::vector<PrimitiveCycleFinding>& cycles, std::string& text) {
  if (cycles.empty()) return;
  uint64_t count = 0;
  uint64_t primitives = 0;
  for (const PrimitiveCycleFinding& cycle : cycles) {
    count += cycle.count;
    primitives += cycle.primitive_count;
  }
  text += fmt::format("=== Cycles among job primitives ({} cycles, {} primitives) ===\n", count, primitives);
  for (const PrimitiveCycleFinding& cycle : cycles) {
    text +=
        fmt::format("[cycle] {}{} ({} primitives), id #{:x}\n", cycle.path,
                    cycle.count == 1 ? "" : fmt::format(" x{}", cycle.count), cycle.primitive_count, cycle.first_id);
  }
}

}  // namespace

void WriteJobPrimitives(const EngineFindings& findings, const ObjectReportOptions& options, base::TextSink& out) {
  const std::vector<JobFinding>& primitives = findings.primitives;
  if (options.silent || primitives.empty()) return;
  std::string text;
  std::vector<const FeatureFinding*> features;
  for (const JobFinding& primitive : primitives) {
    AppendPrimitive(primitive, options, text);
    for (const FeatureFinding& feature : primitive.features) features.push_back(&feature);
  }
  text += fmt::format("total {} leaked JobStatus objects\n", primitives.size());
  std::sort(features.begin(), features.end(),
            [](const FeatureFinding* a, const FeatureFinding* b) { return a->id > b->id; });
  for (const FeatureFinding* feature : features) AppendFeature(*feature, text);
  if (!features.empty()) text += fmt::format("total {} leaked Feature objects\n", features.size());
  AppendCycles(findings.primitive_cycles, text);
  out.Write(text);
}

std::string DescribeCountChange(const CountChange& change) {
  return fmt::format("JobStatus #{:x} ({}) {}{} (rc={}){}\n", change.id, change.kind,
                     change.adds ? "addRef" : "releaseRef", change.by_capture ? " (capture)" : "", change.before,
                     At(" at ", change.file, change.line, change.column));
}

std::string DescribeWatchedPrimitive(uint64_t id) { return fmt::format("tracking JobStatus #{}\n", id); }

std::string DescribeBlocked(std::span<const BlockedFinding> blocked) {
  std::string text = "BLOCKED FOR EVER: nobody is left who could wake\n";
  for (const BlockedFinding& one : blocked) {
    text += fmt::format("  {} waits in {} for {}{}\n", one.lane, one.call, one.target,
                        At(" since ", one.file, one.line, one.column));
  }
  return text;
}

}  // namespace vestige::audit
