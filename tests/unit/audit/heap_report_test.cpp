#include "audit/heap_report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace vestige::audit {

namespace {

// The text that `write` makes of a heap.
template <typename Write>
std::string Report(HeapKind kind, Write write) {
  base::StringSink sink;
  HeapReport report(kind, sink);
  report.WriteTitle();
  write(report);
  report.Finish();
  return sink.text();
}

constexpr DeckChunk kChunk = {.block_bytes = 16,
                              .begin = 0x1000,
                              .end = 0x11000,
                              .used_blocks = 1,
                              .blocks = 4096,
                              .used_bytes = 16,
                              .bytes = 65536};

}  // namespace

TEST_CASE("an empty heap is a title") {
  CHECK(Report(HeapKind::kObjects, [](HeapReport&) {}) == "--- heap report ---\n");
  CHECK(Report(HeapKind::kStrings, [](HeapReport&) {}) == "--- string heap report ---\n");
}

TEST_CASE("linear chunks are told with what they hold") {
  CHECK(Report(HeapKind::kStrings, [](HeapReport& report) {
          report.WriteLinearChunk({.address = 0xabc0, .used_bytes = 36, .bytes = 65536});
          report.WriteContent("one");
          report.WriteContent("two");
        }) == "--- string heap report ---\nabc0\t36 of 65536\n\tone\n\ttwo\n");
}

TEST_CASE("decks are told by chunk") {
  CHECK(Report(HeapKind::kObjects, [](HeapReport& report) { report.WriteDeckChunk(kChunk); }) ==
        "--- heap report ---\ndecks of size 16\n\t[1000..11000)\n\t1 of 4096, 16 of 65536 bytes\n");
}

TEST_CASE("decks of strings end with what they reserve, each size once") {
  DeckChunk larger = kChunk;
  larger.block_bytes = 32;
  CHECK(Report(HeapKind::kStrings,
               [&](HeapReport& report) {
                 report.WriteDeckChunk(kChunk);
                 report.WriteContent("one");
                 report.WriteDeckChunk(kChunk);
                 report.WriteDeckChunk(larger);
               }) ==
        "--- string heap report ---\n"
        "string decks of size 16\n"
        "\t[1000..11000)\n\t1 of 4096, 16 of 65536 bytes\n\t\tone\n"
        "\t[1000..11000)\n\t1 of 4096, 16 of 65536 bytes\n"
        "decks reserves 128 kb in 2 chunks\n"
        "string decks of size 32\n"
        "\t[1000..11000)\n\t1 of 4096, 16 of 65536 bytes\n"
        "decks reserves 64 kb in 1 chunks\n");
}

TEST_CASE("blocks are rows, then bytes per location, largest first") {
  CHECK(Report(HeapKind::kObjects,
               [](HeapReport& report) {
                 report.WriteBlock(
                     {.bytes = 128, .address = 0xc0, .id = 3, .comment = "array", .place = "demo.das:14:11"});
                 report.WriteBlock({.bytes = 16, .address = 0xa0, .id = 1, .comment = "new", .place = "demo.das:9:5"});
                 report.WriteBlock(
                     {.bytes = 16, .address = 0xa8, .id = 2, .comment = "new [[ ]]", .place = "demo.das:14:11"});
                 report.WriteBlock({.bytes = 16, .address = 0xb0, .id = 4});
               }) ==
        "--- heap report ---\nbig stuff:\n\tsize\tpointer\t\tid\n"
        "\t128\t0xc0\t3\tarray\tdemo.das:14:11\n"
        "\t16\t0xa0\t1\tnew\tdemo.das:9:5\n"
        "\t16\t0xa8\t2\tnew [[ ]]\tdemo.das:14:11\n"
        "\t16\t0xb0\t4\n"
        "bytes per location:\n144\tdemo.das:14:11\n16\tdemo.das:9:5\n");
}

TEST_CASE("tracked strings tell their text and a hexadecimal address") {
  CHECK(Report(HeapKind::kStrings,
               [](HeapReport& report) {
                 report.WriteBlock({.bytes = 16, .address = 0xbeef, .id = 1, .text = "leaked\\n"});
               }) ==
        "--- string heap report ---\nbig stuff:\n\tleaked\\n size 16 bytes, at 0xbeef\n"
        " big stuff total size:1 kb\n");
}

TEST_CASE("a long report reaches the sink in pieces") {
  class CountingSink : public base::TextSink {
   public:
    void Write(std::string_view text) override {
      largest = std::max(largest, text.size());
      bytes += text.size();
    }
    size_t largest = 0;
    size_t bytes = 0;
  };
  CountingSink sink;
  HeapReport report(HeapKind::kObjects, sink);
  for (uint64_t id = 1; id <= 100'000; ++id) {
    report.WriteBlock({.bytes = 16, .address = id << 20, .id = id, .comment = "new", .place = "demo.das:9:5"});
  }
  report.Finish();
  CHECK(sink.bytes > 3'000'000);
  CHECK(sink.largest < 100'000);
}

}  // namespace vestige::audit
