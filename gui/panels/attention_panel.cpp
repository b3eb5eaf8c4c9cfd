#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/position_raster.hpp"
#include "gui/plot/raster.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/theme.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/attention_map.hpp"
#include "gui/view/head_text.hpp"
#include "gui/view/occupancy.hpp"

namespace sketchscope::panels {
namespace {

/// The difference that has the full colour.
constexpr double kFullDifference = 0.1;

/// The attention of every head of a layer, compared with the full cache's.
class AttentionPanel final : public Panel {
 public:
  std::string_view name() const override { return "attention"; }
  std::string_view title() const override { return "Attention"; }
  std::string_view help() const override {
    return "Attention of the last token, head × position, from 0.0001 to 1 in logarithmic colours: "
           "under this cache, under the full cache of the twin, and their difference (red: the "
           "full cache attends more). Grey is not stored. A click locks the position and chooses "
           "the head.";
  }
  std::string subtitle(const PanelContext& context) const override {
    return "layer " + std::to_string(context.selection.layer) + " · head × position, log scale";
  }
  std::string readout(const PanelContext& context) const override {
    const run::LayerState* layer = knows_state(context) ? chosen_layer(context) : nullptr;
    if (!layer) return std::string(plot::kAbsent);
    return "TV to full " +
           plot::fixed_text(view::attention_distance(*layer, context.model.config.heads), 3);
  }

  RowsOf rows_of() const override { return RowsOf::step; }
  view::DataTable data(const PanelContext& context) const override {
    const run::LayerState* layer = known_layer(context);
    return layer ? view::attention_data(*layer, context.model.config.heads) : view::DataTable();
  }

  void draw(PanelContext& context) override {
    const record::StepRecord* record = context.shown();
    const run::LayerState* layer = chosen_layer(context);
    if (!record || !layer) {
      return draw_not_there(context, "No attention yet",
                            "Press play: each step shows its attention");
    }
    if (!knows_state(context)) {
      const bool saved = context.state.phase == run::RunPhase::saved;
      return draw_empty_state(context, "Not known of this step",
                              saved ? "A file keeps the attention of its last step alone"
                                    : "A click locks a step, and the engine goes back to it");
    }
    if (layer->attention.empty()) {
      return draw_not_there(context, "No attention of this step: a prompt runs in one pass",
                            "One step more, and the attention of that token is here");
    }
    const int heads = context.model.config.heads;
    const int span = position_span(context);
    const plot::Theme& theme = context.theme;
    const float scale = has_scales(context) ? theme.unit() * 4.8F : 0;
    const plot::Rect area{context.area.left + theme.unit() * 7.2F, context.area.top,
                          context.area.right - scale,
                          context.area.bottom - theme.small_text * 1.6F};
    move_positions(context, area, span);
    const view::PositionRange shown = context.selection.positions.range(span);
    const view::AttentionMap map =
        view::attention_map(*layer, heads, shown, std::max(1, static_cast<int>(area.width())));
    draw_bands(context, *layer, map, area, shown);
  }

 private:
  struct Band {
    std::string_view name;
    std::string_view key;
    const std::vector<float>* values;
  };

  static void draw_bands(PanelContext& context, const run::LayerState& layer,
                         const view::AttentionMap& map, const plot::Rect& area,
                         view::PositionRange shown) {
    const std::array<Band, 3> all = {{{"this cache", "attention lane", &map.lane},
                                      {"full cache", "attention twin", &map.twin},
                                      {"difference", "attention difference", &map.difference}}};
    const std::size_t count = map.twin.empty() ? 1 : all.size();
    const float gap = context.theme.unit() * 0.5F;
    const float height = (area.height() + gap) / static_cast<float>(count) - gap;
    for (std::size_t index = 0; index < count; ++index) {
      const float top = area.top + static_cast<float>(index) * (height + gap);
      const plot::Rect rect{area.left, top, area.right, top + height};
      draw_band(context, map, all[index], rect);
      select(context, layer, map, rect, shown);
    }
    context.canvas.text(
        {area.left - context.theme.unit() * 0.6F, area.bottom + context.theme.small_text * 0.25F},
        "position", small_style(context.theme, plot::Align::right));
    draw_position_axis(context, shown, area);
    draw_position_cursor(context, shown, area);
    if (has_scales(context))
      draw_scales(context, area, count > 1 ? (height + gap) * 2 - gap : height);
  }

  static bool has_scales(const PanelContext& context) {
    return context.area.width() > 24 * context.theme.unit();
  }

