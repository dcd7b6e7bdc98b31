// A small mutating fuzzer for any compiler: for some seconds, scripts are cut up and put together again and given to a
// fuzzer's function.
//
//   vestige_front_mutate --seconds N [--seed N] [--keep FILE] FOLDER...
//
// Every .das file and every file without a suffix below the folders is a seed. The input under test stands in FILE
// (default: fuzz-input.das) while it runs, so after a crash the culprit is there; an input that takes more than ten
// seconds ends the process with SIGALRM. The same seed number makes the same inputs in the same order.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "fmt/format.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestInput = 16384;
constexpr unsigned kSecondsPerInput = 10;

struct Request {
  int seconds = 60;
  uint32_t seed = 1;
  std::string keep = "fuzz-input.das";
  std::vector<std::string> folders;
};

// The input under test, in a file that outlives a crash.
class KeptInput {
 public:
  explicit KeptInput(const std::string& path) : path_(path) {
    if (FILE* file = std::fopen(path.c_str(), "w+b")) {
      if (ftruncate(fileno(file), kLongestInput) == 0) {
        void* map = mmap(nullptr, kLongestInput, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
        if (map != MAP_FAILED) bytes_ = static_cast<char*>(map);
      }
      std::fclose(file);
    }
  }
  ~KeptInput() {
    if (bytes_ != nullptr) munmap(bytes_, kLongestInput);
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  KeptInput(const KeptInput&) = delete;
  KeptInput& operator=(const KeptInput&) = delete;

  bool ok() const { return bytes_ != nullptr; }
  void Set(std::string_view text) {
    std::memset(bytes_, '\n', kLongestInput);
    std::memcpy(bytes_, text.data(), text.size());
  }

 private:
  std::string path_;
  char* bytes_ = nullptr;
};

// Words, numbers, strings and single signs: coarse on purpose, so that pieces fit together more often than bytes do.
std::vector<std::string_view> CutUp(std::string_view text) {
  std::vector<std::string_view> pieces;
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  size_t at = 0;
  while (at < text.size()) {
    size_t end = at + 1;
    if (is_word(text[at])) {
      while (end < text.size() && is_word(text[end])) ++end;
    } else if (text[at] == ' ') {
      while (end < text.size() && text[end] == ' ') ++end;
    }
    pieces.push_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

std::vector<std::string> ReadSeeds(const std::vector<std::string>& folders) {
  std::vector<std::string> paths;
  for (const std::string& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const std::string suffix = entry.path().extension();
      if (entry.is_regular_file() && (suffix.empty() || suffix == ".das")) paths.push_back(entry.path());
    }
  }
  // Directory order differs between machines; the inputs must not.
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!text.empty() && text.size() <= kLongestInput) seeds.push_back(std::move(text));
  }
  return seeds;
}

// Makes inputs out of seeds.
class Mutator {
 public:
  Mutator(const std::vector<std::string>& seeds, uint32_t seed) : random_(seed) {
    for (const std::string& text : seeds) pieces_.push_back(CutUp(text));
  }

  std::string Next() {
    std::vector<std::string_view> input = pieces_[Below(pieces_.size())];
    for (size_t round = Below(4) + 1; round > 0; --round) Change(input);
    std::string text;
    for (const std::string_view piece : input) text += piece;
    if (Below(8) == 0 && !text.empty()) text[Below(text.size())] = static_cast<char>(Below(256));
    if (text.size() > kLongestInput) text.resize(kLongestInput);
    return text;
  }

 private:
  using Pieces = std::vector<std::string_view>;

  size_t Below(size_t bound) { return random_() % bound; }

  // A stretch of a seed, up to `longest` pieces.
  Pieces Stretch(const Pieces& from, size_t longest) {
    if (from.empty()) return {};
    const size_t begin = Below(from.size());
    const size_t end = std::min(from.size(), begin + 1 + Below(longest));
    return {from.begin() + static_cast<ptrdiff_t>(begin), from.begin() + static_cast<ptrdiff_t>(end)};
  }

  void Change(Pieces& input) {
    if (input.empty()) return;
    const Pieces& other = pieces_[Below(pieces_.size())];
    const auto place = input.begin() + static_cast<ptrdiff_t>(Below(input.size()));
    switch (Below(6)) {
      case 0:
        *place = other[Below(other.size())];
        break;
      case 1:
        input.erase(place, place + static_cast<ptrdiff_t>(std::min<size_t>(input.end() - place, 1 + Below(12))));
        break;
      case 2:
        std::swap(*place, input[Below(input.size())]);
        break;
      case 3:
        Insert(input, place - input.begin(), Stretch(other, 40));
        break;
      case 4:
        Insert(input, place - input.begin(), Stretch(input, 40));
        break;
      default:
        Insert(input, place - input.begin(), Stretch(other, 2));
        break;
    }
  }

  static void Insert(Pieces& input, ptrdiff_t at, const Pieces& more) {
    input.insert(input.begin() + at, more.begin(), more.end());
  }

  std::vector<Pieces> pieces_;
  std::minstd_rand random_;
};

bool ReadNumber(std::string_view text, auto& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

bool Parse(int argc, char** argv, Request& request) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--seconds" && has_value) {
      if (!ReadNumber(argv[++i], request.seconds)) return false;
    } else if (word == "--seed" && has_value) {
      if (!ReadNumber(argv[++i], request.seed)) return false;
    } else if (word == "--keep" && has_value) {
      request.keep = argv[++i];
    } else {
      request.folders.emplace_back(word);
    }
  }
  return !request.folders.empty();
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  if (!Parse(argc, argv, request)) {
    fmt::print(stderr, "usage: {} [--seconds N] [--seed N] [--keep FILE] FOLDER...\n", argv[0]);
    return 2;
  }
  const std::vector<std::string> seeds = ReadSeeds(request.folders);
  KeptInput kept(request.keep);
  if (seeds.empty() || !kept.ok()) {
    fmt::print(stderr, "{}\n", seeds.empty() ? "no seeds in the folders" : "cannot write " + request.keep);
    return 2;
  }
  Mutator mutator(seeds, request.seed);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(request.seconds);
  size_t count = 0;
  for (; std::chrono::steady_clock::now() < end; ++count) {
    const std::string input = mutator.Next();
    kept.Set(input);
    alarm(kSecondsPerInput);
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
  }
  alarm(0);
  fmt::print("{} inputs from {} seeds, seed number {}\n", count, seeds.size(), request.seed);
  return 0;
}
