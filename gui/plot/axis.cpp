#include "gui/plot/axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace sketchscope::plot {
namespace {

constexpr double kFarAway = 1e6;  // pixels; clamps points outside the plot to the GPU's range
constexpr double kAir = 1.04;
constexpr int kTicksOfARoundAxis = 4;

/// Formats a tick in the axis's unit: "0.2 MiB" from 0.2 and "1 MiB".
std::string in_unit(double count, const std::string& one) {
  return format_number(count) + one.substr(one.find(' '));
}

double round_maximum(double maximum) {
  if (!(maximum > 0) || !std::isfinite(maximum)) return 1;
  const double step = nice_step(maximum * kAir / kTicksOfARoundAxis);
  return std::ceil(maximum * kAir / step) * step;
}

/// The extremes of the samples in one column, with their places.
struct Column {
  double number = 0;
  double within = 0;  ///< a later x below this one surely lies in the column
  std::size_t lowest_at = 0;
  std::size_t highest_at = 0;
  double lowest = 0;
  double highest = 0;
};

/// The least and the greatest of some values.
struct Extremes {
  double lowest = 0;
  double highest = 0;
};

/// Returns the extremes of at least one value; empty if one of them is no number or infinite.
/// Several are compared side by side, since one comparison after the other would wait for the one
/// before.
std::optional<Extremes> extremes_of(std::span<const double> values) {
  constexpr std::size_t kBeside = 4;
  std::array<double, kBeside> low;
  std::array<double, kBeside> high;
  low.fill(values.front());
  high.fill(values.front());
  std::array<double, kBeside> no_number{};  // a finite value times zero is zero, others are NaN
  const auto hold = [&](std::size_t lane, double value) {
    low[lane] = value < low[lane] ? value : low[lane];
    high[lane] = value > high[lane] ? value : high[lane];
    no_number[lane] += value * 0;
  };
  std::size_t first = 0;
  for (; first + kBeside <= values.size(); first += kBeside) {
    for (std::size_t lane = 0; lane < kBeside; ++lane) hold(lane, values[first + lane]);
  }
  for (; first < values.size(); ++first) hold(0, values[first]);
  if (!(no_number[0] + no_number[1] + no_number[2] + no_number[3] == 0)) return std::nullopt;
  return Extremes{std::ranges::min(low), std::ranges::max(high)};
}

class PieceBuilder {
 public:
  PieceBuilder(std::span<const double> x, std::span<const double> y, const Axis& x_axis,
               const Axis& y_axis, double width)
      : x_(x), y_(y), x_axis_(x_axis), y_axis_(y_axis), width_(width) {}

  /// Adds the samples [first, end).
  void add_all(std::size_t first, std::size_t end) {
    while (first < end) {
      const std::size_t run = column_ ? run_within(first, end) : first;
      if (run > first && add_run(first, run)) {
        first = run;
      } else {
        add(first++);
      }
    }
  }

  std::vector<LinePiece> finish() {
    end_piece();
    return std::move(pieces_);
  }

 private:
  /// Returns the end of the samples from `first` on that lie surely within the open column: as many
  /// as in the column before, or nearly so, where steps are even.
  std::size_t run_within(std::size_t first, std::size_t end) {
    const double within = column_->within;
    const auto ends_at = [&](std::size_t at) {
      return at <= end && (at == first || x_[at - 1] < within) && (at == end || !(x_[at] < within));
    };
    for (const std::size_t more : {0U, 1U}) {
      if (ends_at(first + usual_run_ + more)) return first + usual_run_ + more;
    }
    const auto rest = x_.subspan(first, end - first);
    const auto after = std::ranges::partition_point(rest, [&](double x) { return x < within; });
    usual_run_ = static_cast<std::size_t>(after - rest.begin());
    return first + usual_run_;
  }

  /// Adds samples of the open column, which spares the logarithm and the rounding that tell a
  /// column. Does nothing and returns false if one is no number.
  bool add_run(std::size_t first, std::size_t end) {
    const auto values = y_.subspan(first, end - first);
    const std::optional<Extremes> found = extremes_of(values);
    if (!found) return false;
    const auto place_of = [&](double value) {
      return first + static_cast<std::size_t>(std::ranges::find(values, value) - values.begin());
    };
    if (found->lowest < column_->lowest) {
      column_->lowest = found->lowest;
      column_->lowest_at = place_of(found->lowest);
    }
    if (found->highest > column_->highest) {
      column_->highest = found->highest;
      column_->highest_at = place_of(found->highest);
    }
    return true;
  }

