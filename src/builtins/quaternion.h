// Quaternions as module `math` has them: float4 with the real part last. What matrices and quaternion natives share.
// Floor 5.

#ifndef VESTIGE_BUILTINS_QUATERNION_H_
#define VESTIGE_BUILTINS_QUATERNION_H_

#include <array>
#include <cmath>

namespace vestige::builtins {

using Vector3 = std::array<float, 3>;
// x, y, z, w.
using Quaternion = std::array<float, 4>;

inline Vector3 Cross(const Vector3& x, const Vector3& y) {
  return {x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]};
}

inline float DotOf(const Quaternion& x, const Quaternion& y) {
  return x[0] * y[0] + x[1] * y[1] + x[2] * y[2] + x[3] * y[3];
}

inline Quaternion Normalized(const Quaternion& q) {
  const float length = std::sqrt(DotOf(q, q));
  return {q[0] / length, q[1] / length, q[2] / length, q[3] / length};
}

// `v` turned by the unit quaternion `q`.
inline Vector3 Rotate(const Quaternion& q, const Vector3& v) {
  const Vector3 axis = {q[0], q[1], q[2]};
  Vector3 twice = Cross(axis, v);
  for (float& x : twice) x *= 2;
  const Vector3 side = Cross(axis, twice);
  return {v[0] + q[3] * twice[0] + side[0], v[1] + q[3] * twice[1] + side[1], v[2] + q[3] * twice[2] + side[2]};
}

// The rotation that turns the axes of space into these three, which are perpendicular unit vectors. Computed from the
// largest component, so that nothing is divided by a number near zero.
inline Quaternion FromAxes(const Vector3& x, const Vector3& y, const Vector3& z) {
  const float trace = x[0] + y[1] + z[2];
  if (trace >= 0) return Normalized({y[2] - z[1], z[0] - x[2], x[1] - y[0], 1 + trace});
  if (z[2] > x[0] && z[2] > y[1]) return Normalized({z[0] + x[2], y[2] + z[1], 1 + z[2] - x[0] - y[1], x[1] - y[0]});
  if (y[1] > x[0]) return Normalized({x[1] + y[0], 1 + y[1] - x[0] - z[2], y[2] + z[1], z[0] - x[2]});
  return Normalized({1 + x[0] - y[1] - z[2], x[1] + y[0], z[0] + x[2], y[2] - z[1]});
}

}  // namespace vestige::builtins

#endif  // VESTIGE_BUILTINS_QUATERNION_H_
