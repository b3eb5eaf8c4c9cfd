#pragma once

#include <string>
#include <utility>

#include "gui/platform/keyboard.hpp"
#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::widgets {

/// The place, size and modality of a popup.
struct PopupShape {
  float width = 40;  ///< units of the theme, limited by the window
  float height = 0;  ///< units of the theme; 0 for the content's height
  /// The top edge as a share of the window's height; negative for the middle of the window.
  float top_share = 0.2F;
  float most_share = 0.9F;  ///< largest share of the window's height
  bool grows = false;       ///< grows with its content up to that, then scrolls
  bool modal = false;       ///< dims and blocks the window below
  bool has_title = false;   ///< has a title bar with a close button, if modal
};

/// A popup that is opened in one place of the code and drawn in another.
class Popup {
 public:
  /// `name` is its title and must be unique.
  Popup(std::string name, PopupShape shape) : name_(std::move(name)), shape_(shape) {}

  /// Opens it at the next begin().
  void open();
  [[nodiscard]] bool is_open() const { return open_; }
  /// Returns whether any popup of the window is open.
  [[nodiscard]] static bool any_is_open();
  /// Returns whether it is open; if so, draw its content and call end(). A click outside closes it.
  [[nodiscard]] bool begin(const plot::Theme& theme, const plot::Rect& window);
  /// Returns true once after opening, when its first widget should take the keyboard focus.
  [[nodiscard]] bool takes_keyboard() { return std::exchange(wants_keyboard_, false); }
  /// Gives the keyboard focus to the popup's first widget again.
  void give_keyboard() { wants_keyboard_ = true; }

  // The functions below must be called between begin() and end().
  /// Returns the popup's area without padding.
  [[nodiscard]] static plot::Rect inside(const plot::Theme& theme);
  /// Draws a text field over the popup's width, which has the keyboard focus after opening, and
  /// registers it for scripts as `path`. Returns whether Enter was pressed in it.
  bool edit_line(ItemRegistry& items, const std::string& path, std::string& text);
  void close();
  static void end();
  /// Ends the popup, after closing it if `done` is true or Escape was pressed.
  void end(bool done) {
    if (done || platform::is_key_pressed(platform::Key::escape)) close();
    end();
  }

 private:
  void place(const plot::Theme& theme, const plot::Rect& window) const;

  std::string name_;
  PopupShape shape_;
  bool open_ = false;
  bool asked_ = false;           ///< open() was called in this frame
  bool wants_keyboard_ = false;  ///< the first widget has not taken the focus yet
};

}  // namespace sketchscope::widgets
