#include "gui/app/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/app/layout_columns.hpp"
#include "gui/app/layout_fold.hpp"

namespace sketchscope::app {
namespace {

constexpr std::array<std::string_view, 5> kSideNames = {"tab", "above", "below", "left_of",
                                                        "right_of"};

/// Divides `height` by weight, with none below its least if possible.
std::vector<float> share_height(const std::vector<float>& weights, const std::vector<float>& least,
                                float height) {
  std::vector<float> heights(weights.size(), 0);
  std::vector<bool> fixed(weights.size(), false);
  for (bool settled = false; !settled;) {
    float left = height;
    float all = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (fixed[i]) left -= heights[i];
      if (!fixed[i]) all += weights[i];
    }
    settled = true;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (fixed[i]) continue;
      heights[i] = std::max(left, 0.0F) * weights[i] / all;
      if (heights[i] < least[i]) {
        heights[i] = least[i];
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

float factor_of(const std::map<std::string, float>& factors, std::string_view name) {
  const auto found = factors.find(std::string(name));
  return found == factors.end() ? 1 : found->second;
}

/// Returns the columns of an arrangement, folded as far as the area is too small for them.
LayoutColumns fitting_columns(const plot::Rect& area, float unit, Arrangement arrangement,
                              const LayoutChoice& choice) {
  return folded(layout_columns(arrangement, choice), area.width() / unit, area.height() / unit);
}

/// The areas of the columns. A column whose panels are all hidden is empty.
struct Regions {
  plot::Rect left;
  plot::Rect middle;
  plot::Rect below;
  plot::Rect right;
};

Regions regions_of(const plot::Rect& area, float unit, float gap, const LayoutColumns& columns,
                   const LayoutChoice& choice) {
  const bool has_left = !columns.left.empty();
  const bool has_right = !columns.right.empty();
  const bool has_below = !columns.below.empty();
  const bool narrow = area.width() < kLeastOfThreeColumns * unit;
  const float usual_left = std::min(22 * unit, area.width() * (narrow ? 0.34F : 0.24F));
  const float usual_right = std::clamp(area.width() * 0.27F, 24 * unit, 48 * unit);
  const float usual_below = std::max(area.height() * 0.19F, 13.5F * unit);
  const float left = has_left ? std::round(usual_left * choice.left) : 0;
  const float right = has_right ? std::round(usual_right * choice.right) : 0;
  const float below = has_below ? std::round(usual_below * choice.below) : 0;
  const float split = area.bottom - below - (has_below ? gap : 0);
  const float middle_left = area.left + left + (has_left ? gap : 0);
  const float middle_right = area.right - right - (has_right ? gap : 0);
  return {.left = {area.left, area.top, area.left + left, split},
          .middle = {middle_left, area.top, middle_right, split},
          .below = {area.left, has_below ? split + gap : area.bottom, middle_right, area.bottom},
          .right = {area.right - right, area.top, area.right, area.bottom}};
}

/// Places the cards of a column and, if wanted, the gaps between them.
class ColumnPlacer {
 public:
  ColumnPlacer(float unit, float gap, const LayoutChoice& choice)
      : unit_(unit), gap_(gap), choice_(choice) {}

  void stack(const plot::Rect& area, const LayoutColumn& column) {
    if (column.empty()) return;
    std::vector<float> weights;
    std::vector<float> least;
    for (const LayoutRow& row : column) {
      weights.push_back(row.weight * factor_of(choice_.heights, row.name()));
      least.push_back(row.least * unit_);
    }
    const float height = area.height() - gap_ * static_cast<float>(column.size() - 1);
    const std::vector<float> heights = share_height(weights, least, height);
    float top = area.top;
    for (std::size_t i = 0; i < column.size(); ++i) {
      const bool last = i + 1 == column.size();
      const float bottom = last ? area.bottom : std::round(top + heights[i]);
      place({area.left, top, area.right, bottom}, column[i]);
      if (!last) {
        splitters_.push_back({.rect = {area.left, bottom, area.right, bottom + gap_},
                              .part = Splitter::Part::heights,
                              .before = column[i].name(),
                              .after = column[i + 1].name(),
                              .share_before = column[i].weight,
                              .share_after = column[i + 1].weight,
                              .pixels = heights[i] + heights[i + 1]});
      }
      top = bottom + gap_;
    }
  }

  std::vector<Place> take_places() { return std::move(places_); }
  std::vector<Splitter> take_splitters() { return std::move(splitters_); }

 private:
  void place(const plot::Rect& area, const LayoutRow& row) {
    float all = 0;
    for (const LayoutCell& cell : row.cells) all += weight_of(cell);
    const float width = area.width() - gap_ * static_cast<float>(row.cells.size() - 1);
    float left = area.left;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const LayoutCell& cell = row.cells[i];
      const bool last = i + 1 == row.cells.size();
      const float right = last ? area.right : std::round(left + width * weight_of(cell) / all);
      places_.push_back({cell.in_front(choice_), {left, area.top, right, area.bottom}, cell.tabs});
      if (!last) {
        const LayoutCell& next = row.cells[i + 1];
        splitters_.push_back({.rect = {right, area.top, right + gap_, area.bottom},
                              .part = Splitter::Part::widths,
                              .before = cell.name(),
                              .after = next.name(),
                              .share_before = cell.weight,
                              .share_after = next.weight,
                              .pixels = width * (weight_of(cell) + weight_of(next)) / all});
      }
      left = right + gap_;
    }
  }

  [[nodiscard]] float weight_of(const LayoutCell& cell) const {
    return cell.weight * factor_of(choice_.widths, cell.name());
  }

  float unit_;
  float gap_;
  const LayoutChoice& choice_;
  std::vector<Place> places_;
  std::vector<Splitter> splitters_;
};

}  // namespace

std::string_view side_name(Side side) {
  return kSideNames.at(static_cast<std::size_t>(side));
}

Side side_of(std::string_view name) {
  const auto found = std::ranges::find(kSideNames, name);
  if (found != kSideNames.end()) return static_cast<Side>(found - kSideNames.begin());
  throw core::UsageError({.what = "side of a card",
                          .found = "'" + std::string(name) + "'",
                          .expected = core::join({kSideNames.begin(), kSideNames.end()})});
}

std::string_view panel_in_front(std::string_view panel, const LayoutChoice& choice) {
  LayoutCell cell{.tabs = panels_sharing(panel, choice)};
  std::erase_if(cell.tabs,
                [&](std::string_view tab) { return choice.hidden.contains(std::string(tab)); });
  return cell.tabs.empty() ? std::string_view() : cell.in_front(choice);
}

LayoutChoice with_in_front(LayoutChoice choice, std::string_view panel) {
  const std::vector<std::string_view> sharing = panels_sharing(panel, choice);
  std::erase_if(choice.front, [&](const std::string& one) {
    return std::ranges::find(sharing, one) != sharing.end();
  });
  choice.hidden.erase(std::string(panel));
  choice.front.emplace(choice.front.begin(), panel);
  return choice;
}

LayoutChoice with_moved(LayoutChoice choice, const Move& move) {
  if (move.panel == move.beside) return choice;
  // An earlier move of the panel counts only if another one depends on it.
  const auto earlier = std::ranges::find(choice.moves, move.panel, &Move::panel);
  const bool needed = earlier != choice.moves.end() &&
                      std::any_of(earlier, choice.moves.end(),
                                  [&](const Move& later) { return later.beside == move.panel; });
  if (earlier != choice.moves.end() && !needed) choice.moves.erase(earlier);
  choice.moves.push_back(move);
  return with_in_front(std::move(choice), move.panel);
}

std::vector<Place> grid_layout(const plot::Rect& area, float gap,
                               std::span<const std::string_view> panels) {
  constexpr float kWidthToHeight = 1.7F;
  const auto count = static_cast<float>(panels.size());
  const float columns = std::clamp(
      std::round(std::sqrt(count * area.width() / area.height() / kWidthToHeight)), 1.0F, count);
  const float rows = std::ceil(count / columns);
  std::vector<Place> places;
  for (const std::string_view panel : panels) {
    const auto index = static_cast<float>(places.size());
    const float row = std::floor(index / columns);
    const float column = index - row * columns;
    const float in_row = std::min(columns, count - row * columns);  // the last row may be short
    const float width = (area.width() + gap) / in_row;
    const float height = (area.height() + gap) / rows;
    places.push_back({panel,
                      {std::round(area.left + column * width), std::round(area.top + row * height),
                       std::round(area.left + (column + 1) * width - gap),
                       std::round(area.top + (row + 1) * height - gap)}});
  }
  return places;
}

std::vector<Place> default_layout(const plot::Rect& area, float unit, float gap,
                                  Arrangement arrangement, const LayoutChoice& choice) {
  gap = std::round(gap);
  const LayoutColumns columns = fitting_columns(area, unit, arrangement, choice);
  const Regions regions = regions_of(area, unit, gap, columns, choice);
  ColumnPlacer placer(unit, gap, choice);
  placer.stack(regions.left, columns.left);
  placer.stack(regions.middle, columns.middle);
  placer.stack(regions.below, columns.below);
  placer.stack(regions.right, columns.right);
  return placer.take_places();
}

std::string Splitter::name() const {
  constexpr std::array<std::string_view, 5> kParts = {"left", "right", "below", "height", "width"};
  const std::string name(kParts.at(static_cast<std::size_t>(part)));
  return before.empty() ? name : name + " of " + std::string(before);
}

std::vector<Splitter> layout_splitters(const plot::Rect& area, float unit, float gap,
                                       const LayoutChoice& choice, Arrangement arrangement) {
  gap = std::round(gap);
  const LayoutColumns columns = fitting_columns(area, unit, arrangement, choice);
  const Regions regions = regions_of(area, unit, gap, columns, choice);
  ColumnPlacer placer(unit, gap, choice);
  placer.stack(regions.left, columns.left);
  placer.stack(regions.middle, columns.middle);
  placer.stack(regions.below, columns.below);
  placer.stack(regions.right, columns.right);
  std::vector<Splitter> splitters = placer.take_splitters();
  const auto per_pixel = [](float share, float extent) { return share / std::max(extent, 1.0F); };
  if (regions.left.width() > 0) {
    splitters.push_back(
        {.rect = {regions.left.right, area.top, regions.middle.left, regions.middle.bottom},
         .part = Splitter::Part::left,
         .per_pixel = per_pixel(choice.left, regions.left.width())});
  }
  if (regions.right.width() > 0) {
    splitters.push_back({.rect = {regions.middle.right, area.top, regions.right.left, area.bottom},
                         .part = Splitter::Part::right,
                         .per_pixel = -per_pixel(choice.right, regions.right.width())});
  }
  if (regions.below.height() > 0) {
    splitters.push_back({.rect = {regions.below.left, regions.middle.bottom, regions.below.right,
                                  regions.below.top},
                         .part = Splitter::Part::below,
                         .per_pixel = -per_pixel(choice.below, regions.below.height())});
  }
  return splitters;
}

LayoutChoice with_dragged(LayoutChoice choice, const Splitter& splitter, float pixels) {
  const auto scale = [&](float& factor) {
    factor = std::clamp(factor + splitter.per_pixel * pixels, LayoutChoice::kSmallest,
                        LayoutChoice::kLargest);
  };
  const auto exchange = [&](std::map<std::string, float>& factors) {
    float& before = factors.try_emplace(std::string(splitter.before), 1.0F).first->second;
    float& after = factors.try_emplace(std::string(splitter.after), 1.0F).first->second;
    const float both = splitter.share_before * before + splitter.share_after * after;
    const float moved = both * pixels / std::max(splitter.pixels, 1.0F);
    const float least = 0.05F * both;
    const float first = std::clamp(splitter.share_before * before + moved, least, both - least);
    const auto in_range = [](float factor) {
      return std::clamp(factor, LayoutChoice::kSmallestSize, LayoutChoice::kLargestSize);
    };
    before = in_range(first / splitter.share_before);
    after = in_range((both - first) / splitter.share_after);
  };
  switch (splitter.part) {
    case Splitter::Part::left:
      scale(choice.left);
      break;
    case Splitter::Part::right:
      scale(choice.right);
      break;
    case Splitter::Part::below:
      scale(choice.below);
      break;
    case Splitter::Part::heights:
      exchange(choice.heights);
      break;
    case Splitter::Part::widths:
      exchange(choice.widths);
      break;
  }
  return choice;
}

Side drop_side(const plot::Rect& card, plot::Point at, float header) {
  constexpr float kEdge = 0.27F;  // of the card's extent
  if (at.y < card.top + header) return Side::tab;
  const float x = (at.x - card.left) / std::max(card.width(), 1.0F);
  const float y = (at.y - card.top) / std::max(card.height(), 1.0F);
  const std::array<std::pair<float, Side>, 4> edges = {
      {{y, Side::above}, {1 - y, Side::below}, {x, Side::left_of}, {1 - x, Side::right_of}}};
  const auto nearest = std::ranges::min_element(edges, {}, &std::pair<float, Side>::first);
  return nearest->first < kEdge ? nearest->second : Side::tab;
}

plot::Rect drop_area(const plot::Rect& card, Side side) {
  plot::Rect area = card;
  const plot::Point middle = card.center();
  switch (side) {
    case Side::above:
      area.bottom = middle.y;
      break;
    case Side::below:
      area.top = middle.y;
      break;
    case Side::left_of:
      area.right = middle.x;
      break;
    case Side::right_of:
      area.left = middle.x;
      break;
    case Side::tab:
      break;
  }
  return area;
}

}  // namespace sketchscope::app
