// What runs at the end of a scope. Module `defer`.
//
// The checker knows the two statements by these declarations (sema/stmt_defer.cpp); no call ever reaches them.
// Floor 5.

#include "builtins/tables.h"

namespace vestige::builtins {

namespace defer_natives {
namespace {

constexpr std::string_view kPrelude = R"(
def defer(blk : block<() : void>) {
}

def defer_delete(value : auto) {
}

def nada() {
}
)";

}  // namespace
}  // namespace defer_natives

constexpr sema::NativeModule kDeferModule = {
    .name = "defer", .alias = "daslib/defer", .prelude = defer_natives::kPrelude};

}  // namespace vestige::builtins
