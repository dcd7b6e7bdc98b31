#include "cli/flags.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "vestige/modules.h"

namespace vestige::cli {

namespace {

enum class Flag {
#define VESTIGE_FLAG(Name, spelling, argument, help) k##Name,
#include "cli/flags.def"
#undef VESTIGE_FLAG
};

struct FlagRow {
  Flag flag;
  std::string_view spelling;
  std::string_view argument;
  std::string_view help;

  bool needs_argument() const { return !argument.empty() && argument[0] != '['; }
};

constexpr FlagRow kFlags[] = {
#define VESTIGE_FLAG(Name, spelling, argument, help) {Flag::k##Name, spelling, argument, help},
#include "cli/flags.def"
#undef VESTIGE_FLAG
};

const FlagRow* FindFlag(std::string_view spelling) {
  for (const FlagRow& row : kFlags) {
    if (row.spelling == spelling) return &row;
  }
  return nullptr;
}

// The whole of `text` as a number without sign.
bool ParseNumber(std::string_view text, uint64_t* number, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number, base);
  return error == std::errc() && end == text.data() + text.size();
}

// Decimal, or hexadecimal after 0x.
bool ParseId(std::string_view text, uint64_t* id) {
  if (text.starts_with("0x") || text.starts_with("0X")) return ParseNumber(text.substr(2), id, 16);
  return ParseNumber(text, id);
}

// As people write it: one letter with one dash.
std::string Spelled(const FlagRow& row) {
  return fmt::format("{}{}", row.spelling.size() == 1 ? "-" : "--", row.spelling);
}

absl::Status BadArgument(const FlagRow& row, std::string_view expected, std::string_view got) {
  return absl::InvalidArgumentError(fmt::format("option {} expects {}, got '{}'", Spelled(row), expected, got));
}

absl::Status ApplyOnBreak(const FlagRow& row, std::string_view argument, EngineOptions& engine) {
  if (argument == "trap") {
    engine.tracking.on_break = OnBreak::kTrap;
  } else if (argument == "stack") {
    engine.tracking.on_break = OnBreak::kStack;
  } else if (argument == "exit") {
    engine.tracking.on_break = OnBreak::kExit;
  } else {
    return BadArgument(row, "trap, stack or exit", argument);
  }
  return absl::OkStatus();
}

absl::Status ApplyLeakExit(const FlagRow& row, std::string_view argument, EngineOptions& engine) {
  uint64_t code = 1;
  if (!argument.empty() && (!ParseNumber(argument, &code) || code < 1 || code > 255)) {
    return BadArgument(row, "an exit code from 1 to 255", argument);
  }
  engine.leak_exit = static_cast<int>(code);
  return absl::OkStatus();
}

// Reports print these ids in hexadecimal without a prefix, so they are read so.
absl::Status ApplyTrackSmartPtr(std::string_view argument, EngineOptions& engine) {
  std::string_view digits = argument;
  if (digits.starts_with("0x") || digits.starts_with("0X")) digits.remove_prefix(2);
  uint64_t id = 0;
  if (!ParseNumber(digits, &id, 16) || id == 0) {
    return absl::InvalidArgumentError(fmt::format("expecting smart pointer id, got {}", argument));
  }
  engine.tracking.track_smart_pointer = id;
  return absl::OkStatus();
}

// Digits alone are decimal; dumps print hexadecimal, which is understood too where it cannot be anything else.
absl::Status ApplyTrackJobStatus(std::string_view argument, EngineOptions& engine) {
  uint64_t id = 0;
  if ((!ParseId(argument, &id) && !ParseNumber(argument, &id, 16)) || id == 0) {
    return absl::InvalidArgumentError(fmt::format("expecting job status id, got {}", argument));
  }
  engine.tracking.track_job_status = id;
  return absl::OkStatus();
}

// Sets the limit; false when the text is no number of MiB.
bool ReadMaxHeap(std::string_view text, EngineOptions& engine) {
  uint64_t megabytes = 0;
  if (!ParseNumber(text, &megabytes) || megabytes == 0 || megabytes > (uint64_t{1} << 40)) return false;
  engine.max_heap_bytes = megabytes << 20;
  return true;
}

absl::Status ApplyMaxHeap(const FlagRow& row, std::string_view argument, EngineOptions& engine) {
  return ReadMaxHeap(argument, engine) ? absl::OkStatus() : BadArgument(row, "a number of MiB", argument);
}

absl::Status ApplyJobThreads(const FlagRow& row, std::string_view argument, EngineOptions& engine) {
  constexpr uint64_t kMostThreads = 1024;
  uint64_t count = 0;
  if (!ParseNumber(argument, &count) || count == 0 || count > kMostThreads) {
    return BadArgument(row, "a number from 1 to 1024", argument);
  }
  engine.job_threads = static_cast<uint32_t>(count);
  return absl::OkStatus();
}

absl::Status ApplyFailAllocation(const FlagRow& row, std::string_view argument, EngineOptions& engine) {
  if (!ParseNumber(argument, &engine.fail_allocation_at) || engine.fail_allocation_at == 0) {
    return BadArgument(row, "the number of an allocation, from 1", argument);
  }
  return absl::OkStatus();
}

absl::Status ApplyWatchedId(const FlagRow& row, std::string_view argument, EngineOptions& engine) {
  if (row.flag == Flag::kTrackSmartPtr) return ApplyTrackSmartPtr(argument, engine);
  if (row.flag == Flag::kTrackJobStatus) return ApplyTrackJobStatus(argument, engine);
  uint64_t id = 0;
  if (!ParseId(argument, &id) || id == 0) return BadArgument(row, "a block id, decimal or 0x hex", argument);
  engine.tracking.break_on_allocation = id;
  return absl::OkStatus();
}

absl::Status ApplyDefine(const FlagRow& row, std::string_view argument, EngineOptions& engine) {
  const size_t equals = argument.find('=');
  if (equals == std::string_view::npos || equals == 0) return BadArgument(row, "name=value", argument);
  engine.policies.emplace_back(argument.substr(0, equals), argument.substr(equals + 1));
  return absl::OkStatus();
}

// Flags that are a yes and nothing else.
void Switch(Flag flag, EngineOptions& engine) {
  constexpr struct {
    Flag flag;
    bool EngineOptions::*field;
  } kEngineSwitches[] = {
      {Flag::kLog, &EngineOptions::log},
      {Flag::kKeepAst, &EngineOptions::keep_ast},
      {Flag::kCompileOnly, &EngineOptions::compile_only},
      {Flag::kDryRun, &EngineOptions::dry_run},
      {Flag::kDebug, &EngineOptions::debug_memory},
  };
  for (const auto& row : kEngineSwitches) {
    if (row.flag == flag) engine.*row.field = true;
  }
  constexpr struct {
    Flag flag;
    bool TrackingOptions::*field;
  } kSwitches[] = {
      {Flag::kProfilerLeaks, &TrackingOptions::leak_profiler},
      {Flag::kHeapReport, &TrackingOptions::heap_report},
      {Flag::kHeapCensus, &TrackingOptions::heap_census},
      {Flag::kLeakUngrouped, &TrackingOptions::ungrouped},
      {Flag::kLeakExtended, &TrackingOptions::extended},
      {Flag::kLeakFullRecursion, &TrackingOptions::full_recursion},
      {Flag::kTrackSmartPtrDestructor, &TrackingOptions::smart_pointer_death_only},
      {Flag::kTrackHolders, &TrackingOptions::track_holders},
      {Flag::kNoDumpLeaks, &TrackingOptions::silent},
      {Flag::kGcPoison, &TrackingOptions::poison_nodes},
  };
  for (const auto& row : kSwitches) {
    if (row.flag == flag) engine.tracking.*row.field = true;
  }
}

absl::Status Apply(const FlagRow& row, std::string_view argument, CommandLine& line) {
  EngineOptions& engine = line.engine;
  TrackingOptions& tracking = engine.tracking;
  switch (row.flag) {
    case Flag::kHelp:
      line.help = true;
      break;
    case Flag::kVersion:
      line.version = true;
      break;
    case Flag::kMain:
      engine.entry = argument;
      break;
    case Flag::kDasRoot:
      engine.das_root = argument;
      break;
    case Flag::kProject:
      engine.project = argument;
      break;
    case Flag::kDefine:
      return ApplyDefine(row, argument, engine);
    case Flag::kMaxHeap:
      return ApplyMaxHeap(row, argument, engine);
    case Flag::kJobThreads:
      return ApplyJobThreads(row, argument, engine);
    case Flag::kFailAllocation:
      return ApplyFailAllocation(row, argument, engine);
    case Flag::kDebugPlot:
      line.debug_plot = argument;
      break;
    case Flag::kProfiler:
      break;
    case Flag::kProfilerLog:
      line.profiler_log = argument;
      break;
    case Flag::kTrackAllocations:
      // On its own it would remember places that nobody gets to see.
      tracking.track_allocations = tracking.heap_report = true;
      break;
    case Flag::kLeakOutput:
      line.leak_output = argument;
      break;
    case Flag::kLeakExit:
      return ApplyLeakExit(row, argument, engine);
    case Flag::kDhatHeap:
      line.dhat_heap = argument.empty() ? "dhat-heap.json" : argument;
      break;
    case Flag::kDhatAdHoc:
      line.dhat_ad_hoc = argument.empty() ? "dhat-ad-hoc.json" : argument;
      break;
    case Flag::kBreakOnAlloc:
    case Flag::kTrackSmartPtr:
    case Flag::kTrackJobStatus:
      return ApplyWatchedId(row, argument, engine);
    case Flag::kLog:
    case Flag::kKeepAst:
    case Flag::kCompileOnly:
    case Flag::kDryRun:
    case Flag::kDebug:
    case Flag::kProfilerLeaks:
    case Flag::kHeapReport:
    case Flag::kHeapCensus:
    case Flag::kLeakUngrouped:
    case Flag::kLeakExtended:
    case Flag::kLeakFullRecursion:
    case Flag::kTrackSmartPtrDestructor:
    case Flag::kTrackHolders:
    case Flag::kNoDumpLeaks:
    case Flag::kGcPoison:
      Switch(row.flag, engine);
      break;
    case Flag::kOnBreak:
      return ApplyOnBreak(row, argument, engine);
    case Flag::kWaitDebugger:
      line.wait_debugger = true;
      break;
  }
  return absl::OkStatus();
}

// The variable's text; empty when it is not set.
std::string_view Environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string_view() : text;
}

