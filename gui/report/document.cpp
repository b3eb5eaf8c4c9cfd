#include "gui/report/document.hpp"

#include <array>
#include <cctype>

#include "engine/core/text.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::report {
namespace {

const TableCell kNotMeasured{.text = std::string(plot::kAbsent), .mark = Mark::quiet};

constexpr std::string_view kStyle = R"(
:root { --ink: #1b2430; --quiet: #5b6876; --line: #dfe5ec; --accent: #0b6bcb; --good: #0a7d5a; --bad: #b3401f; }
* { box-sizing: border-box; }
body { font: 15px/1.55 system-ui, sans-serif; color: var(--ink); background: #fff; margin: 0; }
main { max-width: 70rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 3rem 0 .6rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
p { max-width: 46rem; margin: .6rem 0; }
.subtitle { color: var(--quiet); margin: 0 0 1.5rem; }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .9rem; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
figure { margin: 1.8rem 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; display: block; border: 1px solid var(--line); border-radius: 6px; }
figcaption { margin: 0 0 .6rem; max-width: 46rem; }
figcaption b { display: block; font-size: 1.02rem; }
figcaption span { color: var(--quiet); }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
td.wide { min-width: 14rem; }
th, td { padding: .32rem .6rem .32rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
th.number, td.number { text-align: right; white-space: nowrap; }
td.good { color: var(--good); font-weight: 600; }
td.bad { color: var(--bad); font-weight: 600; white-space: nowrap; }
td.quiet { color: var(--quiet); }
@media print {
  @page { margin: 16mm 14mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  h2 { break-after: avoid; border-top: none; margin-top: 1.6rem; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; }
  th, td { padding-right: .5rem; }
}
)";

std::string anchor(const std::string& heading) {
  std::string id;
  for (const char letter : heading) {
    id += std::isalnum(static_cast<unsigned char>(letter)) != 0
              ? static_cast<char>(std::tolower(letter))
              : '-';
  }
  return id;
}

/// Returns a cell's text, in which long configuration names may break after a comma.
std::string cell_text(const std::string& text) {
  std::string broken;
  for (std::size_t at = 0; at < text.size(); ++at) {
    broken += text[at];
    if (text[at] == ',' && at + 1 < text.size() && text[at + 1] != ' ') broken += "\u200b";
  }
  return core::xml_escaped(broken);
}

/// Prefixes the ids of clip paths, which must be unique in the page.
std::string with_own_names(std::string svg, const std::string& prefix) {
  for (const std::string& before : {std::string("id=\"clip"), std::string("url(#clip")}) {
    const std::string after = before.substr(0, before.size() - 4) + prefix + "-clip";
    for (std::size_t at = svg.find(before); at != std::string::npos;
         at = svg.find(before, at + after.size())) {
      svg.replace(at, before.size(), after);
    }
  }
  return svg;
}

std::string_view class_of(Mark mark) {
  constexpr std::array<std::string_view, 4> kClasses = {"", "good", "bad", "quiet"};
  return kClasses[static_cast<std::size_t>(mark)];
}

class HtmlWriter {
 public:
  void operator()(const Paragraph& paragraph) {
    out_ += "<p>" + core::xml_escaped(paragraph.text) + "</p>\n";
  }

  void operator()(const Table& table) {
    out_ += "<div class=\"scroll\"><table><thead><tr>";
    for (const TableColumn& column : table.columns) {
      out_ += opening("th", column, Mark::none) + core::xml_escaped(column.name) + "</th>";
    }
    out_ += "</tr></thead><tbody>\n";
    for (const auto& row : table.rows) {
      out_ += "<tr>";
      for (std::size_t at = 0; at < row.size(); ++at) {
        out_ += opening("td", table.columns[at], row[at].mark) + cell_text(row[at].text) + "</td>";
      }
      out_ += "</tr>\n";
    }
    out_ += "</tbody></table></div>\n";
  }

  void operator()(const Figure& figure) {
    out_ += "<figure id=\"" + figure.name + "\"><figcaption><b>" + core::xml_escaped(figure.title) +
            "</b><span>" + core::xml_escaped(figure.explanation) + "</span></figcaption>\n" +
            with_own_names(figure.svg, figure.name) + "</figure>\n";
  }

  std::string take() { return std::move(out_); }

 private:
  static std::string opening(const std::string& tag, const TableColumn& column, Mark mark) {
    std::string classes(column.kind == ColumnKind::numbers     ? "number"
                        : column.kind == ColumnKind::sentences ? "wide"
                                                               : "");
    if (mark != Mark::none) classes += (classes.empty() ? "" : " ") + std::string(class_of(mark));
    return "<" + tag + (classes.empty() ? "" : " class=\"" + classes + "\"") + ">";
  }

  std::string out_;
};

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

TableCell number_cell(std::optional<double> value, int significant_digits) {
  return value ? TableCell{.text = plot::digits_text(*value, significant_digits)} : kNotMeasured;
}

TableCell bytes_cell(std::optional<double> value) {
  return value ? TableCell{.text = plot::column_bytes(*value)} : kNotMeasured;
}

TableCell percent_cell(std::optional<double> value) {
  return value ? TableCell{.text = plot::format_percent(*value)} : kNotMeasured;
}

std::vector<const Figure*> figures_of(const Document& document) {
  std::vector<const Figure*> figures;
  for (const Section& section : document.sections) {
    for (const auto& block : section.blocks) {
      if (const auto* figure = std::get_if<Figure>(&block)) figures.push_back(figure);
    }
  }
  return figures;
}

std::string html_of(const Document& document) {
  std::string navigation;
  std::string body;
  for (const Section& section : document.sections) {
    const std::string id = anchor(section.heading);
    navigation += "<a href=\"#" + id + "\">" + core::xml_escaped(section.heading) + "</a>\n";
    body += "<section><h2 id=\"" + id + "\">" + core::xml_escaped(section.heading) + "</h2>\n";
    HtmlWriter writer;
    for (const auto& block : section.blocks) std::visit(writer, block);
    body += writer.take() + "</section>\n";
  }
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         core::xml_escaped(document.title) + "</title>\n<style>" + std::string(kStyle) +
         "</style>\n</head>\n<body>\n<main>\n<h1>" + core::xml_escaped(document.title) +
         "</h1>\n<p class=\"subtitle\">" + core::xml_escaped(document.subtitle) + "</p>\n<nav>\n" +
         navigation + "</nav>\n" + body + "</main>\n</body>\n</html>\n";
}

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

}  // namespace sketchscope::report
