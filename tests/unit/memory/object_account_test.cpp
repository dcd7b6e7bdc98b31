#include "memory/object_account.h"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace vestige::memory {

namespace {

class Link : public RefCounted {
 public:
  explicit Link(std::atomic<int>& live) : live_(live) { ++live_; }
  ~Link() override { --live_; }
  std::string ReportName() const override { return "Link"; }

  RefPtr<Link> next;

 private:
  std::atomic<int>& live_;
};

// The account's host, which writes down what it is told.
struct Witness {
  std::vector<Misuse> misuses;
  Birthplace place;

  ObjectAccount::Host host() {
    return {
        .host = this,
        .place = [](void* self) { return static_cast<Witness*>(self)->place; },
        .did_misuse = [](void* self, const Misuse& misuse) { static_cast<Witness*>(self)->misuses.push_back(misuse); }};
  }
};

RefPtr<Link> Meet(ObjectAccount& account, std::atomic<int>& live) {
  RefPtr<Link> link = MakeCounted<Link>(live);
  account.Meet(*link);
  return link;
}

}  // namespace

TEST_CASE("an object dies with its last holder, whether an account knows it or not") {
  std::atomic<int> live = 0;
  ObjectAccount account;
  {
    RefPtr<Link> unknown = MakeCounted<Link>(live);
    RefPtr<Link> known = Meet(account, live);
    CHECK(unknown->ref_count_id() == 0);
    CHECK(known->ref_count_id() == 1);
    const RefPtr<Link> copy = known;
    CHECK(known->use_count() == 2);
    known.reset();
    CHECK(live == 2);
  }
  CHECK(live == 0);
  CHECK(account.live_count() == 0);
}

TEST_CASE("survivors are told in the order of ids, with count, name and birthplace") {
  std::atomic<int> live = 0;
  Witness witness;
  ObjectAccount account;
  account.Configure(witness.host(), nullptr, false);
  witness.place = {.lane = 1, .stack = 7};
  const RefPtr<Link> first = Meet(account, live);
  RefPtr<Link> second = Meet(account, live);
  const RefPtr<Link> third = Meet(account, live);
  const RefPtr<Link> more = third;
  second.reset();
  const std::vector<ObjectAccount::Survivor> survivors = account.Survivors();
  REQUIRE(survivors.size() == 2);
  CHECK(survivors[0].id == 1);
  CHECK(survivors[1].id == 3);
  CHECK(survivors[1].count == 2);
  CHECK(survivors[1].name == "Link");
  CHECK(survivors[1].born == Birthplace{.lane = 1, .stack = 7});
}

TEST_CASE("a chain of any length dies without recursion") {
  std::atomic<int> live = 0;
  ObjectAccount account;
  RefPtr<Link> head;
  for (int i = 0; i < 300000; ++i) {
    RefPtr<Link> link = Meet(account, live);
    link->next = std::move(head);
    head = std::move(link);
  }
  CHECK(live == 300000);
  head.reset();
  CHECK(live == 0);
}

TEST_CASE("only live objects are live") {
  std::atomic<int> live = 0;
  ObjectAccount account;
  RefPtr<Link> link = Meet(account, live);
  const RefCounted* address = link.get();
  CHECK(account.IsLive(address));
  link.reset();
  CHECK(!account.IsLive(address));
  CHECK(!account.IsLive(nullptr));
}

TEST_CASE("objects outlive their account") {
  std::atomic<int> live = 0;
  RefPtr<Link> link;
  {
    ObjectAccount account;
    account.Configure({}, nullptr, true);
    link = Meet(account, live);
  }
  const RefPtr<Link> copy = link;
  CHECK(link->use_count() == 2);
  link.reset();
  CHECK(live == 1);
}

