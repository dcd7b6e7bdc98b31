#include "exec/code.h"

#include <algorithm>
#include <bit>

#include "absl/base/internal/raw_logging.h"
#include "exec/frame.h"

namespace vestige::exec {

namespace {

// The last entry of a table sorted by `word` that is not after `word`; null when all are.
template <typename Entry>
const Entry* LastUpTo(const std::vector<Entry>& entries, uint32_t word) {
  auto after = std::upper_bound(entries.begin(), entries.end(), word,
                                [](uint32_t wanted, const Entry& entry) { return wanted < entry.word; });
  return after == entries.begin() ? nullptr : &*(after - 1);
}

}  // namespace

const LineEntry* Code::LineOf(uint32_t word) const { return word < words_.size() ? LastUpTo(lines_, word) : nullptr; }

base::Location Code::LocationOf(uint32_t word) const {
  const LineEntry* line = LineOf(word);
  return line == nullptr ? base::Location() : line->location;
}

uint32_t Code::InlineIdOf(uint32_t word) const {
  const LineEntry* line = LineOf(word);
  return line == nullptr ? 0 : line->inline_id;
}

const char* Code::HintOf(uint32_t word) const {
  const HintEntry* hint = LastUpTo(hints_, word);
  return hint == nullptr || hint->word != word ? "" : hint->text;
}

uint32_t Code::FunctionAt(uint32_t word) const {
  auto after = std::upper_bound(by_word_.begin(), by_word_.end(), word, [this](uint32_t wanted, uint32_t number) {
    return wanted < infos_[number].first_word;
  });
  if (after == by_word_.begin() || word >= infos_[*(after - 1)].last_word) return types::kNoFunction;
  return *(after - 1);
}

const NativeSite* Code::NativeSiteAt(uint32_t word) const {
  if (word >= words_.size()) return nullptr;
  const Handler handler = words_[word].handler;
  bool calls = false;
  for (const Op op : {Op::kCallNative, Op::kCallPush1, Op::kCallPush4, Op::kCallPush8, Op::kCallPush16}) {
    calls |= handler == HandlerOf(op);
  }
  if (!calls) return nullptr;
  return static_cast<const NativeSite*>(DataOf(&words_[word]).pair.pointer);
}

CodeBuilder::CodeBuilder() : code_(std::make_unique<Code>()) {}

void CodeBuilder::DeclareFunctions(uint32_t count) {
  ABSL_RAW_CHECK(code_->functions_.empty(), "functions are declared once: their addresses are final");
  code_->functions_.resize(count);
  code_->infos_.resize(count);
  for (uint32_t i = 0; i < count; ++i) code_->functions_[i].number = i;
}

void CodeBuilder::BeginFunction(uint32_t number) {
  ABSL_RAW_CHECK(current_ == types::kNoFunction, "a function is still open");
  current_ = number;
  code_->infos_[number].first_word = here();
  // Places do not run on from one function into the next.
  place_ = LineEntry{here(), {}, 0};
  code_->lines_.push_back(place_);
}

void CodeBuilder::EndFunction(uint32_t frame_bytes, uint64_t behind_bytes) {
  ABSL_RAW_CHECK(current_ != types::kNoFunction, "no function is open");
  ABSL_RAW_CHECK(frame_bytes <= kMaxFrameBytes, "a frame is too large for its operands");
  code_->infos_[current_].last_word = here();
  Function& function = code_->functions_[current_];
  function.frame_bytes = ((frame_bytes + 7) & ~7u) + static_cast<uint32_t>(behind_bytes);
  const FunctionInfo& info = code_->infos_[current_];
  uint32_t end = kFirstSlot + 8 * static_cast<uint32_t>(std::popcount(info.hidden));
  for (const ParameterSlot& slot : info.parameters) end = std::max(end, (slot.offset + slot.bytes + 7u) & ~7u);
  function.argument_bytes = static_cast<uint16_t>(end - kFirstSlot);
  function.result_bytes = static_cast<uint8_t>(info.result_bytes);
  function.is_generator = info.capture != nullptr;
  current_ = types::kNoFunction;
}

void CodeBuilder::SetPlace(base::Location location, uint32_t inline_id) {
  if (place_.location == location && place_.inline_id == inline_id) return;
  place_ = LineEntry{here(), location, inline_id};
  std::vector<LineEntry>& lines = code_->lines_;
  if (!lines.empty() && lines.back().word == here()) {
    lines.back() = place_;
  } else {
    lines.push_back(place_);
  }
}

uint32_t CodeBuilder::AddInline(uint32_t function, base::Location call, uint32_t parent) {
  code_->inlines_.push_back({function, call, parent});
  return static_cast<uint32_t>(code_->inlines_.size() - 1);
}

uint32_t CodeBuilder::Emit(Op op, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  const uint32_t index = here();
  ABSL_RAW_CHECK(op < Op::kCount, "no such operation");
  ABSL_RAW_CHECK((a | b | c | d) <= 0xFFFF, "an operand is too wide");
  code_->words_.push_back({HandlerOf(op), static_cast<uint16_t>(a), static_cast<uint16_t>(b), static_cast<uint16_t>(c),
                           static_cast<uint16_t>(d)});
  ops_.push_back(op);
  return index;
}

uint32_t CodeBuilder::EmitImmediate(Op op, uint32_t a, uint32_t b, int32_t immediate) {
  const Op reduced = ReduceConstant(op, immediate);
  const auto bits = static_cast<uint32_t>(immediate);
  return Emit(reduced, a, b, bits & 0xFFFF, bits >> 16);
}

uint32_t CodeBuilder::EmitPointer(const void* pointer, uint64_t number) {
  return EmitBits(reinterpret_cast<uintptr_t>(pointer), number);
}

uint32_t CodeBuilder::EmitBits(uint64_t low, uint64_t high) {
  const uint32_t index = here();
  const DataWord data = {.bits = {low, high}};
  Word word;
  __builtin_memcpy(static_cast<void*>(&word), &data, sizeof(word));
  code_->words_.push_back(word);
  ops_.push_back(Op::kNone);
  return index;
}

void CodeBuilder::PatchJump(uint32_t jump, uint32_t target) {
  PatchImmediate(jump, static_cast<int32_t>(target) - static_cast<int32_t>(jump));
}

void CodeBuilder::PatchImmediate(uint32_t index, int32_t immediate) {
  const auto bits = static_cast<uint32_t>(immediate);
  Word& word = code_->words_[index];
  word.c = static_cast<uint16_t>(bits & 0xFFFF);
  word.d = static_cast<uint16_t>(bits >> 16);
}

void CodeBuilder::Truncate(uint32_t index) {
  ABSL_RAW_CHECK(index >= code_->infos_[current_].first_word, "the words belong to another function");
  code_->words_.resize(index);
  ops_.resize(index);
  while (code_->lines_.back().word > index) code_->lines_.pop_back();
  while (!code_->hints_.empty() && code_->hints_.back().word >= index) code_->hints_.pop_back();
  place_ = code_->lines_.back();
}

void CodeBuilder::AddHint(uint32_t word, std::string_view text) {
  if (text.empty()) return;
  code_->hints_.push_back({word, Text(text)});
}

void CodeBuilder::AddGlobal(uint32_t offset, const types::Type* type, std::string_view name, bool is_shared) {
  code_->globals_.push_back({offset, type, Text(name), is_shared});
}

const char* CodeBuilder::StringConstant(std::string_view text) {
  if (text.empty()) return nullptr;
  auto found = strings_.find(text);
  if (found != strings_.end()) return found->second;
  const std::string_view copy = code_->arena_.CopyText(text);
  strings_.emplace(copy, copy.data());
  return copy.data();
}

std::unique_ptr<Code> CodeBuilder::Finish() {
  ABSL_RAW_CHECK(current_ == types::kNoFunction, "a function is still open");
  Code& code = *code_;
  code.words_.shrink_to_fit();
  for (uint32_t i = 0; i < code.functions_.size(); ++i) {
    FunctionInfo& info = code.infos_[i];
    info.printed = info.name + "/*" + info.mangled + "*/";
    code.functions_[i].entry = code.words_.data() + info.first_word;
    if (info.last_word > info.first_word) code.by_word_.push_back(i);
    std::sort(info.slots.begin(), info.slots.end(),
              [](const SlotMapEntry& a, const SlotMapEntry& b) { return a.first_word < b.first_word; });
  }
  // Functions need not lie in the code in the order of their numbers.
  std::sort(code.by_word_.begin(), code.by_word_.end(),
            [&code](uint32_t a, uint32_t b) { return code.infos_[a].first_word < code.infos_[b].first_word; });
  std::stable_sort(code.hints_.begin(), code.hints_.end(),
                   [](const HintEntry& a, const HintEntry& b) { return a.word < b.word; });
  if (counts_events_) CountEvents();
  return std::move(code_);
}

void CodeBuilder::CountEvents() {
  constexpr Op kCountedOps[] = {Op::kCall,
                                Op::kCallFunctionValue,
                                Op::kCallLambda,
                                Op::kCallBlock,
                                Op::kCallBlockAt,
                                Op::kCallFromHeap,
                                Op::kCallFunctionValueFromHeap,
                                Op::kCallLambdaFromHeap,
                                Op::kCallBlockFromHeap,
                                Op::kNewLambda,
                                Op::kNewGenerator};
  for (uint32_t i = 0; i < ops_.size(); ++i) {
    if (std::find(std::begin(kCountedOps), std::end(kCountedOps), ops_[i]) == std::end(kCountedOps)) continue;
    code_->counted_.emplace(i, ops_[i]);
    code_->words_[i].handler = HandlerOf(Op::kCounted);
  }
}

}  // namespace vestige::exec
