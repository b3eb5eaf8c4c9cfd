#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/position_raster.hpp"
#include "gui/panels/two_sides.hpp"
#include "gui/plot/raster.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/panel_data.hpp"

namespace sketchscope::panels {
namespace {

/// Table × position at the step shown: the positions that every layer or head stores.
class OccupancyPanel final : public Panel {
 public:
  std::string_view name() const override { return "occupancy"; }
  std::string_view title() const override { return "Occupancy"; }
  std::string_view help() const override {
    return "Which positions each slot table stores at the step shown. Hover a mark for its scores; "
           "a click locks the position, chooses the layer and explains an eviction. The wheel "
           "zooms the positions around the mouse, a drag moves them, a double click shows all. "
           "Where two runs are compared, a wide card has both.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return "layer × position";
    const bool per_head = !record->layers.empty() && record->layers.front().tables > 1;
    return (per_head ? "head of layer × position, step " : "layer × position, step ") +
           plot::count_text(record->step) + zoomed_words(context);
  }
  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    const settings::Knobs knobs =
        view::knobs_at(context.history, context.state.applied, record->step);
    return knobs.policy->evicts ? "cap " + plot::count_text(knobs.max_cache_size) : "no cap";
  }

  RowsOf rows_of() const override { return RowsOf::step; }
  view::DataTable data(const PanelContext& context) const override {
    return view::occupancy_data(shown_occupancy(context));
  }

  void draw(PanelContext& context) override {
    const record::StepRecord* record = context.shown();
    if (!record) {
      return draw_not_there(context, "Nothing is stored yet", "Press play to feed the prompt");
    }
    const plot::Theme& theme = context.theme;
    const plot::Rect whole = context.area;
    const float legend_left = whole.left + theme.unit() * kLabelsInUnits;
    draw_status_legend(context, legend_left, whole.bottom);
    context.area.bottom -= status_legend_height(context, legend_left);
    draw_sides(context);
    context.area = whole;
  }

  plot::Size least_print(const PanelContext& context) const override {
    const plot::Theme& theme = context.theme;
    const record::StepRecord* record = context.shown();
    if (record == nullptr) return {};
    int rows = 0;
    for (const record::LayerRecord& layer : record->layers) rows += layer.tables;
    // The numbers of many tables are left out, as they are on the screen.
    constexpr int kMostWithNumbers = 24;
    constexpr float kLeastRow = 3;
    const float row = rows > kMostWithNumbers ? kLeastRow : theme.small_text * 1.15F;
    float height = static_cast<float>(rows) * row + axis_height(theme);
    if (has_other(context)) height += theme.small_text * 1.5F;
    if (has_other(context) && !is_wide(context)) height *= 2;
    const float left = context.area.left + theme.unit() * kLabelsInUnits;
    return {theme.unit() * kLeastInUnits, height + status_legend_height(context, left)};
  }

 private:
  static constexpr float kLabelsInUnits = 2.2F;
  static constexpr float kLeastInUnits = 24;  ///< width of labels, raster and numbers for print

  static float axis_height(const plot::Theme& theme) { return theme.small_text * 1.5F; }
  static bool is_wide(const PanelContext& context) {
    return context.area.width() > kLeastOfTwoSides * context.theme.unit();
  }

  /// The raster of a run as it was drawn last.
  struct Side {
    std::vector<plot::Color> pixels;
    std::uint64_t drawn_revision = 0;
    int drawn_columns = 0;
    view::PositionRange drawn_range;
    view::StatusColors drawn_colors{};
  };

  /// Draws the runs there is room for: A, and B beside it or, in a narrow print, below it.
  void draw_sides(PanelContext& context) {
    const bool wide = is_wide(context);
    if (!has_other(context) || !(wide || context.print)) return draw_side(context, sides_[0], {});
    const float gap = context.theme.unit() * 0.5F;
    const plot::Point middle = context.area.center();
    PanelContext other = of_other(context);
    if (wide) {
      other.area.left = middle.x + gap;
      context.area.right = middle.x - gap;
    } else {
      other.area.top = middle.y + gap / 2;
      context.area.bottom = middle.y - gap / 2;
    }
    draw_side(context, sides_[0], view::run_letter(0));
    draw_side(other, sides_[1], view::run_letter(1));
  }

