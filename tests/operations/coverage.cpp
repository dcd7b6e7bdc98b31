// Reads the names that contexts of the test suite left in a file (exec/operation_record.h) and names every operation
// that none of them executed.
//
//   vestige_operation_coverage FILE EXCEPTIONS
//
// EXCEPTIONS names operations that may be missing, a line each, and can only shrink: naming one that is executed is a
// mistake too. Lines that begin with # explain.

#include <cstdio>
#include <fstream>
#include <set>
#include <string>

#include "exec/operation.h"

namespace {

std::set<std::string> LinesOf(const char* path) {
  std::ifstream file(path);
  std::set<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('#')) lines.insert(line);
  }
  return lines;
}

}  // namespace

int main(int argument_count, char** arguments) {
  using vestige::exec::Op;
  if (argument_count != 3) {
    std::puts("usage: vestige_operation_coverage FILE EXCEPTIONS");
    return 2;
  }
  const std::set<std::string> executed = LinesOf(arguments[1]);
  const std::set<std::string> exceptions = LinesOf(arguments[2]);
  const auto count = static_cast<uint32_t>(Op::kCount);
  uint32_t missing = 0;
  uint32_t mistakes = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const char* name = vestige::exec::NameOf(static_cast<Op>(i));
    const bool is_executed = executed.contains(name);
    const bool is_exception = exceptions.contains(name);
    missing += is_executed ? 0 : 1;
    if (is_executed != is_exception) continue;
    std::printf(is_executed ? "%s is executed: take it from the exceptions\n" : "no test executes %s\n", name);
    ++mistakes;
  }
  std::printf("%u of %u operations are executed by some test\n", count - missing, count);
  return mistakes == 0 ? 0 : 1;
}
