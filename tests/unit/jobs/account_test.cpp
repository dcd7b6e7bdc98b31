#include "jobs/account.h"

#include <string>
#include <thread>
#include <vector>

#include "doctest/doctest.h"

namespace vestige::jobs {
namespace {

TEST_CASE("ids of a lane are its own") {
  Account account;
  Party main = {.name = "main"};
  Party other = {.name = "main/1"};
  auto* status = account.Make<JobStatus>(main, {}, false);
  auto* channel = account.Make<Channel>(main, {}, false);
  auto* box = account.Make<LockBox>(other, {}, false);
  CHECK(status->id() == 1);
  CHECK(channel->id() == 2);
  CHECK(channel->last.id == 3);
  // FNV-1a of its name.
  CHECK(box->id() == ((uint64_t{0xbe813d3c} << 32) | 1));
  CHECK(account.Count() == 5);
  std::vector<uint64_t> ids;
  account.ForEachLive([&](Primitive& primitive) { ids.push_back(primitive.id()); });
  CHECK(ids == std::vector<uint64_t>{box->id(), 2, 1});
}

TEST_CASE("values of a channel go out in the order in which they came in") {
  FeatureQueue queue;
  uint64_t sent = 0;
  uint64_t taken = 0;
  // Longer and longer, and short again: past what a queue keeps of its memory.
  for (const uint64_t length : {1, 3, 2, 5000, 0, 1, 4, 0}) {
    while (queue.size() < length) queue.Add({.id = ++sent});
    while (queue.size() > length) CHECK(queue.Take().id == ++taken);
    // Some in each of the two vectors.
    queue.Add({.id = ++sent});
    CHECK(queue.Take().id == ++taken);
    queue.Add({.id = ++sent});
    bool in_order = true;
    for (size_t i = 0; i < queue.size(); ++i) in_order = in_order && queue[i].id == taken + i + 1;
    CHECK(in_order);
    CHECK(queue.size() == sent - taken);
  }
  CHECK_FALSE(queue.empty());
}

TEST_CASE("the last reference frees") {
  Account account;
  Party main = {.name = "main"};
  auto* status = account.Make<JobStatus>(main, {}, false);
  account.AddReference(*status, ReferenceEvent::kAdd, {});
  CHECK(account.ReleaseReference(*status, ReferenceEvent::kRelease, {}) == 1);
  CHECK(Account::Find<JobStatus>(status) == status);
  CHECK(Account::Find<Channel>(status) == nullptr);
  CHECK(account.ReleaseReference(*status, ReferenceEvent::kRelease, {}) == 0);
  CHECK(Account::Find<JobStatus>(status) == nullptr);
  CHECK(account.Count() == 0);
}

TEST_CASE("a scope keeps its own until it ends") {
  Account account;
  Party main = {.name = "main"};
  auto* status = account.Make<JobStatus>(main, {}, true);
  CHECK(account.ReleaseReference(*status, ReferenceEvent::kRelease, {}) == 0);
  CHECK(status->is_live());
  CHECK(account.EndScope(*status, {}) == -1);
  CHECK_FALSE(status->is_live());

  status = account.Make<JobStatus>(main, {}, true);
  account.AddReference(*status, ReferenceEvent::kAdd, {});
  CHECK(account.EndScope(*status, {}) == 1);
  // Who still holds it frees it.
  CHECK(status->is_live());
  account.ReleaseReference(*status, ReferenceEvent::kRelease, {});
  CHECK(account.Count() == 0);
}

TEST_CASE("a watched one tells each change") {
  Account account;
  Party main = {.name = "main"};
  std::vector<std::string> told;
  account.Watch(2, [&](const ReferenceChange& change) {
    const bool adds = change.event == ReferenceEvent::kAdd || change.event == ReferenceEvent::kAddByCapture;
    told.push_back((adds ? "+" : "-") + std::to_string(change.before));
  });
  account.Make<JobStatus>(main, {}, false);
  auto* status = account.Make<JobStatus>(main, {}, false);
  account.AddReference(*status, ReferenceEvent::kAddByCapture, {});
  account.ReleaseReference(*status, ReferenceEvent::kReleaseByCapture, {});
  account.ReleaseReference(*status, ReferenceEvent::kRelease, {});
  CHECK(told == std::vector<std::string>{"+0", "+1", "-2", "-1"});
}

TEST_CASE("a box has the latest value, whole") {
  SeqBox box(1);
  int64_t read[4] = {};
  CHECK_FALSE(box.Read(read, sizeof(read)));
  std::thread writer([&] {
    for (int64_t i = 1; i <= 20'000; ++i) {
      const int64_t values[4] = {i, i, i, i};
      box.Publish(values, sizeof(values));
    }
  });
  int64_t last = 0;
  bool is_whole = true;
  while (last < 20'000) {
    if (!box.Read(read, sizeof(read))) continue;
    is_whole = is_whole && read[0] == read[1] && read[0] == read[3] && read[0] >= last;
    last = read[0];
  }
  writer.join();
  CHECK(is_whole);
  CHECK_FALSE(box.Read(read, 8));
  box.Clear();
  CHECK_FALSE(box.has_value());
}

}  // namespace
}  // namespace vestige::jobs
