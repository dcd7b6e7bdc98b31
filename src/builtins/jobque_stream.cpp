// Streams: queues of messages of bytes. Part of module `jobque`. Floor 5.

#include <mutex>
#include <utility>
#include <vector>

#include "builtins/jobque.h"
#include "builtins/tables.h"

namespace vestige::builtins {

namespace jobque_stream_natives {
namespace {

using jobs::Stream;
using runtime::Array;

using Message = std::vector<uint8_t>;

void WithStream(NativeCall& call) { WithPrimitive<Stream>(call, 0, 0); }
void WithStreamOf(NativeCall& call) { WithPrimitive<Stream>(call, 1, call.Value<int32_t>(0)); }

void RemoveStream(NativeCall& call) {
  auto& variable = call.Reference<void*>(0);
  auto* stream = PrimitiveOf<Stream>(call, variable, "streamRemove: stream");
  if (stream != nullptr && RemovePrimitive(call, *stream, "stream")) variable = nullptr;
}

Message MessageOf(const Array& bytes) {
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data);
  return {data, data + bytes.size};
}

void Push(NativeCall& call) {
  auto* stream = PrimitiveAt<Stream>(call, 0, "streamPush: stream");
  if (stream == nullptr) return;
  Message message = MessageOf(call.Reference<Array>(1));
  const std::lock_guard lock(stream->mutex());
  stream->messages.push_back(std::move(message));
  SystemOf(call).Wake(*stream);
}

void PushBatch(NativeCall& call) {
  auto* stream = PrimitiveAt<Stream>(call, 0, "streamPushBatch: stream");
  if (stream == nullptr) return;
  const Elements elements(call, 1);
  const std::lock_guard lock(stream->mutex());
  for (uint32_t i = 0; i < elements.count(); ++i) {
    stream->messages.push_back(MessageOf(*reinterpret_cast<const Array*>(elements.at(i))));
  }
  SystemOf(call).Wake(*stream);
}

// The mutex is held.
bool TakeOldest(Stream& stream, Message* message) {
  if (stream.messages.empty()) return false;
  *message = std::move(stream.messages.front());
  stream.messages.pop_front();
  return true;
}

bool Lend(NativeCall& call, size_t block, Message& message) {
  return LendArray(call, block, reinterpret_cast<char*>(message.data()), static_cast<uint32_t>(message.size()));
}

// A stream that is ready and empty gives an empty message.
void Pop(NativeCall& call) {
  auto* stream = PrimitiveAt<Stream>(call, 0, "streamPop: stream");
  if (stream == nullptr) return;
  Message message;
  {
    const std::lock_guard lock(stream->mutex());
    if (!WaitFor(call, *stream, "pop", [&] { return !stream->messages.empty() || stream->remaining == 0; })) return;
    TakeOldest(*stream, &message);
  }
  Lend(call, 1, message);
}

void TryPop(NativeCall& call) {
  call.Return(false);
  auto* stream = PrimitiveAt<Stream>(call, 0, "streamTryPop: stream");
  if (stream == nullptr) return;
  Message message;
  {
    const std::lock_guard lock(stream->mutex());
    if (!TakeOldest(*stream, &message)) return;
  }
  Lend(call, 1, message);
  call.Return(true);
}

void PopWithTimeout(NativeCall& call) {
  call.Return(false);
  auto* stream = PrimitiveAt<Stream>(call, 0, "streamPopWithTimeout: stream");
  if (stream == nullptr) return;
  Message message;
  {
    const std::lock_guard lock(stream->mutex());
    const auto ready = [&] { return !stream->messages.empty() || stream->remaining == 0; };
    if (!WaitFor(call, *stream, "pop_with_timeout", ready, call.Value<int32_t>(1))) return;
    if (!TakeOldest(*stream, &message)) return;
  }
  Lend(call, 2, message);
  call.Return(true);
}

// Those that are there now; the block may push more. `takes`: they are gone afterwards.
template <bool takes>
void ForEach(NativeCall& call) {
  auto* stream = PrimitiveAt<Stream>(call, 0, takes ? "streamGather: stream" : "streamPeek: stream");
  if (stream == nullptr) return;
  std::deque<Message> messages;
  {
    const std::lock_guard lock(stream->mutex());
    if (takes) {
      messages.swap(stream->messages);
    } else {
      messages = stream->messages;
    }
  }
  for (Message& message : messages) {
    if (!Lend(call, 1, message)) return;
  }
}

void IsEmpty(NativeCall& call) {
  auto* stream = PrimitiveAt<Stream>(call, 0, "isEmpty: stream");
  if (stream == nullptr) return;
  const std::lock_guard lock(stream->mutex());
  call.Return(stream->messages.empty());
}

void Total(NativeCall& call) {
  auto* stream = PrimitiveAt<Stream>(call, 0, "total: stream");
  if (stream == nullptr) return;
  const std::lock_guard lock(stream->mutex());
  call.Return(static_cast<int32_t>(stream->messages.size()));
}

constexpr uint32_t kCreates = sema::kMayAllocate | sema::kUnsafe;
constexpr uint32_t kWith = sema::kMayAllocate | sema::kInvokesBlocks;

constexpr sema::NativeFunction kFunctions[] = {
    {"stream_create", "() : Stream?", &CreatePrimitive<Stream>, kCreates},
    {"stream_remove", "(var stream : Stream?&) : void", &RemoveStream, sema::kUnsafe},
    {"with_stream", "(blk : block<(var stream : Stream?) : void>) : void", &WithStream, kWith},
    {"with_stream", "(count : int; blk : block<(var stream : Stream?) : void>) : void", &WithStreamOf, kWith},
    {"push", "(stream : Stream?; data : array<uint8> implicit) : void", &Push, sema::kMayAllocate},
    {"push_batch", "(stream : Stream?; data : array<array<uint8>>) : void", &PushBatch, sema::kMayAllocate},
    {"pop", "(stream : Stream?; blk : block<(bytes : array<uint8># -const) : void>) : void", &Pop, kWith},
    {"try_pop", "(stream : Stream?; blk : block<(bytes : array<uint8># -const) : void>) : bool", &TryPop, kWith},
    {"pop_with_timeout",
     "(stream : Stream?; timeout_ms : int; blk : block<(bytes : array<uint8># -const) : void>) : bool", &PopWithTimeout,
     kWith},
    {"gather", "(stream : Stream?; blk : block<(bytes : array<uint8># -const) : void>) : void", &ForEach<true>, kWith},
    {"peek", "(stream : Stream?; blk : block<(bytes : array<uint8># -const) : void>) : void", &ForEach<false>, kWith},
    {".`isEmpty", "(stream : Stream) : bool", &IsEmpty},
    {".`total", "(stream : Stream) : int", &Total},
};

}  // namespace
}  // namespace jobque_stream_natives

constexpr sema::NativeModule kJobStreamModule = {.name = "jobque", .functions = jobque_stream_natives::kFunctions};

}  // namespace vestige::builtins
