// Contracts: annotations that restrict which types a generic function takes, `[expect_any_array(a)]`. Floor 3.

#ifndef VESTIGE_SEMA_CONTRACT_H_
#define VESTIGE_SEMA_CONTRACT_H_

#include "sema/call.h"

namespace vestige::sema {

// The argument types fit all contracts of the function.
bool SatisfiesContracts(Checker& c, const FunctionEntity* entity, const Candidate& candidate,
                        const CallArguments& arguments);
// How many contracts a function has; of two equal generics the one with more is meant.
int ContractCount(const FunctionEntity* entity);
// `name` is an annotation of this file's.
bool IsContract(std::string_view name);

}  // namespace vestige::sema

#endif  // VESTIGE_SEMA_CONTRACT_H_
