// Rules of smart_ptr<T>: what it may point at, and where ownership of an object with a count may go. Floor 3.

#ifndef VESTIGE_SEMA_SMART_POINTER_H_
#define VESTIGE_SEMA_SMART_POINTER_H_

#include "sema/checker.h"

namespace vestige::sema {

// Whether values of the type are objects of the host with a count (NativeType::counted).
bool IsCounted(const types::Type* type);

// smart_ptr<target>, or `any` after a message at `place`. A pattern's target may be generic.
const types::Type* MakeSmartPointer(Checker& c, const types::Type* target, syntax::Place place);

// `new T`: an object that the host makes. Null result types do not occur: an error expression after a message.
TExpr* NewCounted(Checker& c, const types::Type* type, syntax::Place place);

// Whether cloning `value` into a `target` shares what a raw pointer points at.
bool SharesRaw(const types::Type* target, const TExpr* value);
// A reference of its own to what a raw pointer points at, as a fresh smart pointer.
TExpr* ShareCounted(Checker& c, TExpr* pointer, syntax::Place place);

// Whether `value`, which is no place, owns what it points at: nobody else will give that reference back.
bool IsFreshCounted(const TExpr* value);

// The rules for `target <- value`; false after a message.
bool CheckCountedMove(Checker& c, const TExpr* value, syntax::Place place);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_SMART_POINTER_H_
