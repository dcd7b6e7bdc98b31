// The heap report: what each heap of a context holds at exit, by chunk, deck and block, as text. Floor 2.

#ifndef VESTIGE_AUDIT_HEAP_REPORT_H_
#define VESTIGE_AUDIT_HEAP_REPORT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/text_sink.h"

namespace vestige::audit {

// A chunk of a linear heap.
struct LinearChunk {
  uint64_t address = 0;
  uint64_t used_bytes = 0;
  uint64_t bytes = 0;
};

// A chunk of blocks of one size.
struct DeckChunk {
  uint64_t block_bytes = 0;
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t used_blocks = 0;
  uint64_t blocks = 0;
  uint64_t used_bytes = 0;
  uint64_t bytes = 0;
};

// A block told on its own: all of them when allocations are tracked, otherwise those above the largest deck.
struct BlockRow {
  uint64_t bytes = 0;
  uint64_t address = 0;
  uint64_t id = 0;
  std::string_view comment;  // "new", "array", ...; empty when unknown
  std::string_view place;    // "file:line:column"; empty when unknown
  std::string_view text;     // string heap: what it holds, escaped and cut
};

// Blocks of one type.
struct TypeRow {
  uint64_t count = 0;
  uint64_t bytes = 0;
  std::string type;  // as the script writes it, or what the block is
};

enum class HeapKind : uint8_t { kObjects, kStrings };

// Writes the report of one heap while it is walked, so that a report of any length needs little memory: it grows with
// the number of places only.
//
//   [WriteTitle]  { WriteLinearChunk | WriteDeckChunk, each followed by its WriteContent... }  { WriteBlock }  Finish
//
// Chunks come in the order of the report, decks ascending; blocks largest first, then by id.
class HeapReport {
 public:
  // `out` is kept and not owned.
  HeapReport(HeapKind kind, base::TextSink& out) : kind_(kind), out_(out) {}
  HeapReport(const HeapReport&) = delete;
  HeapReport& operator=(const HeapReport&) = delete;

  // Scripts that call heap_report() and string_heap_report() get the body without it.
  void WriteTitle();
  void WriteLinearChunk(const LinearChunk& chunk);
  void WriteDeckChunk(const DeckChunk& chunk);
  // A string in the chunk that was written last, escaped and cut.
  void WriteContent(std::string_view text);
  void WriteBlock(const BlockRow& block);
  // Writes the sums and hands all text to the sink. The last call.
  void Finish();

 private:
  bool is_strings() const { return kind_ == HeapKind::kStrings; }
  void EndDeck();
  void BeginBlocks();
  void WritePerLocation();
  // Hands text on when there is much of it.
  void Flush(size_t limit);

  HeapKind kind_;
  base::TextSink& out_;
  std::string text_;
  // The deck whose chunks are being told; zero: none.
  uint64_t deck_bytes_ = 0;
  uint64_t deck_chunks_ = 0;
  uint64_t deck_reserved_bytes_ = 0;
  bool has_blocks_ = false;
  uint64_t block_bytes_ = 0;
  absl::flat_hash_map<std::string, uint64_t> bytes_at_;
};

// The line above the reports of a context that is not the main one.
void WriteHeapsOf(std::string_view context_name, std::string_view lane, base::TextSink& out);

// What a heap holds by type, in the order given: `--- heap census ---` or `--- string heap census ---` when there is to
// be a title, then a row `count, bytes, type` each; a heap that holds nothing has none.
void WriteCensus(HeapKind kind, bool with_title, const std::vector<TypeRow>& rows, base::TextSink& out);

}  // namespace vestige::audit

#endif  // VESTIGE_AUDIT_HEAP_REPORT_H_
