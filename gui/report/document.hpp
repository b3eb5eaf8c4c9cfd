#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gui/plot/canvas.hpp"

namespace sketchscope::report {

enum class Mark : std::uint8_t { none, good, bad, quiet };

/// A cell of a table: its text and its mark.
struct TableCell {
  std::string text;
  Mark mark = Mark::none;
};

enum class ColumnKind : std::uint8_t { words, sentences, numbers };

/// Formats a figure for a table cell; a dash if not measured.
TableCell number_cell(std::optional<double> value, int significant_digits);
TableCell bytes_cell(std::optional<double> value);
TableCell percent_cell(std::optional<double> value);

/// A column of a table.
struct TableColumn {
  std::string name;
  ColumnKind kind = ColumnKind::numbers;
};

/// A table of text cells.
struct Table {
  std::vector<TableColumn> columns;
  std::vector<std::vector<TableCell>> rows;
};

/// A picture with its explanation and its data.
struct Figure {
  std::string name;  ///< of its files: "quality-against-bytes"
  std::string title;
  std::string explanation;
  std::string svg;
  std::string csv;
  std::string configuration = {};  ///< embedded in the picture
  /// Draws it anew for print, at a size in units of paper_theme(); empty if it has one size only.
  std::function<void(plot::Canvas& canvas, plot::Size size)> print = {};
  /// Returns the least size in those units, for a print as wide as `size`.
  std::function<plot::Size(plot::Size size)> least_print = {};
};

/// A paragraph of plain text.
struct Paragraph {
  std::string text;
};

/// A titled section of a document.
struct Section {
  std::string heading;
  std::vector<std::variant<Paragraph, Table, Figure>> blocks;
};

/// A figure that others of a kind of report have.
struct MissingFigure {
  std::string name;
  std::string why;  ///< it is not there: "no configuration has a capacity"
};

/// A report before it is written as HTML or Markdown. Texts are plain, without markup.
struct Document {
  std::string title;
  std::string subtitle;
  std::vector<Section> sections;
  std::vector<MissingFigure> missing = {};
};

/// Returns the figures of a document, in its order.
std::vector<const Figure*> figures_of(const Document& document);

/// Returns a self-contained HTML file with figures as inline SVG.
std::string html_of(const Document& document);
/// Returns Markdown with figures as links to plots/NAME.svg.
std::string markdown_of(const Document& document);

}  // namespace sketchscope::report
