// What outlived the contexts: handles and objects with a count, as text. Floor 2.

#ifndef VESTIGE_AUDIT_OBJECT_REPORT_H_
#define VESTIGE_AUDIT_OBJECT_REPORT_H_

#include <span>

#include "base/text_sink.h"
#include "vestige/findings.h"

namespace vestige::audit {

struct ObjectReportOptions {
  // Whole stacks below each row instead of the innermost place alone.
  bool stacks = false;
  // --no-dump-leaks: nothing of handles, and of pointers only how many there are.
  bool silent = false;
};

// The dump of handles, a sum for each type.
void WriteHandles(std::span<const HandleFinding> handles, const ObjectReportOptions& options, base::TextSink& out);

// The FATAL line, then the rows and their sum; nothing when there are no pointers.
void WritePointers(std::span<const PointerFinding> pointers, const ObjectReportOptions& options, base::TextSink& out);

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_OBJECT_REPORT_H_
