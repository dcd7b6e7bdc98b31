#include "cli/test_wire.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vestige::cli {

namespace {

enum Event : uint8_t { kBegin, kSay, kSkip, kLeak, kMeasure, kEnd, kPrint, kFinish };

// Takes the fields of one message off its front. After a field that is not there, `ok` is false and all are zero.
class Fields {
 public:
  explicit Fields(std::string_view message) : left_(message) {}

  bool ok() const { return ok_; }
  uint8_t Byte() {
    uint8_t byte = 0;
    Take(&byte, 1);
    return byte;
  }
  uint64_t Number() {
    uint64_t number = 0;
    Take(&number, sizeof(number));
    return number;
  }
  int64_t Signed() { return static_cast<int64_t>(Number()); }
  std::string_view Text() {
    const uint64_t length = Number();
    if (length > left_.size()) ok_ = false;
    if (!ok_) return {};
    const std::string_view text = left_.substr(0, length);
    left_.remove_prefix(length);
    return text;
  }
  Place At() {
    Place place;
    place.file = Text();
    place.line = static_cast<uint32_t>(Number());
    place.column = static_cast<uint32_t>(Number());
    return place;
  }
  // How many elements follow; each takes at least 8 bytes.
  uint64_t Count() {
    const uint64_t count = Number();
    if (count > left_.size() / 8) ok_ = false;
    return ok_ ? count : 0;
  }

 private:
  void Take(void* to, size_t bytes) {
    if (left_.size() < bytes) ok_ = false;
    if (!ok_) return;
    std::memcpy(to, left_.data(), bytes);
    left_.remove_prefix(bytes);
  }

  std::string_view left_;
  bool ok_ = true;
};

TestLeak ReadLeak(Fields& fields) {
  TestLeak leak;
  leak.test = static_cast<uint32_t>(fields.Number());
  leak.is_string = fields.Byte() != 0;
  leak.bytes = fields.Number();
  leak.count = fields.Number();
  leak.stack = fields.Text();
  return leak;
}

BenchmarkResult ReadMeasured(Fields& fields) {
  BenchmarkResult measured;
  measured.name = fields.Text();
  measured.sub_name = fields.Text();
  measured.rounds = fields.Signed();
  measured.time_ns = fields.Signed();
  measured.allocations = fields.Number();
  measured.heap_bytes = fields.Number();
  measured.string_allocations = fields.Number();
  measured.string_bytes = fields.Number();
  return measured;
}

TestEnd ReadEnd(Fields& fields) {
  TestEnd end;
  end.status = static_cast<TestStatus>(fields.Byte());
  end.time_ns = fields.Signed();
  end.exception = fields.Text();
  end.place = fields.At();
  end.peak_bytes = fields.Number();
  return end;
}

TestFileResult ReadResult(Fields& fields) {
  TestFileResult result;
  result.status = static_cast<TestFileStatus>(fields.Byte());
  result.messages = fields.Text();
  result.has_expectations = fields.Byte() != 0;
  for (uint64_t left = fields.Count(); left > 0; --left) {
    const auto code = static_cast<int>(fields.Signed());
    result.missing.emplace_back(code, static_cast<int>(fields.Signed()));
  }
  for (uint64_t left = fields.Count(); left > 0; --left) {
    result.unexpected.push_back(static_cast<int>(fields.Signed()));
  }
  return result;
}

}  // namespace

void WireWriter::Start(uint8_t event) {
  message_.assign(sizeof(uint32_t), '\0');
  message_.push_back(static_cast<char>(event));
}

void WireWriter::Number(uint64_t number) { message_.append(reinterpret_cast<const char*>(&number), sizeof(number)); }

void WireWriter::Text(std::string_view text) {
  Number(text.size());
  message_.append(text);
}

void WireWriter::At(const Place& place) {
  Text(place.file);
  Number(place.line);
  Number(place.column);
}

