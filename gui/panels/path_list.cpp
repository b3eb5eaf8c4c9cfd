#include "gui/panels/path_list.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "gui/panels/panel_text.hpp"
#include "gui/plot/theme.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::panels {
namespace {

constexpr float kThinnest = 2;
constexpr double kBrightestEntropy = 0.6;  // as a share of ln V; little text comes above

/// The places of rows and depths.
struct Places {
  plot::Rect tree;
  float pitch = 0;
  int deepest = 1;

  [[nodiscard]] float y(std::size_t row) const {
    return tree.top + (static_cast<float>(row) + 0.5F) * pitch;
  }
  [[nodiscard]] float x(int depth) const {
    return tree.left + tree.width() * static_cast<float>(depth) / static_cast<float>(deepest);
  }
  /// Returns a line width by the square root of the probability, which separates small
  /// probabilities.
  [[nodiscard]] float thickness(double weight) const {
    const float most = std::max(pitch * 0.5F, kThinnest);
    return kThinnest + (most - kThinnest) * static_cast<float>(std::sqrt(weight));
  }
};

plot::Color entropy_color(double entropy) {
  return plot::viridis(0.25 + 0.75 * std::min(entropy / kBrightestEntropy, 1.0));
}

void draw_connector(PanelContext& context, const Places& places, const view::PathRow& row,
                    std::size_t index) {
  const float x = row.tokens.empty() ? places.x(0) : places.x(row.tokens.front().depth - 1);
  const auto parent = static_cast<std::size_t>(std::max(row.parent_row, 0));
  context.canvas.line({x, places.y(parent)}, {x, places.y(index)}, {context.theme.faint, 1});
}

void draw_branch(PanelContext& context, const Places& places, const view::PathRow& row,
                 std::size_t index) {
  const float y = places.y(index);
  for (const view::PathRow::Token& token : row.tokens) {
    const float from = places.x(token.depth - 1);
    const float to = places.x(token.depth);
    const float half = places.thickness(token.weight) / 2;
    context.canvas.fill({from, y - half, to, y + half}, entropy_color(token.entropy));
    if (token.holders > 1) {
      const float below = y + half + 2;
      context.canvas.line({from, below}, {to, below}, {context.theme.accent.with_alpha(0.9), 1.5F});
    }
  }
}

std::string own_text(const view::PathRow& row, const view::TokenText& text) {
  std::string words;
  for (const view::PathRow::Token& token : row.tokens) words += text.of(token.token);
  return words;
}

bool is_watched(const PanelContext& context, const view::PathRow& row) {
  return row.path == context.state.branching->watched;
}

void draw_row_button(PanelContext& context, const view::PathRow& row, const plot::Rect& line) {
  ImGui::SetCursorScreenPos({line.left, line.top});
  const std::string name = "path_" + std::to_string(row.path);
  if (ImGui::InvisibleButton(name.c_str(), {line.width(), line.height()})) {
    context.send(run::command::WatchPath{row.path}, "watch_path");
  }
  context.items.note("Branching/" + name, line);
  const bool watched = is_watched(context, row);
  if (!watched && !ImGui::IsItemHovered()) return;
  context.canvas.fill(line, context.theme.control.with_alpha(watched ? 0.9 : 0.5), 3);
}

void draw_words(PanelContext& context, const view::PathRow& row, const plot::Rect& place,
                const view::TokenText& text) {
  const plot::Theme& theme = context.theme;
  const bool watched = is_watched(context, row);
  const float middle = place.center().y;
  const float number_right = place.left + theme.unit() * 3.6F;
  context.canvas.text({number_right, middle}, plot::format_probability(row.weight),
                      in_middle(small_value_style(theme)));
  plot::TextStyle words{.color = watched ? theme.accent : theme.text,
                        .size = plot::TextSize::small};
  words.vertical = plot::VerticalAlign::middle;
  if (row.state != branch::PathState::live && !watched) words.color = theme.quiet;
  const float left = number_right + theme.unit() * 0.8F;
  context.canvas.text(
      {left, middle},
      fitted_text(context.canvas, (row.parent_row < 0 ? "" : "…") + own_text(row, text), words,
                  place.right - left),
      words);
}

}  // namespace

void draw_path_list(PanelContext& context, const view::PathPicture& picture,
                    const plot::Rect& area) {
  const plot::Theme& theme = context.theme;
  if (picture.rows.empty()) return;
  const float least = theme.small_text * 1.25F;
  const auto fitting = static_cast<std::size_t>(std::max(area.height() / least, 1.0F));
  // The number of the others needs a line of its own.
  const bool all_fit = picture.rows.size() <= fitting;
  const std::size_t shown = all_fit ? picture.rows.size() : std::max<std::size_t>(fitting, 2) - 1;
  const std::size_t lines = all_fit ? shown : shown + 1;
  const float split = area.left + area.width() * 0.5F;
  const Places places{
      .tree = {area.left, area.top, split - theme.unit(), area.bottom},
      .pitch = std::min(area.height() / static_cast<float>(lines), theme.line_height() * 1.25F),
      .deepest = std::max(picture.deepest, 1)};
  const view::TokenText text = token_text(context.model);
  const auto line_of = [&](std::size_t index) {
    const float top = area.top + places.pitch * static_cast<float>(index);
    return plot::Rect{area.left, top, area.right, top + places.pitch};
  };
  for (std::size_t index = 0; index < shown; ++index) {
    draw_row_button(context, picture.rows[index], line_of(index));
    context.items.note("Branching/row_" + std::to_string(index), line_of(index));
  }
  for (std::size_t index = 1; index < shown; ++index) {
    draw_connector(context, places, picture.rows[index], index);
  }
  for (std::size_t index = 0; index < shown; ++index) {
    const view::PathRow& row = picture.rows[index];
    draw_branch(context, places, row, index);
    const plot::Rect line = line_of(index);
    draw_words(context, row, {split, line.top, line.right, line.bottom}, text);
  }
  if (shown == picture.rows.size()) return;
  plot::TextStyle more = small_style(theme, plot::Align::right);
  more.vertical = plot::VerticalAlign::bottom;
  context.canvas.text({area.right, area.bottom},
                      std::to_string(picture.rows.size() - shown) + " more paths", more);
}

}  // namespace sketchscope::panels
