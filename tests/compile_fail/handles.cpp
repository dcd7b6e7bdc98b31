// Binds a type with handles; without NAMED the type has no name for reports, and the compiler says what to do.
#include "vestige/handles.h"

struct Session {};

#ifdef NAMED
template <>
inline constexpr std::string_view vestige::kHandleName<Session> = "Session";
#endif

constexpr vestige::NativeModule kSessions = vestige::HandleModule<Session>("net");
static_assert(kSessions.functions.size() == 2);
