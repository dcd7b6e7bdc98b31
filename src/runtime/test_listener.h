// Who hears of tests while they run. Floor 3.

#ifndef VESTIGE_RUNTIME_TEST_LISTENER_H_
#define VESTIGE_RUNTIME_TEST_LISTENER_H_

#include <cstdint>
#include <string_view>

namespace vestige::runtime {

// Sums over all rounds of one measured block.
struct Measurement {
  int64_t rounds = 0;
  int64_t time_ns = 0;
  uint64_t allocations = 0;
  uint64_t heap_bytes = 0;
  uint64_t string_allocations = 0;
  uint64_t string_bytes = 0;
};

// Told by natives of module testing_core what a script says of the test it is in. Sub-tests nest: a Begin has an End,
// also when the script panicked in between. Called on the script's thread; texts are valid during the call only.
class TestListener {
 public:
  virtual ~TestListener() = default;

  // The innermost running test said something; its place is where the script stands.
  virtual void Log(std::string_view message) = 0;
  // The innermost running test failed, or is skipped. It may go on, or panic next.
  virtual void Fail() = 0;
  virtual void Skip() = 0;
  virtual void SkipReason(std::string_view reason) = 0;

  // Returns the name as a text that stays until the script's memory is gone.
  virtual const char* BeginSubTest(std::string_view name) = 0;
  // The sub-test panicked; the panic has been recovered.
  virtual void SubTestPanicked() = 0;
  virtual void EndSubTest() = 0;

  virtual void BeginMeasurement(std::string_view name) = 0;
  virtual void EndMeasurement(const Measurement& measurement) = 0;
};

}  // namespace vestige::runtime

#endif  // VESTIGE_RUNTIME_TEST_LISTENER_H_
