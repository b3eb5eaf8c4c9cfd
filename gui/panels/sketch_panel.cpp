#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/two_sides.hpp"
#include "gui/plot/raster.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/theme.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/sketch_map.hpp"

namespace sketchscope::panels {
namespace {

/// The counters of the chosen layer's sketch, and the positions that share a counter.
class SketchPanel final : public Panel {
 public:
  std::string_view name() const override { return "sketch"; }
  std::string_view title() const override { return "Sketch counters"; }
  std::string_view help() const override {
    return "Rows × width counters of the chosen layer at the step shown, on a logarithmic scale. "
           "Hover a cell to see which positions share it, marked in text and rasters too; a "
           "position hovered elsewhere is boxed. Load: the share of a row's cells that are filled. "
           "Where two runs are compared, a wide card has both on one scale.";
  }

  std::string subtitle(const PanelContext& context) const override {
    const settings::Knobs knobs = state_knobs(context);
    const run::LayerState* layer = chosen_layer(context);
    if (context.history.empty() || !layer || layer->cells.empty()) return {};
    return std::string(state_caveat(context)) + "layer " + std::to_string(context.selection.layer) +
           " · " + std::to_string(knobs.sketch_depth) + " × " +
           plot::count_text(knobs.sketch_width) + ", log scale, step " +
           plot::count_text(context.state.steps - 1) + (layer->approximate ? " · approximate" : "");
  }

  std::string readout(const PanelContext& context) const override {
    const run::LayerState* layer = chosen_layer(context);
    if (context.history.empty() || !layer || layer->cells.empty())
      return std::string(plot::kAbsent);
    return loads_words(map_of(context));
  }

  RowsOf rows_of() const override { return RowsOf::step; }
  view::DataTable data(const PanelContext& context) const override {
    const run::LayerState* layer = known_layer(context);
    return layer ? view::counters_data(layer->cells, state_knobs(context).sketch_depth)
                 : view::DataTable();
  }

  void draw(PanelContext& context) override {
    if (context.history.empty() || !chosen_layer(context) || !chosen_table(context)) {
      return draw_not_there(context, "No counters yet", "Press play");
    }
    if (has_counters_of_other(context)) return draw_both(context);
    const view::SketchMap map = map_of(context);
    if (map.rows == 0) return draw_no_sketch(context);
    const plot::ColorBar scale = scale_of(map);
    const float top = context.area.top;
    draw_side(context, hashes_[0], map,
              {context.area.left, top, context.area.right - scale_room(context, scale),
               context.area.bottom},
              context.area.right);
    draw_scale(context, scale, top);
  }

 private:
  static view::SketchMap map_of(const PanelContext& context) {
    return view::sketch_map(chosen_layer(context)->cells, state_knobs(context).sketch_depth);
  }
  static std::string loads_words(const view::SketchMap& map) {
    return (map.rows == 1 ? "load " : "load by row ") + view::row_loads_text(map.row_loads);
  }
  static void draw_no_sketch(PanelContext& context) {
    draw_empty_state(context, "This policy uses no sketch",
                     "Knobs: policy sketch, and a sketch other than exact");
  }

  /// Returns whether the counters of B are known, and there is room for them beside the run's.
  static bool has_counters_of_other(const PanelContext& context) {
    if (context.area.width() < kLeastOfTwoSides * context.theme.unit()) return false;
    if (!has_other(context)) return false;
    const PanelContext other = of_other(context);
    return chosen_table(other) != nullptr && !chosen_layer(other)->cells.empty();
  }

  /// Draws the counters of both runs beside each other, on one scale.
  void draw_both(PanelContext& context) {
    const plot::Rect whole = context.area;
    const float unit = context.theme.unit();
    PanelContext other = of_other(context);
    std::array<view::SketchMap, 2> maps = {map_of(context), map_of(other)};
    view::share_scale(maps[0], maps[1]);
    const plot::ColorBar scale = scale_of(maps[1]);
    const float right = whole.right - scale_room(context, scale);
    const float middle = (whole.left + right) / 2;
    context.area = {whole.left, whole.top, middle - unit * 0.8F, whole.bottom};
    other.area = {middle + unit * 0.8F, whole.top, right, whole.bottom};
    float title = 0;
    const std::array<PanelContext*, 2> sides = {&context, &other};
    for (std::size_t side = 0; side < sides.size(); ++side) {
      PanelContext& own = *sides[side];
      const plot::Rect area = own.area;
      title = draw_side_title(own, side, {area.left + unit * 1.3F, area.top},
                              side_words(own, maps[side]), area.right);
      own.area.top += title;
      if (maps[side].rows == 0) {
        draw_no_sketch(own);
      } else {
        draw_side(own, hashes_[side], maps[side], own.area, area.right);
      }
    }
    context.area = whole;
    draw_scale(context, scale, whole.top + title);
  }

