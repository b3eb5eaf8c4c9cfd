#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::app {

/// A page of the guided tour: its panel, its text, and the script that demonstrates it.
struct TourPage {
  std::string_view title;
  std::string_view panel;
  std::string_view beside;  ///< another panel that the text mentions
  std::string_view text;
  std::string_view button;  ///< label of the button
  std::string_view script;  ///< script of the button (docs/scripts.md)
};

std::span<const TourPage> tour_pages();

/// Returns a place for a card within `window` that covers as little as possible of `target`, then
/// of `beside`.
plot::Rect tour_card_place(const plot::Rect& target, const plot::Rect& beside, plot::Size card,
                           const plot::Rect& window, float gap);

/// The guided tour, which shows one page at a time beside its panel.
class Tour {
 public:
  void open() { page_ = 0; }
  void close() { page_.reset(); }
  [[nodiscard]] bool is_open() const { return page_.has_value(); }
  /// Returns the present page of an open tour.
  [[nodiscard]] const TourPage& page() const { return tour_pages()[*page_]; }
  [[nodiscard]] std::size_t index() const { return *page_; }
  [[nodiscard]] bool is_last() const { return *page_ + 1 == tour_pages().size(); }
  void next() { page_ = *page_ + 1; }
  void back() { page_ = *page_ - 1; }

  /// Draws the page. Its buttons are the actions tour_show, tour_back, tour_next and tour_close.
  void draw(const widgets::ControlContext& context, plot::Canvas& overlay,
            const widgets::ActionTable& actions, const plot::Rect& window) const;
  /// Draws a line at the lower right that offers the tour, with the actions tour and tour_decline,
  /// and `hint` below it unless that is empty.
  static void draw_offer(const widgets::ControlContext& context,
                         const widgets::ActionTable& actions, const plot::Rect& area,
                         const std::string& hint);

 private:
  std::optional<std::size_t> page_;
};

}  // namespace sketchscope::app
