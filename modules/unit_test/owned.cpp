#include "unit_test/owned.h"

#include <cstddef>
#include <memory>

namespace vestige::unit_test {

namespace {

// --- Objects with a count

void MakeSmart(NativeCall& call) { call.ReturnCounted(call.Make<TestObjectSmart>()); }
void CountSmart(NativeCall& call) {
  const auto* object = call.Value<const TestObjectSmart*>(0);
  call.Return(object == nullptr ? 0u : object->use_count());
}
void TotalSmart(NativeCall& call) { call.Return(LiveCount<TestObjectSmart>::count().load()); }
// A host that takes one reference too many back.
void ReleaseTwice(NativeCall& call) {
  auto* object = call.Value<TestObjectSmart*>(0);
  if (object == nullptr) return call.Panic("release_twice: the object is null");
  const char slot = 0;
  object->Retain(&slot);
  object->Release(&slot);
  object->Release(&slot);
}
// Keeps a reference of C++ as long as the object it is kept in.
void KeepInFirst(NativeCall& call) {
  auto* keeper = call.Value<TestObjectSmart*>(0);
  if (keeper == nullptr) return call.Panic("keep_in_first: the keeper is null");
  keeper->first = RefPtr<TestObjectSmart>(call.Value<TestObjectSmart*>(1));
}

// --- Handles

void MakeWidget(NativeCall& call) {
  call.Return(call.HandlesOf<Widget>().Acquire(std::make_shared<Widget>(Widget{call.Value<int32_t>(0)})));
}
// Two handles of one widget, so that its count is two; the second is only told in the dump.
void MakeSharedWidget(NativeCall& call) {
  const auto widget = std::make_shared<Widget>(Widget{call.Value<int32_t>(0)});
  Handles<Widget> handles = call.HandlesOf<Widget>();
  const Handle<Widget> handle = handles.Acquire(widget);
  handles.Acquire(widget);
  call.Return(handle);
}
// Zero for a handle that has ended.
void WidgetId(NativeCall& call) {
  const std::shared_ptr<Widget> widget = call.HandlesOf<Widget>().Lookup(call.Value<Handle<Widget>>(0));
  call.Return(widget == nullptr ? 0 : widget->id);
}
void DestroyWidget(NativeCall& call) { call.Return(call.HandlesOf<Widget>().Release(call.Value<Handle<Widget>>(0))); }
void MakeGadget(NativeCall& call) {
  call.Return(call.HandlesOf<Gadget>().Acquire(std::make_shared<Gadget>(Gadget{call.Value<int32_t>(0)})));
}
// A registry that holds a reference, as long as the handle lives.
void MakeSmartHandle(NativeCall& call) {
  const RefPtr<TestObjectSmart> object(call.Value<TestObjectSmart*>(0));
  call.Return(call.HandlesOf<TestObjectSmart>().Acquire(object));
}
// Looks without sharing; -1 for a handle that has ended.
void SmartHandleData(NativeCall& call) {
  const HandlePin<TestObjectSmart> object =
      call.HandlesOf<TestObjectSmart>().Pin(call.Value<Handle<TestObjectSmart>>(0));
  call.Return(object ? object->data : -1);
}
void DestroyGadget(NativeCall& call) { call.Return(call.HandlesOf<Gadget>().Release(call.Value<Handle<Gadget>>(0))); }

constexpr std::string_view kOwnedPrelude = R"(
struct TestObjectSmart {
    fooData : int
    first : smart_ptr<TestObjectSmart>
}
)";

constexpr NativeFunction kOwnedFunctions[] = {
    {"makeTestObjectSmart", "() : smart_ptr<TestObjectSmart>", &MakeSmart, kMayAllocate},
    {"countTestObjectSmart", "(ptr : smart_ptr<TestObjectSmart>) : uint", &CountSmart},
    {"getTotalTestObjectSmart", "() : int", &TotalSmart},
    {"release_twice", "(ptr : smart_ptr<TestObjectSmart>) : void", &ReleaseTwice, kMayAllocate},
    {"keep_in_first", "(keeper, kept : smart_ptr<TestObjectSmart>) : void", &KeepInFirst, kMayAllocate},
    {"make_widget", "(id : int) : Widget", &MakeWidget, kMayAllocate},
    {"make_shared_widget", "(id : int) : Widget", &MakeSharedWidget, kMayAllocate},
    {"widget_id", "(widget : Widget) : int", &WidgetId},
    {"destroy_widget", "(widget : Widget) : bool", &DestroyWidget},
    {"make_smart_handle", "(object : smart_ptr<TestObjectSmart>) : SmartHandle", &MakeSmartHandle, kMayAllocate},
    {"smart_handle_data", "(handle : SmartHandle) : int", &SmartHandleData},
    {"make_gadget", "(id : int) : Gadget", &MakeGadget, kMayAllocate},
    {"destroy_gadget", "(gadget : Gadget) : bool", &DestroyGadget},
};

// The class has virtual functions, of whose objects offsetof promises nothing; the compilers we build with say where
// things are all the same, and the engine's tests read both fields.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
constexpr NativeField kSmartFields[] = {{"fooData", offsetof(TestObjectSmart, data)},
                                        {"first", offsetof(TestObjectSmart, first)}};
#pragma GCC diagnostic pop
constexpr NativeCounted kCounted = CountedType<TestObjectSmart>();
constexpr NativeType kOwnedTypes[] = {{.name = "TestObjectSmart",
                                       .size = sizeof(TestObjectSmart),
                                       .align = alignof(TestObjectSmart),
                                       .fields = kSmartFields,
                                       .counted = &kCounted}};

}  // namespace

constexpr NativeModule kOwnedModule = {
    .name = "UnitTest", .functions = kOwnedFunctions, .prelude = kOwnedPrelude, .types = kOwnedTypes};
constexpr NativeModule kWidgetModule = HandleModule<Widget>("UnitTest");
constexpr NativeModule kGadgetModule = HandleModule<Gadget, HandleRelease::kByHost>("UnitTest");
constexpr NativeModule kSmartHandleModule = HandleModule<TestObjectSmart>("UnitTest");

}  // namespace vestige::unit_test
