#include "gui/report/document.hpp"

namespace sketchscope {
namespace {

/// Escapes the column separator in a cell.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) result += letter == '|' ? "\\|" : std::string(1, letter);
  return result;
}

class MarkdownWriter {
 public:
  void operator()(const Paragraph& paragraph) { out_ += paragraph.text + "\n\n"; }

  void operator()(const Table& table) {
    std::string rule;
    for (const TableColumn& column : table.columns) {
      out_ += "| " + escaped(column.name) + " ";
      rule += column.kind == ColumnKind::numbers ? "|---:" : "|---";
    }
    out_ += "|\n" + rule + "|\n";
    for (const auto& row : table.rows) {
      for (const TableCell& cell : row) out_ += "| " + escaped(cell.text) + " ";
      out_ += "|\n";
    }
    out_ += '\n';
  }

  void operator()(const Figure& figure) {
    out_ += "**" + figure.title + ".** " + figure.explanation + "\n\n![" + figure.title +
            "](plots/" + figure.name + ".svg)\n\n";
  }

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace

std::string markdown_of(const Document& document) {
  std::string text = "# " + document.title + "\n\n" + document.subtitle + "\n\n";
  for (const Section& section : document.sections) {
    text += "## " + section.heading + "\n\n";
    MarkdownWriter writer;
    for (const auto& block : section.blocks) std::visit(writer, block);
    text += writer.take();
  }
  return text;
}

}  // namespace sketchscope
