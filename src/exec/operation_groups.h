// The bodies of each group of operations, in the order of its .def file. Floor 4.

#ifndef VESTIGE_EXEC_OPERATION_GROUPS_H_
#define VESTIGE_EXEC_OPERATION_GROUPS_H_

#include "exec/word.h"

namespace vestige::exec {

extern const Handler kArithmeticHandlers[];
extern const Handler kCompareHandlers[];
extern const Handler kCastHandlers[];
extern const Handler kMoveHandlers[];
extern const Handler kArrayHandlers[];
extern const Handler kVectorHandlers[];
extern const Handler kCallHandlers[];
extern const Handler kObjectHandlers[];
extern const Handler kGeneratorHandlers[];
extern const Handler kCountedHandlers[];

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_OPERATION_GROUPS_H_
