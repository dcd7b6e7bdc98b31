// Objects with a count and handles of a host, through the public interface.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>

#include "vestige/engine.h"
#include "vestige/handles.h"

namespace vestige {

struct Session {
  int number = 0;
};
template <>
inline constexpr std::string_view kHandleName<Session> = "Session";

namespace object_test {
namespace {

class Entity : public RefCounted {
 public:
  Entity() { ++live; }
  ~Entity() override { --live; }
  std::string ReportName() const override { return "Entity hero"; }

  static inline std::atomic<int> live = 0;
};

void MakeEntity(NativeCall& call) { call.ReturnCounted(call.Make<Entity>()); }
void Open(NativeCall& call) { call.Return(call.HandlesOf<Session>().Acquire(std::make_shared<Session>())); }

constexpr NativeCounted kCounted = CountedType<Entity>();
constexpr NativeType kTypes[] = {
    {.name = "Entity", .size = sizeof(Entity), .align = alignof(Entity), .counted = &kCounted}};
constexpr NativeFunction kFunctions[] = {{"make_entity", "() : smart_ptr<Entity>", &MakeEntity, kMayAllocate},
                                         {"open", "() : Session", &Open, kMayAllocate}};
constexpr NativeModule kGame = {
    .name = "game", .functions = kFunctions, .prelude = "struct Entity { }\n", .types = kTypes};
constexpr NativeModule kSessions = HandleModule<Session>("game");
constexpr const NativeModule* kModules[] = {&kGame, &kSessions};

struct Host {
  std::string out;
  std::string reports;
  EngineFindings findings;
  int told = 0;

  EngineOptions Options() {
    EngineOptions options;
    options.modules = kModules;
    options.out = [this](std::string_view text) { out += text; };
    options.reports = [this](std::string_view text) { reports += text; };
    options.findings = [this](const EngineFindings& found) {
      CHECK(reports.empty());
      findings = found;
      ++told;
    };
    return options;
  }
};

constexpr const char* kLeaves = R"(options gen2
require game
[export]
def main() {
    let session = open()
    unsafe {
        var lost <- make_entity()
        print("{lost != null} {is_alive(session)}\n")
    }
}
)";

TEST_CASE("what outlives the contexts is handed over as data before its text, once") {
  Host host;
  {
    Engine engine(host.Options());
    CHECK(engine.RunText("game.das", kLeaves).ok);
    CHECK(host.told == 0);
    CHECK(engine.Close() == 1);
    CHECK(engine.Close() == 1);
  }
  CHECK(host.out == "true true\n");
  CHECK(host.told == 1);
  REQUIRE(host.findings.pointers.size() == 1);
  const PointerFinding& pointer = host.findings.pointers[0];
  CHECK(pointer.id == 1);
  CHECK(pointer.count == 1);
  CHECK(pointer.name == "Entity hero");
  REQUIRE(pointer.birth.size() == 2);
  CHECK(pointer.birth[1].file == "game.das");
  CHECK(pointer.birth[1].line == 7);
  REQUIRE(host.findings.handles.size() == 1);
  CHECK(host.findings.handles[0].type == "Session");
  CHECK(host.findings.handles[0].generation == 1);
  CHECK(host.reports.find("  Handle<Session> idx=0 gen=1 (rc=1) created at game.das:5:18\n") == 0);
  CHECK(host.reports.find("FATAL: exiting with code 1 -- 1 smart pointer(s)") != std::string::npos);
}

TEST_CASE("each run of an engine keeps its own places") {
  Host host;
  Engine engine(host.Options());
  engine.RunText("first.das", kLeaves);
  engine.RunText("second.das", kLeaves);
  engine.Close();
  REQUIRE(host.findings.pointers.size() == 2);
  CHECK(host.findings.pointers[0].birth.back().file == "first.das");
  CHECK(host.findings.pointers[1].birth.back().file == "second.das");
  CHECK(host.findings.pointers[1].id == 2);
}

TEST_CASE("engines do not see each other's objects") {
  Host left;
  Host right;
  Engine leaky(left.Options());
  Engine clean(right.Options());
  leaky.RunText("game.das", kLeaves);
  CHECK(clean.Close() == 0);
  CHECK(right.findings.empty());
  CHECK(leaky.Close() == 1);
}

TEST_CASE("a host's own object is told when it outlives the engine, and lives on") {
  const int before = Entity::live;
  Host host;
  RefPtr<Entity> entity = MakeCounted<Entity>();
  {
    Engine engine(host.Options());
    engine.Meet(*entity);
    CHECK(engine.Close() == 1);
  }
  REQUIRE(host.findings.pointers.size() == 1);
  CHECK(host.findings.pointers[0].birth.empty());
  CHECK(Entity::live == before + 1);
  entity.reset();
  CHECK(Entity::live == before);
}

TEST_CASE("a host releases handles that scripts made") {
  Host host;
  Engine engine(host.Options());
  engine.RunText("open.das", "options gen2\nrequire game\n[export]\ndef main() {\n    open()\n    open()\n}\n");
  Handles<Session> sessions = engine.HandlesOf<Session>();
  CHECK(sessions.live_count() == 2);
  sessions.ForEachLive(
      [&](Handle<Session> handle, const std::shared_ptr<Session>&) { return sessions.Release(handle); });
  CHECK(engine.Close() == 0);
  CHECK(host.findings.empty());
}

}  // namespace
}  // namespace object_test
}  // namespace vestige
