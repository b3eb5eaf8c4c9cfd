#include "gui/app/layout_columns.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace sketchscope::app {
namespace {

/// The places that several panels share, the default panel first.
const std::array<std::vector<std::string_view>, 7> kSharedPlaces = {{
    {"occupancy", "stored", "pages"},
    {"sketch", "attention", "attention-grid"},
    {"next-token-kl", "perplexity"},
    {"attention-kl", "retained-mass"},
    {"memory", "throughput", "allocations"},
    {"compare", "runs"},
    {"why", "inspector", "scores", "range", "step"},
}};

constexpr float kWholeHeight = 1;      // weight of a row that a person has made
constexpr float kLeastHeight = 7;      // of such a row, in text heights
constexpr float kSketchWidth = 0.67F;  // share of the sketch's row

std::vector<std::string_view> usual_place(std::string_view panel) {
  for (const auto& place : kSharedPlaces) {
    if (std::ranges::find(place, panel) != place.end()) return place;
  }
  return {panel};
}

LayoutRow row(std::string_view panel, float weight, float least) {
  return {.cells = {{.tabs = usual_place(panel)}}, .weight = weight, .least = least};
}

LayoutColumn middle_of(Arrangement arrangement) {
  switch (arrangement) {
    case Arrangement::paths:
      return {row("branching", 6, 34), row("text", 0.9F, 7), row("occupancy", 1.2F, 11)};
    case Arrangement::study:
      return {row("study", 3, 16), row("text", 1, 8), row("occupancy", 1.6F, 12),
              row("timeline", 0.6F, 8)};
    case Arrangement::study_runs:
      return {row("study", 2, 14), row("compare", 2.4F, 17), row("occupancy", 1, 11)};
    case Arrangement::runs:
      return {row("text", 0.8F, 6), row("occupancy", 1.5F, 11), row("compare", 2.4F, 16),
              row("sketch", 1.5F, 10), row("timeline", 0.7F, 7)};
    case Arrangement::sequence:
      break;
  }
  LayoutRow counters = row("sketch", 2.2F, 12);
  counters.cells.front().weight = kSketchWidth;
  counters.cells.push_back({.tabs = {"accuracy"}, .weight = 1 - kSketchWidth});
  return {row("text", 1.3F, 8), row("occupancy", 2.4F, 14), std::move(counters),
          row("timeline", 0.9F, 8)};
}

LayoutColumns usual_columns(Arrangement arrangement) {
  return {
      .left = {row("knobs", 4, 20), row("bytes", 1, 10.5F)},
      .middle = middle_of(arrangement),
      .below = {row("why", 1, 0)},
      .right = {row("next-token-kl", 1.5F, 8), row("attention-kl", 1.5F, 8),
                row("next-token", 1.5F, 10), row("memory", 1.3F, 8), row("evictions", 2.6F, 10)}};
}

/// Calls `visit` for each column.
template <typename Visit>
void for_each_column(LayoutColumns& columns, Visit visit) {
  visit(columns.left);
  visit(columns.middle);
  visit(columns.below);
  visit(columns.right);
}

/// The indices of a panel's row, cell and tab in its column.
struct Found {
  LayoutColumn* column = nullptr;
  std::ptrdiff_t row = 0;
  std::ptrdiff_t cell = 0;
  std::ptrdiff_t tab = 0;

  [[nodiscard]] LayoutRow& its_row() const { return (*column)[static_cast<std::size_t>(row)]; }
  [[nodiscard]] LayoutCell& its_cell() const {
    return its_row().cells[static_cast<std::size_t>(cell)];
  }
};

std::optional<Found> find(LayoutColumns& columns, std::string_view panel) {
  std::optional<Found> found;
  for_each_column(columns, [&](LayoutColumn& column) {
    for (std::size_t row = 0; row < column.size(); ++row) {
      for (std::size_t cell = 0; cell < column[row].cells.size(); ++cell) {
        const auto& tabs = column[row].cells[cell].tabs;
        const auto tab = std::ranges::find(tabs, panel);
        if (tab == tabs.end()) continue;
        found = Found{&column, static_cast<std::ptrdiff_t>(row), static_cast<std::ptrdiff_t>(cell),
                      tab - tabs.begin()};
      }
    }
  });
  return found;
}

/// Removes cells without panels and rows without cells.
void drop_empty(LayoutColumns& columns) {
  for_each_column(columns, [](LayoutColumn& column) {
    for (LayoutRow& row : column) {
      std::erase_if(row.cells, [](const LayoutCell& cell) { return cell.tabs.empty(); });
    }
    std::erase_if(column, [](const LayoutRow& row) { return row.cells.empty(); });
  });
}

void take_out(LayoutColumns& columns, std::string_view panel) {
  const auto found = find(columns, panel);
  if (!found) return;
  auto& tabs = found->its_cell().tabs;
  tabs.erase(tabs.begin() + found->tab);
  drop_empty(columns);
}

void put_in(const Found& there, std::string_view panel, Side side) {
  LayoutRow& row = there.its_row();
  LayoutCell& cell = there.its_cell();
  switch (side) {
    case Side::tab:
      cell.tabs.push_back(panel);
      return;
    case Side::left_of:
    case Side::right_of: {
      // Both share the width that the one had.
      cell.weight /= 2;
      const LayoutCell beside{.tabs = {panel}, .weight = cell.weight};
      row.cells.insert(row.cells.begin() + there.cell + (side == Side::right_of ? 1 : 0), beside);
      return;
    }
    case Side::above:
    case Side::below: {
      const LayoutRow own{
          .cells = {{.tabs = {panel}}}, .weight = kWholeHeight, .least = kLeastHeight};
      there.column->insert(there.column->begin() + there.row + (side == Side::below ? 1 : 0), own);
      return;
    }
  }
}

/// Makes the moves whose panels are both in the arrangement.
void apply_moves(LayoutColumns& columns, const std::vector<Move>& moves) {
  for (const Move& move : moves) {
    // Names of panels last as long as the program; those of a move as long as the choice.
    const auto from = find(columns, move.panel);
    if (!from || !find(columns, move.beside) || move.panel == move.beside) continue;
    const std::string_view panel = from->its_cell().tabs[static_cast<std::size_t>(from->tab)];
    take_out(columns, panel);
    put_in(*find(columns, move.beside), panel, move.side);
  }
}

}  // namespace

std::string_view LayoutCell::in_front(const LayoutChoice& choice) const {
  for (const std::string& wanted : choice.front) {
    const auto tab = std::ranges::find(tabs, wanted);
    if (tab != tabs.end()) return *tab;
  }
  return tabs.front();
}

LayoutColumns layout_columns(Arrangement arrangement, const LayoutChoice& choice) {
  LayoutColumns columns = usual_columns(arrangement);
  apply_moves(columns, choice.moves);
  for_each_column(columns, [&](LayoutColumn& column) {
    for (LayoutRow& row : column) {
      for (LayoutCell& cell : row.cells) {
        std::erase_if(cell.tabs, [&](std::string_view tab) {
          return choice.hidden.contains(std::string(tab));
        });
      }
    }
  });
  drop_empty(columns);
  return columns;
}

std::vector<std::string_view> panels_sharing(std::string_view panel, const LayoutChoice& choice) {
  for (const Arrangement arrangement :
       {Arrangement::sequence, Arrangement::runs, Arrangement::paths, Arrangement::study}) {
    LayoutColumns columns = usual_columns(arrangement);
    apply_moves(columns, choice.moves);
    if (const auto found = find(columns, panel)) return found->its_cell().tabs;
  }
  return {panel};
}

}  // namespace sketchscope::app
