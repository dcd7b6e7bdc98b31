// Which operations ran, for the test that asks whether every one is executed by some test.
//
// Builds that dispatch from a loop (VESTIGE_TRAMPOLINE) look at the environment variable VESTIGE_OPERATIONS_FILE when a
// context is made; if it is set, the names of all operations that context executed are appended to the file, a line
// each, when the context dies. Other builds have no place where all operations pass. Floor 4.

#ifndef VESTIGE_EXEC_OPERATION_RECORD_H_
#define VESTIGE_EXEC_OPERATION_RECORD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "exec/word.h"

namespace vestige::exec {

// Not thread-safe: one context's. Operations that share a body (a linker may fold equal ones) count together.
class OperationRecord {
 public:
  // Null when the environment asks for no record.
  static std::unique_ptr<OperationRecord> FromEnvironment();

  explicit OperationRecord(std::string file) : file_(std::move(file)) {}
  // Appends to the file; contexts of several processes and threads may write to one.
  ~OperationRecord();
  OperationRecord(const OperationRecord&) = delete;
  OperationRecord& operator=(const OperationRecord&) = delete;

  void DidRun(Handler handler) {
    Handler& recent = recent_[reinterpret_cast<uintptr_t>(handler) / 16 % recent_.size()];
    if (recent == handler) return;
    recent = handler;
    executed_.insert(handler);
  }

 private:
  std::string file_;
  // Spares most look-ups in `executed_`.
  std::array<Handler, 1024> recent_ = {};
  absl::flat_hash_set<Handler> executed_;
};

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_OPERATION_RECORD_H_
