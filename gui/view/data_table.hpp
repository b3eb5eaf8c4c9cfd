#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::view {

/// The data of a panel as numbers and words: the rows of its CSV file.
struct DataTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// Returns the shortest text that parses to the same number; empty if not measured.
std::string exact_text(double value);

/// Writes RFC 4180 CSV after the lines of `comment`, each prefixed with "# ", for
/// pandas.read_csv(f, comment="#").
std::string csv_text(const DataTable& table, std::string_view comment);

/// Writes cells separated by tabs, the clipboard format of spreadsheets. Tabs and line breaks
/// within cells become spaces.
std::string tab_text(const DataTable& table);

}  // namespace sketchscope::view
