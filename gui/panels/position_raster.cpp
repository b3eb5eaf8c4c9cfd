#include "gui/panels/position_raster.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/plot/axis.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/head_text.hpp"

namespace sketchscope::panels {
namespace {

constexpr double kPositionsPerNotch = 0.8;
constexpr std::string_view kAxisLabel = "position";

std::string_view status_words(view::SlotStatus status) {
  constexpr std::array<std::string_view, view::kSlotStatuses> kWords = {
      "not yet fed", "kept: sink", "kept", "kept: recent", "evicted", "evicted in this step"};
  return kWords[static_cast<std::size_t>(status)];
}

void add_scores(const run::TableState& table, int position, view::SlotStatus status,
                std::vector<plot::ReadoutLine>& lines) {
  const double estimate = value_of(table.estimates, position);
  const double exact = value_of(table.exact_mass, position);
  if (!table.estimates.empty()) lines.push_back({"estimate", plot::format_number(estimate), {}});
  if (!table.exact_mass.empty()) lines.push_back({"exact mass", plot::format_number(exact), {}});
  const auto slot = std::ranges::find(table.positions, position) - table.positions.begin();
  const auto index = static_cast<std::size_t>(slot);
  if (view::is_stored(status) && index < table.scores.size()) {
    const float score = table.scores[index];
    const auto lower =
        std::ranges::count_if(table.scores, [&](float other) { return other < score; });
    lines.push_back({"rank by score",
                     std::to_string(lower + 1) + " of " + std::to_string(table.scores.size()),
                     {}});
  } else {
    lines.push_back({"regret so far", plot::format_number(value_of(table.regret, position)), {}});
  }
}

/// A name of the legend, in the line where it has room.
struct LegendEntry {
  std::string_view words;
  plot::Color color;
  float left = 0;
  int line = 0;
};

float swatch_side(const plot::Theme& theme) {
  return theme.unit() * 0.7F;
}

float legend_pitch(const plot::Theme& theme) {
  return theme.small_text * 1.4F;
}

plot::TextStyle legend_style(const plot::Theme& theme) {
  return {
      .color = theme.quiet, .size = plot::TextSize::small, .vertical = plot::VerticalAlign::middle};
}

/// Returns the names of the statuses in lines from `left` to the right end of the area.
std::vector<LegendEntry> legend_entries(const PanelContext& context, float left) {
  const plot::Theme& theme = context.theme;
  std::vector<LegendEntry> entries = {{"sink", theme.sink},
                                      {"kept", theme.kept},
                                      {"recent", theme.recent},
                                      {"evicted", theme.evicted},
                                      {"evicted in this step", theme.evicted_now}};
  float at = left;
  int line = 0;
  for (LegendEntry& entry : entries) {
    const float words = context.canvas.measure(entry.words, legend_style(theme)).width;
    const float width = swatch_side(theme) * 1.6F + words;
    if (at + width > context.area.right && at > left) {
      at = left;
      ++line;
    }
    entry.left = at;
    entry.line = line;
    at += width + theme.unit() * 1.4F;
  }
  return entries;
}

/// Returns the middle of a position's cells.
float middle_of(int position, view::PositionRange shown, const plot::Rect& raster) {
  const float place = static_cast<float>(position - shown.first) + 0.5F;
  return raster.left + place / static_cast<float>(shown.count()) * raster.width();
}

}  // namespace

view::StatusColors status_colors(const plot::Theme& theme) {
  return {theme.card, theme.sink, theme.kept, theme.recent, theme.evicted, theme.evicted_now};
}

plot::Color status_color(const plot::Theme& theme, view::SlotStatus status) {
  return status_colors(theme)[static_cast<std::size_t>(status)];
}

float status_legend_height(const PanelContext& context, float left) {
  const auto entries = legend_entries(context, left);
  const auto lines = static_cast<float>(context.print ? entries.back().line : 0);
  return context.theme.line_height() + lines * legend_pitch(context.theme);
}

void draw_status_legend(PanelContext& context, float left, float bottom) {
  const plot::Theme& theme = context.theme;
  const std::vector<LegendEntry> entries = legend_entries(context, left);
  const int last = context.print ? entries.back().line : 0;
  const float side = swatch_side(theme);
  for (const LegendEntry& entry : entries) {
    if (entry.line > last) return;
    const float up = static_cast<float>(last - entry.line) * legend_pitch(theme);
    const float middle = bottom - theme.small_text * 0.7F - up;
    const plot::Rect swatch{entry.left, middle - side / 2, entry.left + side, middle + side / 2};
    context.canvas.fill(swatch, entry.color, 2);
    if (entry.color == theme.evicted) context.canvas.rect(swatch, {theme.faint}, 2);
    context.canvas.text({entry.left + side * 1.6F, middle}, entry.words, legend_style(theme));
  }
}

void draw_slot_readout(PanelContext& context, const view::Occupancy& occupancy, plot::Cell cell) {
  const int token = context.history.tokens()[static_cast<std::size_t>(cell.column)];
  const view::SlotStatus status = occupancy.at(cell.row, cell.column);
  const int layer = occupancy.layer_of(cell.row);
  const int head = occupancy.head_of(cell.row);
  std::vector<plot::ReadoutLine> lines = {
      {"position " + std::to_string(cell.column) + " " + token_text(context.model).quoted(token) +
           ", layer " + std::to_string(layer) +
           (occupancy.heads > 1 ? " " + view::table_head_text(context.model.config, head) : ""),
       {},
       {}},
      {std::string(status_words(status)), {}, status_color(context.theme, status)}};
  const run::TableState* table = run::table_of(context.state, layer, head);
  if (table && knows_state(context)) add_scores(*table, cell.column, status, lines);
  if (const auto place = context.history.eviction_of(layer, cell.column, head)) {
    lines.push_back({"left at step", plot::count_text(place->step), {}});
  }
  plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                     {0, 0, context.area.right, 1e6F}, lines);
}

