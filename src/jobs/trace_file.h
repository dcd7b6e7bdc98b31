// The file of a trace: the JSON that viewers of timelines read, with a legend beside the events. Floor 3.

#ifndef VESTIGE_JOBS_TRACE_FILE_H_
#define VESTIGE_JOBS_TRACE_FILE_H_

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/trace.h"
#include "rapidjson/filewritestream.h"
#include "rapidjson/writer.h"

namespace vestige::jobs {

// {"traceEvents": [..], "jobqueProfile": {"version", "lanes", "missed", "markers", "categories"}}
//
// Calls come in the order of declaration; the destructor hands everything to the stream, which stays open.
class TraceFile {
 public:
  // Times are told from `first` on. `markers`: names by id; outlives this.
  TraceFile(std::FILE* stream, uint64_t first, const std::vector<std::string>& markers);
  // The events of a thread; `lane` is its number.
  void Add(const TraceRing& ring, int lane);
  void BeginProfile(size_t lanes, uint64_t missed);
  void AddCategory(int32_t id, std::string_view name, uint32_t color);
  void EndProfile();

 private:
  void Key(std::string_view key);
  void Text(std::string_view text);
  void Field(std::string_view key, int64_t value);
  void Field(std::string_view key, std::string_view text);
  // In microseconds, as viewers want them.
  void Time(std::string_view key, uint64_t nanoseconds);
  void AddEvent(const TraceEvent& event, int lane);

  std::array<char, 4096> buffer_;
  rapidjson::FileWriteStream stream_;
  rapidjson::Writer<rapidjson::FileWriteStream> json_;
  const uint64_t first_;
  const std::vector<std::string>& markers_;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_TRACE_FILE_H_
