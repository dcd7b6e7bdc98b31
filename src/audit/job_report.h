// Job primitives as text: the dump of those that were left, the trace of one, and who is blocked for ever. Floor 2.

#ifndef VESTIGE_AUDIT_JOB_REPORT_H_
#define VESTIGE_AUDIT_JOB_REPORT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "audit/object_report.h"
#include "base/text_sink.h"
#include "vestige/findings.h"

namespace vestige::audit {

// The dump of primitives, then that of values in them, each with its sum, then cycles; nothing when there are none.
void WriteJobPrimitives(const EngineFindings& findings, const ObjectReportOptions& options, base::TextSink& out);

// A change of the count of a primitive that is watched.
struct CountChange {
  uint64_t id = 0;
  std::string_view kind;
  bool adds = false;
  bool by_capture = false;  // nobody wrote it: a closure took or left it
  int32_t before = 0;
  std::string_view file;  // empty: outside of scripts
  uint32_t line = 0;
  uint32_t column = 0;
};
std::string DescribeCountChange(const CountChange& change);
std::string DescribeWatchedPrimitive(uint64_t id);

// Why a run was ended.
std::string DescribeBlocked(std::span<const BlockedFinding> blocked);

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_JOB_REPORT_H_
