#include "cli/print_size_options.hpp"

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {

plot::Size size_from(const char* flag, const std::string& text, Flags::Range range) {
  const std::size_t cross = text.find('x');
  const auto side = [&](const std::string& word) {
    const auto value = core::parse_number<double>(word);
    if (!value || !(*value >= range.minimum && *value <= range.maximum)) {
      throw core::UsageError({.what = flag,
                              .found = "'" + text + "'",
                              .expected = "WIDTHxHEIGHT, each " + std::to_string(range.minimum) +
                                          " to " + std::to_string(range.maximum)});
    }
    return static_cast<float>(*value);
  };
  if (cross == std::string::npos) return {side(""), 0};
  return {side(text.substr(0, cross)), side(text.substr(cross + 1))};
}

void PrintSizeOptions::declare(Flags& flags, const std::string& what) {
  flags.add_reader(
      "--mm", "WxH",
      [this](const std::string& text) {
        millimetres_ = size_from("--mm", text,
                                 {.minimum = static_cast<int>(plot::PrintSize::kLeastMm),
                                  .maximum = static_cast<int>(plot::PrintSize::kMostMm)});
      },
      what +
          ", this large in millimetres: no card, axis labels, white (default: 85x55, or what "
          "its parts need)");
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
}

const char* PrintSizeOptions::given() const {
  return millimetres_ ? "--mm" : points_ ? "--pt" : nullptr;
}

plot::PrintSize PrintSizeOptions::size() const {
  plot::PrintSize size;
  if (millimetres_) {
    size.width_mm = millimetres_->width;
    size.height_mm = millimetres_->height;
    size.may_grow = false;
  }
  if (points_) size.text_pt = *points_;
  return size;
}

}  // namespace sketchscope::cli
