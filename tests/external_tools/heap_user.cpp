// Uses heaps of both models rightly, or with a mistake that tools have to see: what a native of a host could do.
//
//   vestige_heap_user right|after_free|overrun

#include <cstdio>
#include <cstring>
#include <string_view>

#include "memory/heap.h"

namespace {

using vestige::memory::BlockInfo;
using vestige::memory::Comment;
using vestige::memory::Heap;
using vestige::memory::Model;

constexpr uint64_t kBytes = 48;

char ReadAt(const char* at) { return *static_cast<const volatile char*>(at); }

void Use(Model model, std::string_view how) {
  Heap heap({.model = model});
  const BlockInfo info(Comment::kHost);
  for (uint64_t bytes = 1; bytes < 200000; bytes = bytes * 3 + 5) {
    void* block = heap.Allocate(bytes, info);
    std::memset(block, 1, bytes);
    block = heap.Reallocate(block, bytes, bytes + 7, info);
    std::memset(block, 2, bytes + 7);
    if (bytes % 2 == 0) heap.Free(block, bytes + 7);
  }
  char* block = static_cast<char*>(heap.Allocate(kBytes, info));
  std::memset(block, 3, kBytes);
  int sum = ReadAt(block);
  if (how == "overrun") sum += ReadAt(block + kBytes + 4);
  heap.Free(block, kBytes);
  if (how == "after_free") sum += ReadAt(block + 8);
  heap.Verify();
  std::printf("%d\n", sum != 0);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view how = argc > 1 ? argv[1] : "right";
  Use(Model::kPersistent, how);
  Use(Model::kLinear, how);
}
