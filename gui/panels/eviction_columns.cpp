#include "gui/panels/eviction_columns.hpp"

#include <algorithm>
#include <array>

#include "gui/panels/panel_text.hpp"

namespace sketchscope {
namespace {

struct Column {
  EvictionColumn column;
  std::string_view title;
  float letters;  ///< width of its widest usual cell
  int rank;       ///< higher ranks are dropped first; 0 never
};

constexpr std::array<Column, 8> kColumns = {{{EvictionColumn::step, "step", 4, 0},
                                             {EvictionColumn::layer, "L", 3, 2},
                                             {EvictionColumn::position, "pos", 4, 0},
                                             {EvictionColumn::token, "token", 6, 0},
                                             {EvictionColumn::score, "score", 6, 1},
                                             {EvictionColumn::exact, "exact", 6, 4},
                                             {EvictionColumn::margin, "margin", 6, 3},
                                             {EvictionColumn::regret, "regret", 6, 0}}};

constexpr float kGap = 1.3F;  // letters
constexpr float kMostTokenLetters = 14;

float letters_of(const std::vector<Column>& columns) {
  float letters = -kGap;
  for (const Column& column : columns) letters += column.letters + kGap;
  return letters;
}

}  // namespace

std::vector<EvictionColumnPlace> eviction_columns(const Canvas& canvas, const Theme& theme,
                                                  const Rect& area) {
  const float letter = canvas.measure("0", small_value_style(theme)).width;
  const float room = area.width() / letter;
  std::vector<Column> columns(kColumns.begin(), kColumns.end());
  while (letters_of(columns) > room) {
    const auto least = std::ranges::max_element(columns, {}, &Column::rank);
    if (least->rank == 0) break;
    columns.erase(least);
  }
  float spare = std::max(0.0F, room - letters_of(columns));
  const auto token = std::ranges::find(columns, EvictionColumn::token, &Column::column);
  const float wider = std::min(spare * 0.5F, kMostTokenLetters - token->letters);
  token->letters += wider;
  const float gap = kGap + (spare - wider) / static_cast<float>(columns.size() - 1);

  std::vector<EvictionColumnPlace> places;
  float left = area.left;
  for (const Column& column : columns) {
    const bool words = column.column == EvictionColumn::token;
    const float right = left + column.letters * letter;
    places.push_back(
        {column.column, column.title, words ? Align::left : Align::right, left, right});
    left = right + gap * letter;
  }
  return places;
}

}  // namespace sketchscope
