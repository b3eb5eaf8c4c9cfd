#include "cli/print_figure.hpp"
#include "gui/platform/pdf_canvas.hpp"
#include "gui/report/figures.hpp"

namespace sketchscope::cli {

std::string pdf_page(const report::Figure& figure, const plot::PrintSize& size) {
  const plot::Size units = plot::size_in_units(size);
  platform::PdfCanvas canvas(units, plot::points_per_unit(size), report::paper_theme());
  figure.print(canvas, units);
  return canvas.document(figure.configuration);
}

}  // namespace sketchscope::cli
