#include "gui/app/layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sketchscope {
namespace {

/// A panel in a column: its share of the height, and what it needs at least, in text heights.
struct Share {
  std::string_view panel;
  float weight = 1;
  float least = 0;
};

/// Heights that add up to `height`: by weight, but none below its least while that is possible.
std::vector<float> share_height(const std::vector<Share>& shares, float height, float unit) {
  std::vector<float> heights(shares.size(), 0);
  std::vector<bool> fixed(shares.size(), false);
  for (bool settled = false; !settled;) {
    float left = height;
    float weights = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (fixed[i]) left -= heights[i];
      if (!fixed[i]) weights += shares[i].weight;
    }
    settled = true;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (fixed[i]) continue;
      heights[i] = std::max(left, 0.0F) * shares[i].weight / weights;
      const float least = shares[i].least * unit;
      if (heights[i] < least) {
        heights[i] = least;
        fixed[i] = true;
        settled = false;
        break;
      }
    }
  }
  const float used = std::accumulate(heights.begin(), heights.end(), 0.0F);
  if (used > height) {
    for (float& one : heights) one *= height / used;
  }
  return heights;
}

class Columns {
 public:
  Columns(float unit, float gap) : unit_(unit), gap_(gap) {}

  void stack(const Rect& area, const std::vector<Share>& shares) {
    const float gaps = gap_ * static_cast<float>(shares.size() - 1);
    const auto heights = share_height(shares, area.height() - gaps, unit_);
    float top = area.top;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const bool last = i + 1 == shares.size();
      const float bottom = last ? area.bottom : std::round(top + heights[i]);
      places_.push_back({shares[i].panel, {area.left, top, area.right, bottom}});
      top = bottom + gap_;
    }
  }

  /// Gives the right part of `panel`'s card to `beside`.
  void split(std::string_view panel, std::string_view beside, float share) {
    const auto found = std::ranges::find(places_, panel, &Place::panel);
    Rect right = found->rect;
    found->rect.right = std::round(right.left + (right.width() - gap_) * share);
    right.left = found->rect.right + gap_;
    places_.push_back({beside, right});
  }

  std::vector<Place> finish() { return std::move(places_); }

 private:
  float unit_;
  float gap_;
  std::vector<Place> places_;
};

}  // namespace

std::vector<Place> default_layout(const Rect& area, float unit, float gap,
                                  Arrangement arrangement) {
  gap = std::round(gap);
  const float left_width = std::round(std::min(22 * unit, area.width() * 0.24F));
  const float right_width = std::round(std::clamp(area.width() * 0.27F, 24 * unit, 48 * unit));
  const float why_height = std::round(std::max(area.height() * 0.19F, 13.5F * unit));
  const float split_top = area.bottom - why_height - gap;
  const Rect left{area.left, area.top, area.left + left_width, split_top};
  const Rect right{area.right - right_width, area.top, area.right, area.bottom};
  const Rect middle{left.right + gap, area.top, right.left - gap, split_top};
  const Rect below{area.left, split_top + gap, middle.right, area.bottom};

  Columns columns(unit, gap);
  columns.stack(left, {{"knobs", 4, 20}, {"bytes", 1, 10.5F}});
  if (arrangement == Arrangement::paths) {
    columns.stack(middle, {{"branching", 6, 34}, {"text", 0.9F, 7}, {"occupancy", 1.2F, 11}});
  } else {
    columns.stack(
        middle,
        {{"text", 1.3F, 8}, {"occupancy", 2.4F, 14}, {"sketch", 2.2F, 12}, {"timeline", 0.9F, 8}});
    columns.split("sketch", "accuracy", 0.67F);
  }
  columns.stack(below, {{"why", 1, 0}});
  columns.stack(right, {{"next-token-kl", 1.5F, 8},
                        {"attention-kl", 1.5F, 8},
                        {"next-token", 1.5F, 10},
                        {"memory", 1.3F, 8},
                        {"evictions", 2.6F, 10}});
  return columns.finish();
}

}  // namespace sketchscope