// What the environment asks for; flags may say more.
absl::Status ApplyEnvironment(EngineOptions& engine) {
  constexpr const char* kBreakOnNode = "DAS_GC_BREAK_ON_ID";
  if (const std::string_view text = Environment(kBreakOnNode); !text.empty()) {
    uint64_t id = 0;
    if (!ParseId(text, &id) || id == 0) {
      return absl::InvalidArgumentError(
          fmt::format("{} expects the id of a syntax node, decimal or 0x hex, not '{}'", kBreakOnNode, text));
    }
    engine.tracking.break_on_node = id;
  }
  constexpr const char* kMaxMemory = "VESTIGE_MAX_MEMORY_MB";
  if (const std::string_view text = Environment(kMaxMemory); !text.empty() && !ReadMaxHeap(text, engine)) {
    return absl::InvalidArgumentError(fmt::format("{} expects a number of MiB, not '{}'", kMaxMemory, text));
  }
  if (const std::string_view text = Environment("DEBUG"); !text.empty()) engine.debug_memory = text == "1";
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(std::span<const std::string> words) {
  CommandLine line;
  line.engine.modules = UnitTestModules();
  if (absl::Status status = ApplyEnvironment(line.engine); !status.ok()) return status;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "--") break;
    if (word.size() < 2 || word[0] != '-') {
      line.scripts.emplace_back(word);
      continue;
    }
    const std::string_view body = word.substr(word[1] == '-' ? 2 : 1);
    const size_t equals = body.find('=');
    const FlagRow* row = FindFlag(body.substr(0, equals));
    std::string_view argument = equals == std::string_view::npos ? std::string_view() : body.substr(equals + 1);
    bool has_argument = equals != std::string_view::npos;
    if (row == nullptr && body.size() > 1 && body[0] == 'D') {
      row = FindFlag("D");
      argument = body.substr(1);
      has_argument = true;
    }
    if (row == nullptr) return absl::InvalidArgumentError(fmt::format("unknown command line option {}", word));
    if (has_argument && row->argument.empty()) {
      return absl::InvalidArgumentError(fmt::format("option {} takes no argument, got '{}'", Spelled(*row), argument));
    }
    if (row->needs_argument() && !has_argument) {
      if (i + 1 >= words.size()) {
        return absl::InvalidArgumentError(fmt::format("option {} needs{}", Spelled(*row), row->argument));
      }
      argument = words[++i];
    }
    if (absl::Status status = Apply(*row, argument, line); !status.ok()) return status;
  }
  return line;
}

bool TakesNextWord(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  const FlagRow* row = FindFlag(word.substr(word[1] == '-' ? 2 : 1));
  return row != nullptr && row->needs_argument();
}

std::string HelpLine(std::string_view spelling, std::string_view argument, std::string_view help) {
  constexpr size_t kHelpColumn = 33;
  const std::string head = fmt::format("  {}{}{}", spelling.size() == 1 ? "-" : "--", spelling, argument);
  const bool wraps = head.size() + 1 > kHelpColumn || kHelpColumn + help.size() > 80;
  return wraps ? fmt::format("{}\n      {}\n", head, help) : fmt::format("{:<{}}{}\n", head, kHelpColumn, help);
}

std::string HelpText() {
  std::string text =
      "usage: vestige [options] script.das ... [-- arguments of the script]\n"
      "       vestige test [options] path ...\n"
      "Runs daslang scripts and tells what they leave behind.\n\n";
  for (const FlagRow& row : kFlags) text += HelpLine(row.spelling, row.argument, row.help);
  text += "\nOptions may have one dash or two. README.md says where to read on.\n";
  return text;
}

}  // namespace vestige::cli
