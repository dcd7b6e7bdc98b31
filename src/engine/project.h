// A project file: a script that says where modules are. Floor 6.
//
//   [export] def module_get(req, from : string) : tuple<string; string; string>
//
// gets what stands after `require` and the path of the requiring file, and returns a module's name, its file, and a
// second name for it in the requiring file (often empty). An empty file leaves the search to the engine. A global
// `DAS_PAK_ROOT : string`, where there is one, is set to the folder of the project file.

#ifndef VESTIGE_ENGINE_PROJECT_H_
#define VESTIGE_ENGINE_PROJECT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "base/text_sink.h"
#include "engine/compiler.h"
#include "exec/context.h"

namespace vestige::engine {

// Where the project says a module is. All empty: it says nothing.
struct Mapping {
  std::string name;
  std::string path;
  std::string alias;
};

// A project file that was compiled and initialised. Its memory goes with it and is nobody's leak.
class Project {
 public:
  // `out` takes what the script prints and outlives the project. Fails with everything there is to tell the user.
  static absl::StatusOr<std::unique_ptr<Project>> Open(const std::string& path, const std::string& root,
                                                       base::TextSink& out);

  // Asks the script, once for each pair. Fails when it panics.
  absl::StatusOr<Mapping> Find(std::string_view target, std::string_view requiring);

 private:
  Project(std::unique_ptr<Compiled> program, base::TextSink& out);
  absl::Status Initialise(const std::string& path);
  absl::Status Run(uint32_t function);
  absl::Status PanicStatus();

  std::unique_ptr<Compiled> program_;
  std::unique_ptr<exec::Context> context_;
  absl::flat_hash_map<std::string, Mapping> known_;
};

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_PROJECT_H_
