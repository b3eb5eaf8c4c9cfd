#include "gui/plot/decimate.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace sketchscope {
namespace {

/// The extremes of the samples in one pixel column, with their places.
struct Column {
  double number = 0;
  std::size_t lowest = 0;
  std::size_t highest = 0;
};

class PieceBuilder {
 public:
  PieceBuilder(std::span<const double> x, std::span<const double> y, const Axis& x_axis,
               const Axis& y_axis)
      : x_(x), y_(y), x_axis_(x_axis), y_axis_(y_axis) {}

  void add(std::size_t sample) {
    if (!std::isfinite(x_[sample]) || !std::isfinite(y_[sample])) return end_piece();
    const double number = std::floor(x_axis_.pixels_from_origin(x_[sample]));
    if (!column_ || column_->number != number) {
      end_column();
      column_ = Column{number, sample, sample};
    }
    if (y_[sample] < y_[column_->lowest]) column_->lowest = sample;
    if (y_[sample] > y_[column_->highest]) column_->highest = sample;
  }

  std::vector<LinePiece> finish() {
    end_piece();
    return std::move(pieces_);
  }

 private:
  void push(std::size_t sample) {
    if (piece_.size() == kMaximumLinePoints) {
      const Point joint = piece_.back();
      pieces_.push_back(std::move(piece_));
      piece_ = {joint};
    }
    piece_.push_back({x_axis_.pixel(x_[sample]), y_axis_.pixel(y_[sample])});
  }

  void end_column() {
    if (!column_) return;
    const auto [first, second] = std::minmax(column_->lowest, column_->highest);
    push(first);
    if (second != first) push(second);
    column_.reset();
  }

  void end_piece() {
    end_column();
    if (!piece_.empty()) pieces_.push_back(std::move(piece_));
    piece_ = {};
  }

  std::span<const double> x_;
  std::span<const double> y_;
  const Axis& x_axis_;
  const Axis& y_axis_;
  std::optional<Column> column_;
  LinePiece piece_;
  std::vector<LinePiece> pieces_;
};

}  // namespace

std::vector<LinePiece> decimate(std::span<const double> x, std::span<const double> y,
                                const Axis& x_axis, const Axis& y_axis) {
  const std::size_t count = std::min(x.size(), y.size());
  x = x.first(count);
  const auto first = std::ranges::lower_bound(x, x_axis.minimum());
  const auto last = std::upper_bound(first, x.end(), x_axis.maximum());
  std::size_t begin = static_cast<std::size_t>(first - x.begin());
  std::size_t end = static_cast<std::size_t>(last - x.begin());
  if (begin > 0) --begin;
  if (end < count) ++end;

  PieceBuilder builder(x, y, x_axis, y_axis);
  for (std::size_t sample = begin; sample < end; ++sample) builder.add(sample);
  return builder.finish();
}

}  // namespace sketchscope
