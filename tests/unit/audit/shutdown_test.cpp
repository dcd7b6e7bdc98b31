#include "audit/shutdown.h"

#include <doctest/doctest.h>

#include <string>

namespace vestige::audit {

TEST_CASE("stages run in their order whatever the order of hooks") {
  Shutdown shutdown;
  std::string told;
  shutdown.At(Stage::kSmartPointers, [&] { told += "p"; });
  shutdown.At(Stage::kHeapReport, [&] { told += "h"; });
  shutdown.At(Stage::kContextClose, [&] { told += "c"; });
  shutdown.At(Stage::kHeapReport, [&] { told += "i"; });
  shutdown.RunThrough(Stage::kContextClose);
  CHECK(told == "hic");
  shutdown.RunThrough(Stage::kSmartPointers);
  CHECK(told == "hicp");
}

TEST_CASE("a hook runs once, even when it ends the run again") {
  Shutdown shutdown;
  int runs = 0;
  shutdown.At(Stage::kContextClose, [&] {
    runs += 1;
    shutdown.RunThrough(Stage::kSmartPointers);
  });
  shutdown.RunThrough(Stage::kSmartPointers);
  shutdown.RunThrough(Stage::kSmartPointers);
  CHECK(runs == 1);
}

TEST_CASE("a hook may add a hook to a later stage") {
  Shutdown shutdown;
  std::string told;
  shutdown.At(Stage::kContextClose, [&] {
    told += "a";
    shutdown.At(Stage::kHandles, [&] { told += "b"; });
  });
  shutdown.RunThrough(Stage::kSmartPointers);
  CHECK(told == "ab");
}

}  // namespace vestige::audit
