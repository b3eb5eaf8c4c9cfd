#include "gui/panels/compare_table.hpp"

#include <algorithm>
#include <span>

#include "gui/panels/panel_text.hpp"
#include "gui/panels/step_chart.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/comparison.hpp"

namespace sketchscope::panels {
namespace {

/// The least widths of the table, of one in small letters, and of pictures, in theme units.
constexpr float kTableInUnits = 29;
constexpr float kSmallTableInUnits = 27;
constexpr float kLeastPicturesInUnits = 15;

/// The most that a column of values takes of the width; the name has the rest.
constexpr float kMostOfColumn = 0.27F;

/// The parts of a row's height above and below the line over the knobs.
constexpr float kAroundLine = 0.3F;

float letter_width(const PanelContext& context) {
  const plot::Theme& theme = context.theme;
  return theme.unit() * 1.8F + context.canvas.measure("A", small_style(theme)).width;
}

std::string step_text(const view::History& history, int position) {
  return "step " + plot::count_text(history.fed_at(position));
}

}  // namespace

CompareLayout compare_layout(const PanelContext& context) {
  const float width = context.area.width() / context.theme.unit();
  if (width >= 2 * kTableInUnits) return CompareLayout::beside;
  return width >= kSmallTableInUnits + kLeastPicturesInUnits ? CompareLayout::beside_small
                                                             : CompareLayout::below;
}

float compare_table_width(const PanelContext& context) {
  const float unit = context.theme.unit();
  if (compare_layout(context) == CompareLayout::beside_small) return kSmallTableInUnits * unit;
  return std::max(context.area.width() * 0.4F, kTableInUnits * unit);
}

void draw_compared_letter(PanelContext& context, std::size_t place, plot::Point at,
                          plot::Align align) {
  const plot::Theme& theme = context.theme;
  const float line = theme.unit() * 1.5F, gap = theme.unit() * 0.3F;
  const float left = align == plot::Align::left ? at.x : at.x - letter_width(context);
  const float middle = at.y + theme.small_text * 0.55F;
  plot::Stroke stroke = run_stroke(theme, place);
  stroke.width = 2;
  context.canvas.line({left, middle}, {left + line, middle}, stroke);
  context.canvas.text({left + line + gap, at.y}, view::run_letter(place), small_style(theme));
}

CompareTable::CompareTable(const PanelContext& context, const view::RunningComparison& comparison)
    : small_(compare_layout(context) != CompareLayout::beside),
      pitch_(small_ ? context.theme.small_text * 1.4F : context.theme.line_height()),
      head_(std::max(pitch_ * 0.8F, context.theme.small_text * 1.3F)),
      first_other_eviction_(comparison.first_other_victims()),
      has_knobs_(context.state.other() != nullptr) {
  for (const view::ComparedFigure& figure : comparison.figures(context.history, *context.other)) {
    figures_.push_back(
        {figure.name,
         {figure.format(figure.a), figure.format(figure.b), view::difference_text(figure)},
         figure.apart.empty()});
  }
  eviction_ = {.name = "first other eviction", .values = {"none", "none", ""}};
  if (first_other_eviction_) {
    eviction_.values = {step_text(context.history, *first_other_eviction_),
                        step_text(*context.other, *first_other_eviction_), ""};
  }
  if (!has_knobs_) return;
  for (const view::KnobDifference& one :
       view::knob_differences(context.state.applied, context.state.other()->applied)) {
    knobs_.push_back({one.knob, {one.a, one.b, std::string()}});
  }
}

float CompareTable::height() const {
  const auto rows = static_cast<float>(figures_.size() + 1);
  const auto knobs = static_cast<float>(std::max<std::size_t>(knobs_.size(), 1));
  return head_ + rows * pitch_ + (has_knobs_ ? (2 * kAroundLine + knobs) * pitch_ : 0);
}

plot::TextSize CompareTable::size() const {
  return small_ ? plot::TextSize::small : plot::TextSize::normal;
}

CompareTable::Ends CompareTable::ends(const PanelContext& context, float width) const {
  plot::TextStyle style = value_style(context.theme);
  style.size = size();
  const float gap = context.theme.unit() * 0.9F;
  const float most = width * kMostOfColumn;
  std::array<float, 3> widths = {letter_width(context), letter_width(context),
                                 context.canvas.measure("A − B", small_style(context.theme)).width};
  const auto hold = [&](const Row& row) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      const float words = context.canvas.measure(row.values[column], style).width;
      widths[column] = std::max(widths[column], std::min(words, most));
    }
  };
  std::ranges::for_each(figures_, hold);
  std::ranges::for_each(knobs_, hold);
  hold(eviction_);
  return {width - widths[2] - widths[1] - 2 * gap, width - widths[2] - gap, width};
}

