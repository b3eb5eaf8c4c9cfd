#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gui/plot/canvas.hpp"

namespace sketchscope::app {

/// The place of a panel's card.
struct Place {
  std::string_view panel;
  plot::Rect rect;
};

/// The content of the middle of the window.
enum class Arrangement : std::uint8_t {
  sequence,    ///< one sequence's cache and sketch
  paths,       ///< the tree of paths, and the watched path's cache
  runs,        ///< two compared runs, and the first one's cache
  study,       ///< the table of a study, and one run
  study_runs,  ///< the table of a study, and two compared runs
};

/// A person's changes of the layout.
struct LayoutChoice {
  static constexpr float kSmallest = 0.8F;  ///< of a share
  static constexpr float kLargest = 1.5F;

  std::set<std::string> hidden;  ///< panels
  std::set<std::string> front;   ///< panels in front of others in their place
  // Scale factors of the left and right column and of the lower row.
  float left = 1;
  float right = 1;
  float below = 1;

  friend bool operator==(const LayoutChoice&, const LayoutChoice&) = default;
};

/// Returns the panels that share `panel`'s place, the default one first; only `panel` if it shares
/// with none.
std::vector<std::string_view> panels_sharing(std::string_view panel);
/// Returns the panel that is shown in `panel`'s place; empty if all are hidden.
std::string_view panel_in_front(std::string_view panel, const LayoutChoice& choice);
/// Returns the choice with `panel` in front of the others in its place.
LayoutChoice with_in_front(LayoutChoice choice, std::string_view panel);

/// Returns a grid of equal cards of about a plot's natural width.
std::vector<Place> grid_layout(const plot::Rect& area, float gap,
                               std::span<const std::string_view> panels);

/// Returns the default layout: knobs at the left, the run in the middle, figures at the right.
/// `unit` is the height of normal text. Cards keep their least height at the cost of the others.
std::vector<Place> default_layout(const plot::Rect& area, float unit, float gap,
                                  Arrangement arrangement = Arrangement::sequence,
                                  const LayoutChoice& choice = {});

/// A draggable gap between cards, and the scale factor that it changes.
struct Splitter {
  plot::Rect rect;
  float LayoutChoice::*share;
  float per_pixel = 0;  ///< change of the factor per pixel to the right or down
};
std::vector<Splitter> layout_splitters(const plot::Rect& area, float unit, float gap,
                                       const LayoutChoice& choice);

}  // namespace sketchscope::app
