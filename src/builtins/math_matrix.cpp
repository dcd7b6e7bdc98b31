// Matrices of module `math`. A matrix is a struct of float vectors, its columns: x, y, z, and w when there are four.
// float3x4 stands for the affine transformations of space: w is the translation. Floor 5.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "builtins/math_rows.h"
#include "builtins/quaternion.h"
#include "builtins/tables.h"
#include "exec/context.h"

namespace vestige::builtins {

namespace math_matrix_natives {
namespace {

// `columns` vectors of `n` components, as the struct lies in memory.
template <int n, int columns>
using Matrix = std::array<std::array<float, n>, columns>;
using Float3x3 = Matrix<3, 3>;
using Float3x4 = Matrix<3, 4>;
using Float4x4 = Matrix<4, 4>;

template <typename M>
void ReturnMatrix(NativeCall& call, const M& matrix) {
  std::memcpy(call.result, matrix.data(), sizeof(matrix));
}

// The upper left part, and ones on the rest of the diagonal.
template <typename To, typename From>
To Resized(const From& from) {
  To to{};
  for (size_t c = 0; c < to.size(); ++c) {
    for (size_t r = 0; r < to[c].size(); ++r) {
      to[c][r] = c < from.size() && r < from[c].size() ? from[c][r] : (c == r ? 1.0f : 0.0f);
    }
  }
  return to;
}

template <typename M>
M Identity() {
  return Resized<M>(std::array<std::array<float, 1>, 0>());
}

// Sum of the columns of `m`, each times its component of `v`; `columns` of them.
template <size_t n, size_t count, size_t k>
std::array<float, n> Times(const std::array<std::array<float, n>, count>& m, const std::array<float, k>& v) {
  std::array<float, n> sum{};
  for (size_t c = 0; c < std::min(count, k); ++c) {
    for (size_t r = 0; r < n; ++r) sum[r] += m[c][r] * v[c];
  }
  return sum;
}

Vector3 Sum(const Vector3& x, const Vector3& y) { return {x[0] + y[0], x[1] + y[1], x[2] + y[2]}; }

// --- Making and converting
// --------------------------------------------------------------------------------------------

template <typename To, typename From>
void Convert(NativeCall& call) {
  ReturnMatrix(call, Resized<To>(call.Reference<From>(0)));
}
template <typename M>
void MakeIdentity(NativeCall& call) {
  ReturnMatrix(call, Identity<M>());
}
template <typename M>
void BecomeIdentity(NativeCall& call) {
  call.Reference<M>(0) = Identity<M>();
}

void Translation(NativeCall& call) {
  Float4x4 result = Identity<Float4x4>();
  const Vector3 way = Components<float, 3>(call, 0);
  result[3] = {way[0], way[1], way[2], 1};
  ReturnMatrix(call, result);
}

// Depth 0 at `zn` and 1 at `zf`, or the other way round.
template <bool is_reverse>
void Perspective(NativeCall& call) {
  const float zn = call.Value<float>(2);
  const float zf = call.Value<float>(3);
  Float4x4 result{};
  result[0][0] = call.Value<float>(0);
  result[1][1] = call.Value<float>(1);
  result[2][2] = is_reverse ? zn / (zn - zf) : zf / (zf - zn);
  result[2][3] = 1;
  result[3][2] = is_reverse ? zn * zf / (zf - zn) : -zn * zf / (zf - zn);
  ReturnMatrix(call, result);
}

Vector3 Direction(const Vector3& v) {
  const float length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  return {v[0] / length, v[1] / length, v[2] / length};
}

void LookAt(NativeCall& call) {
  const Vector3 eye = Components<float, 3>(call, 0);
  const Vector3 at = Components<float, 3>(call, 1);
  const Vector3 ahead = Direction({at[0] - eye[0], at[1] - eye[1], at[2] - eye[2]});
  const Vector3 right = Direction(Cross(Components<float, 3>(call, 2), ahead));
  ReturnMatrix(call, Resized<Float4x4>(Float3x4{right, Cross(ahead, right), ahead, eye}));
}

void Compose(NativeCall& call) {
  const Quaternion rotation = Components<float, 4>(call, 1);
  const Vector3 scale = Components<float, 3>(call, 2);
  Float3x4 result{};
  for (size_t c = 0; c < 3; ++c) {
    Vector3 axis{};
    axis[c] = scale[c];
    result[c] = Rotate(rotation, axis);
  }
  result[3] = Components<float, 3>(call, 0);
  ReturnMatrix(call, Resized<Float4x4>(result));
}

// --- Arithmetic
// -------------------------------------------------------------------------------------------------------

template <typename M>
void Multiply(NativeCall& call) {
  const M x = call.Reference<M>(0);
  const M& y = call.Reference<M>(1);
  M result;
  for (size_t c = 0; c < x.size(); ++c) result[c] = Times(x, y[c]);
  // The last column of an affine product is a place, which is moved as well as turned.
  if constexpr (std::is_same_v<M, Float3x4>) result[3] = Sum(result[3], x[3]);
  ReturnMatrix(call, result);
}

template <typename M, int n>
void TransformVector(NativeCall& call) {
  ReturnComponents(call, Times(call.Reference<M>(0), Components<float, n>(call, 1)));
}
void TransformPlace(NativeCall& call) {
  const auto& m = call.Reference<Float3x4>(0);
  ReturnComponents(call, Sum(Times(m, Components<float, 3>(call, 1)), m[3]));
}

template <typename M>
void Negate(NativeCall& call) {
  M result = call.Reference<M>(0);
  for (auto& column : result) {
    for (float& x : column) x = -x;
  }
  ReturnMatrix(call, result);
}

template <typename M, bool is_equal>
void Compare(NativeCall& call) {
  call.Return((call.Reference<M>(0) == call.Reference<M>(1)) == is_equal);
}

void Transpose(NativeCall& call) {
  const auto& m = call.Reference<Float4x4>(0);
  Float4x4 result;
  for (size_t c = 0; c < 4; ++c) {
    for (size_t r = 0; r < 4; ++r) result[r][c] = m[c][r];
  }
  ReturnMatrix(call, result);
}

float DeterminantOf(const Float3x3& m) {
  const Vector3 normal = Cross(m[0], m[1]);
  return normal[0] * m[2][0] + normal[1] * m[2][1] + normal[2] * m[2][2];
}

// What remains of `m` without column `c` and row `r`.
Float3x3 Minor(const Float4x4& m, size_t c, size_t r) {
  Float3x3 minor;
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) minor[i][j] = m[i < c ? i : i + 1][j < r ? j : j + 1];
  }
  return minor;
}
float Cofactor(const Float4x4& m, size_t c, size_t r) {
  const float minor = DeterminantOf(Minor(m, c, r));
  return (c + r) % 2 == 0 ? minor : -minor;
}
float DeterminantOf(const Float4x4& m) {
  float sum = 0;
  for (size_t r = 0; r < 4; ++r) sum += m[0][r] * Cofactor(m, 0, r);
  return sum;
}
float DeterminantOf(const Float3x4& m) { return DeterminantOf(Resized<Float3x3>(m)); }

template <typename M>
void Determinant(NativeCall& call) {
  call.Return(DeterminantOf(call.Reference<M>(0)));
}

// A matrix without an inverse gives infinities and NaN, as a division by zero does.
Float4x4 InverseOf(const Float4x4& m) {
  const float scale = 1.0f / DeterminantOf(m);
  Float4x4 result;
  for (size_t c = 0; c < 4; ++c) {
    for (size_t r = 0; r < 4; ++r) result[r][c] = Cofactor(m, c, r) * scale;
  }
  return result;
}

template <typename M>
void Inverse(NativeCall& call) {
  ReturnMatrix(call, Resized<M>(InverseOf(Resized<Float4x4>(call.Reference<M>(0)))));
}

// The inverse of a rotation is its transposition.
template <typename M>
void OrthonormalInverse(NativeCall& call) {
  const M m = call.Reference<M>(0);
  M result = m;
  for (size_t c = 0; c < 3; ++c) {
    for (size_t r = 0; r < 3; ++r) result[r][c] = m[c][r];
  }
  if constexpr (std::is_same_v<M, Float3x4>) {
    const Vector3 back = Times(Resized<Float3x3>(result), m[3]);
    result[3] = {-back[0], -back[1], -back[2]};
  }
  ReturnMatrix(call, result);
}

// Without the translation.
void RotateByMatrix(NativeCall& call) {
  ReturnComponents(call, Times(call.Reference<Float3x4>(0), Components<float, 3>(call, 1)));
}

// --- Taking apart
// ------------------------------------------------------------------------------------------------------

void Decompose(NativeCall& call) {
  const auto& m = call.Reference<Float4x4>(0);
  Float3x3 axes = Resized<Float3x3>(m);
  Vector3 scale;
  for (size_t c = 0; c < 3; ++c) {
    scale[c] = std::sqrt(axes[c][0] * axes[c][0] + axes[c][1] * axes[c][1] + axes[c][2] * axes[c][2]);
  }
  // A mirrored space is one whose last axis is turned around.
  if (DeterminantOf(axes) < 0) scale[2] = -scale[2];
  for (size_t c = 0; c < 3; ++c) {
    for (float& x : axes[c]) x = scale[c] == 0 ? 0 : x / scale[c];
  }
  call.Reference<Vector3>(1) = {m[3][0], m[3][1], m[3][2]};
  call.Reference<Quaternion>(2) = FromAxes(axes[0], axes[1], axes[2]);
  call.Reference<Vector3>(3) = scale;
}

template <typename M>
void QuaternionOf(NativeCall& call) {
  const Float3x3 axes = Resized<Float3x3>(call.Reference<M>(0));
  ReturnComponents(call, FromAxes(axes[0], axes[1], axes[2]));
}

// The address of a column. Any integer: a negative one is out of range as well.
template <typename M, typename I>
void ColumnAt(NativeCall& call) {
  auto& m = call.Reference<M>(0);
  const auto index = static_cast<int64_t>(call.Value<I>(1));
  if (index < 0 || index >= static_cast<int64_t>(m.size())) {
    call.context.PanicF("matrix index out of range, {} of {}", index, m.size());
    return;
  }
  call.Return(m[static_cast<size_t>(index)].data());
}

// --- Rows
// -------------------------------------------------------------------------------------------------------------

// One row per type of matrix: its functions and how their signatures spell it.
// clang-format off
#define VESTIGE_MATRIX_ROWS(M, name, vector)                                                          \
  {"[]", "(var m : " name " ==const; index : int) : " vector "&", &ColumnAt<M, int32_t>},             \
  {"[]", "(var m : " name " ==const; index : uint) : " vector "&", &ColumnAt<M, uint32_t>},           \
  {"[]", "(m : " name " ==const; index : int) : " vector " const&", &ColumnAt<M, int32_t>},           \
  {"[]", "(m : " name " ==const; index : uint) : " vector " const&", &ColumnAt<M, uint32_t>},         \
  {"identity", "(var x : " name ") : void", &BecomeIdentity<M>},                                      \
  {"*", "(x, y : " name ") : " name, &Multiply<M>},                                                   \
  {"-", "(x : " name ") : " name, &Negate<M>},                                                        \
  {"==", "(x, y : " name ") : bool", &Compare<M, true>},                                              \
  {"!=", "(x, y : " name ") : bool", &Compare<M, false>},                                             \
  {"determinant", "(x : " name ") : float", &Determinant<M>},                                         \
  {"quat", "(m : " name ") : float4", &QuaternionOf<M>}
// clang-format on

constexpr sema::NativeFunction kFunctions[] = {
    VESTIGE_MATRIX_ROWS(Float3x3, "float3x3", "float3"),
    VESTIGE_MATRIX_ROWS(Float3x4, "float3x4", "float3"),
    VESTIGE_MATRIX_ROWS(Float4x4, "float4x4", "float4"),
    {"float3x3", "(m : float3x4) : float3x3", &Convert<Float3x3, Float3x4>},
    {"float3x3", "(m : float4x4) : float3x3", &Convert<Float3x3, Float4x4>},
    {"float3x4", "(m : float4x4) : float3x4", &Convert<Float3x4, Float4x4>},
    {"float4x4", "(m : float3x4) : float4x4", &Convert<Float4x4, Float3x4>},
    {"identity3x3", "() : float3x3", &MakeIdentity<Float3x3>},
    {"identity3x4", "() : float3x4", &MakeIdentity<Float3x4>},
    {"identity4x4", "() : float4x4", &MakeIdentity<Float4x4>},
    {"translation", "(xyz : float3) : float4x4", &Translation},
    {"persp_forward", "(wk, hk, zn, zf : float) : float4x4", &Perspective<false>},
    {"persp_reverse", "(wk, hk, zn, zf : float) : float4x4", &Perspective<true>},
    {"look_at", "(eye, at, up : float3) : float4x4", &LookAt},
    {"compose", "(pos : float3; rot : float4; scale : float3) : float4x4", &Compose},
    {"decompose", "(mat : float4x4; var pos : float3&; var rot : float4&; var scale : float3&) : void", &Decompose},
    {"transpose", "(x : float4x4) : float4x4", &Transpose},
    {"inverse", "(x : float3x4) : float3x4", &Inverse<Float3x4>},
    {"inverse", "(m : float4x4) : float4x4", &Inverse<Float4x4>},
    {"orthonormal_inverse", "(m : float3x3) : float3x3", &OrthonormalInverse<Float3x3>},
    {"orthonormal_inverse", "(m : float3x4) : float3x4", &OrthonormalInverse<Float3x4>},
    {"*", "(x : float3x3; y : float3) : float3", &TransformVector<Float3x3, 3>},
    {"*", "(x : float3x4; y : float3) : float3", &TransformPlace},
    {"*", "(x : float4x4; y : float4) : float4", &TransformVector<Float4x4, 4>},
    {"rotate", "(x : float3x4; y : float3) : float3", &RotateByMatrix},
};

#undef VESTIGE_MATRIX_ROWS

constexpr std::string_view kPrelude = R"(
struct float3x3 { x, y, z : float3 }
struct float3x4 { x, y, z, w : float3 }
struct float4x4 { x, y, z, w : float4 }
)";

}  // namespace
}  // namespace math_matrix_natives

constexpr sema::NativeModule kMathMatrixModule = {
    .name = "math", .functions = math_matrix_natives::kFunctions, .prelude = math_matrix_natives::kPrelude};

}  // namespace vestige::builtins