  void add(std::size_t sample) {
    const double value = y_[sample];
    if (!std::isfinite(value)) return end_piece();
    if (!column_ || !(x_[sample] < column_->within)) {
      if (!std::isfinite(x_[sample])) return end_piece();
      const double number = std::floor(x_axis_.pixels_from_origin(x_[sample]) / width_);
      if (!column_ || column_->number != number) {
        end_column();
        column_ = Column{number, surely_within(number), sample, sample, value, value};
        return;
      }
    }
    if (value < column_->lowest) {
      column_->lowest = value;
      column_->lowest_at = sample;
    } else if (value > column_->highest) {
      column_->highest = value;
      column_->highest_at = sample;
    }
  }

  /// Returns a bound just below the end of a column: the value there less what rounding may do.
  [[nodiscard]] double surely_within(double column) const {
    constexpr double kRounding = 1e-12;
    const double end = x_axis_.value_from_origin((column + 1) * width_);
    return end - std::abs(end) * kRounding;
  }

  void push(std::size_t sample) {
    if (piece_.size() == kMaximumLinePoints) {
      const Point joint = piece_.back();
      pieces_.push_back(std::move(piece_));
      piece_ = {joint};
    }
    if (piece_.empty()) piece_.reserve(kExpectedPoints);
    piece_.push_back({x_axis_.pixel(x_[sample]), y_axis_.pixel(y_[sample])});
  }

  void end_column() {
    if (!column_) return;
    const auto [first, second] = std::minmax(column_->lowest_at, column_->highest_at);
    push(first);
    if (second != first) push(second);
    column_.reset();
  }

  void end_piece() {
    end_column();
    if (!piece_.empty()) pieces_.push_back(std::move(piece_));
    piece_ = {};
  }

  static constexpr std::size_t kExpectedPoints = 1024;  // two for each pixel of a card

  std::span<const double> x_;
  std::span<const double> y_;
  const Axis& x_axis_;
  const Axis& y_axis_;
  double width_;               // of a column, in pixels
  std::size_t usual_run_ = 0;  // samples of a column after its first one
  std::optional<Column> column_;
  LinePiece piece_;
  std::vector<LinePiece> pieces_;
};

/// Returns the indices, the last one excluded, of the samples within the axis and one on either
/// side.
std::pair<std::size_t, std::size_t> samples_within(std::span<const double> x, const Axis& axis) {
  const auto first = std::ranges::lower_bound(x, axis.minimum());
  const auto last = std::upper_bound(first, x.end(), axis.maximum());
  const auto begin = static_cast<std::size_t>(first - x.begin());
  const auto end = static_cast<std::size_t>(last - x.begin());
  return {begin > 0 ? begin - 1 : begin, end < x.size() ? end + 1 : end};
}

}  // namespace

double nice_step(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  // The quotient of a power of ten by itself may come out just above one.
  for (double factor : {1.0, 2.0, 5.0}) {
    if (value <= factor * power * (1 + 1e-12)) return factor * power;
  }
  return 10 * power;
}

AxisOptions bytes_axis(double maximum) {
  double unit = 1;
  while (maximum >= 1024 * unit) unit *= 1024;
  return {
      .maximum = round_maximum(maximum / unit) * unit, .tick_unit = unit, .format = format_bytes};
}

AxisOptions axis_from_zero(double maximum, ValueFormat format) {
  return {.maximum = round_maximum(maximum), .format = format};
}

AxisOptions axis_around_zero(double size, ValueFormat format) {
  const double maximum = round_maximum(size);
  return {.minimum = -maximum, .maximum = maximum, .format = format};
}

AxisOptions integer_axis(double first, double last) {
  return {.minimum = first, .maximum = last, .integer = true, .format = format_integer};
}

Axis::Axis(const AxisOptions& options, float from_pixel, float to_pixel)
    : options_(options),
      minimum_(options.minimum),
      maximum_(options.maximum),
      from_(from_pixel),
      to_(to_pixel) {
  const bool logarithmic = options_.scale == Scale::log10;
  if (!std::isfinite(minimum_)) minimum_ = 0;
  if (logarithmic && minimum_ <= 0) minimum_ = maximum_ > 0 ? maximum_ * 1e-4 : 1;
  if (!std::isfinite(maximum_) || maximum_ <= minimum_) {
    maximum_ = logarithmic ? minimum_ * 10 : minimum_ + 1;
  }
  scaled_minimum_ = scaled(minimum_);
  per_scaled_ = (to_ - from_) / (scaled(maximum_) - scaled_minimum_);
}

