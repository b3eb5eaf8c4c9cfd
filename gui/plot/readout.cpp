#include "gui/plot/readout.hpp"

#include <algorithm>

namespace sketchscope::plot {
namespace {

constexpr float kOpacity = 0.96F;

struct Columns {
  float swatch = 0;
  float label = 0;
  float value = 0;
};

Columns measure_columns(const Canvas& canvas, const Theme& theme,
                        std::span<const ReadoutLine> lines) {
  Columns columns;
  const TextStyle label{.color = theme.text, .face = Face::sans_bold, .size = TextSize::small};
  const TextStyle value{.color = theme.text, .face = Face::mono, .size = TextSize::small};
  for (const auto& line : lines) {
    if (line.swatch) columns.swatch = theme.unit();
    columns.label = std::max(columns.label, canvas.measure(line.label, label).width);
    columns.value = std::max(columns.value, canvas.measure(line.value, value).width);
  }
  return columns;
}

}  // namespace

void draw_readout(Canvas& canvas, const Theme& theme, Point at, const Rect& bounds,
                  std::span<const ReadoutLine> lines) {
  if (lines.empty()) return;
  const Columns columns = measure_columns(canvas, theme, lines);
  const float pad = theme.padding() * 0.7F;
  const float row = theme.small_text * 1.5F;
  const float between = columns.value > 0 ? theme.unit() : 0;
  const float width = columns.swatch + columns.label + between + columns.value + 2 * pad;
  const float height = row * static_cast<float>(lines.size()) + 2 * pad - row * 0.25F;

  const float away = theme.unit();
  float left = at.x + away;
  if (left + width > bounds.right) left = at.x - away - width;
  left = std::max(left, bounds.left);
  const float top = std::max(std::min(at.y + away, bounds.bottom - height), bounds.top);

  const Rect card{left, top, left + width, top + height};
  canvas.fill(card, theme.background.with_alpha(kOpacity), theme.rounding() * 0.7F);
  canvas.rect(card, {theme.border}, theme.rounding() * 0.7F);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    const float y = top + pad + row * static_cast<float>(i);
    if (line.swatch) {
      const float side = theme.small_text * 0.6F;
      const float swatch_top = y + (theme.small_text - side) * 0.6F;
      canvas.fill({left + pad, swatch_top, left + pad + side, swatch_top + side}, *line.swatch, 1);
    }
    canvas.text({left + pad + columns.swatch, y}, line.label,
                {.color = i == 0 ? theme.text : theme.quiet,
                 .face = i == 0 ? Face::sans_bold : Face::sans,
                 .size = TextSize::small});
    canvas.text(
        {card.right - pad, y}, line.value,
        {.color = theme.text, .face = Face::mono, .size = TextSize::small, .align = Align::right});
  }
}

}  // namespace sketchscope::plot