void WireWriter::Send() {
  const auto length = static_cast<uint32_t>(message_.size() - sizeof(uint32_t));
  std::memcpy(message_.data(), &length, sizeof(length));
  std::string_view left = message_;
  while (!left.empty()) {
    const ssize_t written = ::write(fd_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    // Nobody listens any more.
    if (written < 0) return;
    left.remove_prefix(static_cast<size_t>(written));
  }
}

void WireWriter::DidBegin(std::string_view name, bool is_benchmark) {
  Start(kBegin);
  Text(name);
  message_.push_back(is_benchmark ? 1 : 0);
  Send();
}

void WireWriter::DidSay(const Place& place, std::string_view message) {
  Start(kSay);
  At(place);
  Text(message);
  Send();
}

void WireWriter::DidSkip(std::string_view reason) {
  Start(kSkip);
  Text(reason);
  Send();
}

void WireWriter::DidLeak(const TestLeak& leak) {
  Start(kLeak);
  Number(leak.test);
  message_.push_back(leak.is_string ? 1 : 0);
  Number(leak.bytes);
  Number(leak.count);
  Text(leak.stack);
  Send();
}

void WireWriter::DidMeasure(const BenchmarkResult& result) {
  Start(kMeasure);
  Text(result.name);
  Text(result.sub_name);
  Number(static_cast<uint64_t>(result.rounds));
  Number(static_cast<uint64_t>(result.time_ns));
  Number(result.allocations);
  Number(result.heap_bytes);
  Number(result.string_allocations);
  Number(result.string_bytes);
  Send();
}

void WireWriter::DidEnd(const TestEnd& end) {
  Start(kEnd);
  message_.push_back(static_cast<char>(end.status));
  Number(static_cast<uint64_t>(end.time_ns));
  Text(end.exception);
  At(end.place);
  Number(end.peak_bytes);
  Send();
}

void WireWriter::DidPrint(std::string_view text) {
  Start(kPrint);
  Text(text);
  Send();
}

void WireWriter::DidFinish(const TestFileResult& result) {
  Start(kFinish);
  message_.push_back(static_cast<char>(result.status));
  Text(result.messages);
  message_.push_back(result.has_expectations ? 1 : 0);
  Number(result.missing.size());
  for (const auto& [code, count] : result.missing) {
    Number(static_cast<uint64_t>(code));
    Number(static_cast<uint64_t>(count));
  }
  Number(result.unexpected.size());
  for (int code : result.unexpected) Number(static_cast<uint64_t>(code));
  Send();
}

bool WireReader::Feed(std::string_view bytes) {
  pending_ += bytes;
  std::string_view left = pending_;
  while (!is_broken_ && left.size() >= sizeof(uint32_t)) {
    uint32_t length = 0;
    std::memcpy(&length, left.data(), sizeof(length));
    if (left.size() - sizeof(length) < length) break;
    is_broken_ = !Tell(left.substr(sizeof(length), length));
    left.remove_prefix(sizeof(length) + length);
  }
  pending_.erase(0, pending_.size() - left.size());
  return !is_broken_;
}

bool WireReader::Tell(std::string_view message) {
  Fields fields(message);
  switch (fields.Byte()) {
    case kBegin: {
      const std::string_view name = fields.Text();
      const bool is_benchmark = fields.Byte() != 0;
      if (fields.ok()) listener_.DidBegin(name, is_benchmark);
      break;
    }
    case kSay: {
      const Place place = fields.At();
      const std::string_view text = fields.Text();
      if (fields.ok()) listener_.DidSay(place, text);
      break;
    }
    case kSkip: {
      const std::string_view reason = fields.Text();
      if (fields.ok()) listener_.DidSkip(reason);
      break;
    }
    case kLeak: {
      const TestLeak leak = ReadLeak(fields);
      if (fields.ok()) listener_.DidLeak(leak);
      break;
    }
    case kMeasure: {
      const BenchmarkResult measured = ReadMeasured(fields);
      if (fields.ok()) listener_.DidMeasure(measured);
      break;
    }
    case kEnd: {
      const TestEnd end = ReadEnd(fields);
      if (fields.ok()) listener_.DidEnd(end);
      break;
    }
    case kPrint: {
      const std::string_view text = fields.Text();
      if (fields.ok()) listener_.DidPrint(text);
      break;
    }
    case kFinish: {
      const TestFileResult result = ReadResult(fields);
      if (fields.ok()) listener_.DidFinish(result);
      has_finished_ = fields.ok();
      break;
    }
    default:
      return false;
  }
  return fields.ok();
}

}  // namespace vestige::cli
