#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// What a panel shows, as numbers and words: the rows of its CSV file.
struct DataTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// The shortest text that reads back as the same number; empty where nothing was measured.
std::string exact_text(double value);

/// RFC 4180 after lines of `comment`, each begun with "# ": pandas.read_csv(f, comment="#").
std::string csv_text(const DataTable& table, std::string_view comment);

/// Cells apart by tabs, as spreadsheets take them from a clipboard; tabs and line breaks in them
/// become spaces.
std::string tab_text(const DataTable& table);

}  // namespace sketchscope
