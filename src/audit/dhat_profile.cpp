#include "audit/dhat_profile.h"

#include <algorithm>
#include <numeric>

#include "base/lock.h"
#include "fmt/format.h"
#include "rapidjson/stringbuffer.h"
#include "rapidjson/writer.h"

namespace vestige::audit {

namespace {

using Json = rapidjson::Writer<rapidjson::StringBuffer>;

void Field(Json& json, const char* key, uint64_t value) {
  json.Key(key);
  json.Uint64(value);
}
void Field(Json& json, const char* key, bool value) {
  json.Key(key);
  json.Bool(value);
}
void Field(Json& json, const char* key, const std::string& value) {
  json.Key(key);
  json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}
void Field(Json& json, const char* key, const char* value) { Field(json, key, std::string(value)); }

void Accumulate(DhatCounts& sum, const DhatCounts& more) {
  sum.total_bytes += more.total_bytes;
  sum.total_blocks += more.total_blocks;
  sum.lifetimes += more.lifetimes;
  sum.max_bytes += more.max_bytes;
  sum.max_blocks += more.max_blocks;
  sum.peak_bytes += more.peak_bytes;
  sum.peak_blocks += more.peak_blocks;
  sum.end_bytes += more.end_bytes;
  sum.end_blocks += more.end_blocks;
}

void WritePoint(Json& json, DhatKind kind, const DhatCounts& counts, std::span<const uint32_t> frames) {
  json.StartObject();
  Field(json, "tb", counts.total_bytes);
  Field(json, "tbk", counts.total_blocks);
  if (kind == DhatKind::kHeap) {
    Field(json, "tl", counts.lifetimes);
    Field(json, "mb", counts.max_bytes);
    Field(json, "mbk", counts.max_blocks);
    Field(json, "gb", counts.peak_bytes);
    Field(json, "gbk", counts.peak_blocks);
    Field(json, "eb", counts.end_bytes);
    Field(json, "ebk", counts.end_blocks);
  }
  json.Key("fs");
  json.StartArray();
  for (uint32_t frame : frames) json.Uint(frame);
  json.EndArray();
  json.EndObject();
}

std::string Joined(std::span<const std::string> words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

}  // namespace

std::string DhatFrame(const StackFrame& frame) {
  if (frame.is_native) return fmt::format("{} (native)", frame.function);
  return fmt::format("{} ({}:{}:{}{})", frame.function, frame.file, frame.line, frame.column,
                     frame.is_recursive ? ", recursive" : "");
}

uint32_t DhatProfile::FrameNumber(const std::string& frame) {
  const auto [entry, is_new] = frame_numbers_.try_emplace(frame, static_cast<uint32_t>(frames_.size()));
  if (is_new) frames_.push_back(frame);
  return entry->second;
}

void DhatProfile::Add(const DhatContext& context) {
  const base::Lock lock(mutex_);
  const bool is_peak = context.peak_bytes >= peak_bytes_;
  if (is_peak) {
    peak_bytes_ = context.peak_bytes;
    peak_time_ = end_time_ + context.peak_time;
    for (Point& point : points_) point.counts.peak_bytes = point.counts.peak_blocks = 0;
  }
  end_time_ += context.end_time;
  // Peaks of two paths of one context that read the same may have been at different times; peaks of one path in two
  // contexts were.
  absl::flat_hash_map<size_t, DhatCounts> here;
  std::vector<size_t> order;
  for (const DhatPoint& point : context.points) {
    std::vector<uint32_t> frames;
    frames.reserve(point.frames.size());
    for (const std::string& frame : point.frames) frames.push_back(FrameNumber(frame));
    const auto [entry, is_new] = point_numbers_.try_emplace(frames, points_.size());
    if (is_new) points_.push_back({.frames = std::move(frames), .counts = {}});
    const auto [sum, is_first] = here.try_emplace(entry->second);
    if (is_first) order.push_back(entry->second);
    Accumulate(sum->second, point.counts);
  }
  for (size_t number : order) {
    DhatCounts more = here[number];
    DhatCounts& counts = points_[number].counts;
    if (!is_peak) more.peak_bytes = more.peak_blocks = 0;
    const bool held_more = more.max_bytes > counts.max_bytes;
    const uint64_t max_bytes = held_more ? more.max_bytes : counts.max_bytes;
    const uint64_t max_blocks = held_more ? more.max_blocks : counts.max_blocks;
    Accumulate(counts, more);
    counts.max_bytes = max_bytes;
    counts.max_blocks = max_blocks;
  }
}

std::vector<const DhatProfile::Point*> DhatProfile::Chosen(DhatCounts& rest, size_t& rest_count) const {
  DhatCounts sum;
  for (const Point& point : points_) Accumulate(sum, point.counts);
  const auto share = [](uint64_t part, uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  std::vector<double> weights;
  weights.reserve(points_.size());
  for (const Point& point : points_) {
    const DhatCounts& counts = point.counts;
    weights.push_back(std::max({share(counts.total_bytes, sum.total_bytes),
                                share(counts.total_blocks, sum.total_blocks), share(counts.peak_bytes, sum.peak_bytes),
                                share(counts.end_bytes, sum.end_bytes), share(counts.end_blocks, sum.end_blocks)}));
  }
  std::vector<size_t> order(points_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (order.size() > kMaxPoints) {
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return weights[a] > weights[b]; });
    for (size_t i = kMaxPoints - 1; i < order.size(); ++i) Accumulate(rest, points_[order[i]].counts);
    rest_count = order.size() - (kMaxPoints - 1);
    order.resize(kMaxPoints - 1);
    std::sort(order.begin(), order.end());
  }
  std::vector<const Point*> chosen;
  chosen.reserve(order.size());
  for (size_t number : order) chosen.push_back(&points_[number]);
  return chosen;
}

void DhatProfile::Write(std::span<const std::string> command, int process, base::TextSink& out) const {
  const base::Lock lock(mutex_);
  const bool is_heap = kind_ == DhatKind::kHeap;
  // Up to this average the viewer calls a point short-lived: a few dozen small objects were born meanwhile.
  constexpr uint64_t kShortLifetime = 1024;
  rapidjson::StringBuffer buffer;
  Json json(buffer);
  json.StartObject();
  Field(json, "dhatFileVersion", uint64_t{2});
  Field(json, "mode", is_heap ? "script-heap" : "script-events");
  Field(json, "verb", is_heap ? "Allocated" : "Occurred");
  Field(json, "bklt", is_heap);
  Field(json, "bkacc", false);
  if (!is_heap) {
    Field(json, "bu", "unit");
    Field(json, "bsu", "units");
    Field(json, "bksu", "events");
  }
  Field(json, "tu", is_heap ? "bytes allocated" : "events");
  Field(json, "Mtu", is_heap ? "MB allocated" : "million events");
  if (is_heap) Field(json, "tuth", kShortLifetime);
  Field(json, "cmd", Joined(command));
  Field(json, "pid", static_cast<uint64_t>(process));
  Field(json, "te", end_time_);
  if (is_heap) Field(json, "tg", peak_time_);

  DhatCounts rest;
  size_t rest_count = 0;
  const std::vector<const Point*> chosen = Chosen(rest, rest_count);
  json.Key("pps");
  json.StartArray();
  const auto flush = [&] {
    out.Write({buffer.GetString(), buffer.GetSize()});
    buffer.Clear();
  };
  for (const Point* point : chosen) {
    WritePoint(json, kind_, point->counts, point->frames);
    flush();
  }
  const uint32_t rest_frame = static_cast<uint32_t>(frames_.size());
  if (rest_count != 0) WritePoint(json, kind_, rest, {&rest_frame, 1});
  json.EndArray();
  json.Key("ftbl");
  json.StartArray();
  for (const std::string& frame : frames_) {
    json.String(frame.data(), static_cast<rapidjson::SizeType>(frame.size()));
    flush();
  }
  if (rest_count != 0) json.String(fmt::format("[{} smaller points]", rest_count).c_str());
  json.EndArray();
  json.EndObject();
  flush();
  out.Write("\n");
}

}  // namespace vestige::audit
