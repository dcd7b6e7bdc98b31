// Geometry of float vectors, and hashes that make noise. Part of module `math`. Floor 5.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "builtins/math_rows.h"
#include "builtins/tables.h"

namespace vestige::builtins {

namespace math_vector_natives {
namespace {

template <int n>
using Vector = std::array<float, n>;

template <int n>
Vector<n> Floats(const NativeCall& call, size_t index) {
  return Components<float, n>(call, index);
}

template <size_t n>
float Dot(const std::array<float, n>& x, const std::array<float, n>& y) {
  float sum = 0;
  for (size_t i = 0; i < n; ++i) sum += x[i] * y[i];
  return sum;
}

template <size_t n>
std::array<float, n> Difference(const std::array<float, n>& x, const std::array<float, n>& y) {
  std::array<float, n> result;
  for (size_t i = 0; i < n; ++i) result[i] = x[i] - y[i];
  return result;
}

template <size_t n>
std::array<float, n> Scaled(const std::array<float, n>& x, float factor) {
  std::array<float, n> result;
  for (size_t i = 0; i < n; ++i) result[i] = x[i] * factor;
  return result;
}

// --- Lengths
// ----------------------------------------------------------------------------------------------------------

// What is asked about a squared length.
float Squared(float square) { return square; }
float Root(float square) { return std::sqrt(square); }
float InverseRoot(float square) { return 1.0f / std::sqrt(square); }
float Inverse(float square) { return 1.0f / square; }

template <int n, float (*answer)(float)>
void OfLength(NativeCall& call) {
  const Vector<n> x = Floats<n>(call, 0);
  call.Return(answer(Dot(x, x)));
}

template <int n, float (*answer)(float)>
void OfDistance(NativeCall& call) {
  const Vector<n> way = Difference(Floats<n>(call, 0), Floats<n>(call, 1));
  call.Return(answer(Dot(way, way)));
}

// --- Products and directions
// ------------------------------------------------------------------------------------------

template <int n>
void DotProduct(NativeCall& call) {
  call.Return(Dot(Floats<n>(call, 0), Floats<n>(call, 1)));
}

void CrossProduct(NativeCall& call) {
  const Vector<3> x = Floats<3>(call, 0);
  const Vector<3> y = Floats<3>(call, 1);
  ReturnComponents(call, Vector<3>{x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]});
}

// The zero vector has no direction: the safe form leaves it as it is, the fast one divides by zero.
template <int n, bool is_safe>
void Normalize(NativeCall& call) {
  const Vector<n> x = Floats<n>(call, 0);
  const float length = std::sqrt(Dot(x, x));
  if (is_safe && length == 0) return ReturnComponents(call, Vector<n>{});
  ReturnComponents(call, Scaled(x, 1.0f / length));
}

template <int n>
void Reflect(NativeCall& call) {
  const Vector<n> v = Floats<n>(call, 0);
  const Vector<n> normal = Floats<n>(call, 1);
  ReturnComponents(call, Difference(v, Scaled(normal, 2.0f * Dot(v, normal))));
}

// Zero when everything is reflected.
template <int n>
void Refract(NativeCall& call) {
  const Vector<n> v = Floats<n>(call, 0);
  const Vector<n> normal = Floats<n>(call, 1);
  const float index = call.Value<float>(2);
  const float along = Dot(v, normal);
  const float discriminant = 1.0f - index * index * (1.0f - along * along);
  if (!(discriminant >= 0.0f)) return ReturnComponents(call, Vector<n>{});
  const Vector<n> tangent = Scaled(Difference(v, Scaled(normal, along)), index);
  ReturnComponents(call, Difference(tangent, Scaled(normal, std::sqrt(discriminant))));
}

// --- Over the components
// ----------------------------------------------------------------------------------------------

template <int n>
void SmallestComponent(NativeCall& call) {
  const Vector<n> x = Floats<n>(call, 0);
  call.Return(*std::min_element(x.begin(), x.end()));
}
template <int n>
void LargestComponent(NativeCall& call) {
  const Vector<n> x = Floats<n>(call, 0);
  call.Return(*std::max_element(x.begin(), x.end()));
}
template <int n>
void SumOfComponents(NativeCall& call) {
  float sum = 0;
  for (const float component : Floats<n>(call, 0)) sum += component;
  call.Return(sum);
}

// --- Noise
// ------------------------------------------------------------------------------------------------------------ Squirrel
// Eiserloh's noise from integers: a few multiplications and shifts that leave no visible pattern.

uint32_t Noise(uint32_t position, uint32_t seed) {
  uint32_t bits = position * 0x68e31da4u + seed;
  bits ^= bits >> 8;
  bits += 0xb5297a4du;
  bits ^= bits << 8;
  bits *= 0x1b56c4e9u;
  return bits ^ (bits >> 8);
}

void HashOfUint(NativeCall& call) { call.Return(Noise(call.Value<uint32_t>(0), 0)); }

template <int n>
void NoiseAt(NativeCall& call) {
  constexpr std::array<uint32_t, 3> kPrimes = {1, 198491317, 6542989};
  uint32_t position = 0;
  const std::array<uint32_t, n> at = Components<uint32_t, n>(call, 0);
  for (int i = 0; i < n; ++i) position += kPrimes[i] * at[i];
  call.Return(Noise(position, call.Value<uint32_t>(1)));
}

// --- Rows
// -------------------------------------------------------------------------------------------------------------

template <int n, typename List>
constexpr void AddFor(List& list) {
  constexpr std::string_view kOne = SignatureText<1, float, 1, float, n>();
  constexpr std::string_view kTwo = SignatureText<2, float, 1, float, n>();
  constexpr std::string_view kSame = SignatureText<1, float, n, float, n>();
  constexpr uint32_t kPure = sema::kPure;
  list.Add({"length", kOne, &OfLength<n, Root>, kPure});
  list.Add({"length_sq", kOne, &OfLength<n, Squared>, kPure});
  list.Add({"inv_length", kOne, &OfLength<n, InverseRoot>, kPure});
  list.Add({"inv_length_sq", kOne, &OfLength<n, Inverse>, kPure});
  list.Add({"distance", kTwo, &OfDistance<n, Root>, kPure});
  list.Add({"distance_sq", kTwo, &OfDistance<n, Squared>, kPure});
  list.Add({"inv_distance", kTwo, &OfDistance<n, InverseRoot>, kPure});
  list.Add({"inv_distance_sq", kTwo, &OfDistance<n, Inverse>, kPure});
  list.Add({"dot", kTwo, &DotProduct<n>, kPure});
  list.Add({"normalize", kSame, &Normalize<n, true>, kPure});
  list.Add({"fast_normalize", kSame, &Normalize<n, false>, kPure});
  list.Add({"hmin", kOne, &SmallestComponent<n>, kPure});
  list.Add({"hmax", kOne, &LargestComponent<n>, kPure});
  list.Add({"hadd", kOne, &SumOfComponents<n>, kPure});
}

constexpr auto kList = [] {
  RowList<64> list;
  AddFor<2>(list);
  AddFor<3>(list);
  AddFor<4>(list);
  list.Add({"cross", "(x, y : float3) : float3", &CrossProduct, sema::kPure});
  list.Add({"reflect", "(v, n : float2) : float2", &Reflect<2>, sema::kPure});
  list.Add({"reflect", "(v, n : float3) : float3", &Reflect<3>, sema::kPure});
  list.Add({"refract", "(v, n : float2; index : float) : float2", &Refract<2>, sema::kPure});
  list.Add({"refract", "(v, n : float3; index : float) : float3", &Refract<3>, sema::kPure});
  list.Add({"uint32_hash", "(seed : uint) : uint", &HashOfUint, sema::kPure});
  list.Add({"uint_noise_1D", "(position : int; seed : uint) : uint", &NoiseAt<1>, sema::kPure});
  list.Add({"uint_noise_2D", "(position : int2; seed : uint) : uint", &NoiseAt<2>, sema::kPure});
  list.Add({"uint_noise_3D", "(position : int3; seed : uint) : uint", &NoiseAt<3>, sema::kPure});
  return list;
}();

}  // namespace
}  // namespace math_vector_natives

constexpr sema::NativeModule kMathVectorModule = {.name = "math", .functions = Rows(math_vector_natives::kList)};

}  // namespace vestige::builtins
