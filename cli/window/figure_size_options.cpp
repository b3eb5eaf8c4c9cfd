#include "cli/window/figure_size_options.hpp"

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

/// The least and the largest side of a size.
struct SideRange {
  double least = 0;
  double most = 0;
};

/// Parses a size such as "900x500".
plot::Size size_from(const char* flag, const std::string& text, SideRange range) {
  const std::size_t cross = text.find('x');
  const auto side = [&](const std::string& word) {
    const auto value = core::parse_number<double>(word);
    if (!value || !(*value >= range.least && *value <= range.most)) {
      throw core::UsageError({.what = flag,
                              .found = "'" + text + "'",
                              .expected = "WIDTHxHEIGHT, each " + core::number_text(range.least) +
                                          " to " + core::number_text(range.most)});
    }
    return static_cast<float>(*value);
  };
  if (cross == std::string::npos) return {side(""), 0};
  return {side(text.substr(0, cross)), side(text.substr(cross + 1))};
}

}  // namespace

void FigureSizeOptions::declare(Flags& flags) {
  flags.add_reader(
      "--size", "WxH",
      [this](const std::string& text) {
        pixels_ = size_from("--size", text, {32, 16384});
      },
      "pixels of the picture of a panel, as in 900x500 (default: those of its card)");
  flags.add_reader(
      "--mm", "WxH",
      [this](const std::string& text) {
        millimetres_ = size_from("--mm", text, {10, 1000});
      },
      "a panel for print, this large in millimetres, as in 85x55: no card, axis labels, white");
  flags.add_reader(
      "--pt", "N",
      [this](const std::string& text) {
        const auto points = core::parse_number<double>(text);
        if (!points || !(*points >= 4 && *points <= 24)) {
          throw core::UsageError({.what = "--pt", .found = text, .expected = "4 to 24"});
        }
        points_ = static_cast<float>(*points);
      },
      "size of the letters of a figure for print, points (default: 8)");
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
  if (!millimetres_ && !points_ && !dpi_ && !(pdf && !pixels_)) return std::nullopt;
  if (!subject.panel) {
    throw core::UsageError({.what = millimetres_ ? "--mm"
                                    : points_    ? "--pt"
                                                 : "--dpi",
                            .found = "the whole window",
                            .expected = "one panel: --panel beside it"});
  }
  app::PrintSize print;
  if (millimetres_) print.width_mm = millimetres_->width;
  if (millimetres_) print.height_mm = millimetres_->height;
  if (points_) print.text_pt = *points_;
  if (dpi_) print.dpi = *dpi_;
  return print;
}

}  // namespace sketchscope::cli
