// The watch: what hits, what a hit does, how ids are written.
#include "ledger/watch.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "ledger/native_stack.h"

namespace vestige::ledger {
namespace {

// A watch that tells into memory.
struct Told {
  Told() {
    watch.set_output(out);
    watch.set_on_hit(OnHit::kStack);
    watch.set_printer(&Print, this);
  }
  ~Told() { std::fclose(out); }
  static void Print(void* host, const WatchHit& hit, std::FILE* out) {
    static_cast<Told*>(host)->ids.push_back(hit.id);
    std::fputs("heading\n", out);
  }
  std::string Text() {
    std::fflush(out);
    std::rewind(out);
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), out));
    return text;
  }

  std::FILE* out = std::tmpfile();
  Watch watch;
  std::vector<BirthId> ids;
};

// Runs `body` in a process of its own and returns its wait status.
template <typename Body>
int StatusOf(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST_CASE("nothing is watched at first") {
  Told told;
  told.watch.DidHappen(Domain::kHeapBlock, 1, Event::kBirth, kMainLane);
  CHECK_FALSE(told.watch.watches(Domain::kHeapBlock));
  CHECK(told.watch.hit_count() == 0);
}

TEST_CASE("only the watched id, domain, event and lane hit") {
  Told told;
  told.watch.Add(Domain::kHeapBlock, 5, Only(Event::kBirth));
  told.watch.Add(Domain::kHeapBlock, 9, kAllEvents, "main/2");

  told.watch.DidHappen(Domain::kHeapBlock, 4, Event::kBirth, kMainLane);
  told.watch.DidHappen(Domain::kString, 5, Event::kBirth, kMainLane);
  told.watch.DidHappen(Domain::kHeapBlock, 5, Event::kDeath, kMainLane);
  told.watch.DidHappen(Domain::kHeapBlock, 5, Event::kBirth, "main/1");
  told.watch.DidHappen(Domain::kHeapBlock, 9, Event::kBirth, kMainLane);
  CHECK(told.watch.hit_count() == 0);

  told.watch.DidHappen(Domain::kHeapBlock, 5, Event::kBirth, kMainLane);
  told.watch.DidHappen(Domain::kHeapBlock, 9, Event::kDeath, "main/2");
  CHECK(told.ids == std::vector<BirthId>{5, 9});
}

TEST_CASE("a hit prints what the host says, then the native stack, and goes on") {
  Told told;
  told.watch.Add(Domain::kString, 3);
  told.watch.DidHappen(Domain::kString, 3, Event::kBirth, kMainLane);
  const std::string text = told.Text();
  CHECK(text.starts_with("heading\n  at "));
  CHECK(text.find(" [native]\n") != std::string::npos);
}

[[gnu::noinline]] void WatchedEvent(Watch& watch) {
  watch.DidHappen(Domain::kHeapBlock, 1, Event::kBirth, kMainLane);
  // Keeps the event from being a tail call, which would have no frame.
  asm volatile("");
}

TEST_CASE("the native stack starts where the event is") {
  Told told;
  told.watch.Add(Domain::kHeapBlock, 1);
  WatchedEvent(told.watch);
  const std::string text = told.Text();
  const size_t first = text.find("  at ");
  REQUIRE(first != std::string::npos);
  const std::string line = text.substr(first, text.find('\n', first) - first);
  CAPTURE(line);
  CHECK(line.find("WatchedEvent") != std::string::npos);
}

TEST_CASE("policies end the process as they say") {
  const auto hit_with = [](OnHit on_hit) {
    return StatusOf([=] {
      Told told;
      told.watch.set_on_hit(on_hit);
      told.watch.Add(Domain::kHeapBlock, 1);
      told.watch.DidHappen(Domain::kHeapBlock, 1, Event::kBirth, kMainLane);
    });
  };
  CHECK(WEXITSTATUS(hit_with(OnHit::kExit)) == kBreakExitCode);
  CHECK(WEXITSTATUS(hit_with(OnHit::kStack)) == 0);
  if (!DebuggerIsAttached()) CHECK(WEXITSTATUS(hit_with(OnHit::kAutomatic)) == 0);
  const int trapped = hit_with(OnHit::kTrap);
  CHECK(WIFSIGNALED(trapped));
  CHECK(WTERMSIG(trapped) == SIGTRAP);
}

TEST_CASE("ids are decimal, or hexadecimal after 0x") {
  struct Case {
    const char* text;
    std::optional<BirthId> id;
    std::optional<BirthId> bare_hex;
  };
  for (const Case& c :
       {Case{"0", 0, 0}, Case{"90", 90, 0x90}, Case{"0x5a", 0x5a, 0x5a}, Case{"0X5A", 0x5a, 0x5a},
        Case{"5a", std::nullopt, 0x5a}, Case{"", std::nullopt, std::nullopt}, Case{"0x", std::nullopt, std::nullopt},
        Case{"-1", std::nullopt, std::nullopt}, Case{" 1", std::nullopt, std::nullopt},
        Case{"1 ", std::nullopt, std::nullopt}, Case{"0x-1", std::nullopt, std::nullopt},
        Case{"18446744073709551615", ~BirthId{0}, std::nullopt},
        Case{"18446744073709551616", std::nullopt, std::nullopt}}) {
    CAPTURE(c.text);
    CHECK(ParseId(c.text) == c.id);
    CHECK(ParseId(c.text, BareHex::kYes) == c.bare_hex);
  }
}

TEST_CASE("policies are named on the command line") {
  CHECK(ParseOnHit("trap") == OnHit::kTrap);
  CHECK(ParseOnHit("stack") == OnHit::kStack);
  CHECK(ParseOnHit("exit") == OnHit::kExit);
  CHECK(ParseOnHit("auto") == OnHit::kAutomatic);
  CHECK(ParseOnHit("quit") == std::nullopt);
}

}  // namespace
}  // namespace vestige::ledger
