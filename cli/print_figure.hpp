#pragma once

#include <filesystem>
#include <string>

#include "gui/plot/print_size.hpp"
#include "gui/report/document.hpp"

namespace sketchscope::cli {

/// Writes a document's figure alone for print. The file's name says which figure and which format:
/// "ratio-against-capacity.pdf". Throws UsageError that lists the figures if it is none of them.
void write_print_figure(const report::Document& document, const plot::PrintSize& size,
                        const std::filesystem::path& file);

/// Returns a figure as a PDF page. Throws Error in a build without a window, which has no PDF.
std::string pdf_page(const report::Figure& figure, const plot::PrintSize& size);

}  // namespace sketchscope::cli
