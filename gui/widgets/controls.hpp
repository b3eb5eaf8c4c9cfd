#pragma once

#include <cstdint>
#include <string_view>

#include "gui/plot/canvas.hpp"
#include "gui/plot/fonts.hpp"
#include "gui/plot/theme.hpp"
#include "gui/widgets/item_registry.hpp"

namespace sketchscope {

/// What a control needs to draw itself and to be found by scripts.
struct ControlContext {
  Canvas& canvas;
  const Theme& theme;
  const Fonts& fonts;
  ItemRegistry& items;
};

/// Pictures on buttons: shapes rather than letters, so that no font is needed for them.
enum class Icon : std::uint8_t { play, pause, step, step_back, restart, close };

void draw_icon(Canvas& canvas, Icon icon, const Rect& area, Color color);

/// How much a button wants to be seen.
enum class Emphasis : std::uint8_t { plain, accent };

/// True when clicked. `path` is its name for scripts, `help` its tooltip.
bool icon_button(const ControlContext& context, std::string_view path, const Rect& area, Icon icon,
                 Emphasis emphasis, bool enabled, std::string_view help);
bool text_button(const ControlContext& context, std::string_view path, const Rect& area,
                 std::string_view label, Emphasis emphasis, std::string_view help);
/// A thin slider over [0, 1]; true while it is moved.
bool thin_slider(const ControlContext& context, std::string_view path, const Rect& area,
                 double& share, std::string_view help);

/// A tooltip when the mouse rests on `area`.
void help_on_hover(const Rect& area, std::string_view help);

}  // namespace sketchscope
