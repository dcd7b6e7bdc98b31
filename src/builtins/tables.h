// The row tables that modules are put together from, one per file of natives. Floor 5.

#ifndef VESTIGE_BUILTINS_TABLES_H_
#define VESTIGE_BUILTINS_TABLES_H_

#include "sema/native.h"

namespace vestige::builtins {

// Parts of module `$`.
extern const sema::NativeModule kOutputModule;
extern const sema::NativeModule kHeapModule;
extern const sema::NativeModule kArrayModule;
extern const sema::NativeModule kTableModule;
extern const sema::NativeModule kBinaryModule;
extern const sema::NativeModule kSearchModule;
extern const sema::NativeModule kShowModule;
extern const sema::NativeModule kScratchModule;
extern const sema::NativeModule kSortModule;
extern const sema::NativeModule kIteratorModule;
extern const sema::NativeModule kConvertModule;
extern const sema::NativeModule kObjectModule;
extern const sema::NativeModule kNumberModule;
extern const sema::NativeModule kSystemModule;
extern const sema::NativeModule kCheckModule;
extern const sema::NativeModule kTextModule;
extern const sema::NativeModule kCalendarModule;
extern const sema::NativeModule kHostStringModule;
extern const sema::NativeModule kSmartPointerModule;
extern const sema::NativeModule kNodeCountModule;

// Parts of module `math`.
extern const sema::NativeModule kMathScalarModule;
extern const sema::NativeModule kMathVectorModule;
extern const sema::NativeModule kMathMatrixModule;
extern const sema::NativeModule kMathQuaternionModule;

// Parts of module `strings`, and what stands on it.
extern const sema::NativeModule kStringFindModule;
extern const sema::NativeModule kStringMakeModule;
extern const sema::NativeModule kStringNumberModule;
extern const sema::NativeModule kStringWriterModule;
extern const sema::NativeModule kStringBytesModule;
extern const sema::NativeModule kHostStringTextModule;
extern const sema::NativeModule kStringBoostModule;

// Parts of module `fio_core`, and what stands on it.
extern const sema::NativeModule kFioCoreModule;
extern const sema::NativeModule kFilesModule;
extern const sema::NativeModule kPathsModule;
extern const sema::NativeModule kPathTextModule;
extern const sema::NativeModule kFioModule;

// Parts of module `ast`, and what stands on it.
extern const sema::NativeModule kAstTypesModule;
extern const sema::NativeModule kAstListsModule;
extern const sema::NativeModule kAstNodesModule;
extern const sema::NativeModule kAstProgramsModule;
extern const sema::NativeModule kAstQuotesModule;
extern const sema::NativeModule kTemplatesBoostModule;
extern const sema::NativeModule kAstCoreModule;
extern const sema::NativeModule kAstBoostModule;

// Parts of module `rtti`, and what stands on it.
extern const sema::NativeModule kRttiModule;
extern const sema::NativeModule kRttiPlacesModule;
extern const sema::NativeModule kRttiTypesModule;
extern const sema::NativeModule kRttiVariablesModule;
extern const sema::NativeModule kRttiDeclarationsModule;
extern const sema::NativeModule kRttiModulesModule;
extern const sema::NativeModule kFileAccessModule;
extern const sema::NativeModule kProgramsModule;
extern const sema::NativeModule kRttiCoreModule;

// Parts of module `jobque`.
extern const sema::NativeModule kJobQueueModule;
extern const sema::NativeModule kJobStatusModule;
extern const sema::NativeModule kJobStreamModule;
extern const sema::NativeModule kJobTraceModule;
extern const sema::NativeModule kJobValueModule;

// Modules of one part each.
extern const sema::NativeModule kDebuggerModule;
extern const sema::NativeModule kDebuggerLooksModule;
extern const sema::NativeModule kDeferModule;
extern const sema::NativeModule kEnumModule;
extern const sema::NativeModule kTestingCoreModule;
extern const sema::NativeModule kHeapCountsModule;

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_TABLES_H_
