#include "builtins/file_access.h"

#include "builtins/tables.h"
#include "exec/context.h"
#include "runtime/string.h"
#include "vestige/native.h"

namespace vestige::builtins {

namespace file_access_natives {
namespace {

using sema::NativeCall;

void MakeFileAccess(NativeCall& call) { call.ReturnCounted(call.Make<FileAccess>(std::string(call.Text(0)))); }

// The argument, or null after a panic.
FileAccess* AccessOf(NativeCall& call) {
  auto* access = call.Value<FileAccess*>(0);
  if (access == nullptr) call.Panic("file access is null");
  return access;
}

void SetFileSource(NativeCall& call) {
  FileAccess* access = AccessOf(call);
  if (access != nullptr) access->SetSource(call.Text(1), std::string(call.Text(2)));
  call.Return(access != nullptr);
}

void AddRoot(NativeCall& call) {
  FileAccess* access = AccessOf(call);
  if (access != nullptr) access->AddRoot(call.Text(1), call.Text(2));
  call.Return(access != nullptr);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"make_file_access", "(project : string) : smart_ptr<FileAccess>", &MakeFileAccess, sema::kMayAllocate},
    {"set_file_source", "(access : smart_ptr<FileAccess>; name : string; text : string) : bool", &SetFileSource},
    {"add_file_access_root", "(access : smart_ptr<FileAccess>; module_name : string; path : string) : bool", &AddRoot},
};

constexpr NativeCounted kCounted = [] {
  NativeCounted counted = CountedType<FileAccess>();
  counted.make = nullptr;
  return counted;
}();
constexpr NativeType kTypes[] = {
    {.name = "FileAccess", .size = sizeof(FileAccess), .align = alignof(FileAccess), .counted = &kCounted}};

}  // namespace
}  // namespace file_access_natives

constexpr sema::NativeModule kFileAccessModule = {.name = "rtti",
                                                  .functions = file_access_natives::kFunctions,
                                                  .prelude = "struct FileAccess { }\n",
                                                  .types = file_access_natives::kTypes};

}  // namespace vestige::builtins
