#include <algorithm>
#include <numeric>

#include "engine/core/text.hpp"
#include "gui/report/line_figure.hpp"
#include "gui/report/paper_theme.hpp"
#include "gui/view/data_table.hpp"

namespace sketchscope {
namespace {

constexpr float kWidth = 920;
constexpr float kBarMargin = 16;
constexpr float kBarRowHeight = 22;
constexpr float kNameWidth = 230;
constexpr float kTotalWidth = 90;

double total_of(const StackedBars::Row& row) {
  return std::accumulate(row.values.begin(), row.values.end(), 0.0);
}

std::string bars_csv(const StackedBars& bars) {
  DataTable table{.columns = {"row"}};
  table.columns.insert(table.columns.end(), bars.parts.begin(), bars.parts.end());
  for (const StackedBars::Row& row : bars.rows) {
    std::vector<std::string> cells = {row.name};
    for (const double value : row.values) cells.push_back(number_text(value));
    table.rows.push_back(std::move(cells));
  }
  return csv_text(table, {});
}

void draw_names_of_parts(SvgCanvas& canvas, const Theme& theme, const StackedBars& bars) {
  const TextStyle style{.color = theme.text};
  float x = kBarMargin;
  for (std::size_t part = 0; part < bars.parts.size(); ++part) {
    canvas.fill({x, kBarMargin + 2, x + 10, kBarMargin + 12}, theme.categories[part], 2);
    canvas.text({x + 16, kBarMargin}, bars.parts[part], style);
    x += canvas.measure(bars.parts[part], style).width + 42;
  }
  canvas.text({kWidth - kBarMargin, kBarMargin}, bars.unit,
              {.color = theme.quiet, .size = TextSize::small, .align = Align::right});
}

}  // namespace

Figure draw(const StackedBars& bars) {
  const Theme theme = paper_theme();
  const float top = kBarMargin * 2 + theme.line_height();
  SvgCanvas canvas =
      paper({kWidth, top + kBarRowHeight * static_cast<float>(bars.rows.size()) + kBarMargin});
  draw_names_of_parts(canvas, theme, bars);
  double largest = 0;
  for (const StackedBars::Row& row : bars.rows) largest = std::max(largest, total_of(row));
  const float room = kWidth - 2 * kBarMargin - kNameWidth - kTotalWidth;
  float y = top;
  for (const StackedBars::Row& row : bars.rows) {
    const float middle = y + kBarRowHeight / 2;
    canvas.text({kBarMargin + kNameWidth - 10, middle}, row.name,
                {.color = theme.text,
                 .size = TextSize::small,
                 .align = Align::right,
                 .vertical = VerticalAlign::middle});
    float x = kBarMargin + kNameWidth;
    for (std::size_t part = 0; part < row.values.size(); ++part) {
      const auto width = static_cast<float>(largest > 0 ? row.values[part] / largest : 0) * room;
      canvas.fill({x, y + 4, x + width, y + kBarRowHeight - 4}, theme.categories[part], 0);
      x += width;
    }
    canvas.text({x + 8, middle}, bars.format(total_of(row)),
                {.color = theme.quiet,
                 .face = Face::mono,
                 .size = TextSize::small,
                 .vertical = VerticalAlign::middle});
    y += kBarRowHeight;
  }
  return {.name = bars.name,
          .title = bars.title,
          .explanation = bars.explanation,
          .svg = canvas.document(bars.configuration),
          .csv = bars_csv(bars)};
}

}  // namespace sketchscope
