#include "gui/panels/position_axis.hpp"

#include <algorithm>

#include "gui/panels/panel_text.hpp"
#include "gui/plot/axis.hpp"

namespace sketchscope {

void draw_position_axis(PanelContext& context, int span, const Rect& raster) {
  const Theme& theme = context.theme;
  const Axis axis({.minimum = 0, .maximum = static_cast<double>(span), .integer = true},
                  raster.left, raster.right);
  TextStyle style = small_value_style(theme, Align::center);
  style.color = theme.faint;
  for (const Tick& tick : axis.ticks(theme.small_text * 6)) {
    const float x = axis.pixel(tick.value);
    const float half = context.canvas.measure(tick.label, style).width / 2;
    context.canvas.text({std::clamp(x, raster.left + half, raster.right - half),
                         raster.bottom + theme.small_text * 0.25F},
                        tick.label, style);
  }
}

void draw_position_cursor(PanelContext& context, int span, const Rect& raster) {
  const auto position = context.selection.position();
  if (!position || *position < 0 || *position >= span) return;
  const float x = raster.left + (static_cast<float>(*position) + 0.5F) / static_cast<float>(span) *
                                    raster.width();
  context.canvas.line({x, raster.top - 2}, {x, raster.bottom + 2}, {context.theme.accent});
}

}  // namespace sketchscope
