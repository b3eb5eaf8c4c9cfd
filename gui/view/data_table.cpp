#include "gui/view/data_table.hpp"

#include <cmath>
#include <sstream>

#include "engine/core/text.hpp"

namespace sketchscope::view {
namespace {

std::string cell(const std::string& text) {
  if (text.find_first_of("\",\r\n#") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted += letter;
    if (letter == '"') quoted += letter;
  }
  return quoted + "\"";
}

void add_line(std::string& csv, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) csv += (i > 0 ? "," : "") + cell(cells[i]);
  csv += '\n';
}

}  // namespace

std::string exact_text(double value) {
  return std::isfinite(value) ? core::number_text(value) : std::string();
}

std::string csv_text(const DataTable& table, std::string_view comment) {
  std::string csv;
  std::istringstream lines{std::string(comment)};
  for (std::string line; std::getline(lines, line);) csv += "# " + line + "\n";
  add_line(csv, table.columns);
  for (const auto& row : table.rows) add_line(csv, row);
  return csv;
}

std::string tab_text(const DataTable& table) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += '\t';
      for (const char letter : cells[i]) {
        text += letter == '\t' || letter == '\n' || letter == '\r' ? ' ' : letter;
      }
    }
    text += '\n';
  };
  add(table.columns);
  for (const auto& row : table.rows) add(row);
  return text;
}

}  // namespace sketchscope::view
