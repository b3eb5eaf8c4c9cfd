#include "gui/plot/line_pieces.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace sketchscope::plot {
namespace {

/// Returns the indices, the last one excluded, of the samples within the axis and one on either
/// side.
std::pair<std::size_t, std::size_t> samples_within(std::span<const double> x, const Axis& axis) {
  const auto first = std::ranges::lower_bound(x, axis.minimum());
  const auto last = std::upper_bound(first, x.end(), axis.maximum());
  const auto begin = static_cast<std::size_t>(first - x.begin());
  const auto end = static_cast<std::size_t>(last - x.begin());
  return {begin > 0 ? begin - 1 : begin, end < x.size() ? end + 1 : end};
}

/// The samples of one column that are drawn.
struct Extremes {
  std::size_t lowest = 0;
  std::size_t highest = 0;
};

/// Finds the extremes of the samples [first, last] by as many comparisons as `longest` columns
/// need. Columns of one, two or three samples follow each other without a pattern, and a wrong
/// guess of the processor at their ends would cost more than all comparisons.
Extremes extremes_of_few(std::span<const double> y, std::size_t first, std::size_t last,
                         std::size_t longest) {
  Extremes found{first, first};
  double low = y[first];
  double high = low;
  for (std::size_t more = 1; more < longest; ++more) {
    const std::size_t at = std::min(first + more, last);
    const double value = y[at];
    const bool lower = value < low;
    const bool higher = value > high;
    low = lower ? value : low;
    high = higher ? value : high;
    found.lowest = lower ? at : found.lowest;
    found.highest = higher ? at : found.highest;
  }
  return found;
}

/// Finds the extremes of the samples [first, last]. Several are compared side by side, since one
/// comparison after the other would wait for the one before.
Extremes extremes_of_many(std::span<const double> y, std::size_t first, std::size_t last) {
  constexpr std::size_t kBeside = 4;
  const auto values = y.subspan(first, last - first + 1);
  std::array<double, kBeside> low;
  std::array<double, kBeside> high;
  low.fill(values.front());
  high.fill(values.front());
  const auto hold = [&](std::size_t lane, double value) {
    low[lane] = value < low[lane] ? value : low[lane];
    high[lane] = value > high[lane] ? value : high[lane];
  };
  std::size_t next = 0;
  for (; next + kBeside <= values.size(); next += kBeside) {
    for (std::size_t lane = 0; lane < kBeside; ++lane) hold(lane, values[next + lane]);
  }
  for (; next < values.size(); ++next) hold(0, values[next]);
  const auto place_of = [&](double value) {
    return first + static_cast<std::size_t>(std::ranges::find(values, value) - values.begin());
  };
  return {place_of(std::ranges::min(low)), place_of(std::ranges::max(high))};
}

/// Cuts a line into pieces of at most kMaximumLinePoints, each of which begins where the one before
/// ended.
void add_cut(LinePiece line, std::vector<LinePiece>& pieces) {
  if (line.size() <= kMaximumLinePoints) return pieces.push_back(std::move(line));
  for (std::size_t first = 0; first + 1 < line.size(); first += kMaximumLinePoints - 1) {
    const std::size_t count = std::min(kMaximumLinePoints, line.size() - first);
    const auto from = line.begin() + static_cast<std::ptrdiff_t>(first);
    pieces.emplace_back(from, from + static_cast<std::ptrdiff_t>(count));
  }
}

}  // namespace

LineColumns::LineColumns(std::span<const double> x, const Axis& axis, double width)
    : x_(x), width_(width) {
  std::tie(begin_, end_) = samples_within(x, axis);
  pixels_.reserve(end_ - begin_);
  for (std::size_t at = begin_; at < end_; ++at) pixels_.push_back(axis.pixel(x[at]));
  add_columns(axis);
}

void LineColumns::add_columns(const Axis& axis) {
  // Most samples of a long line lie surely within the column of the one before, which spares the
  // logarithm and the rounding that tell a column.
  double within = -std::numeric_limits<double>::infinity();
  double number = 0;
  for (std::size_t at = begin_; at < end_; ++at) {
    if (x_[at] < within) continue;
    const double own = std::floor(axis.pixels_from_origin(x_[at]) / width_);
    if (!starts_.empty() && own == number) continue;
    number = own;
    constexpr double kRounding = 1e-12;
    const double end = axis.value_from_origin((number + 1) * width_);
    within = end - std::abs(end) * kRounding;
    if (!starts_.empty()) longest_ = std::max(longest_, at - starts_.back());
    starts_.push_back(at);
  }
  if (!starts_.empty()) longest_ = std::max(longest_, end_ - starts_.back());
  starts_.push_back(end_);
}

std::vector<LinePiece> LineColumns::pieces(std::span<const double> y, const Axis& y_axis) const {
  const std::size_t end = std::min(end_, y.size());
  const auto is_there = [&](std::size_t at) {
    return std::isfinite(y[at]) && std::isfinite(x_[at]);
  };
  std::vector<LinePiece> pieces;
  for (std::size_t first = begin_; first < end;) {
    if (!is_there(first)) {
      ++first;
      continue;
    }
    std::size_t last = first + 1;
    while (last < end && is_there(last)) ++last;
    add_cut(piece_of(y, y_axis, first, last), pieces);
    first = last;
  }
  return pieces;
}

LinePiece LineColumns::piece_of(std::span<const double> y, const Axis& y_axis, std::size_t first,
                                std::size_t end) const {
  constexpr std::size_t kFew = 6;
  auto column = std::ranges::upper_bound(starts_, first) - 1;
  const auto columns = std::ranges::lower_bound(starts_, end) - column;
  LinePiece piece(2 * static_cast<std::size_t>(columns));
  std::size_t points = 0;
  const auto put = [&](std::size_t at) {
    piece[points] = {pixels_[at - begin_], y_axis.pixel(y[at])};
  };
  for (; *column < end; ++column) {
    const std::size_t from = std::max(*column, first);
    const std::size_t last = std::min(*(column + 1), end) - 1;
    const Extremes found = longest_ <= kFew ? extremes_of_few(y, from, last, longest_)
                                            : extremes_of_many(y, from, last);
    // The second point is written in any case, and kept if it is another one.
    put(std::min(found.lowest, found.highest));
    ++points;
    put(std::max(found.lowest, found.highest));
    points += found.lowest != found.highest ? 1 : 0;
  }
  piece.resize(points);
  return piece;
}

std::vector<LinePiece> decimate(std::span<const double> x, std::span<const double> y,
                                const Axis& x_axis, const Axis& y_axis, double column) {
  return LineColumns(x.first(std::min(x.size(), y.size())), x_axis, column).pieces(y, y_axis);
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
