#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/settings/knobs.hpp"
#include "gui/view/data_table.hpp"

namespace sketchscope::study {
struct StudyResults;
struct StudyRow;
}  // namespace sketchscope::study

namespace sketchscope::view {

/// The format of a column's values.
enum class SheetFormat : std::uint8_t { words, number, percent, bytes };

/// A column: a knob that varies within the study, or a measured figure.
struct SheetColumn {
  std::string name;   ///< name in filters
  std::string title;  ///< short display name
  SheetFormat format = SheetFormat::words;
  std::string widest = {};  ///< its longest cell text
};

/// A cell, absent if the knob has no effect or the figure was not measured.
struct SheetCell {
  std::string text;
  std::optional<double> number;
};

/// One configuration of a study.
struct SheetRow {
  std::string name;  ///< name of the configuration
  settings::Knobs knobs;
  std::vector<SheetCell> cells;  ///< indexed by column
};

/// The results of a study by row, with their figures in each text.
using StudyRows = std::vector<study::StudyRow>;

/// A study as a table.
struct StudySheet {
  std::string name;
  std::string question;
  std::string model;   ///< the model that was measured
  std::string prompt;  ///< first prompt; empty if there is none
  std::vector<SheetColumn> columns;
  std::vector<SheetRow> rows;
  std::size_t missing = 0;  ///< configurations without a result
  std::size_t texts = 0;    ///< scored texts, over which the intervals are; 0 if none was scored
  std::size_t knob_columns = 0;                    ///< those of knobs, which come first
  std::shared_ptr<const StudyRows> measured = {};  ///< indexed as `rows`; null for an invented one
};
/// Makes the table of a study's results, the columns of knobs first.
StudySheet study_sheet(const study::StudyResults& results);

/// Returns the indices of the columns with these names or titles, in that order; of all without
/// one. Throws UsageError on an unknown one.
std::vector<std::size_t> columns_named(const StudySheet& sheet,
                                       const std::vector<std::string>& names);

/// The sort order of a study sheet.
struct SheetOrder {
  std::optional<std::size_t> column;  ///< empty for the study's own order
  bool descending = false;
  friend bool operator==(const SheetOrder&, const SheetOrder&) = default;
};

/// The rows that match a filter, in order.
struct SheetSelection {
  std::vector<std::size_t> rows;
  std::string mistake;  ///< error in the filter; all rows are selected then
};

/// Selects and sorts the rows that match every word of `filter`; rows without the sort key are
/// last. A word is a comparison such as logit_kl<0.1, policy=tova or read!=full, or a substring of
/// the row's name or of one of its texts.
SheetSelection select_rows(const StudySheet& sheet, const std::string& filter,
                           const SheetOrder& order);

/// Returns these rows with exact numbers after the names of their configurations.
DataTable sheet_data(const StudySheet& sheet, const std::vector<std::size_t>& rows);

}  // namespace sketchscope::view