CompareTable::Rows CompareTable::rows_in(float height) const {
  Rows rows{.figures = figures_.size(), .knobs = knobs_.size()};
  if (!has_knobs_ || this->height() <= height + 1) return rows;
  const float lines = (height + 1 - head_) / pitch_ - 2 * kAroundLine;
  const auto whole = static_cast<std::size_t>(std::max(lines, 0.0F));
  constexpr std::size_t kEviction = 1;
  const std::size_t others = figures_.size() + kEviction;
  rows.knobs = std::min(knobs_.size(), whole > others ? whole - others : 1);
  const std::size_t taken = std::max<std::size_t>(rows.knobs, 1) + kEviction;
  rows.figures = std::min(figures_.size(), whole > taken ? whole - taken : 0);
  return rows;
}

void CompareTable::draw(PanelContext& context, const plot::Rect& area) const {
  const Ends ends = this->ends(context, area.width());
  draw_head(context, area, ends);
  const Rows rows = rows_in(area.height());
  float top = area.top + head_;
  const auto next = [&](const auto& draw_line) {
    if (top + pitch_ > area.bottom + 1) return;
    draw_line(plot::Rect{area.left, top, area.right, top + pitch_});
    top += pitch_;
  };
  for (const Row& row : std::span(figures_).first(rows.figures)) {
    next([&](const plot::Rect& line) { draw_row(context, line, row, ends, false); });
  }
  next([&](const plot::Rect& line) { draw_eviction(context, line, ends); });
  const plot::Rect rest{area.left, top, area.right, area.bottom};
  if (has_knobs_) draw_knobs(context, rest, ends, rows.knobs);
}

void CompareTable::draw_head(PanelContext& context, const plot::Rect& area,
                             const Ends& ends) const {
  for (const std::size_t place : {0U, 1U}) {
    draw_compared_letter(context, place, {area.left + ends[place], area.top}, plot::Align::right);
  }
  context.canvas.text({area.left + ends[2], area.top}, "A − B",
                      small_style(context.theme, plot::Align::right));
}

void CompareTable::draw_row(PanelContext& context, const plot::Rect& line, const Row& row,
                            const Ends& ends, bool hovered) const {
  const plot::Theme& theme = context.theme;
  plot::TextStyle label = label_style(theme);
  plot::TextStyle value = value_style(theme);
  label.size = value.size = size();
  if (!row.comparable) label.color = value.color = theme.faint;
  if (hovered) label.color = value.color = theme.accent;
  const float gap = theme.unit() * 0.9F;
  std::array<std::string, 3> words;
  for (std::size_t column = 0; column < words.size(); ++column) {
    // A column is as wide as its words, but for rounding.
    const float room =
        column > 0 ? ends[column] - ends[column - 1] - gap * 0.9F : line.width() * kMostOfColumn;
    words[column] = fitted_text(context.canvas, row.values[column], value, room);
  }
  const float room = ends[0] - context.canvas.measure(words[0], value).width - theme.unit() * 0.5F;
  context.canvas.text({line.left, line.top}, fitted_text(context.canvas, row.name, label, room),
                      label);
  for (std::size_t column = 0; column < words.size(); ++column) {
    if (column == 2 && row.comparable && !hovered) value.color = theme.quiet;
    context.canvas.text({line.left + ends[column], line.top}, words[column], value);
  }
}

void CompareTable::draw_eviction(PanelContext& context, const plot::Rect& line,
                                 const Ends& ends) const {
  const bool there = first_other_eviction_.has_value();
  const bool hovered = there && context.pointer.at && line.contains(*context.pointer.at);
  draw_row(context, line, eviction_, ends, hovered);
  if (!there) return;
  context.items.note("Compare/first_other_eviction", line);
  widgets::help_on_hover(line,
                         "A click goes to the step at which one run evicted what the other "
                         "kept.");
  if (!hovered || !context.pointer.clicked) return;
  // The action goes to the first other eviction where the texts agree.
  if (!view::first_divergence(context.history, *context.other)) {
    return context.run_action("first_divergence");
  }
  context.selection.locked_position = *first_other_eviction_;
  context.selection.locked_step = context.history.fed_at(*first_other_eviction_);
}

void CompareTable::draw_knobs(PanelContext& context, const plot::Rect& area, const Ends& ends,
                              std::size_t count) const {
  const plot::Theme& theme = context.theme;
  float top = area.top + pitch_ * kAroundLine;
  if (top + pitch_ * (kAroundLine + 1) > area.bottom + 1) return;
  context.canvas.line({area.left, top}, {area.right, top}, {theme.border});
  top += pitch_ * kAroundLine;
  if (knobs_.empty()) {
    plot::TextStyle style = label_style(theme);
    style.size = size();
    context.canvas.text(
        {area.left, top},
        fitted_text(context.canvas, "The same knobs: turn one of A's", style, area.width()), style);
  }
  for (std::size_t index = 0; index < count; ++index) {
    if (top + pitch_ > area.bottom + 1) break;
    Row row = knobs_[index];
    // The number of those that are left out stands beside the last.
    const std::size_t left_out = knobs_.size() - count;
    if (index + 1 == count && left_out > 0) row.name += " +" + std::to_string(left_out);
    draw_row(context, {area.left, top, area.right, top + pitch_}, row, ends, false);
    top += pitch_;
  }
}

}  // namespace sketchscope::panels
