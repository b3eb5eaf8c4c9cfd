#pragma once

#include <filesystem>
#include <string>

#include "gui/plot/print_size.hpp"
#include "gui/report/document.hpp"

namespace sketchscope::cli {

/// Writes a document's figure alone for print. The file's name says which figure and which format:
/// "ratio-against-capacity.pdf". Throws UsageError that says why it cannot be drawn and lists those
/// that can, or that names the size it needs.
void write_print_figure(const report::Document& document, const plot::PrintSize& size,
                        const std::filesystem::path& file);

/// Returns a figure as a PDF page. Throws Error in a build without a window, which has no PDF.
std::string pdf_page(const report::Figure& figure, const plot::PrintSize& size);

}  // namespace sketchscope::cli
