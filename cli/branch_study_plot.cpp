#include "cli/branch_output.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "gui/plot/chart.hpp"
#include "gui/plot/raster.hpp"
#include "gui/plot/svg_canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::cli {
namespace {

using Value = std::function<double(const branch::BranchStudyRow&)>;

constexpr plot::Size kPicture{1020, 400};
constexpr float kMargin = 18;
constexpr float kHeading = 46;

struct Line {
  std::string name;
  Value value;
  plot::Stroke stroke;
};

/// The inputs of one picture.
struct Picture {
  plot::SvgCanvas& canvas;
  const plot::Theme& theme;
  const branch::BranchStudyKind& kind;
  std::span<const branch::BranchStudyRow> rows;
};

plot::Rect half(int index) {
  const float width = (kPicture.width - 3 * kMargin) / 2;
  const float left = kMargin + static_cast<float>(index) * (width + kMargin);
  return {left, kHeading, left + width, kPicture.height - kMargin};
}

void draw_title(const Picture& picture, const plot::Rect& area, std::string_view title) {
  picture.canvas.text({area.left, area.top}, title,
                      {.color = picture.theme.text, .face = plot::Face::sans_bold});
}

void draw_lines(const Picture& picture, plot::Rect area, std::string_view title,
                const std::vector<Line>& lines) {
  draw_title(picture, area, title);
  area.top += picture.theme.line_height() * 1.3F;
  std::vector<std::vector<branch::StudyMedian>> values;
  double largest = 1;
  for (const Line& line : lines) {
    values.push_back(branch::medians(picture.rows, line.value));
    for (const branch::StudyMedian& median : values.back())
      largest = std::max(largest, median.value);
  }
  std::vector<double> xs;
  for (const branch::StudyMedian& median : values.front()) xs.push_back(median.x);
  plot::Chart chart(picture.canvas, picture.canvas, picture.theme, area,
                    {.x = plot::integer_axis(0, xs.empty() ? 1 : xs.back()),
                     .y = plot::axis_from_zero(largest),
                     .x_label = std::string(picture.kind.x_name),
                     .legend = plot::Legend::above});
  chart.level(1, "", {picture.theme.faint, 1, plot::Dash::dotted});
  std::vector<std::vector<double>> ys(lines.size());  // must outlive the chart
  for (std::size_t at = 0; at < lines.size(); ++at) {
    for (const branch::StudyMedian& median : values[at]) ys[at].push_back(median.value);
    chart.line({.name = lines[at].name, .x = xs, .y = ys[at], .stroke = lines[at].stroke});
    chart.dots({.x = xs, .y = ys[at], .stroke = lines[at].stroke}, 2.5F);
  }
  chart.finish();
}

void draw_line_study(const Picture& picture) {
  const auto& colors = picture.theme.categories;
  using enum branch::SampleMethod;
  const auto tokens = [](branch::SampleMethod method) {
    return [method](const branch::BranchStudyRow& row) { return row.token_ratio(method); };
  };
  const auto time = [](branch::SampleMethod method) {
    return [method](const branch::BranchStudyRow& row) { return row.time_ratio(method); };
  };
  draw_lines(picture, half(0), "Tokens forwarded, times branching's",
             {{"as published",
               [](const branch::BranchStudyRow& row) { return row.published_token_ratio(); },
               {colors[7], 1.5F, plot::Dash::dashed}},
              {"independent", tokens(sequential), {colors[0], 2}},
              {"prompt shared", tokens(prompt_shared), {colors[1], 2}}});
  draw_lines(picture, half(1), "Wall time, times branching's",
             {{"sequential", time(sequential), {colors[0], 2}},
              {"batched", time(batched), {colors[2], 2}},
              {"prompt shared", time(prompt_shared), {colors[1], 2}}});
}

std::vector<double> distinct(std::span<const branch::BranchStudyRow> rows,
                             double branch::BranchStudyRow::*field) {
  std::vector<double> values;
  for (const branch::BranchStudyRow& row : rows) values.push_back(row.*field);
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// Draws a table with x as columns and y as rows, the largest y on top.
void draw_table(const Picture& picture, plot::Rect area, std::string_view title,
                const Value& value) {
  const plot::Theme& theme = picture.theme;
  draw_title(picture, area, title);
  const std::vector<double> xs = distinct(picture.rows, &branch::BranchStudyRow::x);
  std::vector<double> ys = distinct(picture.rows, &branch::BranchStudyRow::y);
  std::ranges::reverse(ys);
  const auto rows = static_cast<int>(ys.size());
  const auto columns = static_cast<int>(xs.size());
  if (rows == 0) return;
  const plot::Rect grid{area.left + theme.unit() * 3, area.top + theme.line_height() * 1.3F,
                        area.right, area.bottom - theme.line_height()};

  const std::vector<branch::StudyMedian> cells = branch::medians(picture.rows, value);
  const auto [least, most] = std::ranges::minmax_element(cells, {}, &branch::StudyMedian::value);
  const double span = std::max(most->value - least->value, 1e-9);
  plot::TextStyle style{.size = plot::TextSize::small,
                        .align = plot::Align::center,
                        .vertical = plot::VerticalAlign::middle};
  for (const branch::StudyMedian& cell : cells) {
    const auto row = static_cast<int>(std::ranges::find(ys, cell.y) - ys.begin());
    const auto column = static_cast<int>(std::ranges::find(xs, cell.x) - xs.begin());
    const plot::Rect place = plot::cell_rect(grid, rows, columns, {row, column}).inset(1, 1);
    const double share = (cell.value - least->value) / span;
    picture.canvas.fill(place, theme.accent.with_alpha(0.08 + 0.55 * share), 3);
    style.color = theme.text;
    picture.canvas.text(place.center(), plot::format_number(cell.value), style);
  }
  style.color = theme.quiet;
  for (int column = 0; column < columns; ++column) {
    const plot::Rect place = plot::cell_rect(grid, rows, columns, {rows - 1, column});
    picture.canvas.text({place.center().x, grid.bottom + theme.unit() * 0.7F},
                        plot::format_number(xs[static_cast<std::size_t>(column)]), style);
  }
  for (int row = 0; row < rows; ++row) {
    const plot::Rect place = plot::cell_rect(grid, rows, columns, {row, 0});
    picture.canvas.text({area.left + theme.unit() * 1.3F, place.center().y},
                        plot::format_number(ys[static_cast<std::size_t>(row)]), style);
  }
}

void draw_table_study(const Picture& picture) {
  draw_table(picture, half(0), "Tokens of prompt-shared sampling, times branching's",
             [](const branch::BranchStudyRow& row) {
               return row.token_ratio(branch::SampleMethod::prompt_shared);
             });
  draw_table(picture, half(1), "Paths",
             [](const branch::BranchStudyRow& row) { return static_cast<double>(row.paths); });
}

}  // namespace

std::string branch_study_svg(const branch::BranchStudyKind& kind,
                             std::span<const branch::BranchStudyRow> rows,
                             std::string_view configuration) {
  const plot::Theme theme;
  plot::SvgCanvas canvas(kPicture, theme);
  canvas.fill({0, 0, kPicture.width, kPicture.height}, theme.background, 0);
  canvas.text({kMargin, kMargin * 0.7F}, kind.title,
              {.color = theme.text, .face = plot::Face::sans_bold, .size = plot::TextSize::large});
  const Picture picture{canvas, theme, kind, rows};
  if (kind.y_name.empty()) {
    draw_line_study(picture);
  } else {
    const std::string axes = "columns: " + std::string(kind.x_name) +
                             ", rows: " + std::string(kind.y_name) + "; medians over the prompts";
    canvas.text({kPicture.width - kMargin, kMargin * 0.9F}, axes,
                {.color = theme.quiet, .size = plot::TextSize::small, .align = plot::Align::right});
    draw_table_study(picture);
  }
  return canvas.document(configuration);
}

}  // namespace sketchscope::cli
