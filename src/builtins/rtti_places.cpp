// Places of the source as scripts see them: LineInfo, FileInfo, get_line_info(). Module `rtti`. Floor 5.

#include <cstddef>

#include "ast/lane.h"
#include "ast/node.h"
#include "builtins/ast_values.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "exec/context.h"
#include "fmt/format.h"

namespace vestige::builtins {

namespace rtti_places_natives {
namespace {

using ast::FileInfo;
using ast::LineInfo;

void HereInto(NativeCall& call, LineInfo& place) {
  const ast::Lane* lane = LaneOf(call);
  if (lane == nullptr) return;
  const ast::Birth here = lane->BirthHere();
  place = {
      .file = here.file, .column = here.column, .line = here.line, .last_column = here.column, .last_line = here.line};
}

void GetLineInfo(NativeCall& call) { HereInto(call, *reinterpret_cast<LineInfo*>(call.result)); }

// With `fully`, where it ends too.
void Describe(NativeCall& call) {
  const auto& place = call.Reference<const LineInfo>(0);
  if (place.file == nullptr) return;
  std::string text = fmt::format("{}:{}:{}", place.file->name.view(), place.line, place.column);
  if (call.Value<bool>(1)) text += fmt::format(" - {}:{}", place.last_line, place.last_column);
  ReturnText(call, text);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"get_line_info", "() : LineInfo", &GetLineInfo},
    {"describe", "(place : LineInfo; fully : bool = false) : string", &Describe, sema::kMayAllocate},
};

constexpr NativeField kPlaceFields[] = {{"fileInfo", offsetof(LineInfo, file)},
                                        {"column", offsetof(LineInfo, column)},
                                        {"line", offsetof(LineInfo, line)},
                                        {"last_column", offsetof(LineInfo, last_column)},
                                        {"last_line", offsetof(LineInfo, last_line)}};
constexpr NativeField kFileFields[] = {{"name", offsetof(FileInfo, name)}};

constexpr NativeType kTypes[] = {
    {.name = "FileInfo",
     .size = sizeof(FileInfo),
     .align = alignof(FileInfo),
     .fields = kFileFields,
     .can_copy = false},
    {.name = "LineInfo", .size = sizeof(LineInfo), .align = alignof(LineInfo), .fields = kPlaceFields},
};

constexpr std::string_view kPrelude = R"(
struct FileInfo {
    name : das_string
}
struct LineInfo {
    fileInfo : FileInfo const?
    column : uint
    line : uint
    last_column : uint
    last_line : uint
}
)";

}  // namespace
}  // namespace rtti_places_natives

constexpr sema::NativeModule kRttiPlacesModule = {.name = "rtti",
                                                  .functions = rtti_places_natives::kFunctions,
                                                  .prelude = rtti_places_natives::kPrelude,
                                                  .types = rtti_places_natives::kTypes};

}  // namespace vestige::builtins