  /// Describes the table of one of two runs.
  static std::string side_words(const PanelContext& context, const view::SketchMap& map) {
    if (map.rows == 0) return {};
    return std::string(state_caveat(context)) + std::to_string(map.rows) + " × " +
           plot::count_text(map.width) + " · " + loads_words(map);
  }

  /// Draws the counters of a run into `area`, over a line of words that ends before `right`.
  static void draw_side(PanelContext& context, std::optional<view::SketchCells>& hashes,
                        const view::SketchMap& map, const plot::Rect& area, float right) {
    const settings::Knobs knobs = state_knobs(context);
    const run::LayerState& layer = *chosen_layer(context);
    const plot::Rect cells{area.left + context.theme.unit() * 1.3F, area.top, area.right,
                           bottom_of_cells(context)};
    draw_cells(context, layer, map, cells);
    if (!hashes || !hashes->fits(knobs)) {
      hashes.emplace(knobs, context.model.config.heads, context.model.config.positions);
    }
    const std::optional<plot::Cell> hovered =
        context.pointer.at ? plot::cell_at(cells, map.rows, map.width, *context.pointer.at)
                           : std::nullopt;
    if (hovered) {
      context.canvas.rect(outline(cells, map, *hovered), {context.theme.text, 1});
    } else if (const auto position = context.selection.position()) {
      box_position(context, *hashes, map, cells, *position);
    }
    if (hovered) show_sharing(context, *hashes, layer, map, *hovered);
    draw_words(context, {cells.left, context.area.bottom - context.theme.line_height()},
               right - cells.left, layer, map);
  }

  static float bottom_of_cells(const PanelContext& context) {
    return context.area.bottom - context.theme.line_height() - context.theme.unit() * 0.4F;
  }
  static void draw_scale(PanelContext& context, const plot::ColorBar& scale, float top) {
    const float left =
        context.area.right - scale_room(context, scale) + context.theme.unit() * 0.9F;
    plot::draw_color_bar(context.canvas, context.theme,
                         {left, top, context.area.right, bottom_of_cells(context)}, scale);
  }

  /// Draws a warning of a table that is less deep than it looks, else what its bytes compare with.
  static void draw_words(PanelContext& context, plot::Point at, float room,
                         const run::LayerState& layer, const view::SketchMap& map) {
    const std::string warning = view::nearly_dead_text(map.row_loads, map.width);
    plot::TextStyle style{.color = context.theme.quiet, .size = plot::TextSize::small};
    if (!warning.empty()) style.color = context.theme.pending;
    const std::string words = warning.empty() ? bytes_words(layer) : warning;
    context.canvas.text(at, fitted_parts(context.canvas, words, style, room), style);
  }

  static void draw_cells(PanelContext& context, const run::LayerState& layer,
                         const view::SketchMap& map, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const int columns = std::min(map.width, std::max(1, static_cast<int>(area.width())));
    const auto heats = view::heat_pixels(map, layer.cells, columns);
    const std::string_view key = context.state.place == 0 ? "sketch" : "sketch of B";
    plot::draw_raster(
        context.canvas, area, key, map.rows, columns, theme.unit() * 0.16F, [&](plot::Cell cell) {
          const float value = heats[static_cast<std::size_t>(cell.row * columns + cell.column)];
          return value > 0 ? plot::viridis(value) : theme.evicted;
        });
    for (int row = 0; row < map.rows; ++row) {
      plot::TextStyle style = small_value_style(theme);
      style.color = theme.faint;
      style.vertical = plot::VerticalAlign::middle;
      context.canvas.text({area.left - theme.unit() * 0.5F,
                           plot::cell_rect(area, map.rows, 1, {row, 0}).center().y},
                          std::to_string(row), style);
    }
  }

