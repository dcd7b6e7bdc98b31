// Text put together piece by piece: build_string and its writers; text as bytes. Part of module `strings`.
//
// A writer lives as long as the call of build_string that made it, on the native stack, outside of every script heap.
// What the script holds is its number: how many writers are under way, it included. A writer that is kept and used
// too late is then unknown, or another one, but never memory that is gone. Floor 5.

#include <cstdint>
#include <string_view>

#include "builtins/native_values.h"
#include "builtins/printf_format.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "runtime/format.h"
#include "runtime/hash.h"
#include "runtime/print.h"

namespace vestige::builtins {

namespace strings_writer_natives {
namespace {

using runtime::TextBuffer;

// How much text one writer holds at most.
constexpr size_t kMaxWriterBytes = size_t{1} << 31;

// A writer under way. Scopes of a context form a chain, innermost first.
class WriterScope {
 public:
  explicit WriterScope(runtime::ScriptContext& context)
      : context_(context), outer_(static_cast<WriterScope*>(context.native_scope())) {
    number_ = outer_ == nullptr ? 1 : outer_->number_ + 1;
    context.set_native_scope(this);
  }
  ~WriterScope() { context_.set_native_scope(outer_); }
  WriterScope(const WriterScope&) = delete;
  WriterScope& operator=(const WriterScope&) = delete;

  // The buffer of the writer with this number, or null.
  static TextBuffer* Find(const runtime::ScriptContext& context, uint64_t number) {
    auto* scope = static_cast<WriterScope*>(context.native_scope());
    while (scope != nullptr && scope->number_ != number) scope = scope->outer_;
    return scope == nullptr ? nullptr : &scope->text_;
  }

  uint64_t number() const { return number_; }
  std::string_view text() const { return {text_.data(), text_.size()}; }

