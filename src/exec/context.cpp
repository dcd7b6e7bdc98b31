#include "exec/context.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "exec/generator.h"
#include "exec/operation.h"
#include "exec/slow_paths.h"

namespace vestige::exec {

namespace {

// Behind the limit: calls store hidden arguments before they look at it, and emitters arguments.
constexpr uint32_t kStackMargin = 1024;
// How much native stack nested dispatch loops may use before it counts as a stack overflow. Threads have 8 MiB as a
// rule.
constexpr ptrdiff_t kMaxNativeStack = 4 * 1024 * 1024;

// How much memory the values of one context that are too large for frames may take.
constexpr uint64_t kMaxFarBytes = uint64_t{256} * 1024 * 1024;

char* AlignUp(char* at) { return reinterpret_cast<char*>((reinterpret_cast<uintptr_t>(at) + 15) & ~uintptr_t{15}); }

ledger::NodeId BirthSource(void* context) { return static_cast<Context*>(context)->CurrentNode(); }

}  // namespace

Context::Context(const Code& code, const ContextSettings& settings)
    : ContextHeaps(settings),
      ScriptContext(objects, strings, *settings.out, *settings.err),
      code_(&code),
      recursion_(settings.recursion),
      tree_(std::in_place, settings.recursion),
      stack_bytes_(std::max(settings.stack_bytes, 1024u)) {
  stack_ = std::make_unique_for_overwrite<char[]>(stack_bytes_ + kStackMargin);
  stack_limit.store(stack_.get() + stack_bytes_, std::memory_order_relaxed);
  functions = code.functions().data();
  globals_ = std::make_unique<char[]>(code.global_bytes() + 16);
  globals = AlignUp(globals_.get());
  if (settings.forked_from != nullptr && code.shared_bytes() != 0) {
    SharedVariables() = {settings.forked_from->SharedVariables().variables, false};
  } else if (code.shared_bytes() != 0) {
    shared_ = std::make_unique<char[]>(code.shared_bytes() + 16);
    SharedVariables() = {AlignUp(shared_.get()), true};
  }
  entry_words_[0].a = kEntryFrameBytes;
  entry_words_[0].b = offsetof(EntryFrame, result);
  entry_words_[1].handler = HandlerOf(Op::kLeave);
  unwind_word_.handler = &Unwind;
  link_words_[0] = entry_words_[0];
  link_words_[1].handler = HandlerOf(Op::kReturnLink);
  objects.set_birth_source(&BirthSource, this);
  strings.set_birth_source(&BirthSource, this);
  if (settings.profiles_events) {
    events_ = std::make_unique<EventProfile>();
    events_->Add(ledger::kRootNode, Event::kContext, types::kNoFunction, 1);
  }
}

Context::~Context() = default;

// --- Running
// --------------------------------------------------------------------------------------------------------------

char* Context::StackTop() const {
  if (frame == nullptr) return AlignUp(stack_.get());
  const Function& function = *HeaderAt(frame).function;
  if (function.is_generator) return AlignUp(Generator::Of(frame)->stack_top);
  return AlignUp(frame + function.frame_bytes);
}

bool Context::HasNativeStack() {
  const char* native_top = static_cast<const char*>(__builtin_frame_address(0));
  if (frame == nullptr) native_stack_base_ = native_top;
  return native_stack_base_ - native_top <= kMaxNativeStack;
}

bool Context::Call(const Function& function, std::span<const runtime::Argument> arguments, void* result) {
  return Invoke(function, nullptr, arguments, result);
}

bool Context::CallFunction(uint32_t function, std::span<const runtime::Argument> arguments, void* result) {
  if (function >= code_->functions().size()) return Panic("invoke null function");
  return Invoke(code_->functions()[function], nullptr, arguments, result);
}

bool Context::CallFunctionValue(const void* function, std::span<const runtime::Argument> arguments, void* result) {
  if (function == nullptr) return Panic("invoke null function");
  return Invoke(*static_cast<const Function*>(function), nullptr, arguments, result);
}

bool Context::CallLambda(void* lambda, std::span<const runtime::Argument> arguments, void* result) {
  if (lambda == nullptr) return Panic("invoke null lambda");
  const auto* head = static_cast<const runtime::LambdaHead*>(lambda);
  if (head->function == nullptr) return Panic("invoke null lambda");
  return Invoke(*static_cast<const Function*>(head->function), static_cast<char*>(lambda), arguments, result);
}

bool Context::CallBlock(const void* block, std::span<const runtime::Argument> arguments, void* result) {
  const auto* value = static_cast<const BlockValue*>(block);
  if (value->function == nullptr) return Panic("invoke null function");
  return Invoke(*value->function, value->maker_frame, arguments, result);
}

bool Context::Invoke(const Function& function, char* maker, std::span<const runtime::Argument> arguments,
                     void* result) {
  if (has_panic()) return false;
  const FunctionInfo& info = code_->InfoOf(function);
  // A ref-type result that nobody wants is made in a place of its own below the entry frame.
  uint32_t scratch_bytes = 0;
  const bool hides_result = (info.hidden & kHiddenResult) != 0;
  if (hides_result && result == nullptr) scratch_bytes = (info.result->size() + 15) & ~15u;
  char* base = StackTop();
  char* entry_at = base + scratch_bytes;
  char* callee = entry_at + kEntryFrameBytes;
  const char* stack_end = stack_.get() + stack_bytes_;
  if (callee + function.frame_bytes > stack_end || !HasNativeStack()) {
    return PanicF("stack overflow while calling {}", info.mangled);
  }
  if (events_ != nullptr) events_->Add(CurrentNode(), Event::kCall, function.number, 1);
  if (scratch_bytes != 0) {
    std::memset(base, 0, scratch_bytes);
    result = base;
  }
  auto* entry = reinterpret_cast<EntryFrame*>(entry_at);
  *entry = {{nullptr, pc, ledger::kNoNode, 0}, frame, {0, 0}};
  HeaderAt(callee) = {&function, &entry_words_[0], ledger::kNoNode, 0};
  StoreArguments(info, callee, maker, arguments, hides_result ? result : nullptr);

  if (!RunLoop(*entry, function.entry, callee)) return false;
  if (!hides_result && result != nullptr && info.result_bytes != 0) {
    std::memcpy(result, entry->result, info.result_bytes);
  }
  return true;
}

bool Context::RunLoop(const EntryFrame& entry, const Word* from, char* callee) {
  const size_t outer_try_base = try_base_;
  try_base_ = try_stack_.size();
  RunWords(from, callee);
  try_stack_.resize(try_base_);
  try_base_ = outer_try_base;
  Save(entry.header.ret, entry.outer_frame);
  return !has_panic();
}

void Context::RunWords(const Word* from, char* callee) {
  // A panic that finds no memory to unwind with is tried again: what it released may do. Then frames are left as they
  // are.
  constexpr int kTries = 4;
  for (int i = 0; i < kTries; ++i) {
    // The only handler there is: containers of C++, ours and those of natives, can tell of a refusal in no other way
    // (doc/decisions/0010-out-of-memory.md).
    try {
      Dispatch(from, callee, this);
      return;
    } catch (const std::bad_alloc&) {
      PanicOutOfSystemMemory();
    }
    from = &unwind_word_;
    callee = frame;
  }
}

bool Context::RunOnHeap(EntryFrame& entry, const Word* from, char* callee, const char* stack_top) {
  if (stack_top > stack_.get() + stack_bytes_ || !HasNativeStack()) {
    return PanicF("stack overflow while calling {}", code_->InfoOf(*HeaderAt(callee).function).mangled);
  }
  entry = {{nullptr, pc, ledger::kNoNode, 0}, frame, {0, 0}};
  return RunLoop(entry, from, callee);
}

void Context::StoreArguments(const FunctionInfo& info, char* callee, char* maker,
                             std::span<const runtime::Argument> arguments, void* hidden_result) {
  char* slot = callee + kFirstSlot;
  if ((info.hidden & kHiddenMaker) != 0) {
    std::memcpy(slot, &maker, sizeof(maker));
    slot += sizeof(maker);
  }
  if ((info.hidden & kHiddenResult) != 0) std::memcpy(slot, &hidden_result, sizeof(hidden_result));
  const size_t count = std::min(arguments.size(), info.parameters.size());
  for (size_t i = 0; i < count; ++i) {
    std::memcpy(callee + info.parameters[i].offset, arguments[i].bits, info.parameters[i].bytes);
  }
}

// --- How runs end
// -----------------------------------------------------------------------------------------------------------

void Context::Stop(int exit_code) {
  stop_code_.store(exit_code, std::memory_order_relaxed);
  // Ordered after the code: whoever sees the null limit finds it.
  stack_limit.store(nullptr, std::memory_order_release);
}

bool Context::TakeStop() {
  if (stack_limit.load(std::memory_order_acquire) != nullptr) return false;
  stack_limit.store(stack_.get() + stack_bytes_, std::memory_order_relaxed);
  if (options().rest) options().rest();
  const int code = stop_code_.exchange(kNoStop, std::memory_order_relaxed);
  if (code == kNoStop) return false;
  RequestExit(code);
  return true;
}

void Context::VisitMemory(absl::FunctionRef<void(const char* begin, uint64_t bytes)> visit) {
  objects.ForEachLive(
      [&](const memory::LiveBlock& block) { visit(static_cast<const char*>(block.pointer), block.requested); });
  visit(globals, code_->global_bytes());
  if (shared_ != nullptr) visit(SharedVariables().variables, code_->shared_bytes());
  // Words of frames that no variable owns any more are no ways to anything.
  VisitRoots([&](const types::Type* type, void* at) { visit(static_cast<const char*>(at), type->size()); });
}

bool Context::Restart(std::string_view lane, std::string_view name) {
  // A profile tells one context.
  if (profile != nullptr || events_ != nullptr) return false;
  if (host_objects().count() != 0 || !objects.Restart(lane) || !strings.Restart(lane)) return false;
  stop_code_.store(kNoStop, std::memory_order_relaxed);
  stack_limit.store(stack_.get() + stack_bytes_, std::memory_order_relaxed);
  Reset();
  if (tree_->node_count() > 1) tree_.emplace(recursion_);
  const SharedLink shared = code_->shared_bytes() == 0 ? SharedLink() : SharedVariables();
  std::memset(globals, 0, code_->global_bytes());
  if (code_->shared_bytes() != 0) SharedVariables() = shared;
  far_values_.clear();
  far_bytes_ = 0;
  last_exception_.clear();
  panic_location_ = {};
  set_name(name);
  return true;
}

void Context::Reset() {
  ClearPanic();
  try_stack_.clear();
}

void Context::DidPanic() { panic_location_ = CurrentLocation(); }

bool Context::TakeRecover(TryRecord& record) {
  if (status() != runtime::RunStatus::kPanic || try_stack_.size() <= try_base_) return false;
  record = try_stack_.back();
  try_stack_.pop_back();
  last_exception_ = panic_message();
  ClearPanic();
  return true;
}

void Context::PanicAgain() {
  const base::Location location = panic_location_;
  // A copy: Panic assigns to what it is given.
  const std::string message = last_exception_;
  Panic(message);
  panic_location_ = location;
}

void Context::ResumePanic(std::string& message, base::Location location) {
  SwapPanicMessage(message);
  ContinuePanic();
  panic_location_ = location;
}

// --- Questions
// --------------------------------------------------------------------------------------------------------------

base::Location Context::CurrentLocation() const {
  return frame == nullptr ? base::Location() : code_->LocationOf(code_->IndexOf(pc));
}

std::string_view Context::FunctionText(const void* function) const {
  return code_->InfoOf(*static_cast<const Function*>(function)).printed;
}

char* Context::FarMemory(char* at_frame, uint32_t number, uint64_t bytes) {
  const auto is_gone = [&](const FarValue& value) {
    return value.frame > at_frame || (value.frame == at_frame && value.number >= number);
  };
  while (!far_values_.empty() && is_gone(far_values_.back())) {
    const FarValue& last = far_values_.back();
    // A loop comes back to its variables.
    if (last.frame == at_frame && last.number == number && last.bytes == bytes) return last.memory.get();
    far_bytes_ -= last.bytes;
    far_values_.pop_back();
  }
  std::unique_ptr<char[]> memory;
  if (bytes <= kMaxFarBytes - far_bytes_) memory.reset(new (std::nothrow) char[bytes]);
  if (memory == nullptr) {
    PanicF("stack overflow in {}: a variable of {} bytes does not fit, {} bytes are taken",
           code_->InfoOf(*HeaderAt(at_frame).function).mangled, bytes, far_bytes_);
    return nullptr;
  }
  far_bytes_ += bytes;
  far_values_.push_back({at_frame, number, bytes, std::move(memory)});
  return far_values_.back().memory.get();
}

uint32_t Context::stack_used() const { return static_cast<uint32_t>(StackTop() - stack_.get()); }

}  // namespace vestige::exec
