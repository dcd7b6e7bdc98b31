// The code of a program: words, functions and what they refer to.
//
// All functions lie in one array of words, so a place in the code is a 32-bit number: the call sites of the context
// tree are word indices, and everything that only reports need (locations, inlined functions, texts) is in side tables
// sorted by word. Code is immutable once finished and may be run by any number of contexts; it keeps no context's
// state.
//
// CodeBuilder makes one: words are appended function by function, jumps are patched, side tables filled along the way.
//
// Floor 4; written by lower.

#ifndef VESTIGE_EXEC_CODE_H_
#define VESTIGE_EXEC_CODE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/arena.h"
#include "base/location.h"
#include "exec/function.h"
#include "exec/operation.h"
#include "exec/word.h"
#include "sema/native.h"
#include "types/type.h"

namespace vestige::exec {

// An inlined call: code whose inline id is this entry's index belongs to `function`, called at `call` from the code
// that `parent` describes. Id 0 is "not inlined".
struct InlineEntry {
  uint32_t function = types::kNoFunction;
  base::Location call;
  uint32_t parent = 0;
};

// Location and inline id of all words from `word` up to the next entry's.
struct LineEntry {
  uint32_t word = 0;
  base::Location location;
  uint32_t inline_id = 0;
};

// Text that a panic of the operation at `word` adds to its message.
struct HintEntry {
  uint32_t word = 0;
  const char* text = nullptr;
};

// What kCallNative's data word points at. Lives in the code's arena.
struct NativeSite {
  sema::NativeFn function = nullptr;
  // Of each argument, from the first argument slot.
  const uint16_t* offsets = nullptr;
  // Parameter types, then the result type.
  std::span<const types::Type* const> types;
  // The frame that reports show above the caller's: ``builtin`push``.
  const char* frame_name = nullptr;
};

// One piece of kBuildString: text, or a value of `type` at frame offset `offset` (with `by_reference`, the slot holds
// the value's address), formatted by `format` (":05d") unless that is null.
struct StringPart {
  const char* text = nullptr;
  uint32_t text_bytes = 0;
  const types::Type* type = nullptr;
  uint32_t offset = 0;
  bool by_reference = false;
  const char* format = nullptr;
};
struct StringPlan {
  std::span<const StringPart> parts;
};

// A variable of a module: where it lies in the globals block of every context, or in the one of shared variables, and
// what reports call it.
struct GlobalEntry {
  uint32_t offset = 0;
  const types::Type* type = nullptr;
  const char* name = nullptr;
  bool is_shared = false;
};

// At the start of the globals block of a program that has shared variables: where this context finds them, and whether
// it is the one that initialises them.
struct SharedLink {
  char* variables = nullptr;
  bool is_owner = false;
};

// A finished program. Addresses of words and functions never change.
class Code {
 public:
  std::span<const Word> words() const { return words_; }
  std::span<const Function> functions() const { return functions_; }
  std::span<const FunctionInfo> infos() const { return infos_; }
  const FunctionInfo& InfoOf(const Function& function) const { return infos_[function.number]; }
  // Bytes of the globals block, and the typed globals in it.
  uint32_t global_bytes() const { return global_bytes_; }
  std::span<const GlobalEntry> globals() const { return globals_; }
  // Bytes of the block that forks share; not zero: the globals block begins with a SharedLink.
  uint32_t shared_bytes() const { return shared_bytes_; }

  bool Contains(const Word* word) const { return word >= words_.data() && word < words_.data() + words_.size(); }
  uint32_t IndexOf(const Word* word) const { return static_cast<uint32_t>(word - words_.data()); }

  // Side tables. Unknown words give empty answers.
  base::Location LocationOf(uint32_t word) const;
  uint32_t InlineIdOf(uint32_t word) const;
  const InlineEntry& inline_entry(uint32_t id) const { return inlines_[id]; }
  // Empty, not null, when the word has no hint.
  const char* HintOf(uint32_t word) const;
  // Number of the function whose words contain `word`; kNoFunction for none.
  uint32_t FunctionAt(uint32_t word) const;
  // The native a kCallNative or kCallPush word calls; null for other words.
  const NativeSite* NativeSiteAt(uint32_t word) const;
  // The operation that a kCounted word stands for.
  Op CountedAt(uint32_t word) const { return counted_.at(word); }

