// Life of a heap and of its blocks: everything behind the inline halves of Allocate and Free. Floor 2.
#include "memory/heap.h"

#include <algorithm>
#include <cstring>

#include "memory/linear_store.h"
#include "memory/tool_marks.h"

namespace vestige::memory {

namespace {

// More than any machine has; keeps sums of sizes from wrapping.
constexpr uint64_t kMostBytes = uint64_t{1} << 46;

}  // namespace

Heap::Heap(const HeapOptions& options)
    : max_bytes_(options.max_bytes == 0 ? kNoLimit : options.max_bytes),
      failure_(options.failure),
      granule_mask_(options.content == Content::kStrings ? 3 : 15),
      record_shift_(!kTrackingIsCompiledIn || !options.track ? 2
                    : options.profile == nullptr             ? 4
                                                             : 5),
      tracking_(kTrackingIsCompiledIn && options.track),
      model_(options.model),
      content_(options.content),
      watch_(options.watch),
      profile_(kTrackingIsCompiledIn && options.track ? options.profile : nullptr),
      lane_(options.lane) {
  SetInlineLimit();
  tells_deaths_ = profile_ != nullptr || (tracking_ && watch_ != nullptr && watch_->watches(domain()));
  for (uint32_t i = 0; i < kClassCount; ++i) {
    classes_[i].word = &no_word_;
    classes_[i].reciprocal = ReciprocalOf(BlockBytesOf(i));
    classes_[i].bytes_freed_inline = tells_deaths_ || kTellsTools ? 0 : BlockBytesOf(i);
  }
  if (model_ == Model::kLinear)
    linear_ = std::make_unique<LinearStore>(options.first_chunk_bytes, tracking_, profile_ != nullptr);
}

Heap::~Heap() {
  if (kTellsTools && linear_ == nullptr) {
    ForEachLive([](const LiveBlock& block) { ToolDidFree(block.pointer, block.requested); });
  }
  ForEachChunkHeader([](Chunk* chunk) {
    if (chunk->kind == Chunk::Kind::kSlab) std::free(chunk->records);
    ToolWillRelease(chunk->data, size_t{chunk->span_chunks} * kChunkBytes);
  });
}

bool Heap::Restart(std::string_view lane) {
  if (live_count() != 0 || model_ == Model::kLinear) return false;
  births_ = {};
  born_bytes_ = death_count_ = 0;
  peak_bytes_ = peak_count_ = 0;
  refusal_ = {};
  custom_comments_.clear();
  lane_ = lane;
  return true;
}

void* Heap::Refuse(uint64_t bytes, bool by_system) {
  refusal_ = Refusal{bytes, live_bytes_, very_large_count_, by_system};
  return nullptr;
}

bool Heap::FailsAsPlanned() {
  if (failure_ == nullptr) return false;
  uint64_t left = failure_->left.load(std::memory_order_relaxed);
  while (left != 0 && !failure_->left.compare_exchange_weak(left, left - 1, std::memory_order_relaxed)) {
  }
  const bool fails = left == 1;
  SetInlineLimit();
  return fails;
}

void* Heap::AllocateOutOfLine(uint64_t bytes, BlockInfo info) {
  bytes = std::max<uint64_t>(bytes, 1);
  if (FailsAsPlanned()) return Refuse(bytes, false);
  if (bytes > kMostBytes || live_bytes_ + RoundUp(bytes) > max_bytes_) return Refuse(bytes, false);
  if (linear_ != nullptr) return AllocateLinear(bytes, info);
  return bytes <= kLargestSlabBlock ? AllocateFromClass(ClassOf(bytes), bytes, info) : AllocateSpan(bytes, info);
}

void* Heap::RecordBirth(BlockRecord* record, void* block, uint64_t bytes) {
  const ledger::BirthId id = births_.last();
  record->id = id;
  record->node = birth_source_ == nullptr ? ledger::kNoNode : birth_source_(birth_host_);
  if (profile_ != nullptr) {
    reinterpret_cast<ProfiledRecord*>(record)->birth = profile_->DidAllocate(record->node, bytes);
  }
  if (watch_ != nullptr) watch_->DidHappen(domain(), id, ledger::Event::kBirth, lane_);
  return block;
}

void Heap::TellDeath(const BlockRecord* record, uint64_t bytes) {
  if (!tells_deaths_) return;
  if (profile_ != nullptr) profile_->DidFree(reinterpret_cast<const ProfiledRecord*>(record)->birth, bytes);
  if (watch_ != nullptr) watch_->DidHappen(domain(), record->id, ledger::Event::kDeath, lane_);
}

void* Heap::AllocateSpan(uint64_t bytes, BlockInfo info) {
  Chunk* chunk = segments_.Take((bytes + kChunkBytes - 1) / kChunkBytes);
  if (chunk == nullptr) return Refuse(bytes, true);
  chunk->kind = Chunk::Kind::kSpanStart;
  // For the arithmetic of Free a span is a slab whose only slot starts the chunk.
  chunk->block_bytes = chunk->data_bytes = kChunkBytes;
  chunk->reciprocal = static_cast<uint32_t>((uint64_t{1} << 32) / kChunkBytes);
  chunk->slot_count = 1;
  chunk->record_shift = 4;
  chunk->records = reinterpret_cast<char*>(&chunk->span_record);
  chunk->requested = &chunk->span_requested;
  chunk->marks = &chunk->span_mark;
  chunk->span_mark = 0;
  chunk->free_words[0] = 0;
  chunk->span_requested = bytes;
  chunk->next = nullptr;
  chunk->previous = last_span_;
  (last_span_ == nullptr ? first_span_ : last_span_->next) = chunk;
  last_span_ = chunk;
  if (bytes >= kVeryLargeBlock) ++very_large_count_;
  chunk->set_info(0, info);
  CountBirth(RoundUp(bytes));
  ToolDidAllocate(chunk->data, bytes);
  return tracking_ ? RecordBirth(chunk->record(0), chunk->data, bytes) : chunk->data;
}

void Heap::ReleaseSpan(Chunk* chunk) {
  (chunk->previous == nullptr ? first_span_ : chunk->previous->next) = chunk->next;
  (chunk->next == nullptr ? last_span_ : chunk->next->previous) = chunk->previous;
  if (chunk->span_requested >= kVeryLargeBlock) --very_large_count_;
  ToolWillRelease(chunk->data, size_t{chunk->span_chunks} * kChunkBytes);
  segments_.GiveBack(chunk);
}

bool Heap::FreeOutOfLine(void* pointer) {
  if (pointer == nullptr) return true;
  if (linear_ != nullptr) return FreeLinear(pointer);
  const Place place = FindLive(pointer);
  if (place.chunk == nullptr) return false;
  FreeSlot(place.chunk, place.slot);
  return true;
}

void Heap::FreeSlot(Chunk* chunk, uint32_t slot) {
  const uint64_t requested = chunk->requested_bytes(slot);
  if (tracking_) TellDeath(chunk->record(slot), requested);
  CountDeath(RoundUp(requested));
  ToolDidFree(chunk->data + size_t{slot} * chunk->block_bytes, requested);
  if (chunk->kind == Chunk::Kind::kSpanStart) {
    ReleaseSpan(chunk);
    return;
  }
  uint64_t& word = chunk->free_words[slot / 64];
  const bool was_full = word == 0;
  word |= uint64_t{1} << (slot % 64);
  if (was_full) DidGetRoom(chunk, slot / 64);
}

Heap::Place Heap::FindLive(const void* pointer) const {
  Chunk* chunk = segments_.FindChunk(pointer);
  if (chunk == nullptr) return {};
  const uint64_t offset = reinterpret_cast<uintptr_t>(pointer) - reinterpret_cast<uintptr_t>(chunk->data);
  if (offset >= chunk->data_bytes) return {};
  const uint32_t slot = static_cast<uint32_t>((offset * chunk->reciprocal) >> 32);
  if (uint64_t{slot} * chunk->block_bytes != offset || !chunk->is_live(slot)) return {};
  return {chunk, slot};
}

LiveBlock Heap::DescribeSlot(const Chunk* chunk, uint32_t slot) const {
  LiveBlock block;
  const BlockInfo info = chunk->info(slot);
  block.pointer = chunk->data + size_t{slot} * chunk->block_bytes;
  block.requested = chunk->requested_bytes(slot);
  block.size = RoundUp(block.requested);
  if (tracking_) {
    block.id = chunk->record(slot)->id;
    block.node = chunk->record(slot)->node;
  }
  block.comment = info.comment();
  block.type = info.type();
  block.marked = marks_are_valid_ && chunk->is_marked(slot);
  return block;
}

bool Heap::IsLive(const void* pointer) const {
  return linear_ != nullptr ? linear_->FindLive(pointer).chunk != nullptr : FindLive(pointer).chunk != nullptr;
}

LiveBlock Heap::Describe(const void* pointer) const {
  if (linear_ != nullptr) return linear_->Describe(linear_->FindLive(pointer));
  const Place place = FindLive(pointer);
  return place.chunk == nullptr ? LiveBlock() : DescribeSlot(place.chunk, place.slot);
}

bool Heap::IsUnmarked(const void* pointer) const {
  if (linear_ != nullptr) {
    const LiveBlock block = linear_->Describe(linear_->FindLive(pointer));
    return block.pointer != nullptr && !block.marked;
  }
  // Records of blocks are not looked at: with millions of blocks, they are what is not in the cache.
  const Place place = FindLive(pointer);
  return place.chunk != nullptr && !(marks_are_valid_ && place.chunk->is_marked(place.slot));
}

bool Heap::SetComment(void* pointer, Comment comment) {
  if (linear_ != nullptr) return linear_->SetComment(linear_->FindLive(pointer), comment);
  const Place place = FindLive(pointer);
  if (place.chunk == nullptr) return false;
  place.chunk->set_info(place.slot, place.chunk->info(place.slot).WithComment(comment));
  return true;
}

Comment Heap::InternComment(std::string_view text) {
  constexpr size_t kFirst = static_cast<size_t>(Comment::kFirstCustom);
  for (size_t i = 0; i < kFirst; ++i) {
    if (text == FixedCommentText(static_cast<Comment>(i))) return static_cast<Comment>(i);
  }
  for (size_t i = 0; i < custom_comments_.size(); ++i) {
    if (text == *custom_comments_[i]) return static_cast<Comment>(kFirst + i);
  }
  if (kFirst + custom_comments_.size() == kMaxComments) return Comment::kNone;
  custom_comments_.push_back(std::make_unique<std::string>(text));
  return static_cast<Comment>(kFirst + custom_comments_.size() - 1);
}

const char* Heap::CommentText(Comment comment) const {
  const size_t index = static_cast<size_t>(comment);
  constexpr size_t kFirst = static_cast<size_t>(Comment::kFirstCustom);
  if (index < kFirst) return FixedCommentText(comment);
  return index - kFirst < custom_comments_.size() ? custom_comments_[index - kFirst]->c_str() : "";
}

}  // namespace vestige::memory
