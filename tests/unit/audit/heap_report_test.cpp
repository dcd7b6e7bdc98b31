#include "audit/heap_report.h"

#include <doctest/doctest.h>

namespace vestige::audit {

namespace {
std::string Report(HeapPicture picture) {
  base::StringSink sink;
  WriteHeapReport(std::move(picture), sink);
  return sink.text();
}
}  // namespace

TEST_CASE("an empty heap is a title") {
  CHECK(Report({}) == "--- heap report ---\n");
  CHECK(Report({.is_string_heap = true}) == "--- string heap report ---\n");
}

TEST_CASE("linear chunks are told with what they hold") {
  CHECK(Report({.is_string_heap = true,
                .is_linear = true,
                .chunks = {{.address = 0xabc0, .used_bytes = 36, .bytes = 65536, .texts = {"one", "two"}}}}) ==
        "--- string heap report ---\nabc0\t36 of 65536\n\tone\n\ttwo\n");
}

TEST_CASE("decks are told by chunk") {
  const std::vector<DeckChunk> chunks = {{.begin = 0x1000,
                                          .end = 0x11000,
                                          .used_blocks = 1,
                                          .blocks = 4096,
                                          .used_bytes = 16,
                                          .bytes = 65536,
                                          .texts = {}}};
  CHECK(Report({.decks = {{.block_bytes = 16, .chunks = chunks}}}) ==
        "--- heap report ---\ndecks of size 16\n\t[1000..11000)\n\t1 of 4096, 16 of 65536 bytes\n");
  CHECK(Report({.is_string_heap = true, .decks = {{.block_bytes = 16, .chunks = chunks}}}) ==
        "--- string heap report ---\nstring decks of size 16\n\t[1000..11000)\n\t1 of 4096, 16 of 65536 bytes\n"
        "decks reserves 64 kb in 1 chunks\n");
}

TEST_CASE("blocks are rows by size and id, then bytes per location") {
  const Place build = {.file = "demo.das", .line = 14, .column = 11};
  CHECK(Report({.blocks = {{.bytes = 16, .address = 0xa0, .id = 1, .comment = "new [[ ]]", .place = build},
                           {.bytes = 16, .address = 0xb0, .id = 4, .comment = "", .place = {}},
                           {.bytes = 128, .address = 0xc0, .id = 3, .comment = "array", .place = build}}}) ==
        "--- heap report ---\nbig stuff:\n\tsize\tpointer\t\tid\n"
        "\t128\t0xc0\t3\tarray\tdemo.das:14:11\n"
        "\t16\t0xa0\t1\tnew [[ ]]\tdemo.das:14:11\n"
        "\t16\t0xb0\t4\n"
        "bytes per location:\n144\tdemo.das:14:11\n");
}

TEST_CASE("tracked strings tell their text and a hexadecimal address") {
  CHECK(Report({.is_string_heap = true, .blocks = {{.bytes = 16, .address = 0xbeef, .id = 1, .text = "leaked\\n"}}}) ==
        "--- string heap report ---\nbig stuff:\n\tleaked\\n size 16 bytes, at 0xbeef\n"
        " big stuff total size:1 kb\n");
}

}  // namespace vestige::audit
