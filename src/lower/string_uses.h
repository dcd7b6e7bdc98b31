// Which string variables are only looked at.
//
// A string that an expression made can be freed when its variable dies if nobody kept the pointer: the variable was
// only compared, printed, joined to others, or handed to something that does the same. Answers are conservative.
// Floor 5.

#ifndef VESTIGE_LOWER_STRING_USES_H_
#define VESTIGE_LOWER_STRING_USES_H_

#include "absl/container/flat_hash_map.h"
#include "sema/typed.h"

namespace vestige::lower {

class StringUses {
 public:
  // True when no copy of the string in `local`, a variable of `function`, outlives it and `local` is never written
  // again. `function` and the closures in it are searched, within a budget.
  bool StaysIn(const sema::TFunction* function, const sema::TLocal* local);
  // The same for a parameter; asked at most once per parameter.
  bool ParameterStays(const sema::TFunction* function, size_t index);
  // The expression made its string itself, so that whoever gets it is the first to hold it: IsFreshString, and calls
  // of functions all of whose results are so.
  bool IsFresh(const sema::TExpr* expr);

 private:
  bool ReturnsFresh(const sema::TFunction* function);

  absl::flat_hash_map<const sema::TLocal*, bool> parameters_;
  absl::flat_hash_map<const sema::TFunction*, bool> results_;
};

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_STRING_USES_H_
