#include "gui/view/paired_sheet.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/study/study_pairs.hpp"
#include "engine/study/study_table.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

using Value = std::optional<double>;
using Measured = std::optional<measure::Estimate>;

Value value_of(const Measured& estimate) {
  return estimate ? Value(estimate->value) : std::nullopt;
}
Value low_of(const Measured& estimate) {
  return estimate && estimate->interval ? Value(estimate->interval->low) : std::nullopt;
}
Value high_of(const Measured& estimate) {
  return estimate && estimate->interval ? Value(estimate->interval->high) : std::nullopt;
}
Value texts_of(const study::StudyPair& pair) {
  const Measured& measured =
      pair.perplexity_ratio ? pair.perplexity_ratio : pair.logit_kl_difference;
  return measured ? Value(measured->portions) : std::nullopt;
}

/// A column about pairs.
struct PairFigure {
  std::string_view name;
  std::string_view title;
  int decimals;
  Value (*of)(const study::StudyPair& pair);
};

constexpr std::array kPairFigures = {
    PairFigure{"paired_ratio", "× ref.", 3,
               [](const study::StudyPair& pair) { return value_of(pair.perplexity_ratio); }},
    PairFigure{"paired_low", "95 % from", 3,
               [](const study::StudyPair& pair) { return low_of(pair.perplexity_ratio); }},
    PairFigure{"paired_high", "to", 3,
               [](const study::StudyPair& pair) { return high_of(pair.perplexity_ratio); }},
    PairFigure{"paired_kl", "KL − ref.", 4,
               [](const study::StudyPair& pair) { return value_of(pair.logit_kl_difference); }},
    PairFigure{"paired_kl_low", "95 % from", 4,
               [](const study::StudyPair& pair) { return low_of(pair.logit_kl_difference); }},
    PairFigure{"paired_kl_high", "to", 4,
               [](const study::StudyPair& pair) { return high_of(pair.logit_kl_difference); }},
    PairFigure{"paired_texts", "pairs", 0, texts_of},
};

/// The pairs of a sheet's rows, in their order; null where a row is a reference.
using RowPairs = std::vector<const study::StudyPair*>;

RowPairs pairs_by_row(const StudyRows& rows, const std::vector<study::StudyPair>& pairs) {
  RowPairs by_row(rows.size(), nullptr);
  for (const study::StudyPair& pair : pairs) {
    by_row[static_cast<std::size_t>(pair.row - rows.data())] = &pair;
  }
  return by_row;
}

/// Adds a column whose cells are `cell_of` of the pairs, unless all are absent, before the column
/// `at`. Returns the column after it.
template <class CellOf>
std::size_t insert_column(StudySheet& sheet, std::size_t at, SheetColumn column,
                          const RowPairs& pairs, const CellOf& cell_of) {
  std::vector<SheetCell> cells;
  for (const study::StudyPair* pair : pairs) {
    cells.push_back(pair != nullptr ? cell_of(*pair) : SheetCell{});
    if (cells.back().text.size() > column.widest.size()) column.widest = cells.back().text;
  }
  if (column.widest.empty()) return at;
  const auto place = static_cast<std::ptrdiff_t>(at);
  sheet.columns.insert(sheet.columns.begin() + place, std::move(column));
  for (std::size_t row = 0; row < cells.size(); ++row) {
    auto& of_row = sheet.rows[row].cells;
    of_row.insert(of_row.begin() + place, std::move(cells[row]));
  }
  return at + 1;
}

}  // namespace

StudySheet paired_sheet(const StudySheet& sheet, const std::string& reference) {
  StudySheet made = sheet;
  const StudyRows none;
  const StudyRows& rows = sheet.measured ? *sheet.measured : none;
  const std::vector<study::StudyPair> pairs = study::pairs_against(rows, reference);
  const RowPairs by_row = pairs_by_row(rows, pairs);
  std::set<const study::StudyRow*> references;
  for (const study::StudyPair& pair : pairs) references.insert(pair.reference);
  std::size_t at = sheet.knob_columns;
  if (references.size() > 1) {
    at = insert_column(
        made, at, {"reference", "reference", SheetFormat::words}, by_row,
        [](const study::StudyPair& pair) { return SheetCell{.text = pair.reference->name}; });
  }
  for (const PairFigure& figure : kPairFigures) {
    at = insert_column(
        made, at, {std::string(figure.name), std::string(figure.title), SheetFormat::number},
        by_row, [&](const study::StudyPair& pair) {
          const Value value = figure.of(pair);
          return value ? SheetCell{plot::fixed_text(*value, figure.decimals), value} : SheetCell{};
        });
  }
  return made;
}

const StudySheet& PairedSheet::of(const StudySheet& sheet, const std::string& reference) {
  if (reference.empty() || !sheet.measured) return sheet;
  if (measured_ != sheet.measured || reference_ != reference) {
    measured_ = sheet.measured;
    reference_ = reference;
    paired_.reset();
    try {
      paired_ = paired_sheet(sheet, reference);
    } catch (const core::UsageError&) {
      // The reference was one of another study's rows.
    }
  }
  return paired_ ? *paired_ : sheet;
}

}  // namespace sketchscope::view
