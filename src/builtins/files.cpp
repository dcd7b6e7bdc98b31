#include "builtins/files.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>

#include "builtins/native_values.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "fmt/format.h"

namespace vestige::builtins {

OpenFile* FileAt(NativeCall& call, size_t index, std::string_view function) {
  const void* pointer = call.Value<const void*>(index);
  OpenFile* file = call.context.host_objects().Find<OpenFile>(pointer);
  if (file == nullptr) call.context.PanicF("{}: the file is {}", function, pointer == nullptr ? "null" : "closed");
  return file;
}

bool RequireRaw(NativeCall& call, const types::Type* type, std::string_view function) {
  if (type->traits().is_raw) return true;
  return call.context.PanicF("{}: a value of type {} is more than its bytes", function, types::TypeName(type));
}

namespace files_natives {
namespace {

using runtime::Argument;

// --- Opening and closing
// ----------------------------------------------------------------------------------------------

// Null when the system refuses, or the mode is none of C's.
OpenFile* OpenNamed(NativeCall& call) {
  const std::string name(StringAt(call, 0));
  const std::string mode(StringAt(call, 1));
  if (mode.find_first_of("rwa") != 0) return nullptr;
  std::FILE* stream = std::fopen(name.c_str(), mode.c_str());
  return stream == nullptr ? nullptr : call.context.host_objects().Make<OpenFile>(stream, true);
}

void Open(NativeCall& call) { call.Return(OpenNamed(call)); }

// The block gets null when the file can't be opened. It is closed whatever the block does.
void OpenForBlock(NativeCall& call) {
  const OpenFile* file = OpenNamed(call);
  const Argument arguments[] = {Argument::Value(file)};
  call.context.CallBlock(call.Value<const void*>(2), arguments, nullptr);
  call.context.host_objects().Release(file);
}

void Close(NativeCall& call) {
  if (const OpenFile* file = FileAt(call, 0, "fclose")) call.context.host_objects().Release(file);
}

void Flush(NativeCall& call) {
  if (const OpenFile* file = FileAt(call, 0, "fflush")) std::fflush(file->stream);
}

// One of the process's streams. What the script printed so far comes first.
template <int which>
void StandardStream(NativeCall& call) {
  call.context.out().Flush();
  std::FILE* stream = which == 0 ? stdin : which == 1 ? stdout : stderr;
  call.Return(call.context.host_objects().Make<OpenFile>(stream, false));
}

// --- Text
// -------------------------------------------------------------------------------------------------------------

void WriteText(NativeCall& call) {
  const OpenFile* file = FileAt(call, 0, "fwrite");
  if (file == nullptr) return;
  const std::string_view text = StringAt(call, 1);
  std::fwrite(text.data(), 1, text.size(), file->stream);
}

// Everything from the position on, appended. False after a panic.
bool ReadRest(NativeCall& call, const OpenFile& file, runtime::TextBuffer* text) {
  constexpr size_t kChunk = 64 * 1024;
  for (;;) {
    const size_t before = text->size();
    text->resize(before + kChunk);
    const size_t count = std::fread(text->data() + before, 1, kChunk, file.stream);
    text->resize(before + count);
    if (count == kChunk) continue;
    if (std::ferror(file.stream) == 0) return true;
    return call.context.PanicF("fread: can't read: {}", std::strerror(errno));
  }
}

// The whole of a file that can be wound back, otherwise the rest of it.
bool ReadWhole(NativeCall& call, runtime::TextBuffer* text) {
  const OpenFile* file = FileAt(call, 0, "fread");
  if (file == nullptr) return false;
  std::clearerr(file->stream);
  std::fseek(file->stream, 0, SEEK_SET);
  return ReadRest(call, *file, text);
}

void ReadText(NativeCall& call) {
  call.Return<char*>(nullptr);
  runtime::TextBuffer text;
  if (ReadWhole(call, &text)) ReturnText(call, text);
}

// The block's string is gone after it.
void ReadTextForBlock(NativeCall& call) {
  runtime::TextBuffer text;
  if (!ReadWhole(call, &text)) return;
  const char* string = runtime::MakeString(call.context, std::string_view(text.data(), text.size()));
  const Argument arguments[] = {Argument::Value(string)};
  if (!call.context.has_panic()) call.context.CallBlock(call.Value<const void*>(1), arguments, nullptr);
  runtime::FreeString(call.context, string);
}

// With its line end; null at the end of the file.
void ReadLine(NativeCall& call) {
  call.Return<char*>(nullptr);
  const OpenFile* file = FileAt(call, 0, "fgets");
  if (file == nullptr) return;
  runtime::TextBuffer line;
  for (int c = std::fgetc(file->stream); c != EOF; c = std::fgetc(file->stream)) {
    line.push_back(static_cast<char>(c));
    if (c == '\n') break;
  }
  ReturnText(call, line);
}

void IsAtEnd(NativeCall& call) {
  const OpenFile* file = FileAt(call, 0, "feof");
  call.Return(file == nullptr || std::feof(file->stream) != 0);
}

// --- Bytes
// ------------------------------------------------------------------------------------------------------------

// How many of `bytes` were moved, as a result of the native's type.
void ReturnCount(NativeCall& call, size_t bytes) {
  if (ResultType(call)->size() == 8) {
    call.Return(static_cast<int64_t>(bytes));
  } else {
    call.Return(static_cast<int32_t>(bytes));
  }
}

// Reads or writes what argument 1 consists of; returns the number of bytes.
template <bool is_read>
void Transfer(NativeCall& call, char* data, uint64_t bytes) {
  constexpr std::string_view kName = is_read ? "fread" : "fwrite";
  const OpenFile* file = FileAt(call, 0, kName);
  if (file == nullptr) return;
  if (ResultType(call)->size() == 4 && bytes > std::numeric_limits<int32_t>::max()) {
    call.context.PanicF("{}: {} bytes are more than an int counts; use long_{}", kName, bytes, kName);
    return;
  }
  ReturnCount(call, is_read ? std::fread(data, 1, bytes, file->stream) : std::fwrite(data, 1, bytes, file->stream));
}

template <bool is_read>
void TransferElements(NativeCall& call) {
  const types::Type* element = call.types[1]->element;
  if (!RequireRaw(call, element, is_read ? "fread" : "fwrite")) return;
  const auto& array = call.Reference<runtime::Array>(1);
  Transfer<is_read>(call, array.data, uint64_t{array.size} * element->size());
}

template <bool is_read>
void TransferValue(NativeCall& call) {
  if (!RequireRaw(call, call.types[1], is_read ? "fread" : "fwrite")) return;
  Transfer<is_read>(call, is_read ? ReferenceAddress(call, 1) : ValueAddress(call, 1),
                    call.types[1]->unqualified->size());
}

// Shows the file's contents to a block as bytes that can't be changed.
void MapFile(NativeCall& call) {
  runtime::TextBuffer bytes;
  if (!ReadWhole(call, &bytes)) return;
  if (bytes.size() > std::numeric_limits<uint32_t>::max()) {
    call.context.PanicF("fmap: {} bytes are more than an array holds", bytes.size());
    return;
  }
  LendArray(call, 1, bytes.data(), static_cast<uint32_t>(bytes.size()));
}

void Seek(NativeCall& call) {
  const OpenFile* file = FileAt(call, 0, "fseek");
  if (file == nullptr) return;
  const int64_t offset = call.Value<int64_t>(1);
  const int32_t from = call.Value<int32_t>(2);
  call.Return(static_cast<int64_t>(std::fseek(file->stream, offset, from)));
}
void Tell(NativeCall& call) {
  if (const OpenFile* file = FileAt(call, 0, "ftell")) call.Return(static_cast<int64_t>(std::ftell(file->stream)));
}

// --- Whole files by name
// ----------------------------------------------------------------------------------------------

// The empty text when the file can't be read.
void ReadNamed(NativeCall& call) {
  call.Return<char*>(nullptr);
  const std::string name(StringAt(call, 0));
  std::FILE* stream = std::fopen(name.c_str(), "rb");
  if (stream == nullptr) return;
  const OpenFile file(stream, true);
  runtime::TextBuffer text;
  if (ReadRest(call, file, &text)) ReturnText(call, text);
}

// True when all of the text is in the file now.
void WriteNamed(NativeCall& call) {
  const std::string name(StringAt(call, 0));
  const std::string_view text = StringAt(call, 1);
  std::FILE* stream = std::fopen(name.c_str(), "wb");
  bool done = stream != nullptr && std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  if (stream != nullptr) done = std::fclose(stream) == 0 && done;
  call.Return(done);
}

constexpr sema::NativeConstant kConstants[] = {
    {"seek_set", "int", {SEEK_SET}},
    {"seek_cur", "int", {SEEK_CUR}},
    {"seek_end", "int", {SEEK_END}},
};

constexpr uint32_t kString = sema::kMayAllocate;

constexpr sema::NativeFunction kFunctions[] = {
    {"fopen", "(name, mode : string) : FILE const?", &Open},
    {"fopen", "(name, mode : string; blk : block<(f : FILE const?) : void>) : void", &OpenForBlock,
     sema::kInvokesBlocks},
    {"fclose", "(file : FILE const?) : void", &Close},
    {"fflush", "(file : FILE const?) : void", &Flush},
    {"fstdin", "() : FILE const?", &StandardStream<0>},
    {"fstdout", "() : FILE const?", &StandardStream<1>},
    {"fstderr", "() : FILE const?", &StandardStream<2>},
    {"fprint", "(file : FILE const?; text : string) : void", &WriteText},
    {"fwrite", "(file : FILE const?; text : string) : void", &WriteText},
    {"fwrite", "(f : FILE const?; buf : array<auto(T)> const implicit) : int", &TransferElements<false>},
    {"long_fwrite", "(f : FILE const?; buf : array<auto(T)> const implicit) : int64", &TransferElements<false>},
    {"fwrite", "(f : FILE const?; buf : auto(T) const implicit) : int", &TransferValue<false>},
    {"fread", "(file : FILE const?) : string", &ReadText, kString},
    {"fread", "(file : FILE const?; blk : block<(data : string#) : void>) : void", &ReadTextForBlock,
     sema::kInvokesBlocks | sema::kMayAllocate},
    {"fread", "(f : FILE const?; buf : array<auto(T)> const implicit) : int", &TransferElements<true>},
    {"long_fread", "(f : FILE const?; buf : array<auto(T)> const implicit) : int64", &TransferElements<true>},
    {"fread", "(f : FILE const?; var buf : auto(T)& implicit) : int", &TransferValue<true>},
    {"fread", "(path : string) : string", &ReadNamed, kString},
    {"fwrite", "(path, text : string) : bool", &WriteNamed},
    {"fgets", "(file : FILE const?) : string", &ReadLine, kString},
    {"feof", "(file : FILE const?) : bool", &IsAtEnd},
    {"fmap", "(file : FILE const?; blk : block<(data : array<uint8>#) : void>) : void", &MapFile, sema::kInvokesBlocks},
    {"fseek", "(file : FILE const?; offset : int64; mode : int) : int64", &Seek},
    {"ftell", "(file : FILE const?) : int64", &Tell},
};

constexpr std::string_view kPrelude = R"(
struct FILE { }
typedef file = FILE const?
)";

}  // namespace
}  // namespace files_natives

constexpr sema::NativeModule kFilesModule = {.name = "fio_core",
                                             .functions = files_natives::kFunctions,
                                             .constants = files_natives::kConstants,
                                             .prelude = files_natives::kPrelude};

}  // namespace vestige::builtins
