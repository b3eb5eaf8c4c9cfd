#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gui/plot/axis.hpp"
#include "gui/plot/canvas.hpp"

namespace sketchscope::plot {

/// One unbroken piece of a line, in pixels.
using LinePiece = std::vector<Point>;

/// The largest number of points of a piece: ImGui uses four vertices per point and 16-bit indices.
inline constexpr std::size_t kMaximumLinePoints = 16000;

/// The columns of pixels into which the samples of a line fall, from which all lines over the same
/// `x` are drawn. They are aligned with the data, so that a moving line does not flicker. Only
/// samples within the axis, and one on either side, lie in them.
class LineColumns {
 public:
  /// `x` ascends and must outlive the object; a column is `width` pixels wide.
  LineColumns(std::span<const double> x, const Axis& axis, double width);

  /// Returns whether these are the columns of such samples on the same axis.
  [[nodiscard]] bool are_of(std::span<const double> x, double width) const {
    return x_.data() == x.data() && x_.size() == x.size() && width_ == width;
  }
  /// Converts samples to pixels. Those of a column are replaced by their minimum and maximum in
  /// their original order, so that no peak is lost. A value that is not finite ends a piece.
  [[nodiscard]] std::vector<LinePiece> pieces(std::span<const double> y, const Axis& y_axis) const;

 private:
  void add_columns(const Axis& axis);
  [[nodiscard]] LinePiece piece_of(std::span<const double> y, const Axis& y_axis, std::size_t first,
                                   std::size_t end) const;

  std::span<const double> x_;
  double width_;
  std::size_t begin_ = 0;  ///< of the samples that are drawn
  std::size_t end_ = 0;
  std::vector<std::size_t> starts_;  ///< the first sample of each column, and the end of the last
  std::size_t longest_ = 0;          ///< samples of the longest column
  std::vector<float> pixels_;        ///< of each sample from `begin_` on
};

/// Converts the samples of one line to pixels as LineColumns does.
std::vector<LinePiece> decimate(std::span<const double> x, std::span<const double> y,
                                const Axis& x_axis, const Axis& y_axis, double column = 1);

/// One unbroken piece of a band, in pixels: two lines with the same x.
struct Strip {
  LinePiece low;
  LinePiece high;
};

/// Converts a band between two series with ascending `x` to pixels, with the least and the largest
/// value of each pixel column. NaN in either ends a strip.
std::vector<Strip> band_strips(std::span<const double> x, std::span<const double> low,
                               std::span<const double> high, const Axis& x_axis,
                               const Axis& y_axis);

}  // namespace sketchscope::plot
