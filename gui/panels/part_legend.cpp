#include "gui/panels/part_legend.hpp"

#include "gui/panels/panel_text.hpp"

namespace sketchscope::panels {

float draw_part_legend(PanelContext& context, std::span<const LegendPart> parts) {
  const plot::Theme& theme = context.theme;
  const plot::Rect& area = context.area;
  plot::TextStyle name = label_style(theme);
  name.size = plot::TextSize::small;
  const plot::TextStyle value = small_value_style(theme, plot::Align::right);
  const float side = theme.small_text * 0.7F;
  const auto width = [&](const LegendPart& part, bool with_value) {
    const float words = side * 1.5F + context.canvas.measure(part.name, name).width;
    const float number = context.canvas.measure(part.value, value).width;
    return words + (with_value ? side * 0.7F + number : 0);
  };
  float needed = side * 1.8F * static_cast<float>(parts.size()) - side * 1.8F;
  for (const LegendPart& part : parts) needed += width(part, true);
  const bool with_values = needed <= area.width();
  float left = area.left;
  for (const LegendPart& part : parts) {
    const float right = left + width(part, with_values);
    if (right > area.right) break;
    const float top = area.top + theme.small_text * 0.25F;
    context.canvas.fill({left, top, left + side, top + side}, part.color, 2);
    context.canvas.text({left + side * 1.5F, area.top}, part.name, name);
    if (with_values) context.canvas.text({right, area.top}, part.value, value);
    left = right + side * 1.8F;
  }
  return area.top + theme.small_text * 1.5F;
}

}  // namespace sketchscope::panels
