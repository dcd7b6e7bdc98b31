#include "memory/handle_registry.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace vestige::memory {

struct Session {
  explicit Session(int number) : number(number) {}
  int number;
};
}  // namespace vestige::memory

template <>
inline constexpr std::string_view vestige::kHandleName<vestige::memory::Session> = "Session";

namespace vestige::memory {

namespace {

struct Nameless {};
static_assert(NamedHandleType<Session>);
static_assert(!NamedHandleType<Nameless>);

// Counts the live ones.
struct Counted {
  explicit Counted(std::atomic<int>& live) : live(live) { ++live; }
  ~Counted() { --live; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  std::atomic<int>& live;
};

}  // namespace

}  // namespace vestige::memory

template <>
inline constexpr std::string_view vestige::kHandleName<vestige::memory::Counted> = "Counted";

namespace vestige::memory {

namespace {

std::vector<uint32_t> LiveSlots(const HandleRegistry<Session>& registry) {
  std::vector<uint32_t> slots;
  registry.ForEachLive([&](const LiveHandle& live) {
    slots.push_back(live.slot);
    return true;
  });
  return slots;
}

TEST_CASE("a handle is generation and slot plus one") {
  HandleRegistry<Session> registry;
  const Handle<Session> first = registry.Acquire(std::make_shared<Session>(1));
  const Handle<Session> second = registry.Acquire(std::make_shared<Session>(2));
  CHECK(first.value.bits == 0x0000000100000001);
  CHECK(second.value.bits == 0x0000000100000002);
  CHECK(registry.Lookup(first)->number == 1);
  CHECK(registry.Lookup(second)->number == 2);
}

TEST_CASE("slots are reused last in, first out, with the next generation") {
  HandleRegistry<Session> registry;
  std::vector<Handle<Session>> handles;
  for (int i = 0; i < 3; ++i) handles.push_back(registry.Acquire(std::make_shared<Session>(i)));
  CHECK(registry.Release(handles[0]));
  CHECK(registry.Release(handles[2]));
  const Handle<Session> next = registry.Acquire(std::make_shared<Session>(7));
  CHECK(next.value == HandleValue::Make(2, 2));
  CHECK(registry.Acquire(std::make_shared<Session>(8)).value == HandleValue::Make(0, 2));
  CHECK(LiveSlots(registry) == std::vector<uint32_t>{0, 1, 2});
}

TEST_CASE("a released handle is stale for ever") {
  HandleRegistry<Session> registry;
  const Handle<Session> handle = registry.Acquire(std::make_shared<Session>(1));
  CHECK(registry.IsAlive(handle));
  CHECK(registry.Release(handle));
  CHECK_FALSE(registry.IsAlive(handle));
  CHECK_FALSE(registry.Release(handle));
  registry.Acquire(std::make_shared<Session>(2));
  CHECK(registry.Lookup(handle) == nullptr);
  CHECK_FALSE(registry.Release(handle));
  CHECK(registry.live_count() == 1);
}

TEST_CASE("numbers that are no handles name nothing") {
  HandleRegistry<Session> registry;
  const Handle<Session> handle = registry.Acquire(std::make_shared<Session>(1));
  for (uint64_t bits :
       {uint64_t{0}, uint64_t{1}, uint64_t{2}, handle.value.bits + 1, ~uint64_t{0}, uint64_t{1} << 32}) {
    CAPTURE(bits);
    CHECK(registry.Lookup({HandleValue{bits}}) == nullptr);
    CHECK_FALSE(registry.Release({HandleValue{bits}}));
  }
  CHECK(registry.Acquire(nullptr).is_null());
  CHECK(registry.IsAlive(handle));
}

TEST_CASE("a slot whose generations are used up is not used again") {
  HandleRegistry<Session> registry;
  registry.Release(registry.Acquire(std::make_shared<Session>(1)));
  registry.table().AgeSlotForTest(0, 1);
  CHECK(registry.Acquire(std::make_shared<Session>(2)).value.generation() == UINT32_MAX - 1);
  registry.Release({HandleValue::Make(0, UINT32_MAX - 1)});
  const Handle<Session> last = registry.Acquire(std::make_shared<Session>(3));
  CHECK(last.value == HandleValue::Make(0, UINT32_MAX));
  CHECK(registry.Release(last));
  CHECK(registry.Acquire(std::make_shared<Session>(4)).value == HandleValue::Make(1, 1));
  CHECK(registry.Lookup({HandleValue::Make(0, 1)}) == nullptr);
}

TEST_CASE("an object outlives its handle while somebody holds it") {
  std::atomic<int> live = 0;
  HandleRegistry<Counted> registry;
  const Handle<Counted> handle = registry.Acquire(std::make_shared<Counted>(live));
  std::shared_ptr<Counted> held = registry.Lookup(handle);
  CHECK(registry.Release(handle));
  CHECK(live == 1);
  held.reset();
  CHECK(live == 0);
}

TEST_CASE("a survivor is told with its slot, count and origin") {
  HandleRegistry<Session> registry;
  registry.Acquire(std::make_shared<Session>(1));
  const auto held = std::make_shared<Session>(2);
  registry.Acquire(held, {.lane = 12, .stack = 34});
  std::vector<LiveHandle> live;
  registry.ForEachLive([&](const LiveHandle& handle) {
    live.push_back(handle);
    return true;
  });
  REQUIRE(live.size() == 2);
  CHECK(live[0].use_count == 1);
  CHECK(live[1].use_count == 2);
  CHECK(live[1].origin.lane == 12);
  CHECK(live[1].origin.stack == 34);
  CHECK(registry.type_name() == "Session");
}

TEST_CASE("a visitor may release what it is told of") {
  HandleRegistry<Session> registry;
  for (int i = 0; i < 100; ++i) registry.Acquire(std::make_shared<Session>(i));
  registry.ForEachLive(
      [&](const LiveHandle& live) { return registry.Release({HandleValue::Make(live.slot, live.generation)}); });
  CHECK(registry.live_count() == 0);
}

TEST_CASE("a visitor may end the registry") {
  std::atomic<int> live = 0;
  auto registry = std::make_unique<HandleRegistry<Counted>>();
  for (int i = 0; i < 10; ++i) registry->Acquire(std::make_shared<Counted>(live));
  int told = 0;
  registry->ForEachLive([&](const LiveHandle&) {
    if (++told == 3) registry.reset();
    return true;
  });
  CHECK(told == 3);
  CHECK(live == 0);
}

TEST_CASE("the destructor of what is released may end the registry") {
  struct Owner {
    std::unique_ptr<HandleRegistry<Session>> registry;
  };
  const auto owner = std::make_shared<Owner>();
  owner->registry = std::make_unique<HandleRegistry<Session>>();
  const auto last = std::shared_ptr<Session>(new Session(1), [owner](const Session* session) {
    owner->registry.reset();
    delete session;
  });
  const Handle<Session> handle = owner->registry->Acquire(last);
  std::shared_ptr<Session> moved = last;
  moved.reset();
  CHECK(owner->registry->Release(handle));
}

TEST_CASE("a pin keeps the object for its thread, and counts nothing") {
  std::atomic<int> live = 0;
  HandleRegistry<Counted> registry;
  const Handle<Counted> handle = registry.Acquire(std::make_shared<Counted>(live));
  {
    const HandlePin<Counted> pin = registry.Pin(handle);
    REQUIRE(pin.get() != nullptr);
    CHECK(registry.Release(handle));
    CHECK_FALSE(registry.Release(handle));
    CHECK_FALSE(registry.IsAlive(handle));
    CHECK(registry.Pin(handle).get() == nullptr);
    CHECK(live == 1);
    CHECK(&pin->live == &live);
  }
  const Handle<Counted> next = registry.Acquire(std::make_shared<Counted>(live));
  CHECK(live == 1);
  CHECK(next.value.slot() == handle.value.slot());
  CHECK(next.value.generation() == 2);
  CHECK(registry.Pin(handle).get() == nullptr);
}

TEST_CASE("pins may end in any order") {
  std::atomic<int> live = 0;
  HandleRegistry<Counted> registry;
  const Handle<Counted> first = registry.Acquire(std::make_shared<Counted>(live));
  const Handle<Counted> second = registry.Acquire(std::make_shared<Counted>(live));
  std::unique_ptr<HandlePin<Counted>> outer(new HandlePin<Counted>(registry.Pin(first)));
  std::unique_ptr<HandlePin<Counted>> inner(new HandlePin<Counted>(registry.Pin(second)));
  outer.reset();
  std::atomic<bool> has_released = false;
  std::thread other([&] {
    registry.Release(second);
    has_released = true;
  });
  // Longer than a release takes that waits for nobody.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK_FALSE(has_released);
  CHECK(&(*inner)->live == &live);
  inner.reset();
  other.join();
  CHECK(live == 1);
}

TEST_CASE("destructors find an empty registry when it ends, and may use it") {
  std::atomic<int> live = 0;
  int found = 0;
  {
    HandleRegistry<Counted> registry;
    Handle<Counted> neighbour;
    const auto use = [&](const Counted* object) {
      found += registry.IsAlive(neighbour) ? 1 : 0;
      registry.Release(neighbour);
      registry.Acquire(std::make_shared<Counted>(live));
      delete object;
    };
    for (int i = 0; i < 100; ++i) neighbour = registry.Acquire(std::shared_ptr<Counted>(new Counted(live), use));
  }
  CHECK(found == 0);
  CHECK(live == 0);
}

TEST_CASE("whoever releases waits for the pins of other threads") {
  std::atomic<int> live = 0;
  HandleRegistry<Counted> registry;
  std::atomic<uint64_t> published = 0;
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const HandlePin<Counted> pin = registry.Pin({HandleValue{published.load()}});
        if (pin && &pin->live != &live) ++wrong;
      }
    });
  }
  for (int i = 0; i < 1000; ++i) {
    const Handle<Counted> handle = registry.Acquire(std::make_shared<Counted>(live));
    published = handle.value.bits;
    CHECK(registry.Release(handle));
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(live == 0);
}

