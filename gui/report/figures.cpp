#include "gui/report/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/core/text.hpp"
#include "gui/plot/chart.hpp"
#include "gui/plot/wrapped_text.hpp"
#include "gui/view/data_table.hpp"

namespace sketchscope::report {
namespace {

/// The area that a line figure is drawn on: the page of a report, or paper that it has to itself.
struct Paper {
  plot::Size size;
  float margin = 0;
  plot::TextSize names = plot::TextSize::normal;  ///< of the series

  /// Returns the height of a row of names.
  [[nodiscard]] float row(const plot::Theme& theme) const {
    return names == plot::TextSize::normal ? theme.line_height() : theme.small_text * 1.35F;
  }
};

constexpr Paper kPage{.size = {920, 400}, .margin = 16};
constexpr float kPrintMargin = 4;
constexpr float kMarkRadius = 3.4F;
constexpr float kSample = 30;  ///< length of a line in a legend: two gaps of dashes beside its mark

Paper print_paper(plot::Size size) {
  return {.size = size, .margin = kPrintMargin, .names = plot::TextSize::small};
}

struct Span {
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -std::numeric_limits<double>::infinity();
  void hold(double value) {
    minimum = std::min(minimum, value);
    maximum = std::max(maximum, value);
  }
};

plot::AxisOptions spread(plot::AxisOptions axis, const Span& span) {
  if (span.minimum > span.maximum) return axis;
  if (axis.scale == plot::Scale::log10) {
    axis.minimum = std::pow(10, std::floor(std::log10(span.minimum)));
    axis.maximum = std::pow(10, std::ceil(std::log10(span.maximum)));
    return axis;
  }
  const double air = std::max(span.maximum - span.minimum, std::abs(span.maximum) * 0.01) * 0.05;
  const bool from_zero = span.minimum >= 0 && span.minimum < 0.4 * span.maximum;
  axis.minimum = from_zero ? 0 : span.minimum - air;
  axis.maximum = span.maximum + air;
  return axis;
}

/// Samples in the form that a chart refers to. They must outlive the chart.
struct Samples {
  std::vector<double> x, y;
  explicit Samples(const std::vector<FigurePoint>& points) {
    for (const FigurePoint& point : points) {
      x.push_back(point.x);
      y.push_back(point.y);
    }
  }
};

/// A name of the legend, and the place where its line begins.
struct LegendEntry {
  std::string name;
  plot::Stroke stroke;
  std::optional<plot::Marker> marker;
  plot::Point at = {};
};

/// The names in rows above the plot.
struct LegendRows {
  std::vector<LegendEntry> entries;
  float widest = 0;  ///< of an entry
  float bottom = 0;
};

LegendRows legend_rows(const plot::Canvas& canvas, const plot::Theme& theme,
                       const LineFigure& figure, const Paper& paper) {
  const plot::TextStyle style{.color = theme.text, .size = paper.names};
  const float row = paper.row(theme);
  LegendRows rows;
  for (const FigureSeries& series : figure.series) {
    rows.entries.push_back({series.name, stroke_of(theme, series.style), marker_of(series.style)});
  }
  if (figure.front) {
    rows.entries.push_back({figure.front->name, {theme.text, 1.2F, plot::Dash::dotted}, {}});
  }
  plot::Point at{paper.margin, paper.margin};
  for (LegendEntry& entry : rows.entries) {
    const float width = kSample + row * 0.3F + canvas.measure(entry.name, style).width;
    if (at.x + width > paper.size.width - paper.margin && at.x > paper.margin) {
      at = {paper.margin, at.y + row};
    }
    entry.at = at;
    at.x += width + row * 0.8F;
    rows.widest = std::max(rows.widest, width);
  }
  rows.bottom = at.y + row * 1.3F;
  return rows;
}

/// Draws the names in rows above the plot. Returns the lower end.
float draw_legend(plot::Canvas& canvas, const plot::Theme& theme, const LineFigure& figure,
                  const Paper& paper) {
  const plot::TextStyle style{.color = theme.text, .size = paper.names};
  const float row = paper.row(theme);
  const LegendRows rows = legend_rows(canvas, theme, figure, paper);
  for (const LegendEntry& entry : rows.entries) {
    const float middle = entry.at.y + canvas.measure(entry.name, style).height / 2;
    canvas.line({entry.at.x, middle}, {entry.at.x + kSample, middle}, entry.stroke);
    if (entry.marker) {
      plot::draw_marker(canvas, *entry.marker, {entry.at.x + kSample / 2, middle}, kMarkRadius,
                        entry.stroke.color, theme.card);
    }
    canvas.text({entry.at.x + kSample + row * 0.3F, entry.at.y}, entry.name, style);
  }
  return rows.bottom;
}

std::string points_csv(const LineFigure& figure) {
  view::DataTable table{.columns = {"series", "part", figure.x_name, figure.y_name}};
  const auto add = [&](const std::string& name, const char* part,
                       const std::vector<FigurePoint>& points) {
    for (const FigurePoint& point : points) {
      table.rows.push_back({name, part, core::number_text(point.x), core::number_text(point.y)});
    }
  };
  for (const FigureSeries& series : figure.series) {
    add(series.name, "line", series.line);
    add(series.name, "point", series.dots);
    for (const FigureInterval& interval : series.intervals) {
      add(series.name, "low", {{interval.x, interval.low}});
      add(series.name, "high", {{interval.x, interval.high}});
    }
  }
  if (figure.front) add(figure.front->name, "line", figure.front->line);
  return view::csv_text(table, {});
}

/// The samples of a series at its place, which a chart reads until it is finished.
struct PlacedSeries {
  Samples dots, line, intervals;
};

/// Returns the ends of intervals, with a gap behind each.
std::vector<FigurePoint> ends_of(const std::vector<FigureInterval>& intervals) {
  std::vector<FigurePoint> ends;
  for (const FigureInterval& interval : intervals) {
    ends.insert(
        ends.end(),
        {{interval.x, interval.low}, {interval.x, interval.high}, {interval.x, plot::kMissing}});
  }
  return ends;
}

/// Places a series `beside` where it lies, in units of the paper.
PlacedSeries place(const plot::Chart& chart, const FigureSeries& series, float beside) {
  const auto samples = [&](const std::vector<FigurePoint>& points) {
    Samples made(points);
    for (double& x : made.x) x = chart.x().value(chart.x().pixel(x) + beside);
    return made;
  };
  return {samples(series.dots), samples(series.line), samples(ends_of(series.intervals))};
}

void draw_series(plot::Chart& chart, const PlacedSeries& series, plot::Stroke stroke,
                 plot::Marker marker) {
  const auto& [dots, line, intervals] = series;
  const plot::Stroke faint{stroke.color.with_alpha(0.45), stroke.width, stroke.dash};
  chart.markers({.x = dots.x, .y = dots.y, .stroke = faint}, marker, kMarkRadius * 0.8F);
  chart.line({.x = intervals.x, .y = intervals.y, .stroke = {stroke.color, 1}});
  chart.line({.x = line.x, .y = line.y, .stroke = stroke});
  chart.markers({.x = line.x, .y = line.y, .stroke = stroke}, marker, kMarkRadius);
}

plot::ChartOptions chart_options(const LineFigure& figure) {
  Span xs, ys;
  for (const FigureSeries& series : figure.series) {
    for (const auto* points : {&series.line, &series.dots}) {
      for (const FigurePoint& point : *points) {
        xs.hold(point.x);
        ys.hold(point.y);
      }
    }
    for (const FigureInterval& interval : series.intervals) {
      ys.hold(interval.low);
      ys.hold(interval.high);
    }
  }
  return {.x = spread(figure.x, xs), .y = spread(figure.y, ys)};
}

/// Returns by how much a series lies beside its place: those with intervals lie around it.
float beside(const LineFigure& figure, std::size_t series) {
  constexpr float kApart = 3;
  const auto has_intervals = [](const FigureSeries& one) { return !one.intervals.empty(); };
  if (!has_intervals(figure.series[series])) return 0;
  const auto here = figure.series.begin() + static_cast<std::ptrdiff_t>(series);
  const auto before = std::count_if(figure.series.begin(), here, has_intervals);
  const auto all = std::ranges::count_if(figure.series, has_intervals);
  return (static_cast<float>(before) - static_cast<float>(all - 1) / 2) * kApart;
}

/// Returns the name of the x axis in the lines that it takes.
std::vector<std::string> x_name_lines(const plot::Canvas& canvas, const LineFigure& figure,
                                      const Paper& paper) {
  return plot::wrapped_lines(canvas, figure.x_name, {.size = plot::TextSize::small},
                             paper.size.width - 2 * paper.margin);
}

void draw_on(plot::Canvas& canvas, const LineFigure& figure, const Paper& paper) {
  const plot::Theme theme = paper_theme();
  float top = draw_legend(canvas, theme, figure, paper);
  canvas.text({paper.margin, top}, figure.y_name,
              {.color = theme.quiet, .size = plot::TextSize::small});
  top += theme.small_text * 1.2F;
  const float right = paper.size.width - paper.margin;
  const std::vector<std::string> x_name = x_name_lines(canvas, figure, paper);
  const auto lines = static_cast<float>(x_name.size());
  const float bottom = paper.size.height - paper.margin - theme.small_text * 1.4F * lines;
  for (std::size_t line = 0; line < x_name.size(); ++line) {
    const float down = theme.small_text * (0.4F + 1.3F * static_cast<float>(line));
    canvas.text({right, bottom + down}, x_name[line],
                {.color = theme.quiet, .size = plot::TextSize::small, .align = plot::Align::right});
  }
  plot::Chart chart(canvas, canvas, theme, {paper.margin, top, right, bottom},
                    chart_options(figure));
  const Samples front(figure.front ? figure.front->line : std::vector<FigurePoint>{});
  chart.line({.x = front.x, .y = front.y, .stroke = {theme.text, 1.2F, plot::Dash::dotted}});
  std::vector<PlacedSeries> placed;
  for (const FigureSeries& series : figure.series) {
    placed.push_back(place(chart, series, beside(figure, placed.size())));
    draw_series(chart, placed.back(), stroke_of(theme, series.style), marker_of(series.style));
  }
  chart.finish();
}

/// Returns the least size of a figure for print: its names, and a plot that is no stripe.
plot::Size least_print(const LineFigure& figure, plot::Size size) {
  const plot::Theme theme = paper_theme();
  constexpr float kLeastPlot = 90;
  const Paper printed = print_paper(size);
  const LegendRows rows = legend_rows(paper(size), theme, figure, printed);
  const auto lines = static_cast<float>(x_name_lines(paper(size), figure, printed).size());
  const float y_name = paper(size).measure(figure.y_name, {.size = plot::TextSize::small}).width;
  return {std::max(rows.widest, y_name) + 2 * printed.margin,
          rows.bottom + theme.small_text * (1.8F + 1.4F * lines) + kLeastPlot};
}

constexpr float kWidth = 920;
constexpr float kBarMargin = 16;
constexpr float kBarRowHeight = 22;
constexpr float kNameWidth = 230;
constexpr float kTotalWidth = 90;

double total_of(const StackedBars::Row& row) {
  return std::accumulate(row.values.begin(), row.values.end(), 0.0);
}

std::string bars_csv(const StackedBars& bars) {
  view::DataTable table{.columns = {"row"}};
  table.columns.insert(table.columns.end(), bars.parts.begin(), bars.parts.end());
  for (const StackedBars::Row& row : bars.rows) {
    std::vector<std::string> cells = {row.name};
    for (const double value : row.values) cells.push_back(core::number_text(value));
    table.rows.push_back(std::move(cells));
  }
  return view::csv_text(table, {});
}

void draw_names_of_parts(plot::SvgCanvas& canvas, const plot::Theme& theme,
                         const StackedBars& bars) {
  const plot::TextStyle style{.color = theme.text};
  float x = kBarMargin;
  for (std::size_t part = 0; part < bars.parts.size(); ++part) {
    canvas.fill({x, kBarMargin + 2, x + 10, kBarMargin + 12}, theme.categories[part], 2);
    canvas.text({x + 16, kBarMargin}, bars.parts[part], style);
    x += canvas.measure(bars.parts[part], style).width + 42;
  }
  canvas.text({kWidth - kBarMargin, kBarMargin}, bars.unit,
              {.color = theme.quiet, .size = plot::TextSize::small, .align = plot::Align::right});
}

}  // namespace

plot::Stroke stroke_of(const plot::Theme& theme, std::size_t style) {
  constexpr std::array kDashes = {plot::Dash::solid, plot::Dash::dashed, plot::Dash::dotted};
  const std::size_t colors = theme.categories.size();
  return {theme.categories[style % colors], 1.8F, kDashes[(style / colors) % kDashes.size()]};
}

plot::Marker marker_of(std::size_t style) {
  return static_cast<plot::Marker>(style % plot::kMarkers);
}

plot::Theme paper_theme() {
  plot::Theme theme = plot::make_theme(plot::Brightness::light, plot::Palette::standard);
  theme.background = theme.card;
  theme.categories = {plot::Color::hex(0x0b6bcb), plot::Color::hex(0xd98200),
                      plot::Color::hex(0x009e73), plot::Color::hex(0xb8568f),
                      plot::Color::hex(0x56b4e9), plot::Color::hex(0xc44e1c),
                      plot::Color::hex(0x6b5bd2), plot::Color::hex(0x6f7783)};
  return theme;
}

plot::SvgCanvas paper(plot::Size size) {
  return {size, paper_theme()};
}

Figure draw(const LineFigure& figure) {
  plot::SvgCanvas canvas = paper(kPage.size);
  draw_on(canvas, figure, kPage);
  return {.name = figure.name,
          .title = figure.title,
          .explanation = figure.explanation,
          .svg = canvas.document(figure.configuration),
          .csv = points_csv(figure),
          .configuration = figure.configuration,
          .print = [figure](plot::Canvas& print,
                            plot::Size size) { draw_on(print, figure, print_paper(size)); },
          .least_print = [figure](plot::Size size) { return least_print(figure, size); }};
}

Figure draw(const StackedBars& bars) {
  const plot::Theme theme = paper_theme();
  const float top = kBarMargin * 2 + theme.line_height();
  plot::SvgCanvas canvas =
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
                 .size = plot::TextSize::small,
                 .align = plot::Align::right,
                 .vertical = plot::VerticalAlign::middle});
    float x = kBarMargin + kNameWidth;
    for (std::size_t part = 0; part < row.values.size(); ++part) {
      const auto width = static_cast<float>(largest > 0 ? row.values[part] / largest : 0) * room;
      canvas.fill({x, y + 4, x + width, y + kBarRowHeight - 4}, theme.categories[part], 0);
      x += width;
    }
    canvas.text({x + 8, middle}, bars.format(total_of(row)),
                {.color = theme.quiet,
                 .face = plot::Face::mono,
                 .size = plot::TextSize::small,
                 .vertical = plot::VerticalAlign::middle});
    y += kBarRowHeight;
  }
  return {.name = bars.name,
          .title = bars.title,
          .explanation = bars.explanation,
          .svg = canvas.document(bars.configuration),
          .csv = bars_csv(bars)};
}

}  // namespace sketchscope::report
