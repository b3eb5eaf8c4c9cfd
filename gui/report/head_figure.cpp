#include "gui/report/figures.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/text.hpp"
#include "gui/plot/raster.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/data_table.hpp"

namespace sketchscope::report {
namespace {

constexpr float kPageWidth = 920;
constexpr float kHeadMargin = 16;
constexpr float kGap = 22;
constexpr float kAxisWidth = 20;  // numbers of the layers
constexpr float kHeadRowHeight = 20;
constexpr int kMapsInARow = 3;

plot::Color shade(double share) {
  return plot::mix(plot::Color::hex(0xf4f7fa), plot::Color::hex(0x0b4f96), share);
}

class HeadPicture {
 public:
  explicit HeadPicture(const HeadMaps& figure)
      : figure_(figure), theme_(paper_theme()), canvas_(paper(size_of(figure))) {
    for (const HeadFigureMap& map : figure.maps) {
      for (const auto& layer : map.values) {
        for (const double value : layer) largest_ = std::max(largest_, value);
      }
    }
  }

  std::string draw() {
    const plot::TextStyle unit{.color = theme_.quiet, .size = plot::TextSize::small};
    canvas_.text({kHeadMargin, kHeadMargin},
                 figure_.unit + ": white is 0, the darkest " + figure_.format(largest_) +
                     "; layers from top to bottom, heads from left to right",
                 unit);
    for (std::size_t at = 0; at < figure_.maps.size(); ++at) draw_map(at);
    return canvas_.document(figure_.configuration);
  }

 private:
  static float map_width() {
    return (kPageWidth - 2 * kHeadMargin - (kMapsInARow - 1) * kGap) / kMapsInARow;
  }
  static float map_height(const HeadMaps& figure) {
    return kHeadRowHeight * static_cast<float>(figure.maps.front().values.size() + 1);
  }
  static plot::Size size_of(const HeadMaps& figure) {
    const auto rows = (figure.maps.size() + kMapsInARow - 1) / kMapsInARow;
    return {kPageWidth, 2 * kHeadMargin + kHeadRowHeight +
                            static_cast<float>(rows) * (map_height(figure) + kGap)};
  }

  void draw_map(std::size_t index) {
    const auto column = static_cast<float>(index % kMapsInARow);
    const auto row = static_cast<float>(index / kMapsInARow);
    const float left = kHeadMargin + column * (map_width() + kGap);
    const float top = kHeadMargin + 1.5F * kHeadRowHeight + row * (map_height(figure_) + kGap);
    const HeadFigureMap& map = figure_.maps[index];
    const auto layers = static_cast<int>(map.values.size());
    const auto heads = static_cast<int>(map.values.front().size());
    canvas_.text({left, top}, map.name, {.color = theme_.text, .size = plot::TextSize::small});
    const plot::Rect cells{left + kAxisWidth, top + kHeadRowHeight, left + map_width(),
                           top + kHeadRowHeight * static_cast<float>(layers + 1)};
    for (int layer = 0; layer < layers; ++layer) {
      const plot::Rect line = plot::cell_rect(cells, layers, 1, {layer, 0});
      canvas_.text({cells.left - 6, line.center().y}, std::to_string(layer), axis_style());
      for (int head = 0; head < heads; ++head) {
        const auto values = static_cast<std::size_t>(layer);
        draw_cell(plot::cell_rect(cells, layers, heads, {layer, head}),
                  map.values[values][static_cast<std::size_t>(head)]);
      }
    }
  }

  void draw_cell(const plot::Rect& cell, double value) {
    const double share = largest_ > 0 ? value / largest_ : 0;
    canvas_.fill(cell.inset(0.5F, 0.5F), shade(share), 0);
    const plot::TextStyle style{.color = share > 0.55 ? plot::Color::hex(0xffffff) : theme_.text,
                                .face = plot::Face::mono,
                                .size = plot::TextSize::small,
                                .align = plot::Align::center,
                                .vertical = plot::VerticalAlign::middle};
    const std::string number = figure_.in_cell(value);
    if (canvas_.measure(number, style).width < cell.width()) {
      canvas_.text(cell.center(), number, style);
    }
  }

  [[nodiscard]] plot::TextStyle axis_style() const {
    return {.color = theme_.quiet,
            .face = plot::Face::mono,
            .size = plot::TextSize::small,
            .align = plot::Align::right,
            .vertical = plot::VerticalAlign::middle};
  }

  const HeadMaps& figure_;
  plot::Theme theme_;
  plot::SvgCanvas canvas_;
  double largest_ = 0;
};

std::string heads_csv(const HeadMaps& figure) {
  view::DataTable table{.columns = {"configurations", "layer", "head", figure.unit}};
  for (const HeadFigureMap& map : figure.maps) {
    for (std::size_t layer = 0; layer < map.values.size(); ++layer) {
      for (std::size_t head = 0; head < map.values[layer].size(); ++head) {
        table.rows.push_back({map.name, std::to_string(layer), std::to_string(head),
                              core::number_text(map.values[layer][head])});
      }
    }
  }
  return view::csv_text(table, {});
}

}  // namespace

Figure draw(const HeadMaps& figure) {
  return {.name = figure.name,
          .title = figure.title,
          .explanation = figure.explanation,
          .svg = HeadPicture(figure).draw(),
          .csv = heads_csv(figure)};
}

}  // namespace sketchscope::report
