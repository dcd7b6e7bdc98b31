// `das_string`: a text that belongs to C++ instead of the script's string heap. Part of module `$`. Floor 5.

#include <string>
#include <string_view>

#include "base/host_string.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "runtime/hash.h"

namespace vestige::builtins {

namespace host_string_natives {
namespace {

// How long scripts may make one.
constexpr uint64_t kMaxBytes = uint64_t{1} << 28;

using base::HostString;

std::string_view TextOf(const HostString& string) { return string.view(); }

void Assign(HostString& string, std::string_view text) { string.Assign(text); }

void Destroy(void* value) { static_cast<HostString*>(value)->Destroy(); }
void Clone(void* to, const void* from) {
  Assign(*static_cast<HostString*>(to), TextOf(*static_cast<const HostString*>(from)));
}
void Print(const void* value, std::string* text) { text->append(TextOf(*static_cast<const HostString*>(value))); }

void CloneFromString(NativeCall& call) { Assign(call.Reference<HostString>(0), StringAt(call, 1)); }
void CloneToString(NativeCall& call) {
  const char* text = runtime::MakeString(call.context, TextOf(call.Reference<HostString>(1)));
  if (!call.context.has_panic()) call.Reference<const char*>(0) = text;
}
// A text made in place.
void Make(NativeCall& call) { Assign(*reinterpret_cast<HostString*>(call.result), StringAt(call, 0)); }
void ToString(NativeCall& call) { ReturnText(call, TextOf(call.Reference<HostString>(0))); }
void Length(NativeCall& call) { call.Return(PositionOf(TextOf(call.Reference<HostString>(0)).size())); }
void IsEmpty(NativeCall& call) { call.Return(TextOf(call.Reference<HostString>(0)).empty()); }

// The block's string is the text itself: it must not outlive the block, as its type says.
void Peek(NativeCall& call) {
  const std::string text(TextOf(call.Reference<HostString>(0)));
  const runtime::Argument arguments[] = {runtime::Argument::Value(text.c_str())};
  call.context.CallBlock(call.Value<const void*>(1), arguments, nullptr);
}

// A text for the block, gone behind it.
void WithText(NativeCall& call) {
  HostString text{nullptr};
  const runtime::Argument arguments[] = {runtime::Argument::Reference(&text)};
  call.context.CallBlock(call.Value<const void*>(0), arguments, nullptr);
  Destroy(&text);
}

// As of a string with the same text.
void Hash(NativeCall& call) {
  const std::string text(TextOf(call.Reference<HostString>(0)));
  call.Return(runtime::HashText(text.c_str()));
}

void StartsWith(NativeCall& call) { call.Return(TextOf(call.Reference<HostString>(0)).starts_with(StringAt(call, 1))); }
void AppendByte(NativeCall& call) {
  auto& string = call.Reference<HostString>(0);
  if (string.text == nullptr) string.text = new std::string();
  string.text->push_back(static_cast<char>(call.Value<int32_t>(1)));
}
// Cut, or filled up with NUL, which strings made of it end at.
void Resize(NativeCall& call) {
  auto& string = call.Reference<HostString>(0);
  const int32_t size = call.Value<int32_t>(1);
  if (size < 0 || static_cast<uint64_t>(size) > kMaxBytes) {
    call.context.PanicF("can't resize a das_string to {} bytes, the limit is {}", size, kMaxBytes);
    return;
  }
  if (string.text == nullptr) string.text = new std::string();
  string.text->resize(static_cast<size_t>(size));
}

// Unlike of strings, the empty text is the end of none.
void EndsWith(NativeCall& call) {
  const std::string_view end = StringAt(call, 1);
  call.Return(!end.empty() && TextOf(call.Reference<HostString>(0)).ends_with(end));
}

template <bool is_equal>
void CompareWithString(NativeCall& call) {
  call.Return((TextOf(call.Reference<HostString>(0)) == StringAt(call, 1)) == is_equal);
}
template <bool is_equal>
void Compare(NativeCall& call) {
  call.Return((TextOf(call.Reference<HostString>(0)) == TextOf(call.Reference<HostString>(1))) == is_equal);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"clone", "(var dst : das_string; src : string) : void", &CloneFromString},
    {"clone", "(var dst : string&; src : das_string) : void", &CloneToString, sema::kMayAllocate},
    {"das_string", "(text : string) : das_string", &Make},
    {"string", "(text : das_string) : string", &ToString, sema::kMayAllocate},
    {"length", "(text : das_string) : int", &Length},
    {"empty", "(text : das_string) : bool", &IsEmpty},
    {"peek", "(src : das_string; blk : block<(text : string#) : void>) : void", &Peek, sema::kInvokesBlocks},
    {"using", "(blk : block<(var text : das_string) : void>) : void", &WithText, sema::kInvokesBlocks},
    {"hash", "(text : das_string) : uint64", &Hash},
    {"==", "(a : das_string; b : string) : bool", &CompareWithString<true>},
    {"!=", "(a : das_string; b : string) : bool", &CompareWithString<false>},
    {"==", "(a, b : das_string) : bool", &Compare<true>},
    {"!=", "(a, b : das_string) : bool", &Compare<false>},
};

constexpr sema::NativeFunction kTextFunctions[] = {
    {"with_das_string", "(blk : block<(var text : das_string) : void>) : void", &WithText, sema::kInvokesBlocks},
    {"append", "(var text : das_string; character : int) : void", &AppendByte},
    {"resize", "(var text : das_string; size : int) : void", &Resize},
    {"starts_with", "(text : das_string; part : string) : bool", &StartsWith},
    {"ends_with", "(text : das_string; part : string) : bool", &EndsWith},
};

constexpr NativeType kTypes[] = {{.name = "das_string",
                                  .size = sizeof(HostString),
                                  .align = alignof(HostString),
                                  .can_copy = false,
                                  .destroy = &Destroy,
                                  .clone = &Clone,
                                  .print = &Print}};

constexpr std::string_view kPrelude = "struct das_string { }\n";

}  // namespace
}  // namespace host_string_natives

constexpr sema::NativeModule kHostStringModule = {.name = "$",
                                                  .functions = host_string_natives::kFunctions,
                                                  .prelude = host_string_natives::kPrelude,
                                                  .types = host_string_natives::kTypes};
constexpr sema::NativeModule kHostStringTextModule = {.name = "strings",
                                                      .functions = host_string_natives::kTextFunctions};

}  // namespace vestige::builtins
