#pragma once

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// How far a picture may be from the expected one: what another rasteriser rounds otherwise, no
/// more.
struct PictureTolerance {
  int rounding = 2;            ///< of a channel of 255, anywhere
  double share_beyond = 1e-3;  ///< of the pixels that may be off by more than that
  int most = 32;               ///< that no channel of any pixel may be off by
};

struct PictureDistance {
  bool same_size = true;
  double share_beyond = 0;
  int most = 0;

  [[nodiscard]] bool within(const PictureTolerance& tolerance) const {
    return same_size && share_beyond <= tolerance.share_beyond && most <= tolerance.most;
  }
};

PictureDistance picture_distance(const Image& expected, const Image& made,
                                 const PictureTolerance& tolerance = {});

/// Expected, made, and what differs, brightened, beside each other.
Image side_by_side(const Image& expected, const Image& made);

/// The pixels of `picture` inside `area`.
Image cropped(const Image& picture, const Rect& area);

}  // namespace sketchscope
