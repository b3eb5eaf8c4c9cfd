#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gui/plot/geometry.hpp"

namespace sketchscope {

/// Where a panel's card lies.
struct Place {
  std::string_view panel;
  Rect rect;
};

/// What the middle of the window is for.
enum class Arrangement : std::uint8_t {
  sequence,    ///< one sequence's cache and sketch
  paths,       ///< a tree of paths, and the cache of the one that is watched
  runs,        ///< two runs beside each other, and the cache of the first
  study,       ///< a table of configurations, and the run of one
  study_runs,  ///< the same, and the runs of two
};

/// What a person changed about the layout.
struct LayoutChoice {
  static constexpr float kSmallest = 0.8F;  ///< of a share
  static constexpr float kLargest = 1.5F;

  std::set<std::string> hidden;  ///< panels
  std::set<std::string> front;   ///< panels shown before those they share a place with
  // How much wider or taller than usual: the left and right column, and what lies below.
  float left = 1;
  float right = 1;
  float below = 1;

  friend bool operator==(const LayoutChoice&, const LayoutChoice&) = default;
};

/// The panels that share one place, the usual one first; the titles of the others stand beside that
/// of the one in front. Just `panel` where it has a place of its own.
std::vector<std::string_view> panels_sharing(std::string_view panel);
/// Of those that share `panel`'s place, the one that is shown; empty where all are hidden.
std::string_view panel_in_front(std::string_view panel, const LayoutChoice& choice);
/// The same choice, with `panel` before the others of its place.
LayoutChoice with_in_front(LayoutChoice choice, std::string_view panel);

/// A grid of equal cards, about as wide as a plot wants to be.
std::vector<Place> grid_layout(const Rect& area, float gap,
                               std::span<const std::string_view> panels);

/// The default layout for a window of this size: knobs at the left, the run in the middle, measures
/// at the right. `unit` is the height of normal text; cards that are tight at their smallest keep
/// it and the others give.
std::vector<Place> default_layout(const Rect& area, float unit, float gap,
                                  Arrangement arrangement = Arrangement::sequence,
                                  const LayoutChoice& choice = {});

/// A gap between cards that a person may drag, and the share of the choice it changes.
struct Splitter {
  Rect rect;
  float LayoutChoice::*share;
  float per_pixel = 0;  ///< change of the share, for a move to the right or down
};
std::vector<Splitter> layout_splitters(const Rect& area, float unit, float gap,
                                       const LayoutChoice& choice);

}  // namespace sketchscope
