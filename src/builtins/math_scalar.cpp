// Functions of numbers that apply to vectors component by component. Part of module `math`.
//
// Everything is total: arguments outside of a function's domain give what IEEE arithmetic gives, and conversions to
// integers give the smallest one when the value does not fit, as the language's own casts do. Floor 5.

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "builtins/math_rows.h"
#include "builtins/tables.h"

namespace vestige::builtins {

namespace math_scalar_natives {
namespace {

// --- Order and sign
// ---------------------------------------------------------------------------------------------------

struct Minimum {
  template <typename T>
  T operator()(T x, T y) const {
    return x < y ? x : y;
  }
};
struct Maximum {
  template <typename T>
  T operator()(T x, T y) const {
    return x > y ? x : y;
  }
};
// The lower bound wins when the bounds cross.
struct Clamp {
  template <typename T>
  T operator()(T x, T low, T high) const {
    return x > low ? (x < high ? x : high) : low;
  }
};
struct Sign {
  template <typename T>
  T operator()(T x) const {
    if (x == T{0}) return T{0};
    return x > T{0} ? T{1} : static_cast<T>(-1);
  }
};
struct Absolute {
  template <typename T>
  T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>) {
      return std::fabs(x);
    } else {
      // The smallest integer stays what it is, as negating it does.
      using Bits = std::make_unsigned_t<T>;
      return x < T{0} ? static_cast<T>(Bits{0} - static_cast<Bits>(x)) : x;
    }
  }
};
// x * y + z, rounded after each step; integers wrap.
struct MultiplyAdd {
  template <typename T>
  T operator()(T x, T y, T z) const {
    if constexpr (std::is_floating_point_v<T>) {
      const T product = x * y;
      return product + z;
    } else {
      using Bits = std::make_unsigned_t<T>;
      return static_cast<T>(static_cast<Bits>(x) * static_cast<Bits>(y) + static_cast<Bits>(z));
    }
  }
};

// --- Functions of the standard library
// --------------------------------------------------------------------------------

#define VESTIGE_REAL(Name, function) \
  struct Name {                      \
    template <typename T>            \
    T operator()(T x) const {        \
      return std::function(x);       \
    }                                \
  };
#include "builtins/math_real.def"
#undef VESTIGE_REAL

struct Power {
  template <typename T>
  T operator()(T x, T y) const {
    return std::pow(x, y);
  }
};
struct ArcTangent2 {
  template <typename T>
  T operator()(T y, T x) const {
    return std::atan2(y, x);
  }
};
struct Hypotenuse {
  template <typename T>
  T operator()(T x, T y) const {
    return std::hypot(x, y);
  }
};
struct FloatModulo {
  template <typename T>
  T operator()(T x, T y) const {
    return std::fmod(x, y);
  }
};
struct Remainder {
  template <typename T>
  T operator()(T x, T y) const {
    return std::remainder(x, y);
  }
};

// --- Made of them
// -----------------------------------------------------------------------------------------------------

template <typename T>
T ToUnit(T x) {
  return x >= T{-1} ? (x <= T{1} ? x : T{1}) : T{-1};
}
struct SafeArcSine {
  template <typename T>
  T operator()(T x) const {
    return std::asin(ToUnit(x));
  }
};
struct SafeArcCosine {
  template <typename T>
  T operator()(T x) const {
    return std::acos(ToUnit(x));
  }
};
struct Reciprocal {
  template <typename T>
  T operator()(T x) const {
    return T{1} / x;
  }
};
struct ReciprocalRoot {
  template <typename T>
  T operator()(T x) const {
    return T{1} / std::sqrt(x);
  }
};
struct Fraction {
  template <typename T>
  T operator()(T x) const {
    return x - std::floor(x);
  }
};
// NaN becomes 0.
struct Saturate {
  template <typename T>
  T operator()(T x) const {
    return x > T{0} ? (x < T{1} ? x : T{1}) : T{0};
  }
};
struct Lerp {
  template <typename T>
  T operator()(T from, T to, T t) const {
    const T way = (to - from) * t;
    return way + from;
  }
};
struct Step {
  template <typename T>
  T operator()(T edge, T x) const {
    return x < edge ? T{0} : T{1};
  }
};
struct SmoothStep {
  template <typename T>
  T operator()(T edge0, T edge1, T x) const {
    T t = (x - edge0) / (edge1 - edge0);
    t = t < T{0} ? T{0} : (t > T{1} ? T{1} : t);
    return t * t * (T{3} - T{2} * t);
  }
};
constexpr double kPi = 3.14159265358979323846;
struct Radians {
  template <typename T>
  T operator()(T degrees) const {
    return degrees * (static_cast<T>(kPi) / T{180});
  }
};
struct Degrees {
  template <typename T>
  T operator()(T radians) const {
    return radians * (T{180} / static_cast<T>(kPi));
  }
};

// --- To integers and to bool
// ------------------------------------------------------------------------------------------

template <typename T>
int32_t ToInt(T x) {
  constexpr T kLimit = T{2147483648.0};
  if (x >= -kLimit && x < kLimit) return static_cast<int32_t>(x);
  return std::numeric_limits<int32_t>::min();
}
struct FloorToInt {
  template <typename T>
  int32_t operator()(T x) const {
    return ToInt(std::floor(x));
  }
};
struct CeilToInt {
  template <typename T>
  int32_t operator()(T x) const {
    return ToInt(std::ceil(x));
  }
};
struct RoundToInt {
  template <typename T>
  int32_t operator()(T x) const {
    return ToInt(std::round(x));
  }
};
struct TruncateToInt {
  template <typename T>
  int32_t operator()(T x) const {
    return ToInt(std::trunc(x));
  }
};
struct IsNan {
  template <typename T>
  bool operator()(T x) const {
    return std::isnan(x);
  }
};
struct IsFinite {
  template <typename T>
  bool operator()(T x) const {
    return std::isfinite(x);
  }
};

// --- Rows
// -------------------------------------------------------------------------------------------------------------

// Sine and cosine at once, into the second and third argument.
template <typename T>
void SineCosine(NativeCall& call) {
  const T x = call.Value<T>(0);
  call.Reference<T>(1) = std::sin(x);
  call.Reference<T>(2) = std::cos(x);
}

// x * t + z and x + (y - x) * t with one t for all components.
template <typename T, int n>
void MultiplyAddScalar(NativeCall& call) {
  const std::array<T, n> x = Components<T, n>(call, 0);
  const T t = call.Value<T>(1);
  const std::array<T, n> z = Components<T, n>(call, 2);
  std::array<T, n> result;
  for (int i = 0; i < n; ++i) result[i] = MultiplyAdd{}(x[i], t, z[i]);
  ReturnComponents(call, result);
}
template <int n>
void LerpScalar(NativeCall& call) {
  const std::array<float, n> x = Components<float, n>(call, 0);
  const std::array<float, n> y = Components<float, n>(call, 1);
  const float t = call.Value<float>(2);
  std::array<float, n> result;
  for (int i = 0; i < n; ++i) result[i] = Lerp{}(x[i], y[i], t);
  ReturnComponents(call, result);
}

template <typename T, int n>
constexpr std::string_view MultiplyAddText() {
  using namespace row_text;
  return Joined<kX, kTypeName<T, n>, kScalarY, kTypeName<T, 1>, kThenZ, kTypeName<T, n>, kEnd, kTypeName<T, n>>::kText;
}
template <int n>
constexpr std::string_view LerpText() {
  using namespace row_text;
  return Joined<kXY, kTypeName<float, n>, kThenScalar, kTypeName<float, 1>, kEnd, kTypeName<float, n>>::kText;
}

template <int n, typename List>
constexpr void AddScalarForms(List& list) {
  list.Add({"mad", MultiplyAddText<float, n>(), &MultiplyAddScalar<float, n>, sema::kPure});
  list.Add({"mad", MultiplyAddText<int32_t, n>(), &MultiplyAddScalar<int32_t, n>, sema::kPure});
  list.Add({"mad", MultiplyAddText<uint32_t, n>(), &MultiplyAddScalar<uint32_t, n>, sema::kPure});
  list.Add({"lerp", LerpText<n>(), &LerpScalar<n>, sema::kPure});
}

template <typename List>
constexpr void AddPairs(List& list) {
  list.template AddReal<Power, 2>("pow");
  list.template AddReal<ArcTangent2, 2>("atan2");
  list.template AddReal<ArcTangent2, 2>("atan2_est");
  list.template AddReal<Hypotenuse, 2>("hypot");
  list.template AddReal<FloatModulo, 2>("fmod");
  list.template AddReal<Remainder, 2>("remainder");
  list.template AddReal<Step, 2>("step");
  list.template AddReal<SmoothStep, 3>("smoothstep");
  list.template AddReal<Lerp, 3>("lerp");
}

template <typename List>
constexpr void AddMade(List& list) {
  list.template AddReal<SafeArcSine, 1>("safe_asin");
  list.template AddReal<SafeArcCosine, 1>("safe_acos");
  list.template AddReal<ArcTangent, 1>("atan_est");
  list.template AddReal<Reciprocal, 1>("rcp");
  list.template AddReal<Reciprocal, 1>("rcp_est");
  list.template AddReal<ReciprocalRoot, 1>("rsqrt");
  list.template AddReal<ReciprocalRoot, 1>("rsqrt_est");
  list.template AddReal<Fraction, 1>("fract");
  list.template AddReal<Saturate, 1>("saturate");
  list.template AddReal<Radians, 1>("radians");
  list.template AddReal<Degrees, 1>("degrees");
}

template <typename Op, typename List>
constexpr void AddToInt(List& list, std::string_view name) {
  list.template AddAll<Op, 1, int32_t, float>(name);
  list.template AddOne<Op, 1, int32_t, double, 1>(name);
}

constexpr auto kList = [] {
  RowList<360> list;
  list.AddNumbers<Minimum, 2>("min", "min");
  list.AddNumbers<Maximum, 2>("max", "max");
  list.AddNumbers<Clamp, 3>("clamp");
  list.AddNumbers<Sign, 1>("sign");
  list.AddNumbers<Absolute, 1>("abs", "abs");
  list.AddNumbers<MultiplyAdd, 3>("mad");
#define VESTIGE_REAL(Name, function) list.AddReal<Name, 1>(#function, #function);
#include "builtins/math_real.def"
#undef VESTIGE_REAL
  AddMade(list);
  AddPairs(list);
  AddToInt<FloorToInt>(list, "floori");
  AddToInt<CeilToInt>(list, "ceili");
  AddToInt<RoundToInt>(list, "roundi");
  AddToInt<TruncateToInt>(list, "trunci");
  list.AddOne<IsNan, 1, bool, float, 1>("is_nan");
  list.AddOne<IsNan, 1, bool, double, 1>("is_nan");
  list.AddOne<IsFinite, 1, bool, float, 1>("is_finite");
  list.AddOne<IsFinite, 1, bool, double, 1>("is_finite");
  AddScalarForms<2>(list);
  AddScalarForms<3>(list);
  AddScalarForms<4>(list);
  list.Add({"sincos", "(x : float; var s, c : float&) : void", &SineCosine<float>});
  list.Add({"sincos", "(x : double; var s, c : double&) : void", &SineCosine<double>});
  return list;
}();

constexpr sema::NativeConstant kConstants[] = {
    {"PI", "float", {0x40490fdb}},
    {"DBL_PI", "double", {0x400921fb54442d18}},
    {"FLT_EPSILON", "float", {0x34000000}},
    {"DBL_EPSILON", "double", {0x3cb0000000000000}},
};

}  // namespace
}  // namespace math_scalar_natives

constexpr sema::NativeModule kMathScalarModule = {
    .name = "math", .functions = Rows(math_scalar_natives::kList), .constants = math_scalar_natives::kConstants};

}  // namespace vestige::builtins