int position_span(const PanelContext& context) {
  return view::position_span(static_cast<int>(context.history.tokens().size()),
                             context.model.config.positions);
}

std::string zoomed_words(const PanelContext& context) {
  const view::PositionWindow& window = context.selection.positions;
  if (window.shows_all()) return {};
  const view::PositionRange shown = window.range(position_span(context));
  return " · positions " + plot::count_text(shown.first) + " to " + plot::count_text(shown.end - 1);
}

void move_positions(PanelContext& context, const plot::Rect& raster, int span) {
  const Pointer& pointer = context.pointer;
  view::PositionWindow& window = context.selection.positions;
  const double each = window.range(span).count() / static_cast<double>(raster.width());
  if (pointer.at && raster.contains(*pointer.at)) {
    if (pointer.wheel != 0) {
      const double at = window.range(span).first + (pointer.at->x - raster.left) * each;
      window.zoom(at, std::pow(kPositionsPerNotch, pointer.wheel), span);
    }
    if (pointer.double_clicked) window.fit();
  }
  if (pointer.dragged_from && raster.contains(*pointer.dragged_from)) {
    window.pan(-pointer.dragged_by.x * each, span);
  }
}

void draw_position_axis(PanelContext& context, view::PositionRange shown,
                        const plot::Rect& raster) {
  const plot::Theme& theme = context.theme;
  const plot::Axis axis({.minimum = static_cast<double>(shown.first),
                         .maximum = static_cast<double>(shown.end),
                         .integer = true},
                        raster.left, raster.right);
  plot::TextStyle style = small_value_style(theme, plot::Align::center);
  style.color = theme.faint;
  const float top = raster.bottom + theme.small_text * 0.25F;
  float right = raster.right;
  if (context.print) {
    const plot::TextStyle label = small_style(theme, plot::Align::right);
    context.canvas.text({right, top}, kAxisLabel, label);
    right -= context.canvas.measure(kAxisLabel, label).width + theme.small_text * 0.6F;
  }
  for (const plot::Tick& tick : axis.ticks(theme.small_text * (context.print ? 4.0F : 6.0F))) {
    const float half = context.canvas.measure(tick.label, style).width / 2;
    const float x = std::max(axis.pixel(tick.value), raster.left + half);
    if (context.print && x + half > right) continue;
    context.canvas.text({std::min(x, raster.right - half), top}, tick.label, style);
  }
}

void draw_position_cursor(PanelContext& context, view::PositionRange shown,
                          const plot::Rect& raster) {
  for (const int sharing : context.selection.hover.sharing) {
    if (!shown.contains(sharing)) continue;
    const float x = middle_of(sharing, shown, raster);
    context.canvas.line({x, raster.top - 2}, {x, raster.bottom + 2}, {context.theme.text});
  }
  const auto position = context.selection.position();
  if (!position || !shown.contains(*position)) return;
  const float x = middle_of(*position, shown, raster);
  context.canvas.line({x, raster.top - 2}, {x, raster.bottom + 2}, {context.theme.accent});
}

}  // namespace sketchscope::panels
