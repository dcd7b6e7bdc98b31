// The objects of module `UnitTest` that smart pointers and handles own.

#ifndef VESTIGE_MODULES_UNIT_TEST_OWNED_H_
#define VESTIGE_MODULES_UNIT_TEST_OWNED_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "vestige/handles.h"
#include "vestige/native.h"
#include "vestige/ref_counted.h"

namespace vestige::unit_test {

// How many of a type are alive, in the process.
template <typename T>
class LiveCount {
 public:
  LiveCount() { ++count(); }
  LiveCount(const LiveCount&) { ++count(); }
  LiveCount& operator=(const LiveCount&) = default;
  ~LiveCount() { --count(); }
  static std::atomic<int32_t>& count() {
    static std::atomic<int32_t> live{0};
    return live;
  }
};

// A link of a chain, with a field that scripts may read and write.
struct TestObjectSmart : RefCounted {
  std::string ReportName() const override { return "TestObjectSmart"; }

  int32_t data = 1234;
  RefPtr<TestObjectSmart> first;
  LiveCount<TestObjectSmart> live;
};

// What handles name.
struct Widget {
  int32_t id = 0;
};
struct Gadget {
  int32_t id = 0;
};

// The parts of module `UnitTest` that bind them.
extern const NativeModule kOwnedModule;
extern const NativeModule kWidgetModule;
extern const NativeModule kGadgetModule;
extern const NativeModule kSmartHandleModule;

}  // namespace vestige::unit_test

template <>
inline constexpr std::string_view vestige::kHandleName<vestige::unit_test::Widget> = "Widget";
template <>
inline constexpr std::string_view vestige::kHandleName<vestige::unit_test::Gadget> = "Gadget";
// Handles of objects with a count.
template <>
inline constexpr std::string_view vestige::kHandleName<vestige::unit_test::TestObjectSmart> = "SmartHandle";

#endif  // VESTIGE_MODULES_UNIT_TEST_OWNED_H_
