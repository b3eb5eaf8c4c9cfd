#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/position_raster.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/axis.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/head_text.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/position_life.hpp"

namespace sketchscope::panels {
namespace {

/// A column of the table of slot tables.
struct LifeColumn {
  std::string_view name;
  float width;  ///< in text heights
  std::string (*words)(const view::TableLife& table);
};

std::string score_words(const view::TableLife& table) {
  return plot::column_text(table.score);
}
std::string exact_words(const view::TableLife& table) {
  return plot::column_text(table.exact);
}
std::string rank_words(const view::TableLife& table) {
  if (table.rank == 0) return std::string(plot::kAbsent);
  return std::to_string(table.rank) + " of " + std::to_string(table.stored);
}
std::string left_words(const view::TableLife& table) {
  return table.left_at ? "step " + plot::count_text(*table.left_at) : std::string(plot::kAbsent);
}
std::string regret_words(const view::TableLife& table) {
  return table.left_at ? plot::column_text(table.regret) : std::string(plot::kAbsent);
}

/// The columns from right to left; a narrow card drops the last ones.
constexpr std::array<LifeColumn, 5> kLifeColumns = {{
    {"left at", 6, left_words},
    {"score", 5, score_words},
    {"exact mass", 6, exact_words},
    {"rank", 6.5F, rank_words},
    {"regret", 5, regret_words},
}};

/// One token of the text: the tables that store it, its scores, its evictions.
class InspectorPanel final : public Panel {
 public:
  std::string_view name() const override { return "inspector"; }
  std::string_view title() const override { return "Inspector"; }
  std::string_view help() const override {
    return "The token under the mouse, or the one that was clicked, in each slot table: stored "
           "from which step to which, its score and exact mass now or as it left, its rank (1 "
           "leaves first), and the mass it would have received since. A click on a row explains "
           "the eviction.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const auto position = context.selection.position();
    const record::StepRecord* record = context.shown();
    if (!position || !record || *position > record->position) return {};
    const int token = context.history.tokens()[static_cast<std::size_t>(*position)];
    const bool prompt = *position < context.history.prompt_length();
    return "position " + plot::count_text(*position) + " " +
           token_text(context.model).quoted(token) + (prompt ? ", of the prompt" : ", generated") +
           ", fed at step " + plot::count_text(context.history.fed_at(*position));
  }
  std::string readout(const PanelContext& context) const override {
    const auto life = life_of(context, shown_occupancy(context));
    if (!life) return {};
    return "step " + plot::count_text(life->seen_at) + ": stored in " +
           std::to_string(life->storing()) + " of " + std::to_string(life->tables.size());
  }

  RowsOf rows_of() const override { return RowsOf::step; }
  view::DataTable data(const PanelContext& context) const override {
    const auto life = life_of(context, shown_occupancy(context));
    return life ? view::life_data(*life) : view::DataTable();
  }

  void draw(PanelContext& context) override {
    const record::StepRecord* record = context.shown();
    const auto life = record ? life_of(context, shown_occupancy(context)) : std::nullopt;
    if (!life) {
      if (!record) return draw_not_there(context, "No step yet", "Press play, then click a token");
      return draw_empty_state(context, "No token is chosen",
                              "Click one in the text or the occupancy");
    }
    plot::Rect tables = context.area;
    const auto& trace = context.state.trace;
    const bool wide = context.area.width() > context.theme.unit() * kWidthOfBoth;
    if (wide && trace && trace->position == life->position && trace->steps.size() > 1) {
      tables.right = context.area.left + context.area.width() * 0.62F;
      const float left = tables.right + context.theme.unit() * 1.5F;
      draw_scores(context, *life, *trace,
                  {left, context.area.top, context.area.right, context.area.bottom});
    }
    draw_tables(context, *life, tables);
  }

 private:
  static constexpr float kWidthOfBoth = 48;  // table and curves, in text heights

  /// Draws the score curves, with a thick line for the chosen layer.
  static void draw_scores(PanelContext& context, const view::PositionLife& life,
                          const run::PositionTrace& trace, const plot::Rect& area) {
    std::vector<view::ScoreCurve> curves;  // until the chart is finished
    double top = 0;
    for (const run::TableTrace& table : trace.tables) {
      curves.push_back(view::score_curve(trace, table, life));
      top = std::max(top, largest(curves.back().scores));
    }
    plot::ChartOptions options = step_chart_options(context, plot::axis_from_zero(top), "mass");
    options.legend = plot::Legend::none;
    plot::Chart chart(context.canvas, context.overlay, context.theme, area, options);
    const std::size_t layers = context.history.layers().size();
    for (std::size_t index = 0; index < curves.size(); ++index) {
      const run::TableTrace& table = trace.tables[index];
      const bool chosen = table.layer == context.selection.layer &&
                          table.head.value_or(context.selection.head) == context.selection.head;
      chart.line({.name = chosen || !table.head ? "score in L" + std::to_string(table.layer) : "",
                  .x = curves[index].steps,
                  .y = curves[index].scores,
                  .stroke = layer_stroke(context.theme, static_cast<std::size_t>(table.layer),
                                         layers, chosen ? 2.0F : 1.0F)});
    }
    finish_step_chart(context, chart);
    context.canvas.text({chart.plot().right, chart.plot().top}, "score, a line a layer",
                        small_style(context.theme, plot::Align::right));
  }

