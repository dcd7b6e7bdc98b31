#include "builtins/modules.h"

#include "builtins/tables.h"

namespace vestige::builtins {

namespace {

constexpr const sema::NativeModule* kModules[] = {
    &kOutputModule,
    &kHeapModule,
};

}  // namespace

std::span<const sema::NativeModule* const> Modules() { return kModules; }

}  // namespace vestige::builtins
