#include "jobs/trace_file.h"

#include "fmt/format.h"
#include "rapidjson/encodings.h"
#include "rapidjson/memorystream.h"
#include "rapidjson/stringbuffer.h"

namespace vestige::jobs {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// Names come from scripts, whose strings may hold any bytes.
std::string Utf8(std::string_view text) {
  // Ends by its size, whatever the last character lacks.
  rapidjson::MemoryStream from(text.data(), text.size());
  std::string made;
  while (from.Tell() < text.size()) {
    rapidjson::StringBuffer character;
    if (rapidjson::UTF8<>::Validate(from, character)) {
      made.append(character.GetString(), character.GetSize());
    } else {
      made += kReplacement;
    }
  }
  return made;
}

std::string_view NameOf(TraceKind kind) {
  switch (kind) {
    case TraceKind::kJob:
      return "fifo_job";
    case TraceKind::kThread:
      return "thread";
    case TraceKind::kWait:
      return "wait";
    case TraceKind::kWake:
      return "wake";
    case TraceKind::kChunk:
      return "chunk";
    case TraceKind::kMarker:
      break;
  }
  return "marker";
}

}  // namespace

TraceFile::TraceFile(std::FILE* stream, uint64_t first, const std::vector<std::string>& markers)
    : stream_(stream, buffer_.data(), buffer_.size()), json_(stream_), first_(first), markers_(markers) {
  json_.SetMaxDecimalPlaces(3);
  json_.StartObject();
  Key("traceEvents");
  json_.StartArray();
}

void TraceFile::Key(std::string_view key) { json_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size())); }
void TraceFile::Text(std::string_view text) {
  const std::string made = Utf8(text);
  json_.String(made.data(), static_cast<rapidjson::SizeType>(made.size()));
}
void TraceFile::Field(std::string_view key, int64_t value) {
  Key(key);
  json_.Int64(value);
}
void TraceFile::Field(std::string_view key, std::string_view text) {
  Key(key);
  Text(text);
}
void TraceFile::Time(std::string_view key, uint64_t nanoseconds) {
  Key(key);
  json_.Double(static_cast<double>(nanoseconds) / 1000);
}

void TraceFile::Add(const TraceRing& ring, int lane) {
  json_.StartObject();
  Field("ph", "M");
  Field("pid", 0);
  Field("tid", lane);
  Field("name", "thread_name");
  Key("args");
  json_.StartObject();
  Field("name", fmt::format("{} {}", ring.thread, lane));
  json_.EndObject();
  json_.EndObject();
  const uint32_t count = ring.count.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < count; ++i) AddEvent(ring.events[i], lane);
}

void TraceFile::AddEvent(const TraceEvent& event, int lane) {
  const bool is_marker = event.kind == TraceKind::kMarker;
  const auto id = static_cast<size_t>(event.stage);
  json_.StartObject();
  Field("ph", is_marker ? "i" : "X");
  // Drawn across all lanes.
  if (is_marker) Field("s", "g");
  Field("pid", 0);
  Field("tid", lane);
  Time("ts", event.begin - first_);
  if (!is_marker) Time("dur", event.end - event.begin);
  Field("name", is_marker && id < markers_.size() ? std::string_view(markers_[id]) : NameOf(event.kind));
  Key("args");
  json_.StartObject();
  if (event.kind == TraceKind::kChunk) Field("stage", event.stage);
  if (is_marker || event.kind == TraceKind::kChunk) Field("arg", event.argument);
  if (event.tag != 0) Field("tag", event.tag);
  if (event.name[0] != '\0') Field("lane", std::string_view(event.name));
  json_.EndObject();
  json_.EndObject();
}

void TraceFile::BeginProfile(size_t lanes, uint64_t missed) {
  json_.EndArray();
  Key("jobqueProfile");
  json_.StartObject();
  Field("version", 1);
  Field("lanes", static_cast<int64_t>(lanes));
  Field("missed", static_cast<int64_t>(missed));
  Key("markers");
  json_.StartArray();
  for (size_t i = 0; i < markers_.size(); ++i) {
    json_.StartObject();
    Field("id", static_cast<int64_t>(i));
    Field("name", markers_[i]);
    json_.EndObject();
  }
  json_.EndArray();
  Key("categories");
  json_.StartArray();
}

void TraceFile::AddCategory(int32_t id, std::string_view name, uint32_t color) {
  json_.StartObject();
  Field("id", id);
  Field("name", name);
  Field("color", fmt::format("#{:06X}", color));
  json_.EndObject();
}

void TraceFile::EndProfile() {
  json_.EndArray();
  json_.EndObject();
  json_.EndObject();
  stream_.Flush();
}

}  // namespace vestige::jobs
