// Open files of scripts. `FILE?` is the address of an OpenFile that the context keeps (runtime/host_objects.h), so a
// closed or made-up one is told instead of followed. Floor 5.

#ifndef VESTIGE_BUILTINS_FILES_H_
#define VESTIGE_BUILTINS_FILES_H_

#include <cstdio>
#include <string>
#include <string_view>

#include "exec/context.h"
#include "sema/native.h"

namespace vestige::builtins {

// A stream; closed with the object unless it belongs to the process.
struct OpenFile {
  OpenFile(std::FILE* opened, bool is_owned) : stream(opened), owned(is_owned) {}
  ~OpenFile() {
    if (owned) std::fclose(stream);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  std::FILE* stream;
  bool owned;
};

// The file in argument `index`; null after a panic that names `function`, when it is null or closed.
OpenFile* FileAt(sema::NativeCall& call, size_t index, std::string_view function);

// The natives that read and write a value of any type as its bytes see only types whose bits are their value. False
// after a panic otherwise.
bool RequireRaw(sema::NativeCall& call, const types::Type* type, std::string_view function);

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_FILES_H_