TEST_CASE("a count of n has n holders") {
  std::atomic<int> live = 0;
  Witness witness;
  ObjectAccount account;
  account.Configure(witness.host(), nullptr, true);
  RefPtr<Link> a = Meet(account, live);
  witness.place = {.lane = 1, .stack = 2};
  RefPtr<Link> b = a;
  witness.place = {.lane = 1, .stack = 3};
  RefPtr<Link> c = b;
  RefPtr<Link> moved = std::move(a);
  b.reset();
  const std::vector<ObjectAccount::Survivor> survivors = account.Survivors();
  REQUIRE(survivors.size() == 1);
  CHECK(survivors[0].count == 2);
  REQUIRE(survivors[0].holds.size() == 2);
  CHECK(survivors[0].holds[0].slot == &moved);
  CHECK(survivors[0].holds[1].slot == &c);
  CHECK(survivors[0].holds[1].taken == Birthplace{.lane = 1, .stack = 3});
  CHECK(witness.misuses.empty());
}

TEST_CASE("releasing once too often is told with both places, and the object stays") {
  std::atomic<int> live = 0;
  Witness witness;
  ObjectAccount account;
  account.Configure(witness.host(), nullptr, true);
  RefPtr<Link> object = MakeCounted<Link>(live);
  account.Meet(*object);
  RefPtr<Link> owner = object;
  int slot = 0;
  object->Retain(&slot);
  object.reset();
  witness.place = {.lane = 1, .stack = 5};
  owner->Release(&slot);
  // The first holder was not known by its slot and took its reference before the account existed.
  CHECK(owner->use_count() == 1);
  witness.place = {.lane = 1, .stack = 6};
  owner->Release(&slot);
  REQUIRE(witness.misuses.size() == 1);
  CHECK(witness.misuses[0].id == 1);
  CHECK(witness.misuses[0].first == Birthplace{.lane = 1, .stack = 5});
  CHECK(witness.misuses[0].now == Birthplace{.lane = 1, .stack = 6});
  CHECK(owner->use_count() == 1);
  CHECK(live == 1);
}

TEST_CASE("a dead object is remembered while holders are tracked") {
  std::atomic<int> live = 0;
  Witness witness;
  ObjectAccount account;
  account.Configure(witness.host(), nullptr, true);
  RefPtr<Link> link = Meet(account, live);
  const RefCounted* address = link.get();
  witness.place = {.lane = 1, .stack = 8};
  link.reset();
  witness.place = {.lane = 1, .stack = 9};
  account.NoteDeadUse(address, true);
  REQUIRE(witness.misuses.size() == 1);
  CHECK(witness.misuses[0].had_died);
  CHECK(witness.misuses[0].name == "Link");
  CHECK(witness.misuses[0].first.stack == 8);
  CHECK(witness.misuses[0].now.stack == 9);
}

TEST_CASE("threads make, share and release objects of one account while it is dumped") {
  for (const bool tracks_holders : {false, true}) {
    std::atomic<int> live = 0;
    ObjectAccount account;
    account.Configure({}, nullptr, tracks_holders);
    {
      const RefPtr<Link> shared = Meet(account, live);
      std::atomic<bool> done = false;
      std::thread dumper([&] {
        while (!done) {
          for (const ObjectAccount::Survivor& survivor : account.Survivors()) {
            if (survivor.name != "Link") live = -1;
          }
        }
      });
      std::vector<std::thread> workers;
      for (int worker = 0; worker < 3; ++worker) {
        workers.emplace_back([&] {
          for (int i = 0; i < 500; ++i) {
            RefPtr<Link> own = Meet(account, live);
            own->next = shared;
            const RefPtr<Link> copy = own;
          }
        });
      }
      for (std::thread& worker : workers) worker.join();
      done = true;
      dumper.join();
      CHECK(shared->use_count() == 1);
      CHECK(account.live_count() == 1);
    }
    CHECK(live == 0);
  }
}

TEST_CASE("two threads give back the last two references: the object dies once") {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> live = 0;
    ObjectAccount account;
    RefPtr<Link> a = Meet(account, live);
    RefPtr<Link> b = a;
    std::thread other([&] { b.reset(); });
    a.reset();
    other.join();
    CHECK(live == 0);
    CHECK(account.live_count() == 0);
  }
}

}  // namespace vestige::memory
