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
  ModuleCache own_cache{0};
  ModuleCache& cache;
  base::Arena trees;
  diag::DiagnosticSink sink;
  FileLoader loader{sources, cache, trees, sink, "", nullptr};

  Loading() : cache(own_cache) {}
  explicit Loading(ModuleCache& shared) : cache(shared) {}
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

// What `loading` makes of a module beside the main file of the folder.
sema::LoadedModule LoadBeside(Loading& loading, const Folder& folder, const std::string& module) {
  loading.loader.AddText((folder.path / "main.das").string(), "options gen2\n");
  return loading.loader.Load(module, {1});
}

TEST_CASE("programs that share a cache share trees, files and names") {
  const Folder folder;
  folder.Write("util.das", "options gen2\nmodule util\n\ndef one => 1\n");
  ModuleCache cache(1 << 20);
  Loading first(cache);
  Loading second(cache);
  const sema::LoadedModule before = LoadBeside(first, folder, "util");
  const sema::LoadedModule after = LoadBeside(second, folder, "util");
  REQUIRE(before.ast != nullptr);
  CHECK(after.ast == before.ast);
  CHECK(after.path == before.path);
  CHECK_FALSE(after.failed);
  const base::Location place = {diag::kSharedBase + 30};
  CHECK(first.sources.FileOf(place) == second.sources.FileOf(place));
  CHECK(second.sources.Describe(place) == (folder.path / "util.das").string() + ":4:4");
  second.sources.ReleaseTexts();
  CHECK(second.sources.FileOf(place)->Line(4) == "def one => 1");
}

TEST_CASE("a module whose text changed is parsed anew") {
  const Folder folder;
  folder.Write("util.das", "options gen2\nmodule util\n\ndef one => 1\n");
  ModuleCache cache(1 << 20);
  Loading first(cache);
  const sema::LoadedModule before = LoadBeside(first, folder, "util");
  folder.Write("util.das", "options gen2\nmodule util\n\ndef one => 2\n");
  Loading second(cache);
  const sema::LoadedModule after = LoadBeside(second, folder, "util");
  CHECK(after.ast != before.ast);
  Loading third(cache);
  CHECK(LoadBeside(third, folder, "util").ast == after.ast);
}

TEST_CASE("nothing is kept of a module with errors, or of one that includes files") {
  const Folder folder;
  folder.Write("broken.das", "options gen2\ndef broken( {\n");
  folder.Write("part.inc", "def part => 1\n");
  folder.Write("whole.das", "options gen2\nmodule whole\ninclude part.inc\n");
  ModuleCache cache(1 << 20);
  for (int round = 0; round < 2; ++round) {
    Loading loading(cache);
    CHECK(LoadBeside(loading, folder, "broken").failed);
    CHECK(loading.sink.error_count() > 0);
    CHECK(loading.loader.Load("whole", {1}).ast != nullptr);
  }
  CHECK(cache.bytes() == 0);
}

TEST_CASE("a full cache lets go of what was used longest ago") {
  const Folder folder;
  for (const char* name : {"a", "b", "c"}) folder.Write(std::string(name) + ".das", "options gen2\ndef f => 1\n");
  ModuleCache measure(1 << 30);
  Loading measured(measure);
  LoadBeside(measured, folder, "a");
  ModuleCache cache(2 * measure.bytes());
  const auto load = [&](const char* name) {
    Loading loading(cache);
    return LoadBeside(loading, folder, name).ast;
  };
  const syntax::Module* a = load("a");
  Loading holds_b(cache);  // so that no other tree gets its address
  const syntax::Module* b = LoadBeside(holds_b, folder, "b").ast;
  CHECK(load("a") == a);
  load("c");  // in place of b
  CHECK(load("a") == a);
  CHECK(load("b") != b);
  CHECK(cache.bytes() == 2 * measure.bytes());
}

}  // namespace
}  // namespace vestige::engine
