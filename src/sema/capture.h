// What a lambda takes along: the heap struct of its captures while its body is being elaborated.
//
// Layout: {function, finalizer, captures in order of their first mention}. A capture is added when the body first names
// an outer variable, so its offset is known at once and later captures do not move it. Floor 3, inside sema.

#ifndef VESTIGE_SEMA_CAPTURE_H_
#define VESTIGE_SEMA_CAPTURE_H_

#include <vector>

#include "sema/checker.h"

namespace vestige::sema {

// The captures of one lambda; its body and its finalizer share them.
struct CaptureSet {
  struct Entry {
    const TLocal* local = nullptr;
    types::Field field;
    TCapture capture;
    bool is_const = false;  // the variable outside was: so is the copy
  };
  types::StructInfo* info = nullptr;  // completed when the body is done
  FunctionState* maker = nullptr;     // where the closure is written
  bool maker_unsafe = false;
  std::span<const syntax::Capture> listed;
  syntax::Place place;
  uint32_t size = 16;
  std::vector<Entry> entries;
};

// The body (or finalizer) of a lambda: its captures seen through its first argument.
struct LambdaFrame {
  CaptureSet* captures = nullptr;
  TLocal* self = nullptr;
};

// Starts a frame type with its two function pointers.
void BeginCaptures(Checker& c, CaptureSet* captures, base::Symbol name, base::Location location);
// Lays the frame out.
void FinishCaptures(Checker& c, CaptureSet* captures);
// The place of the captured variable inside the lambda; captures it when it has not been. Null after a message.
TExpr* CapturedPlace(Checker& c, const LambdaFrame& frame, const LocalName& name, TExpr* source,
                     base::Location location);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_CAPTURE_H_
