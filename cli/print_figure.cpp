#include "cli/print_figure.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "gui/report/figures.hpp"

namespace sketchscope::cli {
namespace {

/// Returns why a document's figure cannot be drawn for print: it has one size, or it is none of the
/// document's.
std::string why_not(const report::Document& document, const std::string& name) {
  for (const report::Figure* figure : report::figures_of(document)) {
    if (figure->name == name) return "it has one size: report writes it as plots/" + name + ".svg";
  }
  const auto missing = std::ranges::find(document.missing, name, &report::MissingFigure::name);
  return missing != document.missing.end() ? missing->why : "no report has it";
}

const report::Figure& figure_named(const report::Document& document, const std::string& name) {
  std::vector<std::string_view> names;
  for (const report::Figure* figure : report::figures_of(document)) {
    if (!figure->print) continue;
    if (figure->name == name) return *figure;
    names.push_back(figure->name);
  }
  throw core::UsageError(
      {.what = "--figure",
       .found = "'" + name + "', which cannot be drawn: " + why_not(document, name),
       .expected = "a figure of this report: " + core::join(names)});
}

std::string svg_document(const report::Figure& figure, const plot::PrintSize& size) {
  const plot::Size units = plot::size_in_units(size);
  plot::SvgCanvas canvas = report::paper(units);
  canvas.set_millimetres({size.width_mm, size.height_mm});
  figure.print(canvas, units);
  return canvas.document(figure.configuration);
}

/// Returns the size with room for all parts of the figure.
plot::PrintSize fitted(const report::Figure& figure, const plot::PrintSize& size) {
  plot::Size units = plot::size_in_units(size);
  units.width = std::max(units.width, figure.least_print(units).width);
  return plot::fitted_print(size, figure.least_print(units), "figure " + figure.name);
}

}  // namespace

void write_print_figure(const report::Document& document, const plot::PrintSize& size,
                        const std::filesystem::path& file) {
  const std::string ending = file.extension().string();
  if (ending != ".svg" && ending != ".pdf") {
    throw core::UsageError({.what = "--figure",
                            .found = "'" + file.string() + "'",
                            .expected = "a file that ends in .svg or .pdf"});
  }
  const report::Figure& figure = figure_named(document, file.stem().string());
  const plot::PrintSize print = fitted(figure, size);
  core::write_file(file, ending == ".svg" ? svg_document(figure, print) : pdf_page(figure, print));
}

}  // namespace sketchscope::cli
