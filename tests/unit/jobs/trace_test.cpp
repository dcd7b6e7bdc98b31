#include "jobs/trace.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "doctest/doctest.h"

namespace vestige::jobs {
namespace {

namespace fs = std::filesystem;

// A file that is gone afterwards.
struct File {
  File()
      : path((fs::temp_directory_path() /
              ("vestige_trace_" + std::to_string(getpid()) + "_" + std::to_string(std::rand())))
                 .string()) {}
  ~File() { fs::remove(path); }
  std::string Text() const {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  std::string path;
};

size_t CountOf(const std::string& text, const std::string& word) {
  size_t count = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) count += 1;
  return count;
}

TEST_CASE("what is recorded while it is on is in the file") {
  Trace trace;
  File file;
  CHECK(trace.Now() == 0);
  CHECK_FALSE(trace.Save(file.path));
  TraceLane lane(trace, "caller");
  trace.Start(2000);
  CHECK_FALSE(trace.Save(file.path));
  lane.Add({.begin = 5'000, .end = 7'500, .kind = TraceKind::kChunk, .stage = 1, .argument = 2}, "main");
  trace.Stop();
  REQUIRE(trace.Save(file.path));
  CHECK(file.Text().find(R"("ph":"X","pid":0,"tid":0,"ts":0.0,"dur":2.5,"name":"chunk",)"
                         R"("args":{"stage":1,"arg":2,"lane":"main"})") != std::string::npos);
}

TEST_CASE("a full lane records no more and counts") {
  Trace trace;
  File file;
  TraceLane lane(trace, "caller");
  trace.Start(0);
  for (uint32_t i = 0; i < Trace::kFewestEvents + 10; ++i) lane.Add({.begin = i, .end = i}, "main");
  trace.Stop();
  REQUIRE(trace.Save(file.path));
  CHECK(CountOf(file.Text(), "fifo_job") == Trace::kFewestEvents);
  CHECK(file.Text().find("\"missed\":10,") != std::string::npos);
}

TEST_CASE("a session forgets the one before, and whoever recorded there goes on in the new one") {
  Trace trace;
  File file;
  TraceLane lane(trace, "caller");
  trace.Start(0);
  lane.Add({.begin = 1, .end = 2, .kind = TraceKind::kThread}, "old");
  trace.Start(0);
  lane.Add({.begin = 1, .end = 2, .kind = TraceKind::kThread}, "new");
  trace.Stop();
  lane.Add({.begin = 1, .end = 2, .kind = TraceKind::kThread}, "late");
  REQUIRE(trace.Save(file.path));
  CHECK(CountOf(file.Text(), "old") == 0);
  CHECK(CountOf(file.Text(), "\"new\"") == 1);
  trace.Reset();
  CHECK_FALSE(trace.Save(file.path));
}

TEST_CASE("threads that come one after the other share a lane") {
  Trace trace;
  File file;
  trace.Start(0);
  for (int i = 0; i < 20; ++i) {
    std::thread([&] {
      TraceLane lane(trace, "thread");
      lane.Add({.begin = 1, .end = 2, .kind = TraceKind::kThread}, "main/1");
    }).join();
  }
  trace.Stop();
  REQUIRE(trace.Save(file.path));
  CHECK(CountOf(file.Text(), "main/1") == 20);
  CHECK(file.Text().find("\"lanes\":1,") != std::string::npos);
}

TEST_CASE("sessions may begin and end while threads record") {
  Trace trace;
  File file;
  std::atomic<bool> is_over = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      TraceLane lane(trace, "worker");
      while (!is_over) {
        if (const uint64_t now = trace.Now()) lane.Add({.begin = now, .end = now}, "main/1");
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    trace.Start(1);
    std::this_thread::yield();
    trace.Stop();
    trace.Save(file.path);
  }
  is_over = true;
  for (std::thread& thread : threads) thread.join();
  CHECK_FALSE(trace.is_on());
}

}  // namespace
}  // namespace vestige::jobs
