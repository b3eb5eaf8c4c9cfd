#include <algorithm>
#include <cmath>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/position_raster.hpp"
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
           "a "
           "click locks the position, chooses the layer and explains an eviction.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return "layer × position";
    const bool per_head = !record->layers.empty() && record->layers.front().tables > 1;
    return (per_head ? "head of layer × position, step " : "layer × position, step ") +
           plot::count_text(record->step);
  }
  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    const settings::Knobs knobs =
        view::knobs_at(context.history, context.state.applied, record->step);
    return knobs.policy->evicts ? "cap " + plot::count_text(knobs.max_cache_size) : "no cap";
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::occupancy_data(shown_occupancy(context));
  }

  void draw(PanelContext& context) override {
    const record::StepRecord* record = context.shown();
    if (!record) {
      return draw_not_there(context, "Nothing is stored yet", "Press play to feed the prompt");
    }
    const view::Occupancy& occupancy =
        cache_.at(context.history, context.state.applied, record->step);
    const plot::Theme& theme = context.theme;
    const float unit = theme.unit();
    const float foot = theme.small_text * 1.5F + theme.line_height();
    const plot::Rect raster{context.area.left + unit * 2.2F, context.area.top,
                            context.area.right - unit * 10, context.area.bottom - foot};
    const int span = view::position_span(occupancy.positions, context.model.config.positions);
    draw_raster_rows(context, occupancy, span, raster);
    draw_labels(context, occupancy, raster);
    draw_counts(context, occupancy,
                {raster.right + unit * 1.2F, raster.top, context.area.right, raster.bottom});
    draw_position_axis(context, span, raster);
    draw_status_legend(context, raster.left, context.area.bottom);
    draw_position_cursor(context, span, raster);
    select(context, occupancy, span, raster);
  }

 private:
  /// Rows lower than this, in pixels, stand without gaps, which would come out as an uneven
  /// pattern.
  static constexpr float kLowestRowWithGap = 6;

  static float row_gap(const plot::Rect& raster, int rows) {
    const float pitch = raster.height() / static_cast<float>(rows);
    return pitch < kLowestRowWithGap ? 0.0F : std::min(3.0F, pitch * 0.2F);
  }

  void draw_raster_rows(PanelContext& context, const view::Occupancy& occupancy, int span,
                        const plot::Rect& raster) {
    const int columns = std::min(span, std::max(1, static_cast<int>(raster.width())));
    const view::StatusColors colors = status_colors(context.theme);
    const bool drawn = drawn_revision_ == cache_.revision() && drawn_columns_ == columns &&
                       drawn_span_ == span && drawn_colors_ == colors;
    if (!drawn) {
      pixels_ = view::occupancy_pixels(occupancy, span, columns, colors);
      drawn_colors_ = colors;
      drawn_revision_ = cache_.revision();
      drawn_columns_ = columns;
      drawn_span_ = span;
    }
    plot::draw_raster(context.canvas, raster, "occupancy", occupancy.rows, columns,
                      row_gap(raster, occupancy.rows), [&](plot::Cell cell) {
                        return pixels_[static_cast<std::size_t>(cell.row * columns + cell.column)];
                      });
  }

  /// Draws the layers' names, which select a layer on click: the chosen one's, and of the others as
  /// many as do not touch.
  static void draw_labels(PanelContext& context, const view::Occupancy& occupancy,
                          const plot::Rect& raster) {
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
      const bool chosen = layer == context.selection.layer;
      const bool hovered = context.pointer.at && label.contains(*context.pointer.at);
      context.items.note("Occupancy/layer " + std::to_string(layer), label);
      if (hovered && context.pointer.clicked) context.selection.layer = layer;
      const float middle = middle_of(layer);
      const float from_chosen = std::abs(middle - middle_of(context.selection.layer));
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
    const float bar_right = area.right - theme.unit() * 3.2F;
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
                          in_middle(value_style(theme)));
    }
  }

  void select(PanelContext& context, const view::Occupancy& occupancy, int span,
              const plot::Rect& raster) {
    if (!context.pointer.at) return;
    const auto cell = plot::cell_at(raster, occupancy.rows, span, *context.pointer.at);
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
      const auto place = context.history.eviction_of(layer, cell->column, head);
      if (place) selection.eviction = widgets::EvictionKey{place->step, layer, cell->column, head};
    }
    draw_slot_readout(context, occupancy, *cell);
  }

  view::OccupancyCache cache_;
  std::vector<plot::Color> pixels_;
  std::uint64_t drawn_revision_ = 0;
  int drawn_columns_ = 0;
  int drawn_span_ = 0;
  view::StatusColors drawn_colors_{};
};

}  // namespace

std::unique_ptr<Panel> make_occupancy_panel() {
  return std::make_unique<OccupancyPanel>();
}

}  // namespace sketchscope::panels