 private:
  runtime::ScriptContext& context_;
  WriterScope* outer_;
  uint64_t number_ = 0;
  TextBuffer text_;
};

// --- Building
// ---------------------------------------------------------------------------------------------------------

// Lets block argument 0 write. False after a panic.
bool LetBlockWrite(NativeCall& call, const WriterScope& scope) {
  // The script's StringBuilderWriter.
  uint64_t writer = scope.number();
  const runtime::Argument arguments[] = {runtime::Argument::Reference(&writer)};
  return call.context.CallBlock(call.Value<const void*>(0), arguments, nullptr);
}

void BuildString(NativeCall& call) {
  WriterScope scope(call.context);
  call.Return<char*>(nullptr);
  if (LetBlockWrite(call, scope)) ReturnText(call, scope.text());
}

void BuildHash(NativeCall& call) {
  WriterScope scope(call.context);
  call.Return(uint64_t{0});
  if (!LetBlockWrite(call, scope)) return;
  const std::string text(scope.text());
  call.Return(runtime::HashText(text.c_str()));
}

// --- Writing
// ----------------------------------------------------------------------------------------------------------

// The buffer of the writer that is argument 0, with room for `bytes` more; null after a panic. Writers return the
// writer.
TextBuffer* Writer(NativeCall& call, size_t bytes) {
  call.Return(call.Value<void*>(0));
  TextBuffer* buffer = WriterScope::Find(call.context, call.Reference<uint64_t>(0));
  if (buffer == nullptr) {
    call.context.Panic("a writer is used outside of build_string");
  } else if (buffer->size() + bytes > kMaxWriterBytes) {
    call.context.PanicF("can't write more than {} bytes", kMaxWriterBytes);
    return nullptr;
  }
  return buffer;
}

void Append(NativeCall& call, std::string_view text) {
  if (TextBuffer* buffer = Writer(call, text.size())) runtime::AppendText(*buffer, text);
}

void Write(NativeCall& call) {
  if (TextBuffer* buffer = Writer(call, 0)) {
    runtime::PrintValue(*buffer, call.types[1], ValueAddress(call, 1), call.context);
  }
}

void WriteString(NativeCall& call) { Append(call, StringAt(call, 1)); }

void WriteCharacter(NativeCall& call) {
  const char character = static_cast<char>(call.Value<int32_t>(1));
  Append(call, std::string_view(&character, 1));
}

void WriteCharacters(NativeCall& call) {
  const auto count = static_cast<size_t>(std::max(call.Value<int32_t>(2), 0));
  TextBuffer* buffer = Writer(call, count);
  if (buffer == nullptr) return;
  const size_t size = buffer->size();
  buffer->resize(size + count);
  std::memset(buffer->data() + size, static_cast<char>(call.Value<int32_t>(1)), count);
}

void WriteBytes(NativeCall& call) { Append(call, TextAt(call, 1)); }

void WriteBytesOfRange(NativeCall& call) {
  const std::string_view bytes = TextAt(call, 1);
  const size_t begin = WrapIndex(call.Value<int32_t>(2), bytes.size());
  const size_t end = WrapIndex(call.Value<int32_t>(3), bytes.size());
  Append(call, begin < end ? bytes.substr(begin, end - begin) : std::string_view());
}

void WriteFormatted(NativeCall& call) {
  if (TextBuffer* buffer = Writer(call, 0)) {
    runtime::FormatValue(call.context, *buffer, StringAt(call, 1), call.types[2], ValueAddress(call, 2));
  }
}

void WriteEscaped(NativeCall& call) {
  const std::string_view text = StringAt(call, 1);
  if (TextBuffer* buffer = Writer(call, text.size())) AppendEscaped(*buffer, text);
}

void WritePrintf(NativeCall& call) {
  if (TextBuffer* buffer = Writer(call, 0)) {
    AppendPrintf(*buffer, StringAt(call, 1), call.types[2]->unqualified, ValueAddress(call, 2));
  }
}
void Printf(NativeCall& call) {
  TextBuffer text;
  AppendPrintf(text, StringAt(call, 0), call.types[1]->unqualified, ValueAddress(call, 1));
  ReturnText(call, text);
}

constexpr uint32_t kBuilds = sema::kMayAllocate | sema::kInvokesBlocks;

constexpr sema::NativeFunction kFunctions[] = {
    {"build_string", "(blk : block<(var writer : StringBuilderWriter) : void>) : string", &BuildString, kBuilds},
    {"build_hash", "(blk : block<(var writer : StringBuilderWriter) : void>) : uint64", &BuildHash, kBuilds},
    {"write", "(writer : StringBuilderWriter; value : auto) : StringBuilderWriter const&", &Write},
    {"write", "(writer : StringBuilderWriter; text : string) : StringBuilderWriter const&", &WriteString},
    {"write_char", "(writer : StringBuilderWriter; character : int) : StringBuilderWriter const&", &WriteCharacter},
    {"write_chars", "(writer : StringBuilderWriter; character, count : int) : StringBuilderWriter const&",
     &WriteCharacters},
    {"write_string", "(writer : StringBuilderWriter; bytes : array<uint8>) : StringBuilderWriter const&", &WriteBytes},
    {"write_string",
     "(writer : StringBuilderWriter; bytes : array<uint8>; start, end : int) : StringBuilderWriter const&",
     &WriteBytesOfRange},
    {"fmt", "(writer : StringBuilderWriter; format : string; value : auto) : StringBuilderWriter const&",
     &WriteFormatted},
    {"write_escape_string", "(writer : StringBuilderWriter; text : string) : StringBuilderWriter const&",
     &WriteEscaped},
    {"format", "(writer : StringBuilderWriter; format : string; value : int) : StringBuilderWriter const&",
     &WritePrintf},
    {"format", "(format : string; value : int) : string", &Printf, sema::kMayAllocate},
    {"format", "(writer : StringBuilderWriter; format : string; value : uint) : StringBuilderWriter const&",
     &WritePrintf},
    {"format", "(format : string; value : uint) : string", &Printf, sema::kMayAllocate},
    {"format", "(writer : StringBuilderWriter; format : string; value : int64) : StringBuilderWriter const&",
     &WritePrintf},
    {"format", "(format : string; value : int64) : string", &Printf, sema::kMayAllocate},
    {"format", "(writer : StringBuilderWriter; format : string; value : uint64) : StringBuilderWriter const&",
     &WritePrintf},
    {"format", "(format : string; value : uint64) : string", &Printf, sema::kMayAllocate},
    {"format", "(writer : StringBuilderWriter; format : string; value : float) : StringBuilderWriter const&",
     &WritePrintf},
    {"format", "(format : string; value : float) : string", &Printf, sema::kMayAllocate},
    {"format", "(writer : StringBuilderWriter; format : string; value : double) : StringBuilderWriter const&",
     &WritePrintf},
    {"format", "(format : string; value : double) : string", &Printf, sema::kMayAllocate},
};

constexpr std::string_view kPrelude = R"(
struct StringBuilderWriter {
    private number : uint64
}
)";

}  // namespace
}  // namespace strings_writer_natives

constexpr sema::NativeModule kStringWriterModule = {
    .name = "strings", .functions = strings_writer_natives::kFunctions, .prelude = strings_writer_natives::kPrelude};

}  // namespace vestige::builtins
