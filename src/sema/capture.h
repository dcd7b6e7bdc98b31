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
  // Lambdas begin with two function pointers; generators have none.
  bool has_head = true;
  uint32_t size = 16;
  std::vector<Entry> entries;
};

// The body (or finalizer) of a lambda: its captures seen through its first argument.
struct LambdaFrame {
  CaptureSet* captures = nullptr;
  TLocal* self = nullptr;
};

// The name of a closure's struct: `_lambda_thismodule_<line>_<n>`, numbered through the program.
base::Symbol ClosureName(Checker& c, std::string_view what, base::Location location);
// The state in which a closure's body is elaborated: inside c.fn, which it sees unless it is a local function.
FunctionState InnerState(Checker& c, FunctionRecord* function, syntax::ClosureForm form);

// Starts a frame type with its two function pointers.
void BeginCaptures(Checker& c, CaptureSet* captures, base::Symbol name, base::Location location);
// Lays the frame out.
void FinishCaptures(Checker& c, CaptureSet* captures);
// The place of the captured variable inside the lambda; captures it when it has not been. Null after a message.
TExpr* CapturedPlace(Checker& c, const LambdaFrame& frame, const LocalName& name, TExpr* source,
                     base::Location location);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_CAPTURE_H_
