// The interpreter alone: kernels assembled the way a good code generator would, so that dispatch and operations are
// measured without the compiler in front of them. The work is that of the programs of the same name in programs/, whose
// Lua versions are the yardstick. Each kernel's result is checked against the same work done in C++.
#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "../unit/exec/machine.h"
#include "runtime/array.h"

namespace vestige::exec {
namespace {

void Expect(bool right) {
  if (!right) std::abort();
}

// --- fib
// -------------------------------------------------------------------------------------------------------------------

void AssembleFib(Machine& m) {
  CodeBuilder& b = m.b;
  m.Begin(0, "fib", 1, 4);
  const uint32_t go_on = m.Jump(Op::kJumpGeI32_FK, Slot(0), 2);
  b.Emit(Op::kReturn4, Slot(0));
  b.PatchJumpToHere(go_on);
  b.EmitImmediate(Op::kSubI32_FFK, Slot(5), Slot(0), 1);
  m.Call(0, 2, 1);
  b.EmitImmediate(Op::kSubI32_FFK, Slot(5), Slot(0), 2);
  m.Call(0, 2, 6);
  b.Emit(Op::kAddI32_AFA, 0, Slot(1));
  b.Emit(Op::kReturnAI32);
  m.End(7);
}

void BM_ExecFib35(benchmark::State& state) {
  Machine m;
  AssembleFib(m);
  m.Load();
  for (auto _ : state) Expect(m.Run<int32_t>(0, {Arg(35)}) == 9227465);
}
BENCHMARK(BM_ExecFib35)->Unit(benchmark::kMillisecond);

// --- sieve
// -----------------------------------------------------------------------------------------------------------------

// Slots: 0-4 the array, 5 limit, 6 i, 7 j, 8 count, 9 flag.
void AssembleSieve(Machine& m) {
  CodeBuilder& b = m.b;
  m.Begin(0, "sieve", 6, 4);
  b.EmitImmediate(Op::kMoveK4, Slot(6), 0, 2);
  b.EmitImmediate(Op::kMoveK4, Slot(8), 0, 0);
  const uint32_t outer = b.here();
  b.Emit(Op::kIndexLoad1_FF, Slot(9), Slot(0), Slot(6));
  const uint32_t is_composite = m.Jump(Op::kJumpIf, Slot(9));
  b.EmitImmediate(Op::kAddI32_FFK, Slot(8), Slot(8), 1);
  b.Emit(Op::kAddI32_FFF, Slot(7), Slot(6), Slot(6));
  const uint32_t is_beyond = m.Jump(Op::kJumpGtI32_FF, Slot(7), Slot(5));
  const uint32_t inner = b.here();
  b.Emit(Op::kIndexStoreK1_FF, Slot(0), Slot(7), 1);
  b.Emit(Op::kAddLessEqualI32, Slot(7), Slot(6), Slot(5), static_cast<uint16_t>(inner - b.here()));
  b.PatchJumpToHere(is_composite);
  b.PatchJumpToHere(is_beyond);
  m.JumpTo(outer, Op::kIncLessI32_FF, Slot(6), Slot(5));
  b.Emit(Op::kReturn4, Slot(8));
  m.End(10);
}

void BM_ExecSieve(benchmark::State& state) {
  Machine m;
  AssembleSieve(m);
  m.Load();
  const int32_t limit = static_cast<int32_t>(state.range(0));
  std::vector<char> composite(limit + 1);
  std::vector<runtime::Argument> arguments(6);
  arguments[0] = Arg(composite.data());
  arguments[1] = Arg(std::array<uint32_t, 2>{static_cast<uint32_t>(limit + 1), static_cast<uint32_t>(limit + 1)});
  arguments[5] = Arg(limit);
  for (auto _ : state) {
    std::fill(composite.begin(), composite.end(), 0);
    Expect(m.Run<int32_t>(0, arguments) > 0);
  }
}
BENCHMARK(BM_ExecSieve)->Arg(50000)->Arg(6000000)->Unit(benchmark::kMillisecond);

// --- nbody
// -----------------------------------------------------------------------------------------------------------------

struct Body {
  double x, y, z, vx, vy, vz, mass;
};

std::vector<Body> MakeBodies() {
  std::vector<Body> bodies;
  for (int i = 0; i < 5; ++i) {
    const double t = i;
    bodies.push_back({t * 6.0, 4.0 - t, 0.25 * t * t, 0.1 * t, 0.3 - 0.05 * t, 0.02 * t, 1.0 + 0.5 * t});
  }
  return bodies;
}

void AdvanceNatively(std::vector<Body>& bodies, double dt) {
  for (size_t i = 0; i < bodies.size(); ++i) {
    Body& a = bodies[i];
    for (size_t j = i + 1; j < bodies.size(); ++j) {
      Body& b = bodies[j];
      const double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
      const double d2 = dz * dz + (dy * dy + dx * dx);
      const double mag = dt / (d2 * std::sqrt(d2));
      const double mi = a.mass * mag, mj = b.mass * mag;
      a.vx -= dx * mj, a.vy -= dy * mj, a.vz -= dz * mj;
      b.vx += dx * mi, b.vy += dy * mi, b.vz += dz * mi;
    }
  }
  for (Body& b : bodies) b.x += dt * b.vx, b.y += dt * b.vy, b.z += dt * b.vz;
}

// Slots: 0-4 the array, 5 dt, 6 steps, 7 step, 8 i, 9 j, 10 count, 11 a, 12 b, 13-15 dx dy dz, 16 d2, 17 mag, 18 mi, 19
// mj.
void AssembleInnerPair(Machine& m) {
  CodeBuilder& b = m.b;
  constexpr uint16_t kMass = offsetof(Body, mass);
  b.Emit(Op::kIndexAddress_FF, Slot(12), Slot(0), Slot(9), sizeof(Body));
  for (uint32_t axis = 0; axis < 3; ++axis) {
    b.Emit(Op::kLoadAF64, 0, Slot(11), axis * 8);
    b.Emit(Op::kSubF64_FAM, Slot(13 + axis), 0, Slot(12), axis * 8);
  }
  b.Emit(Op::kMulF64_AFF, 0, Slot(13), Slot(13));
  b.Emit(Op::kMulAddF64_AA, 0, Slot(14), Slot(14));
  b.Emit(Op::kMulAddF64_FA, Slot(16), Slot(15), Slot(15));
  b.Emit(Op::kSqrtF64, Slot(17), Slot(16));
  b.Emit(Op::kMulF64_FAF, Slot(17), 0, Slot(16));
  b.Emit(Op::kDivF64_FFA, Slot(17), Slot(5));
  b.Emit(Op::kMulF64_FAM, Slot(18), 0, Slot(11), kMass);
  b.Emit(Op::kMulF64_FFM, Slot(19), Slot(17), Slot(12), kMass);
  for (uint32_t axis = 0; axis < 3; ++axis) {
    b.Emit(Op::kMulF64_AFF, 0, Slot(13 + axis), Slot(19));
    b.Emit(Op::kSubF64_MMA, Slot(11), offsetof(Body, vx) + axis * 8);
    b.Emit(Op::kMulF64_AFF, 0, Slot(13 + axis), Slot(18));
    b.Emit(Op::kAddF64_MMA, Slot(12), offsetof(Body, vx) + axis * 8);
  }
}

void AssembleNbody(Machine& m) {
  CodeBuilder& b = m.b;
  m.Begin(0, "advance", 7, 0);
  b.EmitImmediate(Op::kMoveK4, Slot(7), 0, 0);
  b.Emit(Op::kLength_F, Slot(10), Slot(0));
  const uint32_t step = b.here();
  b.EmitImmediate(Op::kMoveK4, Slot(8), 0, 0);
  const uint32_t outer = b.here();
  b.Emit(Op::kIndexAddress_FF, Slot(11), Slot(0), Slot(8), sizeof(Body));
  b.EmitImmediate(Op::kAddI32_FFK, Slot(9), Slot(8), 1);
  const uint32_t none = m.Jump(Op::kJumpGeI32_FF, Slot(9), Slot(10));
  const uint32_t inner = b.here();
  AssembleInnerPair(m);
  m.JumpTo(inner, Op::kIncLessI32_FF, Slot(9), Slot(10));
  b.PatchJumpToHere(none);
  m.JumpTo(outer, Op::kIncLessI32_FF, Slot(8), Slot(10));
  b.EmitImmediate(Op::kMoveK4, Slot(8), 0, 0);
  const uint32_t move = b.here();
  b.Emit(Op::kIndexAddress_FF, Slot(12), Slot(0), Slot(8), sizeof(Body));
  for (uint32_t axis = 0; axis < 3; ++axis) {
    b.Emit(Op::kMulF64_AFM, 0, Slot(5), Slot(12), offsetof(Body, vx) + axis * 8);
    b.Emit(Op::kAddF64_MMA, Slot(12), axis * 8);
  }
  m.JumpTo(move, Op::kIncLessI32_FF, Slot(8), Slot(10));
  m.JumpTo(step, Op::kIncLessI32_FF, Slot(7), Slot(6));
  b.Emit(Op::kReturnVoid);
  m.End(20);
}

void BM_ExecNbody200k(benchmark::State& state) {
  constexpr int32_t kSteps = 200000;
  std::vector<Body> wanted = MakeBodies();
  for (int i = 0; i < kSteps; ++i) AdvanceNatively(wanted, 0.001);
  Machine m;
  AssembleNbody(m);
  m.Load();
  for (auto _ : state) {
    std::vector<Body> bodies = MakeBodies();
    std::vector<runtime::Argument> arguments(7);
    arguments[0] = Arg(bodies.data());
    arguments[1] = Arg(std::array<uint32_t, 2>{5, 5});
    arguments[5] = Arg(0.001);
    arguments[6] = Arg(kSteps);
    m.Run<int32_t>(0, arguments);
    Expect(bodies[3].x == wanted[3].x && bodies[0].vz == wanted[0].vz);
  }
}
BENCHMARK(BM_ExecNbody200k)->Unit(benchmark::kMillisecond);

// --- xorshift
// --------------------------------------------------------------------------------------------------------------

uint32_t XorshiftNatively(int32_t rounds) {
  uint32_t x = 2463534242u, sum = 0;
  for (int32_t i = 0; i < rounds; ++i) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    sum = (sum + (x & 0xff)) & 0xffffff;
  }
  return x ^ sum;
}

// Slots: 0 rounds, 1 x, 2 sum, 3 i.
void AssembleXorshift(Machine& m) {
  CodeBuilder& b = m.b;
  m.Begin(0, "xorshift", 1, 4);
  b.EmitImmediate(Op::kMoveK4, Slot(1), 0, static_cast<int32_t>(2463534242u));
  b.EmitImmediate(Op::kMoveK4, Slot(2), 0, 0);
  b.EmitImmediate(Op::kMoveK4, Slot(3), 0, 0);
  const uint32_t loop = b.here();
  b.EmitImmediate(Op::kShlI32_AFK, 0, Slot(1), 13);
  b.Emit(Op::kXorI32_FAF, Slot(1), 0, Slot(1));
  b.EmitImmediate(Op::kShrU32_AAK, 0, 0, 17);
  b.Emit(Op::kXorI32_FAF, Slot(1), 0, Slot(1));
  b.EmitImmediate(Op::kShlI32_AAK, 0, 0, 5);
  b.Emit(Op::kXorI32_FAF, Slot(1), 0, Slot(1));
  b.EmitImmediate(Op::kAndI32_AAK, 0, 0, 0xff);
  b.Emit(Op::kAddI32_AAF, 0, 0, Slot(2));
  b.EmitImmediate(Op::kAndI32_FAK, Slot(2), 0, 0xffffff);
  m.JumpTo(loop, Op::kIncLessI32_FF, Slot(3), Slot(0));
  b.Emit(Op::kXorI32_FFF, Slot(1), Slot(1), Slot(2));
  b.Emit(Op::kReturn4, Slot(1));
  m.End(4);
}

void BM_ExecXorshift15M(benchmark::State& state) {
  constexpr int32_t kRounds = 15000000;
  const uint32_t wanted = XorshiftNatively(kRounds);
  Machine m;
  AssembleXorshift(m);
  m.Load();
  for (auto _ : state) Expect(m.Run<uint32_t>(0, {Arg(kRounds)}) == wanted);
}
BENCHMARK(BM_ExecXorshift15M)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vestige::exec
