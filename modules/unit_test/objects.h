// The C++ types of module `UnitTest`, as its prelude declares them to scripts.

#ifndef VESTIGE_MODULES_UNIT_TEST_OBJECTS_H_
#define VESTIGE_MODULES_UNIT_TEST_OBJECTS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace vestige::unit_test {

// float3 to scripts.
struct Point3 {
  float x, y, z;
};

struct TestObjectFoo {
  Point3 hit;
  const Point3* look_at;
  int32_t data;
  int16_t e16;
  TestObjectFoo* loop;
  int32_t numbers[3];
};

struct TestObjectBar {
  TestObjectFoo* foo;
  float data;
  const char* text;
};

// Arrays that C++ owns. A vector of zeros is not promised to be one, so it lives behind a pointer.
template <typename T>
struct NativeArray {
  std::vector<T>* items;
  bool is_owner;
};
using Point3Array = NativeArray<Point3>;
using FooArray = NativeArray<TestObjectFoo>;

struct FancyClass {
  int32_t value;
  std::string* hidden;
};

struct CppS1 {
  virtual ~CppS1() = default;
  int64_t b;
  int32_t c;
};
struct CppS2 : CppS1 {
  int32_t d;
};

}  // namespace vestige::unit_test

#endif  // VESTIGE_MODULES_UNIT_TEST_OBJECTS_H_