  static std::optional<view::PositionLife> life_of(const PanelContext& context,
                                                   const view::Occupancy& occupancy) {
    const auto position = context.selection.position();
    if (!position) return std::nullopt;
    return view::position_life(context.history, occupancy, known_state(context), *position);
  }

  static void draw_tables(PanelContext& context, const view::PositionLife& life,
                          const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const auto tables = static_cast<float>(life.tables.size());
    const float pitch =
        std::clamp(area.height() / (tables + 1), theme.unit() * 1.3F, theme.line_height());
    const auto rows = static_cast<std::size_t>(std::max(1.0F, area.height() / pitch - 0.95F));
    const float label_right = area.left + theme.unit() * 4;
    float bars_right = area.right;
    const plot::TextStyle head = small_style(theme);
    std::size_t columns = 0;
    for (; columns < kLifeColumns.size(); ++columns) {
      const float width = kLifeColumns[columns].width * theme.unit();
      if (bars_right - width < label_right + theme.unit() * 12) break;
      bars_right -= width;
    }
    const plot::Rect bars{label_right, area.top + pitch, bars_right - theme.unit(), area.bottom};
    context.canvas.text({area.left, area.top}, "table", head);
    context.canvas.text({bars.left, area.top}, "stored from step to step", head);
    float right = area.right;
    for (std::size_t column = 0; column < columns; ++column) {
      plot::TextStyle style = head;
      style.align = plot::Align::right;
      context.canvas.text({right, area.top}, kLifeColumns[column].name, style);
      right -= kLifeColumns[column].width * theme.unit();
    }
    for (std::size_t index = 0; index < std::min(rows, life.tables.size()); ++index) {
      const float top = area.top + pitch * static_cast<float>(index + 1);
      const bool last = index + 1 == rows && life.tables.size() > rows;
      const plot::Rect row{area.left, top, area.right, top + pitch};
      if (last) {
        context.canvas.text({row.left, row.top},
                            "and " + std::to_string(life.tables.size() - index) + " more tables",
                            head);
        break;
      }
      draw_row(context, life, life.tables[index], row, bars, columns);
    }
  }

  static void draw_row(PanelContext& context, const view::PositionLife& life,
                       const view::TableLife& table, const plot::Rect& row, const plot::Rect& bars,
                       std::size_t columns) {
    const plot::Theme& theme = context.theme;
    const bool hovered = context.pointer.at && row.contains(*context.pointer.at);
    if (hovered) {
      context.canvas.fill(row, theme.control, 2);
      context.selection.next_hover.layer = table.layer;
      if (context.pointer.clicked) choose(context, life, table);
    }
    plot::TextStyle label = label_style(theme);
    if (table.layer == context.selection.layer) label.color = theme.accent;
    const std::string head =
        table.head ? " " + view::table_head_mark(context.model.config, *table.head) : "";
    context.canvas.text({row.left, row.top}, "L" + std::to_string(table.layer) + head, label);
    draw_life(context, life, table, {bars.left, row.top, bars.right, row.bottom});
    float right = row.right;
    for (std::size_t column = 0; column < columns; ++column) {
      context.canvas.text({right, row.top}, kLifeColumns[column].words(table), value_style(theme));
      right -= kLifeColumns[column].width * theme.unit();
    }
  }

  /// Draws the position's lifetime in a table on the shared range of steps.
  static void draw_life(PanelContext& context, const view::PositionLife& life,
                        const view::TableLife& table, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const auto steps = static_cast<std::int64_t>(context.history.size());
    const view::StepRange range = context.selection.window.range(steps);
    const plot::Axis axis(plot::integer_axis(range.first, range.last), area.left, area.right);
    const auto pixel = [&](std::int64_t step) {
      return std::clamp(axis.pixel(static_cast<double>(step)), area.left, area.right);
    };
    const float middle = area.center().y - theme.unit() * 0.1F;
    const float thick = theme.unit() * 0.26F;
    context.canvas.line({area.left, middle}, {area.right, middle}, {theme.grid});
    const float end = pixel(table.left_at.value_or(life.seen_at + 1));
    const plot::Color color =
        status_color(theme, view::is_stored(table.status) ? table.status : view::SlotStatus::kept);
    context.canvas.fill(
        {pixel(life.fed_at), middle - thick, std::max(end, pixel(life.fed_at) + 2), middle + thick},
        color, 2);
    if (table.left_at) {
      context.canvas.fill({end - 1, middle - thick * 1.8F, end + 2, middle + thick * 1.8F},
                          theme.evicted_now);
    }
    const float seen = pixel(life.seen_at);
    context.canvas.line({seen, area.top}, {seen, area.bottom}, {theme.accent.with_alpha(0.6)});
  }

  static void choose(PanelContext& context, const view::PositionLife& life,
                     const view::TableLife& table) {
    widgets::Selection& selection = context.selection;
    selection.layer = table.layer;
    selection.head = table.head.value_or(0);
    selection.locked_position = life.position;
    if (!table.left_at) return;
    selection.eviction =
        widgets::EvictionKey{*table.left_at, table.layer, life.position, table.head.value_or(0)};
  }
};

}  // namespace

std::unique_ptr<Panel> make_inspector_panel() {
  return std::make_unique<InspectorPanel>();
}

}  // namespace sketchscope::panels
