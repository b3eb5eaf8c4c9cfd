#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/settings/knobs.hpp"
#include "gui/view/data_table.hpp"

namespace sketchscope {

struct StudyResults;

/// How a column's values are written.
enum class SheetFormat : std::uint8_t { words, number, percent, bytes };

/// A knob that varies within the study, or a figure that was measured.
struct SheetColumn {
  std::string name;   ///< as a filter writes it
  std::string title;  ///< short
  SheetFormat format = SheetFormat::words;
  std::string widest = {};  ///< of its cells' texts, by characters
};

/// Absent where the knob is of no matter or the figure was not measured.
struct SheetCell {
  std::string text;
  std::optional<double> number;
};

struct SheetRow {
  std::string name;  ///< of its configuration
  Knobs knobs;
  std::vector<SheetCell> cells;  ///< by column
};

/// A study as a table.
struct StudySheet {
  std::string name;
  std::string question;
  std::string model;   ///< it was measured with
  std::string prompt;  ///< its first one; empty where it has none
  std::vector<SheetColumn> columns;
  std::vector<SheetRow> rows;
  std::size_t missing = 0;  ///< configurations without a result
};
StudySheet study_sheet(const StudyResults& results);

struct SheetOrder {
  std::optional<std::size_t> column;  ///< empty: the study's own order
  bool descending = false;
  friend bool operator==(const SheetOrder&, const SheetOrder&) = default;
};

struct SheetSelection {
  std::vector<std::size_t> rows;
  std::string mistake;  ///< why the filter is not understood; all rows are there then
};

/// Rows that meet every word of `filter`, in order; where a value is absent, last. A word is a
/// comparison of a column, as logit_kl<0.1, policy=tova or read!=full, or a part of the row's name
/// or of one of its words.
SheetSelection select_rows(const StudySheet& sheet, const std::string& filter,
                           const SheetOrder& order);

/// These rows with exact numbers, the names of their configurations first.
DataTable sheet_data(const StudySheet& sheet, const std::vector<std::size_t>& rows);

}  // namespace sketchscope
