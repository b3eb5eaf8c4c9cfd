#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/plot/canvas.hpp"
#include "gui/plot/imgui_canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::widgets {

/// A named item on the screen, such as "Knobs/max_cache_size" or "Run/play".
struct Item {
  plot::Rect rect;
  std::uint64_t frame = 0;  ///< when it was last drawn
  bool enabled = true;
};

/// The widgets that a script can address by path, registered as they are drawn.
class ItemRegistry {
 public:
  void begin_frame() { ++frame_; }
  void note(std::string_view path, const plot::Rect& rect, bool enabled = true);

  /// Returns the item of that path if it was drawn in this frame or the last one.
  [[nodiscard]] std::optional<Item> find(std::string_view path) const;
  /// Returns the recently drawn paths most similar to `path`, best match first.
  [[nodiscard]] std::vector<std::string> nearest(std::string_view path, std::size_t count) const;

 private:
  std::map<std::string, Item, std::less<>> items_;
  std::uint64_t frame_ = 0;
};

/// Registers the ImGui widget that was just submitted as `path`, so that scripts find it. ImGui
/// includes a label to the right of a slider or input in its rectangle; hide labels with a "##"
/// prefix.
void note_widget(ItemRegistry& items, std::string_view path, bool enabled = true);

/// The context in which controls are drawn and registered for scripts.
struct ControlContext {
  plot::Canvas& canvas;
  const plot::Theme& theme;
  const plot::Fonts& fonts;
  ItemRegistry& items;
};

/// The icons of buttons, drawn as shapes so that they need no font.
enum class Icon : std::uint8_t { play, pause, step, step_back, restart, close };

/// Returns the style of small, right-aligned, vertically centred text.
constexpr plot::TextStyle small_text_at_right(plot::Color color,
                                              plot::Face face = plot::Face::mono) {
  return {.color = color,
          .face = face,
          .size = plot::TextSize::small,
          .align = plot::Align::right,
          .vertical = plot::VerticalAlign::middle};
}

/// The visual weight of a button.
enum class Emphasis : std::uint8_t { plain, accent };

/// Both functions draw a button that is registered as `path` and has the tooltip `help`. They
/// return whether it was clicked.
bool icon_button(const ControlContext& context, std::string_view path, const plot::Rect& area,
                 Icon icon, Emphasis emphasis, bool enabled, std::string_view help);
bool text_button(const ControlContext& context, std::string_view path, const plot::Rect& area,
                 std::string_view label, Emphasis emphasis, std::string_view help);
/// Draws a thin slider over [0, 1], registered as `path`. Returns whether the user is moving it.
bool thin_slider(const ControlContext& context, std::string_view path, const plot::Rect& area,
                 double& share, std::string_view help);

/// Shows a tooltip while the mouse rests on `area`.
void help_on_hover(const plot::Rect& area, std::string_view help);

/// Begins an ImGui window for a card that covers part of the panels, and registers it as `path`.
/// The caller must call ImGui::End().
void begin_card_window(const ControlContext& context, const std::string& path,
                       const plot::Rect& card);

}  // namespace sketchscope::widgets
