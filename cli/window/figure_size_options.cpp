#include "cli/window/figure_size_options.hpp"

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {

void FigureSizeOptions::declare(Flags& flags) {
  flags.add_reader(
      "--size", "WxH",
      [this](const std::string& text) {
        pixels_ = size_from("--size", text, {.minimum = 32, .maximum = 16384});
      },
      "pixels of the picture of a panel, as in 900x500 (default: those of its card)");
  print_.declare(flags, "a panel for print");
  flags.add_reader(
      "--dpi", "N",
      [this](const std::string& text) {
        const auto dpi = core::parse_number<double>(text);
        if (!dpi || !(*dpi >= 36 && *dpi <= 1200)) {
          throw core::UsageError({.what = "--dpi", .found = text, .expected = "36 to 1200"});
        }
        dpi_ = static_cast<float>(*dpi);
      },
      "pixels per inch of a PNG for print (default: 300)");
}

std::optional<app::PrintSize> FigureSizeOptions::print(const Subject& subject) const {
  const bool pdf = !subject.file.empty() && subject.panel &&
                   app::figure_format_of(subject.file) == app::FigureFormat::pdf;
  if (print_.given() == nullptr && !dpi_ && !(pdf && !pixels_)) return std::nullopt;
  if (!subject.panel) {
    throw core::UsageError({.what = print_.given() != nullptr ? print_.given() : "--dpi",
                            .found = "the whole window",
                            .expected = "one panel: --panel beside it"});
  }
  app::PrintSize print = print_.size();
  if (dpi_) print.dpi = *dpi_;
  return print;
}

}  // namespace sketchscope::cli
