#pragma once

#include <string>

#include "gui/plot/geometry.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope {

/// Where a popup lies in the window, and what it keeps from a person while it is open.
struct PopupShape {
  float width = 40;  ///< units of the theme; never more than the window has room for
  float height = 0;  ///< likewise; 0: as its content wants it
  /// Where it begins, as a share of the window's height; below 0: in the middle of the window.
  float top_share = 0.2F;
  float most_share = 0.9F;  ///< of the window's height that it may take
  bool grows = false;       ///< with its content, up to that; it scrolls from there on
  bool modal = false;       ///< the window below is dimmed and waits
  bool has_title = false;   ///< a bar with a cross, of a modal one
};

/// A popup that is asked for in one place and drawn in another.
class Popup {
 public:
  /// `name` is its title, and tells it from others.
  Popup(std::string name, PopupShape shape) : name_(std::move(name)), shape_(shape) {}

  /// From the next frame's begin() on.
  void open();
  [[nodiscard]] bool is_open() const { return open_; }
  /// True while it is open: draw it then, and call end(). What lies outside closes it by a click.
  [[nodiscard]] bool begin(const Theme& theme, const Rect& window);
  /// True once after it was opened: its first widget takes the keyboard.
  [[nodiscard]] bool takes_keyboard();
  /// Its first widget takes the keyboard again.
  void give_keyboard() { wants_keyboard_ = true; }

  // Within begin() and end().
  /// What the padding leaves of it.
  [[nodiscard]] static Rect inside(const Theme& theme);
  void close();
  static void end();

 private:
  void place(const Theme& theme, const Rect& window) const;

  std::string name_;
  PopupShape shape_;
  bool open_ = false;
  bool asked_ = false;           ///< in this frame
  bool wants_keyboard_ = false;  ///< since it was opened
};

}  // namespace sketchscope