  static plot::ColorBar scale_of(const view::SketchMap& map) {
    return {.key = "sketch scale",
            .color = plot::viridis,
            .top = plot::format_number(map.largest),
            .bottom = plot::format_number(view::heat_floor(map))};
  }

  // The width right of the cells: long labels get more than the usual one.
  static float scale_room(const PanelContext& context, const plot::ColorBar& scale) {
    const float unit = context.theme.unit();
    const plot::TextStyle style{.face = plot::Face::mono, .size = plot::TextSize::small};
    const float labels = std::max(context.canvas.measure(scale.top, style).width,
                                  context.canvas.measure(scale.bottom, style).width);
    return std::max(unit * 5.2F, unit * 2.1F + labels);
  }

  static plot::Rect outline(const plot::Rect& area, const view::SketchMap& map, plot::Cell cell) {
    const plot::Rect exact = plot::cell_rect(area, map.rows, map.width, cell);
    const float thin = std::max(0.0F, 4 - exact.width()) / 2;
    return {exact.left - thin, exact.top, exact.right + thin, exact.bottom};
  }

  static view::SeenItems seen(const PanelContext& context) {
    const run::TableState* table = chosen_table(context);
    const std::size_t tables = chosen_layer(context)->tables.size();
    return {.tokens = context.history.tokens(),
            .codes = table->codes,
            .head = tables > 1 ? context.selection.head : 0};
  }

  static void box_position(PanelContext& context, const view::SketchCells& hashes,
                           const view::SketchMap& map, const plot::Rect& area, int position) {
    const auto tokens = context.history.tokens();
    if (position < 0 || static_cast<std::size_t>(position) >= tokens.size()) return;
    for (int row = 0; row < std::min(map.rows, hashes.rows()); ++row) {
      const auto column = hashes.column_of(row, position, seen(context));
      if (!column) return;
      context.canvas.rect(outline(area, map, {row, *column}), {context.theme.accent, 1});
    }
  }

  /// Draws a readout of the positions that share a cell, with their exact masses, and marks them in
  /// all panels.
  static void show_sharing(PanelContext& context, const view::SketchCells& hashes,
                           const run::LayerState& layer, const view::SketchMap& map,
                           plot::Cell cell) {
    const float value = layer.cells[static_cast<std::size_t>(cell.row * map.width + cell.column)];
    const auto positions = hashes.positions_in(cell.row, cell.column, seen(context));
    std::vector<plot::ReadoutLine> lines = {
        {"row " + std::to_string(cell.row) + ", counter " + plot::count_text(cell.column),
         plot::format_number(value),
         {}}};
    if (positions.empty()) lines.push_back({"no position maps here", {}, {}});
    constexpr std::size_t kNamed = 8;
    const view::TokenText text = token_text(context.model);
    for (const int position : positions | std::views::take(kNamed)) {
      const int token = context.history.tokens()[static_cast<std::size_t>(position)];
      lines.push_back({"position " + plot::count_text(position) + " " + text.quoted(token),
                       plot::column_text(value_of(chosen_table(context)->exact_mass, position)),
                       {}});
    }
    if (positions.size() > kNamed) {
      lines.push_back({"and " + std::to_string(positions.size() - kNamed) + " more", {}, {}});
    }
    plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                       {0, 0, context.area.right, 1e6F}, lines);
    context.selection.next_hover.sharing = positions;
  }

  /// Describes the sketch's bytes compared with exact counters of the same items.
  static std::string bytes_words(const run::LayerState& layer) {
    const std::string sketch = plot::format_bytes(static_cast<double>(layer.sketch_bytes));
    const std::string exact = plot::format_bytes(static_cast<double>(layer.exact_bytes));
    const bool smaller = layer.exact_bytes < layer.sketch_bytes;
    return sketch + " a layer, exact counters of the same items " + exact +
           (smaller ? ", smaller" : "");
  }

  std::array<std::optional<view::SketchCells>, 2> hashes_;  // of the run and of B
};

}  // namespace

std::unique_ptr<Panel> make_sketch_panel() {
  return std::make_unique<SketchPanel>();
}

}  // namespace sketchscope::panels
