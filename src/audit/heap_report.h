// The heap report: what each heap of a context holds at exit, by chunk, deck and block, as text. Floor 2.

#ifndef VESTIGE_AUDIT_HEAP_REPORT_H_
#define VESTIGE_AUDIT_HEAP_REPORT_H_

#include "base/text_sink.h"
#include "vestige/findings.h"

namespace vestige::audit {

// Writes title and body of one heap. Rows of blocks are sorted here: largest first, then by id.
void WriteHeapReport(HeapPicture picture, base::TextSink& out);

// What scripts get from heap_report() and string_heap_report(): the body without its title.
void WriteHeapBody(HeapPicture picture, base::TextSink& out);

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_HEAP_REPORT_H_
