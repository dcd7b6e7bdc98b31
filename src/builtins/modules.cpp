#include "builtins/modules.h"

#include "builtins/tables.h"

namespace vestige::builtins {

namespace {

constexpr const sema::NativeModule* kModules[] = {
    // clang-format off
    &kOutputModule,
    &kHeapModule,
    &kArrayModule,
    &kTableModule,
    &kBinaryModule,
    &kSearchModule,
    &kShowModule,
    &kScratchModule,
    &kSortModule,
    &kIteratorModule,
    &kConvertModule,
    &kObjectModule,
    &kNumberModule,
    &kSystemModule,
    &kCheckModule,
    &kTextModule,
    &kCalendarModule,
    &kHostStringModule,
    &kSmartPointerModule,
    &kNodeCountModule,
    &kMathScalarModule,
    &kMathVectorModule,
    &kMathMatrixModule,
    &kMathQuaternionModule,
    &kStringFindModule,
    &kStringMakeModule,
    &kStringNumberModule,
    &kStringWriterModule,
    &kStringBytesModule,
    &kHostStringTextModule,
    &kStringBoostModule,
    &kDeferModule,
    &kEnumModule,
    &kJobQueueModule,
    &kJobStatusModule,
    &kJobStreamModule,
    &kJobTraceModule,
    &kJobValueModule,
    &kFioCoreModule,
    &kFilesModule,
    &kPathsModule,
    &kPathTextModule,
    &kFioModule,
    &kRttiModule,
    &kFileAccessModule,
    &kRttiPlacesModule,
    &kRttiTypesModule,
    &kRttiVariablesModule,
    &kRttiDeclarationsModule,
    &kRttiModulesModule,
    &kProgramsModule,
    &kRttiCoreModule,
    &kDebuggerModule,
    &kDebuggerLooksModule,
    &kAstListsModule,
    &kAstTypesModule,
    &kAstNodesModule,
    &kAstProgramsModule,
    &kAstQuotesModule,
    &kTemplatesBoostModule,
    &kAstCoreModule,
    &kAstBoostModule,
    &kTestingCoreModule,
    &kHeapCountsModule,
    // clang-format on
};

}  // namespace

std::span<const sema::NativeModule* const> Modules() { return kModules; }

}  // namespace vestige::builtins