  /// Draws the raster of one run, under its letter if it is one of two, whose items have it too.
  void draw_side(PanelContext& context, Side& side, const std::string& letter) {
    const plot::Theme& theme = context.theme;
    const float unit = theme.unit();
    const bool first = &side == &sides_[0];
    const view::Occupancy& occupancy = shown_occupancy(context);
    plot::Rect raster = context.area;
    raster.left += unit * kLabelsInUnits;
    raster.right -= unit * (letter.empty() ? 10 : context.print ? 7 : 5);
    raster.bottom -= axis_height(theme);
    if (!letter.empty()) {
      const plot::Point at{raster.left, raster.top};
      raster.top += draw_side_title(context, first ? 0 : 1, at, {}, raster.right);
    }
    const std::string items = first ? "Occupancy/" : "Occupancy/" + letter + "/";
    const int span = position_span(context);
    context.items.note(items + "raster", raster);
    move_positions(context, raster, span);
    const view::PositionRange shown = context.selection.positions.range(span);
    draw_raster_rows(context, side, occupancy, shown, raster);
    draw_labels(context, occupancy, raster, items);
    draw_counts(context, occupancy,
                {raster.right + unit * 1.2F, raster.top, context.area.right, raster.bottom});
    draw_position_axis(context, shown, raster);
    draw_position_cursor(context, shown, raster);
    select(context, occupancy, shown, raster, first);
  }

  /// Rows lower than this, in pixels, stand without gaps, which would come out as an uneven
  /// pattern.
  static constexpr float kLowestRowWithGap = 6;

  static float row_gap(const plot::Rect& raster, int rows) {
    const float pitch = raster.height() / static_cast<float>(rows);
    return pitch < kLowestRowWithGap ? 0.0F : std::min(3.0F, pitch * 0.2F);
  }

  void draw_raster_rows(PanelContext& context, Side& side, const view::Occupancy& occupancy,
                        view::PositionRange shown, const plot::Rect& raster) const {
    const int columns = std::min(shown.count(), std::max(1, static_cast<int>(raster.width())));
    const view::StatusColors colors = status_colors(context.theme);
    const std::uint64_t revision = context.occupancies.of(context.history).revision();
    const bool drawn = side.drawn_revision == revision && side.drawn_columns == columns &&
                       side.drawn_range == shown && side.drawn_colors == colors;
    if (!drawn) {
      side.pixels = view::occupancy_pixels(occupancy, shown, columns, colors);
      side.drawn_colors = colors;
      side.drawn_revision = revision;
      side.drawn_columns = columns;
      side.drawn_range = shown;
    }
    const std::string_view key = &side == &sides_[0] ? "occupancy" : "occupancy of B";
    plot::draw_raster(
        context.canvas, raster, key, occupancy.rows, columns, row_gap(raster, occupancy.rows),
        [&](plot::Cell cell) {
          return side.pixels[static_cast<std::size_t>(cell.row * columns + cell.column)];
        });
  }

