#pragma once

#include <cstdint>
#include <string_view>

#include "gui/plot/canvas.hpp"
#include "gui/plot/imgui_canvas.hpp"
#include "gui/plot/theme.hpp"
#include "gui/widgets/item_registry.hpp"

namespace sketchscope {

/// The context in which controls are drawn and registered for scripts.
struct ControlContext {
  Canvas& canvas;
  const Theme& theme;
  const Fonts& fonts;
  ItemRegistry& items;
};

/// The icons of buttons, drawn as shapes so that they need no font.
enum class Icon : std::uint8_t { play, pause, step, step_back, restart, close };

void draw_icon(Canvas& canvas, Icon icon, const Rect& area, Color color);

/// The visual weight of a button.
enum class Emphasis : std::uint8_t { plain, accent };

/// Draws a button with the path `path` for scripts and the tooltip `help`. Returns whether it was
/// clicked.
bool icon_button(const ControlContext& context, std::string_view path, const Rect& area, Icon icon,
                 Emphasis emphasis, bool enabled, std::string_view help);
bool text_button(const ControlContext& context, std::string_view path, const Rect& area,
                 std::string_view label, Emphasis emphasis, std::string_view help);
/// Draws a thin slider over [0, 1]. Returns whether it is being moved.
bool thin_slider(const ControlContext& context, std::string_view path, const Rect& area,
                 double& share, std::string_view help);

/// Shows a tooltip while the mouse rests on `area`.
void help_on_hover(const Rect& area, std::string_view help);

}  // namespace sketchscope
