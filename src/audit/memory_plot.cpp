#include "audit/memory_plot.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "fmt/format.h"

namespace vestige::audit {

namespace {

constexpr double kLeft = 80;
constexpr double kTop = 50;
constexpr double kWidth = 780;
constexpr double kHeight = 340;
constexpr int kTicks = 5;

// The least round number (1, 2 or 5 times a power of ten) from which `kTicks` steps reach `most`.
double StepFor(double most) {
  const double least = std::max(most, 1e-9) / kTicks;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (power * factor >= least) return power * factor;
  }
  return power * 10;
}

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '<') {
      escaped += "&lt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

class Plot {
 public:
  explicit Plot(std::span<const Checkpoint> checkpoints) : checkpoints_(checkpoints) {
    for (const Checkpoint& at : checkpoints_) {
      seconds_ = std::max(seconds_, Seconds(at));
      megabytes_ = std::max(megabytes_, Megabytes(std::max(at.resident_bytes, at.script_bytes())));
    }
    x_step_ = StepFor(seconds_);
    y_step_ = StepFor(megabytes_);
    seconds_ = std::max(seconds_, x_step_);
    megabytes_ = y_step_ * kTicks;
  }

  std::string Axes() const {
    std::string text;
    for (int i = 0; i <= kTicks; ++i) {
      const double y = Y(y_step_ * i);
      Append(text, "<path d='M{:.1f} {:.1f}h{}' stroke='#ddd'/>\n", kLeft, y, kWidth);
      Append(text, "<text x='{:.1f}' y='{:.1f}' text-anchor='end'>{:.4g} MB</text>\n", kLeft - 8, y + 4, y_step_ * i);
    }
    for (double at = 0; at <= seconds_ * 1.0001; at += x_step_) {
      Append(text, "<text x='{:.1f}' y='{:.1f}' text-anchor='middle'>{:.4g} s</text>\n", X(at), kTop + kHeight + 20,
             at);
    }
    return text;
  }

  template <typename Value>
  std::string Curve(std::string_view name, std::string_view colour, double legend, Value value) const {
    std::string text;
    Append(text, "<polyline fill='none' stroke-width='2' stroke='{}' points='", colour);
    for (const Checkpoint& at : checkpoints_) Append(text, "{:.1f},{:.1f} ", X(Seconds(at)), Y(Megabytes(value(at))));
    Append(text, "'/>\n<path d='M{:.1f} {:.1f}h24' stroke-width='2' stroke='{}'/>\n", legend, kTop - 14, colour);
    Append(text, "<text x='{:.1f}' y='{:.1f}'>{}</text>\n", legend + 30, kTop - 10, name);
    return text;
  }

  // A line where it happened, at the first checkpoint behind it.
  std::string Mark(const Spike& spike) const {
    const auto behind = std::find_if(checkpoints_.begin(), checkpoints_.end(),
                                     [&](const Checkpoint& at) { return at.items >= spike.items; });
    if (behind == checkpoints_.end()) return "";
    std::string text;
    const double x = X(Seconds(*behind));
    const bool is_left = x < kLeft + kWidth / 2;
    Append(text, "<path d='M{:.1f} {:.1f}v{}' stroke='#c22' stroke-dasharray='4 3'/>\n", x, kTop, kHeight);
    Append(text, "<text x='{:.1f}' y='{:.1f}' fill='#c22' text-anchor='{}'>+{:.1f} MB at items={}</text>\n",
           is_left ? x + 6 : x - 6, kTop + 14, is_left ? "start" : "end", Megabytes(spike.bytes), spike.items);
    return text;
  }

 private:
  template <typename... Args>
  static void Append(std::string& text, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
  }
  static double Seconds(const Checkpoint& at) { return static_cast<double>(at.time_ns) / 1e9; }
  static double Megabytes(uint64_t bytes) { return static_cast<double>(bytes) / (1024 * 1024); }
  double X(double seconds) const { return kLeft + kWidth * seconds / seconds_; }
  double Y(double megabytes) const { return kTop + kHeight * (1 - megabytes / megabytes_); }

  std::span<const Checkpoint> checkpoints_;
  double seconds_ = 0;
  double megabytes_ = 0;
  double x_step_ = 1;
  double y_step_ = 1;
};

}  // namespace

std::string MemoryPlot(std::string_view title, std::span<const Checkpoint> checkpoints, const MemoryVerdict& verdict) {
  const Plot plot(checkpoints);
  std::string text =
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 900 440' width='900' height='440' "
      "font-family='sans-serif' font-size='12'>\n<rect width='900' height='440' fill='white'/>\n";
  text += fmt::format("<text x='{}' y='22' font-size='15'>{}</text>\n", kLeft, Escaped(title));
  text += plot.Axes();
  text += plot.Curve("process (RSS)", "#36c", 480, [](const Checkpoint& at) { return at.resident_bytes; });
  text += plot.Curve("script (heap and strings)", "#e80", 660, [](const Checkpoint& at) { return at.script_bytes(); });
  if (verdict.kind == MemoryVerdict::Kind::kSpike) text += plot.Mark(verdict.spike);
  if (!checkpoints.empty()) {
    std::string line = SummaryLine(checkpoints.back(), checkpoints.front(), verdict);
    line.pop_back();
    text += fmt::format("<text x='{}' y='432' font-size='11'>{}</text>\n", kLeft, Escaped(line));
  }
  return text + "</svg>\n";
}

}  // namespace vestige::audit