  /// Draws the colour bars of masses and, below, of the difference.
  static void draw_scales(PanelContext& context, const plot::Rect& area, float masses) {
    const plot::Theme& theme = context.theme;
    const float left = area.right + theme.unit() * 0.8F;
    plot::draw_color_bar(
        context.canvas, theme, {left, area.top, context.area.right, area.top + masses},
        {.key = "attention scale", .color = plot::viridis, .top = "1", .bottom = "0.0001"});
    if (area.top + masses >= area.bottom - 1) return;
    const auto color = [&](double share) {
      return difference_color(theme, static_cast<float>((2 * share - 1) * kFullDifference));
    };
    plot::draw_color_bar(
        context.canvas, theme,
        {left, area.top + masses + theme.unit() * 0.5F, context.area.right, area.bottom},
        {.key = "attention difference scale",
         .color = color,
         .top = "+" + plot::format_number(kFullDifference),
         .bottom = "−" + plot::format_number(kFullDifference)});
  }

  static void draw_band(PanelContext& context, const view::AttentionMap& map, const Band& band,
                        const plot::Rect& rect) {
    const plot::Theme& theme = context.theme;
    const bool signed_values = band.values == &map.difference;
    plot::Image image{.width = map.columns, .height = map.heads, .pixels = {}};
    image.pixels.reserve(band.values->size());
    for (std::size_t pixel = 0; pixel < band.values->size(); ++pixel) {
      const int column = static_cast<int>(pixel) % map.columns;
      image.pixels.push_back(column >= map.filled ? theme.card
                             : signed_values      ? difference_color(theme, (*band.values)[pixel])
                                                  : mass_color(theme, (*band.values)[pixel]));
    }
    context.canvas.image(band.key, rect, image);
    context.canvas.text({context.area.left, rect.center().y}, band.name,
                        in_middle(small_style(theme)));
    draw_heads(context, map.heads, rect);
  }

  /// Draws the numbers of the heads beside their rows, or of the first and the last where rows are
  /// lower than letters.
  static void draw_heads(PanelContext& context, int heads, const plot::Rect& rect) {
    const plot::Theme& theme = context.theme;
    const float pitch = rect.height() / static_cast<float>(heads);
    if (rect.height() < theme.small_text * 2.4F) return;
    const auto apart = static_cast<int>(std::ceil(theme.small_text * 1.1F / pitch));
    plot::TextStyle style = in_middle(small_value_style(theme));
    style.color = theme.faint;
    for (int head = 0; head < heads; head += std::max(apart, 1)) {
      const float middle = rect.top + (static_cast<float>(head) + 0.5F) * pitch;
      context.canvas.text({rect.left - theme.unit() * 0.35F, middle}, std::to_string(head), style);
    }
  }

  static plot::Color mass_color(const plot::Theme& theme, float mass) {
    return std::isnan(mass) ? theme.evicted : plot::viridis(view::mass_heat(mass));
  }

  static plot::Color difference_color(const plot::Theme& theme, float difference) {
    if (std::isnan(difference)) return theme.evicted;
    const double size = std::min(1.0, std::sqrt(std::abs(difference) / kFullDifference));
    return plot::mix(theme.control, difference < 0 ? theme.bad : theme.kept, size);
  }

  static void select(PanelContext& context, const run::LayerState& layer,
                     const view::AttentionMap& map, const plot::Rect& rect,
                     view::PositionRange shown) {
    if (!context.pointer.at) return;
    auto cell = plot::cell_at(rect, map.heads, shown.count(), *context.pointer.at);
    if (cell) cell->column += shown.first;
    if (!cell || cell->column >= map.positions) return;
    widgets::Selection& selection = context.selection;
    selection.next_hover.position = cell->column;
    if (context.pointer.clicked) {
      selection.locked_position = cell->column;
      selection.head = cell->row;
    }
    const auto index =
        static_cast<std::size_t>(cell->row) * static_cast<std::size_t>(map.positions) +
        static_cast<std::size_t>(cell->column);
    const int token = context.history.tokens()[static_cast<std::size_t>(cell->column)];
    const float own = layer.attention[index];
    std::vector<plot::ReadoutLine> lines = {
        {"position " + plot::count_text(cell->column) + " " +
             token_text(context.model).quoted(token) + ", " +
             view::query_head_text(context.model.config, cell->row),
         {},
         {}},
        {"this cache", std::isnan(own) ? "not stored" : plot::column_text(own), {}}};
    if (index < layer.twin_attention.size()) {
      lines.push_back({"full cache", plot::column_text(layer.twin_attention[index]), {}});
    }
    plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                       {0, 0, context.area.right, 1e6F}, lines);
  }
};

}  // namespace

std::unique_ptr<Panel> make_attention_panel() {
  return std::make_unique<AttentionPanel>();
}

}  // namespace sketchscope::panels
