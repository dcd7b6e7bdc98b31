// Who made a block: paths of call sites, through recursion, natives and recovered panics.
#include <array>
#include <cstdint>
#include <vector>

#include "doctest/doctest.h"
#include "machine.h"

namespace vestige::exec {
namespace {

// Notes where it was called.
void Allocate(sema::NativeCall& call) { call.context.AllocateOrPanic(32, memory::BlockInfo(memory::Comment::kHost)); }
void RunFunctionTwo(sema::NativeCall& call) { call.context.CallFunction(2, {}, nullptr); }

std::vector<ledger::CallSite> SitesOf(const Context& context, ledger::NodeId node) {
  std::vector<ledger::CallSite> sites;
  for (const ledger::PathFrame& frame : context.tree().Path(node)) sites.push_back(frame.site);
  return sites;
}

std::vector<std::vector<ledger::CallSite>> AllPaths(Context& context) {
  std::vector<std::vector<ledger::CallSite>> paths;
  for (const memory::LiveBlock& block : context.heap().LiveBlocks()) paths.push_back(SitesOf(context, block.node));
  return paths;
}

TEST_CASE("a block's path holds the allocation and every call below it") {
  Machine m(2);
  m.settings.heap.track = true;
  m.Begin(0, "outer", 0, 0);
  const uint32_t first = m.Call(1, 1, 0);
  const uint32_t second = m.Call(1, 1, 0);
  m.b.Emit(Op::kReturnVoid);
  m.End(4);
  m.Begin(1, "inner", 0, 0);
  const uint32_t once = m.Native(&Allocate, 0, 0);
  const uint32_t again = m.Native(&Allocate, 0, 0);
  m.b.Emit(Op::kReturnVoid);
  m.End(1);
  m.Load();
  REQUIRE(m.context->CallFunction(0, {}, nullptr));
  using Path = std::vector<ledger::CallSite>;
  CHECK(AllPaths(*m.context) == std::vector<Path>{{once, first}, {again, first}, {once, second}, {again, second}});
  CHECK(m.code->FunctionAt(once) == 1);
  CHECK(std::string(m.code->NativeSiteAt(once)->frame_name) == "builtin`test native");
  CHECK(m.code->NativeSiteAt(first) == nullptr);
}

TEST_CASE("paths go through natives that call back") {
  Machine m(3);
  m.settings.heap.track = true;
  m.Begin(0, "outer", 0, 0);
  const uint32_t call = m.Call(1, 1, 0);
  m.b.Emit(Op::kReturnVoid);
  m.End(4);
  m.Begin(1, "middle", 0, 0);
  const uint32_t native = m.Native(&RunFunctionTwo, 0, 0);
  m.b.Emit(Op::kReturnVoid);
  m.End(1);
  m.Begin(2, "inner", 0, 0);
  const uint32_t site = m.Native(&Allocate, 0, 0);
  m.b.Emit(Op::kReturnVoid);
  m.End(1);
  m.Load();
  REQUIRE(m.context->CallFunction(0, {}, nullptr));
  CHECK(AllPaths(*m.context) == std::vector<std::vector<ledger::CallSite>>{{site, native, call}});
}

TEST_CASE("a recovered panic leaves no frames behind") {
  Machine m(2);
  m.settings.heap.track = true;
  m.Begin(0, "outer", 0, 0);
  const uint32_t try_begin = m.Jump(Op::kTryBegin);
  m.Call(1, 1, 0);
  m.b.PatchJumpToHere(try_begin);
  const uint32_t site = m.Native(&Allocate, 0, 0);
  m.b.Emit(Op::kReturnVoid);
  m.End(4);
  m.Begin(1, "inner", 0, 0);
  m.Native(&Allocate, 0, 0);
  m.b.Emit(Op::kPanicConstant);
  m.b.EmitPointer("gone");
  m.End(1);
  m.Load();
  REQUIRE(m.context->CallFunction(0, {}, nullptr));
  const auto paths = AllPaths(*m.context);
  REQUIRE(paths.size() == 2);
  CHECK(paths[1] == std::vector<ledger::CallSite>{site});
}

TEST_CASE("recursion is folded: the tree stays small and the path says so") {
  Machine m;
  m.settings.heap.track = true;
  m.Begin(0, "dig", 1, 0);
  m.Native(&Allocate, 5, 5);
  const uint32_t stop = m.Jump(Op::kJumpLeI32_FK, Slot(0), 0);
  m.b.EmitImmediate(Op::kSubI32_FFK, Slot(4), Slot(0), 1);
  m.Call(0, 1, 5);
  m.b.PatchJumpToHere(stop);
  m.b.Emit(Op::kReturnVoid);
  m.End(6);
  m.Load();
  REQUIRE(m.context->CallFunction(0, std::array{Arg(500)}, nullptr));
  CHECK(m.context->tree().node_count() < 40);
  const auto path = m.context->tree().Path(m.context->heap().LiveBlocks().back().node);
  CHECK(path.size() <= ledger::kMaxFramesPerFunction);
}

TEST_CASE("outside of any call the path is empty") {
  Machine m;
  m.Begin(0, "f", 0, 0);
  m.b.Emit(Op::kReturnVoid);
  m.End(0);
  m.Load();
  CHECK(m.context->CurrentNode() == ledger::kRootNode);
  CHECK_FALSE(m.context->CurrentLocation().is_known());
}

TEST_CASE("roots are the globals and the live slots of every frame, through natives") {
  static std::vector<const types::Type*> seen;
  seen.clear();
  types::Type a, b, c;
  Machine m(3);
  m.b.AddGlobal(0, &a, "g");
  m.b.set_global_bytes(8);
  m.Begin(0, "outer", 0, 0);
  m.Native(&RunFunctionTwo, 0, 0);
  const uint32_t end = m.b.here();
  m.b.Emit(Op::kReturnVoid);
  m.b.info(0).slots = {{0, end, Slot(0), &b}, {end, end + 1, Slot(0), &c}};
  m.End(1);
  m.Begin(1, "unused", 0, 0);
  m.End(0);
  m.Begin(2, "inner", 0, 0);
  const uint32_t first = m.b.here();
  m.Native(
      [](sema::NativeCall& call) {
        call.context.VisitRoots([](const types::Type* type, void*) { seen.push_back(type); });
      },
      0, 0);
  m.b.Emit(Op::kReturnVoid);
  m.b.info(2).slots = {{first, first + 2, Slot(0), &c}};
  m.End(1);
  m.Load();
  REQUIRE(m.context->CallFunction(0, {}, nullptr));
  CHECK(seen == std::vector<const types::Type*>{&a, &c, &b});
}

}  // namespace
}  // namespace vestige::exec
