#include "cli/print_figure.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::cli {

std::string pdf_page(const report::Figure& figure, const plot::PrintSize& size) {
  (void)size;
  throw core::Error({.what = "figure " + figure.name + ".pdf",
                     .found = "a build without a window, which writes no PDF",
                     .expected = "an .svg file",
                     .remedy = "Build with -DSKETCHSCOPE_GUI=ON for PDF"});
}

}  // namespace sketchscope::cli