 private:
  friend class CodeBuilder;
  const LineEntry* LineOf(uint32_t word) const;

  base::Arena arena_;
  std::vector<Word> words_;
  std::vector<Function> functions_;
  std::vector<FunctionInfo> infos_;
  // Numbers of the functions that have words, by first word.
  std::vector<uint32_t> by_word_;
  std::vector<LineEntry> lines_;
  std::vector<InlineEntry> inlines_{InlineEntry{}};
  std::vector<HintEntry> hints_;
  absl::flat_hash_map<uint32_t, Op> counted_;
  std::vector<GlobalEntry> globals_;
  uint32_t global_bytes_ = 0;
  uint32_t shared_bytes_ = 0;
};

// Makes a Code. Order of use: DeclareFunctions; for each function BeginFunction, Emit..., EndFunction; Finish.
class CodeBuilder {
 public:
  CodeBuilder();

  // Makes `count` functions, numbered from 0. Their addresses are final, so constants may refer to them.
  void DeclareFunctions(uint32_t count);
  const Function* function(uint32_t number) const { return &code_->functions_[number]; }
  // Filled in by the caller at any time before Finish; first_word, last_word and printed are the builder's.
  FunctionInfo& info(uint32_t number) { return code_->infos_[number]; }

  void BeginFunction(uint32_t number);
  // `behind_bytes`: of a generator's block, behind its frame, which no operand reaches.
  void EndFunction(uint32_t frame_bytes, uint64_t behind_bytes = 0);

  // Words emitted from now on are at this place of the source; inline id from AddInline, 0 for none.
  void SetPlace(base::Location location, uint32_t inline_id = 0);
  // Code of `function` inlined at `call` within code of inline id `parent`.
  uint32_t AddInline(uint32_t function, base::Location call, uint32_t parent);

  // Index of the next word.
  uint32_t here() const { return static_cast<uint32_t>(code_->words_.size()); }
  // Appends a word and returns its index.
  uint32_t Emit(Op op, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0, uint32_t d = 0);
  // Same with a 32-bit number in c and d. May take a cheaper operation (ReduceConstant).
  uint32_t EmitImmediate(Op op, uint32_t a, uint32_t b, int32_t immediate);
  uint32_t EmitPointer(const void* pointer, uint64_t number = 0);
  uint32_t EmitBits(uint64_t low, uint64_t high = 0);
  // Points the jump at word `jump` (distance in c and d) to word `target`.
  void PatchJump(uint32_t jump, uint32_t target);
  // The immediate of a word that was emitted with another.
  void PatchImmediate(uint32_t word, int32_t immediate);
  void PatchJumpToHere(uint32_t jump) { PatchJump(jump, here()); }
  // The word at `index`, to change its operands; pointers become invalid with the next Emit.
  Word& word(uint32_t index) { return code_->words_[index]; }
  // The operation of an emitted word (a peephole may ask); kCount for data words.
  Op OpAt(uint32_t index) const { return ops_[index]; }
  // Takes back everything from word `index` on: the last words of the function being made.
  void Truncate(uint32_t index);

  // Text for the panic of the word at `word`. Words must be given in ascending order within a function.
  void AddHint(uint32_t word, std::string_view text);
  // `name` is copied.
  void AddGlobal(uint32_t offset, const types::Type* type, std::string_view name, bool is_shared = false);
  void set_global_bytes(uint32_t bytes) { code_->global_bytes_ = bytes; }
  void set_shared_bytes(uint32_t bytes) { code_->shared_bytes_ = bytes; }

  // The code will tell an event profile of its calls.
  void set_counts_events(bool counts) { counts_events_ = counts; }

  // Memory that lives as long as the code: texts, plans, sites.
  base::Arena& arena() { return code_->arena_; }
  // A NUL-terminated copy of `text` in it.
  const char* Text(std::string_view text) { return code_->arena_.CopyText(text).data(); }
  // A string constant: null for the empty text, equal texts share one copy.
  const char* StringConstant(std::string_view text);

  // The finished code. The builder is spent.
  std::unique_ptr<Code> Finish();

 private:
  std::unique_ptr<Code> code_;
  void CountEvents();

  std::vector<Op> ops_;
  bool counts_events_ = false;
  uint32_t current_ = types::kNoFunction;
  LineEntry place_;
  absl::flat_hash_map<std::string_view, const char*> strings_;
};

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_CODE_H_