double Axis::scaled(double value) const {
  if (options_.scale == Scale::linear) return value;
  return std::log10(value > 0 ? value : minimum_);
}

float Axis::pixel(double value) const {
  const double at = from_ + (scaled(value) - scaled_minimum_) * per_scaled_;
  return static_cast<float>(std::clamp(at, -kFarAway, kFarAway));
}

double Axis::value(float pixel) const {
  if (to_ == from_) return minimum_;
  const double at = scaled_minimum_ + (pixel - from_) / per_scaled_;
  return options_.scale == Scale::linear ? at : std::pow(10.0, at);
}

double Axis::pixels_from_origin(double value) const {
  return scaled(value) * std::abs(per_scaled_);
}

double Axis::value_from_origin(double pixels) const {
  const double scaled_value = pixels / std::abs(per_scaled_);
  return options_.scale == Scale::linear ? scaled_value : std::pow(10.0, scaled_value);
}

std::vector<Tick> Axis::ticks(float distance) const {
  if (std::abs(to_ - from_) < 1 || !(distance > 0)) return {};
  return options_.scale == Scale::linear ? linear_ticks(distance) : decade_ticks(distance);
}

std::vector<Tick> Axis::linear_ticks(float distance) const {
  const double unit = options_.tick_unit;
  const double per_pixel = (maximum_ - minimum_) / unit / std::abs(to_ - from_);
  double step = nice_step(per_pixel * distance);
  if (options_.integer) step = std::max(step, 1.0);
  std::vector<Tick> ticks;
  const auto last = static_cast<std::int64_t>(std::floor(maximum_ / unit / step + 1e-9));
  for (auto i = static_cast<std::int64_t>(std::ceil(minimum_ / unit / step - 1e-9)); i <= last;
       ++i) {
    const double value = static_cast<double>(i) * step * unit;
    ticks.push_back({value, i == 0 || unit == 1 ? options_.format(value)
                                                : in_unit(value / unit, options_.format(unit))});
  }
  return ticks;
}

std::vector<Tick> Axis::decade_ticks(float distance) const {
  const double decades = std::log10(maximum_) - std::log10(minimum_);
  const double pixels_per_decade = std::abs(to_ - from_) / decades;
  const int stride = std::max(1, static_cast<int>(std::ceil(distance / pixels_per_decade)));
  std::vector<Tick> ticks;
  const int last = static_cast<int>(std::floor(std::log10(maximum_) + 1e-9));
  for (int power = static_cast<int>(std::ceil(std::log10(minimum_) - 1e-9)); power <= last;
       power += stride) {
    const double value = std::pow(10.0, power);
    ticks.push_back({value, options_.format(value)});
  }
  return ticks;
}

std::vector<LinePiece> decimate(std::span<const double> x, std::span<const double> y,
                                const Axis& x_axis, const Axis& y_axis, double column) {
  const auto [begin, end] = samples_within(x.first(std::min(x.size(), y.size())), x_axis);
  PieceBuilder builder(x, y, x_axis, y_axis, column);
  builder.add_all(begin, end);
  return builder.finish();
}

std::vector<Strip> band_strips(std::span<const double> x, std::span<const double> low,
                               std::span<const double> high, const Axis& x_axis,
                               const Axis& y_axis) {
  const std::size_t count = std::min({x.size(), low.size(), high.size()});
  const auto [begin, end] = samples_within(x.first(count), x_axis);
  std::vector<Strip> strips;
  bool open = false;
  for (std::size_t at = begin; at < end; ++at) {
    if (!std::isfinite(low[at]) || !std::isfinite(high[at])) {
      open = false;
      continue;
    }
    const Point bottom{x_axis.pixel(x[at]), y_axis.pixel(low[at])};
    const Point top{bottom.x, y_axis.pixel(high[at])};
    if (!open) strips.emplace_back();
    Strip& strip = strips.back();
    const bool same_column =
        open && std::floor(strip.low.back().x) == std::floor(bottom.x) && strip.low.size() > 1;
    open = true;
    if (same_column) {
      strip.low.back().y = std::max(strip.low.back().y, bottom.y);
      strip.high.back().y = std::min(strip.high.back().y, top.y);
    } else {
      strip.low.push_back(bottom);
      strip.high.push_back(top);
    }
  }
  return strips;
}

}  // namespace sketchscope::plot
