#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gui/plot/canvas.hpp"

namespace sketchscope::app {

/// The place of a panel's card, which it may share with others as tabs.
struct Place {
  std::string_view panel;  ///< in front
  plot::Rect rect;
  /// All panels of the place that are not hidden, the one in front among them, in their order.
  std::vector<std::string_view> tabs = {};
};

/// The content of the middle of the window.
enum class Arrangement : std::uint8_t {
  sequence,    ///< one sequence's cache and sketch
  paths,       ///< the tree of paths, and the watched path's cache
  runs,        ///< several runs, and the first one's cache
  study,       ///< the table of a study, and one run
  study_runs,  ///< the table of a study, and several runs
};

/// Where a card is put, as seen from another one.
enum class Side : std::uint8_t { tab, above, below, left_of, right_of };
/// Returns "tab", "above", "below", "left_of" or "right_of", the name of a side in files and
/// scripts.
std::string_view side_name(Side side);
/// Returns the side of a name. Throws UsageError that lists all.
Side side_of(std::string_view name);

/// A card that a person has moved to a side of another one.
struct Move {
  std::string panel;
  Side side = Side::tab;
  std::string beside;
  friend bool operator==(const Move&, const Move&) = default;
};

/// A person's changes of the layout.
struct LayoutChoice {
  static constexpr float kSmallest = 0.8F;  ///< of a share of the window
  static constexpr float kLargest = 1.5F;
  static constexpr float kSmallestSize = 0.1F;  ///< of a share of a column or row
  static constexpr float kLargestSize = 10;

  std::set<std::string> hidden;  ///< panels
  /// Panels in front of others in their place; the first of those that share one is.
  std::vector<std::string> front;
  // Scale factors of the left and right column and of the lower row.
  float left = 1;
  float right = 1;
  float below = 1;
  std::vector<Move> moves = {};  ///< in the order in which they were made
  /// Scale factors of the heights of rows and the widths of the cards of a row, by the first panel
  /// of the row or place.
  std::map<std::string, float> heights = {};
  std::map<std::string, float> widths = {};

  friend bool operator==(const LayoutChoice&, const LayoutChoice&) = default;
};

/// Returns the panels that share `panel`'s place with these moves, in the order of their tabs; only
/// `panel` if it shares with none.
std::vector<std::string_view> panels_sharing(std::string_view panel,
                                             const LayoutChoice& choice = {});
/// Returns the panel that is shown in `panel`'s place; empty if all are hidden.
std::string_view panel_in_front(std::string_view panel, const LayoutChoice& choice);
/// Returns the choice with `panel` in front of the others in its place.
LayoutChoice with_in_front(LayoutChoice choice, std::string_view panel);
/// Returns the choice after a panel was moved to a side of another one, in front of the others of
/// its place.
LayoutChoice with_moved(LayoutChoice choice, const Move& move);

/// Returns a grid of equal cards of about a plot's natural width.
std::vector<Place> grid_layout(const plot::Rect& area, float gap,
                               std::span<const std::string_view> panels);

/// Returns the layout: as long as nothing was moved, knobs at the left, the run in the middle,
/// figures at the right. `unit` is the height of normal text. Cards keep their least height at the
/// cost of the others; in a small window cards become tabs (app/layout_fold.hpp).
std::vector<Place> default_layout(const plot::Rect& area, float unit, float gap,
                                  Arrangement arrangement = Arrangement::sequence,
                                  const LayoutChoice& choice = {});

/// A draggable gap between columns, rows or cards.
struct Splitter {
  /// The size that a drag of the splitter changes.
  enum class Part : std::uint8_t { left, right, below, heights, widths };

  plot::Rect rect;
  Part part = Part::left;
  float per_pixel = 0;  ///< change of the factor of a column or of the lower row per pixel
  /// For heights and widths, these are the names of both neighbours, their shares without a factor,
  /// and the pixels that they divide.
  std::string_view before = {};
  std::string_view after = {};
  float share_before = 0;
  float share_after = 0;
  float pixels = 0;

  /// Returns whether it is dragged to the left and right.
  [[nodiscard]] bool is_upright() const {
    return part == Part::left || part == Part::right || part == Part::widths;
  }
  /// Returns a name that no other splitter of the layout has.
  [[nodiscard]] std::string name() const;
};
/// Returns the splitters of the layout that default_layout() returns for the same arguments.
std::vector<Splitter> layout_splitters(const plot::Rect& area, float unit, float gap,
                                       const LayoutChoice& choice,
                                       Arrangement arrangement = Arrangement::sequence);
/// Returns the choice after a splitter was dragged by `pixels` to the right or down.
LayoutChoice with_dragged(LayoutChoice choice, const Splitter& splitter, float pixels);

/// Returns the side of a card onto which something is dropped at `at`: a tab on its header and
/// inside, else the nearest edge.
Side drop_side(const plot::Rect& card, plot::Point at, float header);
/// Returns the part of a card that a panel dropped on that side would take.
plot::Rect drop_area(const plot::Rect& card, Side side);

}  // namespace sketchscope::app
