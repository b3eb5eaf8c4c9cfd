#include "gui/app/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <numeric>

namespace sketchscope::app {
namespace {

/// The places that several panels share, the default panel first.
const std::array<std::vector<std::string_view>, 7> kSharedPlaces = {{
    {"occupancy", "stored", "pages"},
    {"sketch", "attention", "attention-grid"},
    {"next-token-kl", "perplexity"},
    {"attention-kl", "retained-mass"},
    {"memory", "throughput", "allocations"},
    {"compare", "runs"},
    {"why", "inspector", "scores", "range", "step"},
}};

/// A panel in a column: its share of the height and its least height, in text heights.
struct Share {
  std::string_view panel;
  float weight = 1;
  float least = 0;
};

/// Divides `height` by weight, with none below its least if possible.
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

/// Returns the panels in the middle of the window from top to bottom.
std::vector<Share> middle_of(Arrangement arrangement) {
  switch (arrangement) {
    case Arrangement::paths:
      return {{"branching", 6, 34}, {"text", 0.9F, 7}, {"occupancy", 1.2F, 11}};
    case Arrangement::study:
      return {{"study", 3, 16}, {"text", 1, 8}, {"occupancy", 1.6F, 12}, {"timeline", 0.6F, 8}};
    case Arrangement::study_runs:
      return {{"study", 2, 14}, {"compare", 2.4F, 17}, {"occupancy", 1, 11}};
    case Arrangement::runs:
      return {{"text", 0.8F, 6},
              {"occupancy", 1.5F, 11},
              {"compare", 2.4F, 16},
              {"sketch", 1.5F, 10},
              {"timeline", 0.7F, 7}};
    case Arrangement::sequence:
      break;
  }
  return {{"text", 1.3F, 8}, {"occupancy", 2.4F, 14}, {"sketch", 2.2F, 12}, {"timeline", 0.9F, 8}};
}

class Columns {
 public:
  Columns(float unit, float gap) : unit_(unit), gap_(gap) {}

  void stack(const plot::Rect& area, const std::vector<Share>& shares) {
    if (shares.empty()) return;
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

  /// Gives the right part of `panel`'s place to `beside`.
  void split(std::string_view panel, std::string_view beside, float share) {
    const auto found = std::ranges::find(places_, panel, &Place::panel);
    plot::Rect right = found->rect;
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

/// Returns the panels in front, without places whose panels are all hidden.
std::vector<Share> shown(std::vector<Share> shares, const LayoutChoice& choice) {
  for (Share& share : shares) share.panel = panel_in_front(share.panel, choice);
  std::erase_if(shares, [](const Share& share) { return share.panel.empty(); });
  return shares;
}

/// The areas of the columns. A column whose panels are all hidden is empty.
struct Regions {
  plot::Rect left;
  plot::Rect middle;
  plot::Rect below;
  plot::Rect right;
};

Regions regions_of(const plot::Rect& area, float unit, float gap, const LayoutChoice& choice) {
  const auto any = [&](std::initializer_list<const char*> panels) {
    return std::ranges::any_of(
        panels, [&](const char* panel) { return !panel_in_front(panel, choice).empty(); });
  };
  const bool has_left = any({"knobs", "bytes"});
  const bool has_right =
      any({"next-token-kl", "attention-kl", "next-token", "memory", "evictions"});
  const bool has_below = any({"why"});
  const float usual_left = std::min(22 * unit, area.width() * 0.24F);
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

}  // namespace

std::vector<std::string_view> panels_sharing(std::string_view panel) {
  for (const auto& place : kSharedPlaces) {
    if (std::ranges::find(place, panel) != place.end()) return place;
  }
  return {panel};
}

std::string_view panel_in_front(std::string_view panel, const LayoutChoice& choice) {
  std::string_view usual;
  for (const std::string_view one : panels_sharing(panel)) {
    if (choice.hidden.contains(std::string(one))) continue;
    if (choice.front.contains(std::string(one))) return one;
    if (usual.empty()) usual = one;
  }
  return usual;
}

LayoutChoice with_in_front(LayoutChoice choice, std::string_view panel) {
  for (const std::string_view one : panels_sharing(panel)) choice.front.erase(std::string(one));
  choice.hidden.erase(std::string(panel));
  if (panels_sharing(panel).front() != panel) choice.front.insert(std::string(panel));
  return choice;
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
  const Regions regions = regions_of(area, unit, gap, choice);
  Columns columns(unit, gap);
  columns.stack(regions.left, shown({{"knobs", 4, 20}, {"bytes", 1, 10.5F}}, choice));
  std::vector<Share> middle = middle_of(arrangement);
  const bool one_sequence = arrangement == Arrangement::sequence;
  const std::string_view counters = panel_in_front("sketch", choice);
  if (one_sequence && counters.empty()) middle[2].panel = "accuracy";
  columns.stack(regions.middle, shown(std::move(middle), choice));
  if (one_sequence && !counters.empty() && !choice.hidden.contains("accuracy")) {
    columns.split(counters, "accuracy", 0.67F);
  }
  columns.stack(regions.below, shown({{"why", 1, 0}}, choice));
  columns.stack(regions.right, shown({{"next-token-kl", 1.5F, 8},
                                      {"attention-kl", 1.5F, 8},
                                      {"next-token", 1.5F, 10},
                                      {"memory", 1.3F, 8},
                                      {"evictions", 2.6F, 10}},
                                     choice));
  return columns.finish();
}

std::vector<Splitter> layout_splitters(const plot::Rect& area, float unit, float gap,
                                       const LayoutChoice& choice) {
  gap = std::round(gap);
  const Regions regions = regions_of(area, unit, gap, choice);
  std::vector<Splitter> splitters;
  const auto per_pixel = [](float share, float extent) { return share / std::max(extent, 1.0F); };
  if (regions.left.width() > 0) {
    splitters.push_back({{regions.left.right, area.top, regions.middle.left, regions.middle.bottom},
                         &LayoutChoice::left,
                         per_pixel(choice.left, regions.left.width())});
  }
  if (regions.right.width() > 0) {
    splitters.push_back({{regions.middle.right, area.top, regions.right.left, area.bottom},
                         &LayoutChoice::right,
                         -per_pixel(choice.right, regions.right.width())});
  }
  if (regions.below.height() > 0) {
    splitters.push_back(
        {{regions.below.left, regions.middle.bottom, regions.below.right, regions.below.top},
         &LayoutChoice::below,
         -per_pixel(choice.below, regions.below.height())});
  }
  return splitters;
}

}  // namespace sketchscope::app
