#include "cli/print_figure.hpp"

#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "gui/report/figures.hpp"

namespace sketchscope::cli {
namespace {

const report::Figure& figure_named(const report::Document& document, const std::string& name) {
  std::vector<std::string_view> names;
  for (const report::Figure* figure : report::figures_of(document)) {
    if (!figure->print) continue;
    if (figure->name == name) return *figure;
    names.push_back(figure->name);
  }
  throw core::UsageError({.what = "--figure",
                          .found = "'" + name + "'",
                          .expected = "a figure of this report: " + core::join(names),
                          .remedy = "Curves against capacity need a study of several capacities, "
                                    "others a study that measured what they show"});
}

std::string svg_document(const report::Figure& figure, const plot::PrintSize& size) {
  const plot::Size units = plot::size_in_units(size);
  plot::SvgCanvas canvas = report::paper(units);
  canvas.set_millimetres({size.width_mm, size.height_mm});
  figure.print(canvas, units);
  return canvas.document(figure.configuration);
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
  core::write_file(file, ending == ".svg" ? svg_document(figure, size) : pdf_page(figure, size));
}

}  // namespace sketchscope::cli
