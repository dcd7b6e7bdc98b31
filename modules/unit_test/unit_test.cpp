// Module `UnitTest` for scripts: what a host's binding consists of, in small. Only include/vestige is used.

#include <cstddef>

#include "unit_test/objects.h"
#include "unit_test/owned.h"
#include "vestige/modules.h"

namespace vestige::unit_test {

namespace {

// --- Numbers, vectors and enums
// ---------------------------------------------------------------------------------------

void SamplePoint(NativeCall& call) { call.Return(Point3{0, 1, 2}); }
void DoublePoint(NativeCall& call) {
  const auto p = call.Value<Point3>(0);
  call.Return(Point3{p.x + p.x, p.y + p.y, p.z + p.z});
}
void MovePoint(NativeCall& call) {
  auto& p = call.Reference<Point3>(0);
  const float t = call.Value<float>(1);
  p = {p.x + t, p.y + t, p.z + t};
}
void AddTo(NativeCall& call) { call.Reference<int32_t>(0) += call.Value<int32_t>(1); }
void Divide(NativeCall& call) { call.Return(call.Value<float>(0) / call.Value<float>(1)); }
void ScreenSize(NativeCall& call) {
  const uint32_t size[2] = {1280, 720};
  std::memcpy(call.result, size, sizeof(size));
}

template <int n>
void MultiplyAdd(NativeCall& call) {
  struct Vector {
    float x[n];
  };
  auto a = call.Value<Vector>(0);
  const auto b = call.Value<Vector>(1);
  const auto c = call.Value<Vector>(2);
  for (int i = 0; i < n; ++i) a.x[i] = a.x[i] * b.x[i] + c.x[i];
  call.Return(a);
}

// The enums count from zero, so one, two and zero are their numbers.
template <typename T>
void OneToTwo(NativeCall& call) {
  call.Return(static_cast<T>(call.Value<T>(0) == 1 ? 2 : 0));
}
void Flip(NativeCall& call) { call.Return(1 - call.Value<int32_t>(0)); }

// --- Objects
// ----------------------------------------------------------------------------------------------------------

void SetData(NativeCall& call) {
  auto* foo = call.Value<TestObjectFoo*>(0);
  if (foo == nullptr) return call.Panic("set_foo_data: the object is null");
  foo->data = call.Value<int32_t>(1);
}
void FillData(NativeCall& call) { call.Reference<TestObjectFoo>(0).data = 1234; }
void HitMe(NativeCall& call) {
  call.Reference<TestObjectFoo>(0).data = call.Value<int32_t>(1) + call.Value<int32_t>(2);
}
void MakeDummy(NativeCall& call) { reinterpret_cast<TestObjectFoo*>(call.result)->data = 1; }
void TakeDummy(NativeCall& call) { call.Return(call.Reference<TestObjectFoo>(0).data); }
template <bool is_equal>
void CompareData(NativeCall& call) {
  call.Return((call.Reference<TestObjectFoo>(0).data == call.Reference<TestObjectFoo>(1).data) == is_equal);
}
void Dereferenced(NativeCall& call) {
  auto* foo = call.Value<TestObjectFoo*>(0);
  if (foo == nullptr) return call.Panic("fooPtr2Ref: the object is null");
  call.Return(foo);
}

// Properties.
void DataPlus13(NativeCall& call) { call.Return(call.Reference<TestObjectFoo>(0).data + 13); }
void HitPlace(NativeCall& call) { call.Return(call.Reference<TestObjectFoo>(0).hit); }
void HitReference(NativeCall& call) { call.Return(&call.Reference<TestObjectFoo>(0).hit); }
void Word(NativeCall& call) { call.Return("foo"); }
template <bool is_read_only>
void IsReadOnly(NativeCall& call) {
  call.Return(is_read_only);
}
void Loop(NativeCall& call) { call.Return(call.Reference<TestObjectFoo>(0).loop); }
void FooOfBar(NativeCall& call) {
  auto* foo = call.Reference<TestObjectBar>(0).foo;
  if (foo == nullptr) return call.Panic("getFoo: the bar has no foo");
  call.Return(foo);
}
void FooPointerOfBar(NativeCall& call) { call.Return(call.Reference<TestObjectBar>(0).foo); }

void WithNotLocal(NativeCall& call) {
  int32_t object = 13;
  const BlockArgument arguments[] = {BlockArgument::Reference(&object)};
  call.CallBlock(0, arguments);
}

void NewWithFields(NativeCall& call) {
  void* object = call.NewObject(0);
  if (object != nullptr) std::memcpy(object, &call.Reference<char>(0), call.SizeOf(0));
  call.Return(object);
}

// A class with a part that scripts do not see, and an owner's duty.
void MakeFancy(NativeCall& call) {
  *reinterpret_cast<FancyClass*>(call.result) = {
      call.types.size() > 2 ? call.Value<int32_t>(0) + call.Value<int32_t>(1) : 13, new std::string("hidden")};
}
void FreeFancy(void* value) {
  auto* fancy = static_cast<FancyClass*>(value);
  delete fancy->hidden;
  fancy->hidden = nullptr;
}
void DeleteFancy(NativeCall& call) { FreeFancy(&call.Reference<FancyClass>(0)); }
// using(arguments) $(var object) { ... }: the object dies with the block.
template <size_t count>
void UsingFancy(NativeCall& call) {
  FancyClass object = {count == 2 ? call.Value<int32_t>(0) + call.Value<int32_t>(1) : 13, new std::string("hidden")};
  const BlockArgument arguments[] = {BlockArgument::Reference(&object)};
  call.CallBlock(count, arguments);
  FreeFancy(&object);
}

// --- Arrays of C++
// ----------------------------------------------------------------------------------------------------

template <typename T>
void Length(NativeCall& call) {
  const auto* items = call.Reference<NativeArray<T>>(0).items;
  call.Return(static_cast<int32_t>(items == nullptr ? 0 : items->size()));
}
template <typename T>
void Capacity(NativeCall& call) {
  const auto* items = call.Reference<NativeArray<T>>(0).items;
  call.Return(static_cast<int32_t>(items == nullptr ? 0 : items->capacity()));
}
template <typename T>
void ItemAt(NativeCall& call) {
  auto* items = call.Reference<NativeArray<T>>(0).items;
  const auto index = call.Value<int32_t>(1);
  const auto count = static_cast<int32_t>(items == nullptr ? 0 : items->size());
  if (index < 0 || index >= count) {
    return call.Panic("index out of range, " + std::to_string(index) + " of " + std::to_string(count));
  }
  call.Return(&(*items)[static_cast<size_t>(index)]);
}
template <typename T>
void FreeItems(void* value) {
  auto* array = static_cast<NativeArray<T>*>(value);
  if (array->is_owner) delete array->items;
}

template <typename T>
void ShowItems(NativeCall& call, std::vector<T>& items) {
  NativeArray<T> array = {&items, false};
  const BlockArgument arguments[] = {BlockArgument::Reference(&array)};
  call.CallBlock(0, arguments);
}
void WithPoints(NativeCall& call) {
  std::vector<Point3> points(10, Point3{1, 2, 3});
  ShowItems(call, points);
}
void WithFoos(NativeCall& call) {
  std::vector<TestObjectFoo> foos(10, TestObjectFoo{});
  foos.reserve(16);
  for (size_t i = 0; i < foos.size(); ++i) foos[i].data = static_cast<int32_t>(i);
  ShowItems(call, foos);
}

// --- Values of scripts
// ------------------------------------------------------------------------------------------------

// Hands its first argument on to the block.
void ShowArgument(NativeCall& call) {
  const BlockArgument arguments[] = {BlockArgument::Value(call.Value<void*>(0))};
  call.CallBlock(1, arguments);
}
void ShowTexts(NativeCall& call) {
  ShowArgument(call);
  call.Return(!call.HasPanic());
}
void PassTwo(NativeCall& call) {
  const BlockArgument arguments[] = {BlockArgument::Value(call.Value<int32_t>(0)),
                                     BlockArgument::Value(call.Value<float>(1))};
  call.CallBlock(2, arguments);
}
void SameFunction(NativeCall& call) {
  if (call.Value<const void*>(0) == nullptr) return call.Panic("function not found");
  call.Return(call.Value<const void*>(0));
}

// As the prelude's variant lies in memory.
template <int32_t member>
void MakeVariant(NativeCall& call) {
  const int32_t index = member;
  std::memcpy(call.result, &index, sizeof(index));
  char* value = call.result + 8;
  if constexpr (member == 0) {
    const int32_t number = 1;
    std::memcpy(value, &number, sizeof(number));
  } else if constexpr (member == 1) {
    const float number = 2;
    std::memcpy(value, &number, sizeof(number));
  } else {
    const char* text = "3";
    std::memcpy(value, &text, sizeof(text));
  }
}

uint64_t HashOf(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}
void CheckEid(NativeCall& call) {
  const std::string_view name = call.Text(1);
  if (name.empty()) return call.Panic("invalid id");
  call.Return(HashOf(name) + static_cast<uint64_t>(call.Reference<TestObjectFoo>(0).data));
}

void StartEffect(NativeCall& call) { call.Return(false); }

void SizeOfS1(NativeCall& call) { call.Return(static_cast<int32_t>(sizeof(CppS1))); }
void SizeOfS2(NativeCall& call) { call.Return(static_cast<int32_t>(sizeof(CppS2))); }
// Of a class with a table of virtual functions, which offsetof does not take.
void OffsetOfD(NativeCall& call) {
  const CppS2 object{};
  const auto* start = reinterpret_cast<const char*>(&object);
  call.Return(static_cast<int32_t>(reinterpret_cast<const char*>(&object.d) - start));
}

void NextId(NativeCall& call) { call.Return(call.Value<int32_t>(0) + 1); }
void InvalidId(NativeCall& call) { call.Return(int32_t{-1}); }
void IsInvalidId(NativeCall& call) { call.Return(call.Value<int32_t>(0) == -1); }
void IdToInt(NativeCall& call) { call.Return(call.Value<int32_t>(0)); }

// --- The module
// -------------------------------------------------------------------------------------------------------

constexpr std::string_view kPrelude = R"(
require math public

enum SomeEnum { zero, one, two }
enum SomeEnum98 { SomeEnum98_zero, SomeEnum98_one, SomeEnum98_two }
enum SomeEnum_16 : int16 { SomeEnum_16_zero, SomeEnum_16_one, SomeEnum_16_two }
enum GooEnum { regular, hazardous }
enum GooEnum98 { soft, hard }

typedef Point3 = float3
typedef distinct NativeId = int
typedef distinct EntityId = int
variant SampleVariant {
    i_value : int
    f_value : float
    s_value : string
}

struct TestObjectFoo {
    hit : float3
    lookAt : float3 const?
    fooData : int
    e16 : SomeEnum_16
    foo_loop : TestObjectFoo?
    fooArray : int[3]
}
struct TestObjectBar {
    fooPtr : TestObjectFoo?
    barData : float
    simple_string : string
}
struct TestObjectNotLocal { fooData : int }
struct TestObjectNotNullPtr { fooData : int }
struct FancyClass { value : int }
struct Point3Array { }
struct FooArray { }

let UNIT_TEST_CONSTANT = 0x12345678
let OTHER_UNIT_TEST_CONSTANT = UNIT_TEST_CONSTANT + 1
)";

constexpr NativeField kFooFields[] = {
    {"hit", offsetof(TestObjectFoo, hit)},       {"lookAt", offsetof(TestObjectFoo, look_at)},
    {"fooData", offsetof(TestObjectFoo, data)},  {"e16", offsetof(TestObjectFoo, e16)},
    {"foo_loop", offsetof(TestObjectFoo, loop)}, {"fooArray", offsetof(TestObjectFoo, numbers)}};
constexpr NativeField kBarFields[] = {{"fooPtr", offsetof(TestObjectBar, foo)},
                                      {"barData", offsetof(TestObjectBar, data)},
                                      {"simple_string", offsetof(TestObjectBar, text)}};

constexpr NativeType kTypes[] = {
    {.name = "TestObjectFoo", .size = sizeof(TestObjectFoo), .align = alignof(TestObjectFoo), .fields = kFooFields},
    {.name = "TestObjectBar", .size = sizeof(TestObjectBar), .align = alignof(TestObjectBar), .fields = kBarFields},
    {.name = "FancyClass",
     .size = sizeof(FancyClass),
     .align = alignof(FancyClass),
     .can_copy = false,
     .destroy = &FreeFancy},
    {.name = "Point3Array",
     .size = sizeof(Point3Array),
     .align = alignof(Point3Array),
     .can_copy = false,
     .destroy = &FreeItems<Point3>},
    {.name = "FooArray",
     .size = sizeof(FooArray),
     .align = alignof(FooArray),
     .can_copy = false,
     .destroy = &FreeItems<TestObjectFoo>},
};

constexpr NativeFunction kFunctions[] = {
    {"getSamplePoint3", "() : float3", &SamplePoint},
    {"doubleSamplePoint3", "(a : float3) : float3", &DoublePoint},
    {"project_to_nearest_navmesh_point", "(var a : float3&; t : float) : void", &MovePoint},
    {"testAdd", "(var a : int&; b : int) : void", &AddTo},
    {"testGetDiv", "(a, b : float) : float", &Divide},
    {"get_screen_dimensions", "() : uint2", &ScreenSize},
    {"test_abi_mad", "(a, b, c : float2) : float2", &MultiplyAdd<2>},
    {"test_abi_mad", "(a, b, c : float3) : float3", &MultiplyAdd<3>},
    {"test_abi_mad", "(a, b, c : float4) : float4", &MultiplyAdd<4>},
    {"efn_takeOne_giveTwo", "(one : SomeEnum) : SomeEnum", &OneToTwo<int32_t>},
    {"free_takeOne_giveTwo", "(one : SomeEnum) : SomeEnum", &OneToTwo<int32_t>},
    {"efn_takeOne_giveTwo_98", "(one : SomeEnum98) : SomeEnum98", &OneToTwo<int32_t>},
    {"efn_flip", "(goo : GooEnum) : GooEnum", &Flip},

    {"set_foo_data", "(obj : TestObjectFoo?; data : int) : void", &SetData},
    {"testFoo", "(var foo : TestObjectFoo) : void", &FillData},
    {"hit_me", "(var self : TestObjectFoo; a, b : int) : void", &HitMe},
    {"makeDummy", "() : TestObjectFoo", &MakeDummy},
    {"takeDummy", "(x : TestObjectFoo) : int", &TakeDummy},
    {"==", "(a, b : TestObjectFoo) : bool", &CompareData<true>},
    {"!=", "(a, b : TestObjectFoo) : bool", &CompareData<false>},
    {"fooPtr2Ref", "(foo : TestObjectFoo?) : TestObjectFoo&", &Dereferenced},
    {".`propAdd13", "(foo : TestObjectFoo) : int", &DataPlus13},
    {".`hitPos", "(foo : TestObjectFoo) : float3", &HitPlace},
    {".`hitPosRef", "(foo : TestObjectFoo) : float3 const&", &HitReference},
    {".`wordFoo", "(foo : TestObjectFoo) : string", &Word, kNoInScopeReturn},
    {".`isReadOnly", "(var foo : TestObjectFoo ==const) : bool", &IsReadOnly<false>},
    {".`isReadOnly", "(foo : TestObjectFoo ==const) : bool", &IsReadOnly<true>},
    {".`getLoop", "(foo : TestObjectFoo) : TestObjectFoo?", &Loop},
    {".`getFoo", "(bar : TestObjectBar) : TestObjectFoo&", &FooOfBar},
    {".`getFooPtr", "(bar : TestObjectBar) : TestObjectFoo?", &FooPointerOfBar},
    {"testNotLocalObject", "(blk : block<(var o : TestObjectNotLocal) : void>) : void", &WithNotLocal, kInvokesBlocks},
    {"new_and_init", "(value : auto(T)) : void?", &NewWithFields, kMayAllocate},
    {"FancyClass", "() : FancyClass", &MakeFancy},
    {"FancyClass", "(a, b : int) : FancyClass", &MakeFancy},
    {"deleteFancyClass", "(var fclass : FancyClass) : void", &DeleteFancy},
    {"using", "(blk : block<(var f : FancyClass) : void>) : void", &UsingFancy<0>, kInvokesBlocks},
    {"using", "(a, b : int; blk : block<(var f : FancyClass) : void>) : void", &UsingFancy<2>, kInvokesBlocks},

    {"testPoint3Array", "(blk : block<(arr : Point3Array) : void>) : void", &WithPoints, kInvokesBlocks},
    {"length", "(arr : Point3Array) : int", &Length<Point3>},
    {"capacity", "(arr : Point3Array) : int", &Capacity<Point3>},
    {"[]", "(arr : Point3Array; index : int) : float3&", &ItemAt<Point3>},
    {"testFooArray", "(blk : block<(var arr : FooArray) : void>) : void", &WithFoos, kInvokesBlocks},
    {"length", "(arr : FooArray) : int", &Length<TestObjectFoo>},
    {"capacity", "(arr : FooArray) : int", &Capacity<TestObjectFoo>},
    {"[]", "(arr : FooArray; index : int) : TestObjectFoo&", &ItemAt<TestObjectFoo>},

    {"temp_array_example", "(arr : array<string>; blk : block<(arr : array<string>#) : void>) : bool", &ShowTexts,
     kInvokesBlocks},
    {"temp_array_alias_example", "(arr : array<float3>; blk : block<(arr : array<float3>#) : void>) : void",
     &ShowArgument, kInvokesBlocks},
    {"tableMojo", "(var tab : table<string; int>; blk : block<(var tab : table<string; int>) : void>) : void",
     &ShowArgument, kInvokesBlocks},
    {"testPipedDefaults", "(a : int = 42; b : float = 1.5; blk : block<(a : int; b : float) : void>) : void", &PassTwo,
     kInvokesBlocks},
    {"test_abi_func", "(fn : function<>) : function<>", &SameFunction},
    {"makeSampleI", "() : SampleVariant", &MakeVariant<0>},
    {"makeSampleF", "() : SampleVariant", &MakeVariant<1>},
    {"makeSampleS", "() : SampleVariant", &MakeVariant<2>},
    {"CheckEid", "(foo : TestObjectFoo; name : string) : uint64", &CheckEid},
    {"CheckEid2", "(foo : TestObjectFoo; name : string) : uint64", &CheckEid},
    {"CheckEid3", "(foo : TestObjectFoo; name : string) : uint64", &CheckEid},
    {"start_effect", "(name : string; tm : float3x4; scale : float = 1.0) : bool", &StartEffect},
    {"CppS1Size", "() : int", &SizeOfS1},
    {"CppS2Size", "() : int", &SizeOfS2},
    {"CppS2DOffset", "() : int", &OffsetOfD},
    {"native_id_next", "(id : NativeId) : NativeId", &NextId},
    {"make_invalid_id", "() : EntityId", &InvalidId},
    {"int", "(id : EntityId) : int", &IdToInt},
    {"!", "(id : EntityId) : bool", &IsInvalidId},
};

constexpr NativeModule kModule = {.name = "UnitTest", .functions = kFunctions, .prelude = kPrelude, .types = kTypes};
constexpr const NativeModule* kModules[] = {&kModule, &kOwnedModule, &kWidgetModule, &kGadgetModule,
                                            &kSmartHandleModule};

}  // namespace

}  // namespace vestige::unit_test

namespace vestige {

std::span<const NativeModule* const> UnitTestModules() { return unit_test::kModules; }

}  // namespace vestige