TEST_CASE("slots of every chunk are found") {
  HandleRegistry<Session> registry;
  std::vector<Handle<Session>> handles;
  for (int i = 0; i < 5000; ++i) handles.push_back(registry.Acquire(std::make_shared<Session>(i)));
  for (int i = 0; i < 5000; ++i) {
    CHECK(handles[i].value.slot() == static_cast<uint32_t>(i));
    CHECK(registry.Lookup(handles[i])->number == i);
  }
}

TEST_CASE("of many threads that release a handle, one does") {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> live = 0;
    HandleRegistry<Counted> registry;
    const Handle<Counted> handle = registry.Acquire(std::make_shared<Counted>(live));
    std::atomic<int> released = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] { released += registry.Release(handle) ? 1 : 0; });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(released == 1);
    CHECK(live == 0);
  }
}

TEST_CASE("look-ups see a whole object or none while others acquire and release") {
  std::atomic<int> live = 0;
  HandleRegistry<Counted> registry;
  std::atomic<uint64_t> published = 0;
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const std::shared_ptr<Counted> object = registry.Lookup({HandleValue{published.load()}});
        if (object != nullptr && &object->live != &live) ++wrong;
      }
    });
  }
  for (int i = 0; i < 3000; ++i) {
    const Handle<Counted> handle = registry.Acquire(std::make_shared<Counted>(live));
    published = handle.value.bits;
    CHECK(registry.Release(handle));
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(live == 0);
}

}  // namespace
}  // namespace vestige::memory
