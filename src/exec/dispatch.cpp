// The dispatch loop: where native code enters script code.
#include "exec/context.h"

namespace vestige::exec {

void Dispatch(const Word* pc, char* frame, Context* context) {
#if VESTIGE_TRAMPOLINE
  Flow flow = {pc, frame};
  while (flow.pc != nullptr) {
    if (context->record != nullptr) [[unlikely]]
      context->record->DidRun(flow.pc->handler);
    flow = flow.pc->handler(flow.pc, flow.frame, context, context->acc, context->facc);
  }
#else
  pc->handler(pc, frame, context, 0, 0);
#endif
}

}  // namespace vestige::exec