  /// Draws the layers' names, which select a layer on click: the chosen one's, and of the others as
  /// many as do not touch.
  static void draw_labels(PanelContext& context, const view::Occupancy& occupancy,
                          const plot::Rect& raster, const std::string& items) {
    const plot::Theme& theme = context.theme;
    const int layers = occupancy.rows / occupancy.heads;
    const float line = theme.small_text * 1.1F;
    const auto middle_of = [&](int layer) {
      const float middle = plot::cell_rect(raster, layers, 1, {layer, 0}).center().y;
      const float top = raster.top + line / 2;
      return std::clamp(middle, top, std::max(top, raster.bottom - line / 2));
    };
    float last = -1e6F;
    for (int layer = 0; layer < layers; ++layer) {
      const plot::Rect row = plot::cell_rect(raster, layers, 1, {layer, 0});
      const plot::Rect label{context.area.left, row.top, raster.left, row.bottom};
      const bool chosen = layer == context.selection.layer && !context.print;
      const bool hovered = context.pointer.at && label.contains(*context.pointer.at);
      context.items.note(items + "layer " + std::to_string(layer), label);
      if (hovered && context.pointer.clicked) context.selection.layer = layer;
      const float middle = middle_of(layer);
      const float from_chosen =
          context.print ? line : std::abs(middle - middle_of(context.selection.layer));
      if (!chosen && (middle - last < line || from_chosen < line)) continue;
      if (!chosen) last = middle;
      plot::TextStyle style = small_value_style(theme);
      style.color = chosen ? theme.accent : hovered ? theme.text : theme.quiet;
      style.vertical = plot::VerticalAlign::middle;
      context.canvas.text({raster.left - theme.unit() * 0.6F, middle}, "L" + std::to_string(layer),
                          style);
    }
  }

  static void draw_counts(PanelContext& context, const view::Occupancy& occupancy,
                          const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const settings::Knobs knobs =
        view::knobs_at(context.history, context.state.applied, occupancy.step);
    const int most = std::max(1, *std::ranges::max_element(occupancy.stored));
    const int whole = knobs.policy->evicts ? std::max(most, knobs.max_cache_size) : most;
    const float bar_right = area.right - theme.unit() * (context.print ? 2.6F : 3.2F);
    if (context.print) {
      const std::string of = knobs.policy->evicts ? " of " + plot::count_text(whole) : "";
      context.canvas.text({area.right, area.bottom + theme.small_text * 0.25F}, "stored" + of,
                          small_style(theme, plot::Align::right));
    }
    for (int table = 0; table < occupancy.rows; ++table) {
      const plot::Rect row = plot::cell_rect(area, occupancy.rows, 1, {table, 0});
      const int stored = occupancy.stored[static_cast<std::size_t>(table)];
      const float thick = row.height() < kLowestRowWithGap
                              ? row.height()
                              : std::min(theme.unit() * 0.5F, row.height() * 0.6F);
      const float middle = row.center().y;
      const auto end = [&](int count) {
        return area.left +
               (bar_right - area.left) * static_cast<float>(count) / static_cast<float>(whole);
      };
      const float round = row.height() < kLowestRowWithGap ? 0.0F : 2.0F;
      context.canvas.fill({area.left, middle - thick / 2, bar_right, middle + thick / 2},
                          theme.evicted, round);
      context.canvas.fill({area.left, middle - thick / 2, end(stored), middle + thick / 2},
                          theme.kept, round);
      if (row.height() < theme.small_text) continue;
      context.canvas.text({area.right, middle}, plot::count_text(stored),
                          in_middle(context.print ? small_value_style(theme) : value_style(theme)));
    }
  }

  void select(PanelContext& context, const view::Occupancy& occupancy, view::PositionRange shown,
              const plot::Rect& raster, bool explains) {
    if (!context.pointer.at) return;
    auto cell = plot::cell_at(raster, occupancy.rows, shown.count(), *context.pointer.at);
    if (cell) cell->column += shown.first;
    if (!cell || cell->column >= occupancy.positions) return;
    widgets::Selection& selection = context.selection;
    selection.next_hover.position = cell->column;
    const int layer = occupancy.layer_of(cell->row);
    const int head = occupancy.head_of(cell->row);
    selection.next_hover.layer = layer;
    if (context.pointer.clicked) {
      selection.locked_position = cell->column;
      selection.layer = layer;
      selection.head = head;
      // Panels explain the evictions of the run in front.
      const auto place =
          explains ? context.history.eviction_of(layer, cell->column, head) : std::nullopt;
      if (place) selection.eviction = widgets::EvictionKey{place->step, layer, cell->column, head};
    }
    draw_slot_readout(context, occupancy, *cell);
  }

  std::array<Side, 2> sides_;
};

}  // namespace

std::unique_ptr<Panel> make_occupancy_panel() {
  return std::make_unique<OccupancyPanel>();
}

}  // namespace sketchscope::panels
