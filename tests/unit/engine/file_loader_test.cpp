#include "engine/file_loader.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace vestige::engine {
namespace {

// A folder of its own that goes with the test.
struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "vestige_loader_XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
  }
  std::filesystem::path path;
};

struct Loading {
  diag::SourceManager sources;
  base::Interner symbols;
  base::Arena trees;
  diag::DiagnosticSink sink;
  FileLoader loader{sources, symbols, trees, sink, "", nullptr};
};

TEST_CASE("a module is found beside the file that requires it, and parsed once") {
  const Folder folder;
  folder.Write("lib/util.das", "options gen2\nmodule util\n");
  Loading loading;
  loading.loader.AddText((folder.path / "lib/main.das").string(), "options gen2\n");
  const base::Location from = {1};
  const sema::LoadedModule first = loading.loader.Load("util", from);
  CHECK(first.ast != nullptr);
  CHECK_FALSE(first.failed);
  CHECK(loading.loader.Load("./util", from).ast == first.ast);
  CHECK(loading.loader.Load("../lib/util.das", from).ast == first.ast);
  CHECK(loading.sources.file_count() == 2);
}

TEST_CASE("a module that is nowhere has no tree") {
  const Folder folder;
  Loading loading;
  loading.loader.AddText((folder.path / "main.das").string(), "options gen2\n");
  const sema::LoadedModule missing = loading.loader.Load("no_such_module", {1});
  CHECK(missing.ast == nullptr);
  CHECK_FALSE(missing.failed);
}

TEST_CASE("a module with errors is told once and known as failed") {
  const Folder folder;
  folder.Write("broken.das", "options gen2\ndef broken( {\n");
  Loading loading;
  loading.loader.AddText((folder.path / "main.das").string(), "options gen2\n");
  CHECK(loading.loader.Load("broken", {1}).failed);
  const size_t errors = loading.sink.error_count();
  CHECK(errors > 0);
  CHECK(loading.loader.Load("broken", {1}).failed);
  CHECK(loading.sink.error_count() == errors);
}

TEST_CASE("what is no readable file is an error of the system") {
  CHECK(absl::IsNotFound(ReadFile("/no/such/file").status()));
  CHECK_FALSE(ReadFile("/").ok());
  const absl::StatusOr<std::string> kernel_file = ReadFile("/proc/self/status");
  REQUIRE(kernel_file.ok());
  CHECK(kernel_file->find("Pid:") != std::string::npos);
}

}  // namespace
}  // namespace vestige::engine
