// Quaternions, and floats packed into bytes. Part of module `math`. Floor 5.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "builtins/math_rows.h"
#include "builtins/quaternion.h"
#include "builtins/tables.h"

namespace vestige::builtins {

namespace math_quaternion_natives {
namespace {

Vector3 Vector(const NativeCall& call, size_t index) { return Components<float, 3>(call, index); }
Quaternion Turn(const NativeCall& call, size_t index) { return Components<float, 4>(call, index); }

// The rotation that takes one unit vector to the other by the shorter way. Opposite ones are half a turn apart, around
// any axis that is perpendicular to them.
void FromArc(NativeCall& call) {
  const Vector3 from = Vector(call, 0);
  const Vector3 to = Vector(call, 1);
  const float cosine = from[0] * to[0] + from[1] * to[1] + from[2] * to[2];
  const float square = 2 + 2 * cosine;
  if (square > 1e-4f) {
    const Vector3 axis = Cross(from, to);
    const float inverse = 1.0f / std::sqrt(square);
    const Quaternion q = {axis[0] * inverse, axis[1] * inverse, axis[2] * inverse, square * inverse * 0.5f};
    return ReturnComponents(call, q);
  }
  const Quaternion axis = from[0] == 0 ? Quaternion{0, from[2], -from[1], 0} : Quaternion{from[1], -from[0], 0, 0};
  ReturnComponents(call, Normalized(axis));
}

void FromAxisAndAngle(NativeCall& call) {
  const Vector3 axis = Vector(call, 0);
  const float half = call.Value<float>(1) * 0.5f;
  const float sine = std::sin(half);
  ReturnComponents(call, Quaternion{axis[0] * sine, axis[1] * sine, axis[2] * sine, std::cos(half)});
}

// Heading around y, then attitude around z, then bank around x.
Quaternion FromEulerAngles(const Vector3& angles) {
  const float sh = std::sin(angles[0] / 2), ch = std::cos(angles[0] / 2);
  const float sa = std::sin(angles[1] / 2), ca = std::cos(angles[1] / 2);
  const float sb = std::sin(angles[2] / 2), cb = std::cos(angles[2] / 2);
  return {sh * sa * cb + ch * ca * sb, sh * ca * cb + ch * sa * sb, ch * sa * cb - sh * ca * sb,
          ch * ca * cb - sh * sa * sb};
}
void FromEulerVector(NativeCall& call) { ReturnComponents(call, FromEulerAngles(Vector(call, 0))); }
void FromEuler(NativeCall& call) {
  ReturnComponents(call, FromEulerAngles({call.Value<float>(0), call.Value<float>(1), call.Value<float>(2)}));
}

// Looking straight up or down, heading and bank turn around the same axis: all of it is told as heading.
void ToEuler(NativeCall& call) {
  constexpr float kPole = 0.49999f;
  constexpr float kHalfPi = std::numbers::pi_v<float> / 2;
  const Quaternion q = Turn(call, 0);
  const float rise = q[0] * q[1] + q[2] * q[3];
  if (std::fabs(rise) >= kPole) {
    const float turn = 2 * std::atan2(q[0], q[3]);
    return ReturnComponents(call, Vector3{std::copysign(1.0f, rise) * turn, std::copysign(kHalfPi, rise), 0});
  }
  const float heading = std::atan2(q[1] * q[3] - q[0] * q[2], 0.5f - q[1] * q[1] - q[2] * q[2]);
  const float bank = std::atan2(q[0] * q[3] - q[1] * q[2], 0.5f - q[0] * q[0] - q[2] * q[2]);
  ReturnComponents(call, Vector3{heading, std::asin(2 * rise), bank});
}

void MultiplyTurns(NativeCall& call) {
  const Quaternion p = Turn(call, 0);
  const Quaternion q = Turn(call, 1);
  ReturnComponents(call, Quaternion{p[3] * q[0] + q[3] * p[0] + p[1] * q[2] - p[2] * q[1],
                                    p[3] * q[1] + q[3] * p[1] + p[2] * q[0] - p[0] * q[2],
                                    p[3] * q[2] + q[3] * p[2] + p[0] * q[1] - p[1] * q[0],
                                    p[3] * q[3] - p[0] * q[0] - p[1] * q[1] - p[2] * q[2]});
}

void RotateVector(NativeCall& call) { ReturnComponents(call, Rotate(Turn(call, 0), Vector(call, 1))); }

void Conjugate(NativeCall& call) {
  const Quaternion q = Turn(call, 0);
  ReturnComponents(call, Quaternion{-q[0], -q[1], -q[2], q[3]});
}

Quaternion Mixed(const Quaternion& a, float share_a, const Quaternion& b, float share_b) {
  Quaternion result;
  for (size_t i = 0; i < 4; ++i) result[i] = a[i] * share_a + b[i] * share_b;
  return result;
}

// From a to b along the shorter arc. Of nearly equal ones the arc is straight.
void Slerp(NativeCall& call) {
  const float t = call.Value<float>(0);
  const Quaternion a = Turn(call, 1);
  const Quaternion b = Turn(call, 2);
  const float cosine = DotOf(a, b);
  const float sign = cosine < 0 ? -1.0f : 1.0f;
  if (std::fabs(cosine) >= 0.9999f) return ReturnComponents(call, Normalized(Mixed(a, 1 - t, b, sign * t)));
  const float angle = std::acos(std::fabs(cosine));
  const float inverse = 1.0f / std::sqrt(1 - cosine * cosine);
  ReturnComponents(call, Mixed(a, std::sin(angle * (1 - t)) * inverse, b, sign * std::sin(angle * t) * inverse));
}

// --- Bytes
// ------------------------------------------------------------------------------------------------------------

// Each component rounded and brought into a byte, x lowest. NaN becomes 0.
void PackToBytes(NativeCall& call) {
  uint32_t packed = 0;
  const Quaternion value = Turn(call, 0);
  for (size_t i = 0; i < 4; ++i) {
    const float limited = value[i] > 0 ? std::min(value[i], 255.0f) : 0.0f;
    packed |= static_cast<uint32_t>(std::nearbyint(limited)) << (8 * i);
  }
  call.Return(packed);
}
void UnpackBytes(NativeCall& call) {
  const auto packed = call.Value<uint32_t>(0);
  Quaternion value;
  for (size_t i = 0; i < 4; ++i) value[i] = static_cast<float>(packed >> (8 * i) & 0xff);
  ReturnComponents(call, value);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"quat_from_unit_arc", "(v0, v1 : float3) : float4", &FromArc, sema::kPure},
    {"quat_from_unit_vec_ang", "(v : float3; ang : float) : float4", &FromAxisAndAngle, sema::kPure},
    {"quat_from_euler", "(angles : float3) : float4", &FromEulerVector, sema::kPure},
    {"quat_from_euler", "(x, y, z : float) : float4", &FromEuler, sema::kPure},
    {"euler_from_quat", "(angles : float4) : float3", &ToEuler, sema::kPure},
    {"quat_mul", "(q1, q2 : float4) : float4", &MultiplyTurns, sema::kPure},
    {"quat_mul_vec", "(q : float4; v : float3) : float3", &RotateVector, sema::kPure},
    {"quat_conjugate", "(q : float4) : float4", &Conjugate, sema::kPure},
    {"quat_slerp", "(t : float; a, b : float4) : float4", &Slerp, sema::kPure},
    {"pack_float_to_byte", "(x : float4) : uint", &PackToBytes, sema::kPure},
    {"unpack_byte_to_float", "(x : uint) : float4", &UnpackBytes, sema::kPure},
};

}  // namespace
}  // namespace math_quaternion_natives

constexpr sema::NativeModule kMathQuaternionModule = {.name = "math", .functions = math_quaternion_natives::kFunctions};

}  // namespace vestige::builtins
