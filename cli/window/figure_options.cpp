#include "cli/window/figure_options.hpp"

#include <sstream>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {
namespace {

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

/// "100:max_cache_size=80"
ScheduledChange change_from(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::size_t equals = text.find('=');
  const auto step = parse_number<std::int64_t>(text.substr(0, colon));
  if (!step || *step < 0 || colon == std::string::npos || equals == std::string::npos ||
      equals < colon) {
    throw UsageError({.what = "--changes",
                      .found = "'" + text + "'",
                      .expected = "STEP:KNOB=VALUE, as in 100:max_cache_size=80"});
  }
  ScheduledChange change{*step, text.substr(colon + 1, equals - colon - 1),
                         text.substr(equals + 1)};
  Knobs probe;
  set_knob(probe, change.knob, change.value);
  return change;
}

StepRange range_from(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto first = parse_number<double>(text.substr(0, colon));
  const auto last =
      colon == std::string::npos ? std::nullopt : parse_number<double>(text.substr(colon + 1));
  if (!first || !last || !(*first < *last)) {
    throw UsageError(
        {.what = "--range", .found = "'" + text + "'", .expected = "FIRST:LAST, as in 100:200"});
  }
  return {*first, *last};
}

}  // namespace

void FigureOptions::declare(Flags& flags) {
  constexpr int kFramesMaximum = 1'000'000;
  constexpr int kStepsMaximum = 1'000'000;
  constexpr int kLayersMaximum = 1000;
  constexpr Flags::Range kPixels{.minimum = 320, .maximum = 16384};
  flags.add("--frames", frames_, {1, kFramesMaximum}, "frames to draw, one a step (default: 60)");
  flags.add("--screenshot", screenshot_, "write the last frame to this .png, .svg or .csv file");
  flags.add("--width", width_, kPixels, "pixels (default: 1600)");
  flags.add("--height", height_, kPixels, "pixels (default: 1000)");
  flags.add("--panel", panel_, "that panel alone instead of the window");
  flags.add_reader(
      "--scale", "N",
      [this](const std::string& text) {
        const auto scale = parse_number<double>(text);
        if (!scale || !(*scale >= 1 && *scale <= 4)) {
          throw UsageError({.what = "--scale", .found = text, .expected = "1 to 4"});
        }
        scale_ = static_cast<float>(*scale);
      },
      "pixels of a PNG per pixel of the window (default: 1)");
  flags.add_reader(
      "--changes", "STEP:KNOB=VALUE,...",
      [this](const std::string& text) {
        for (const std::string& part : parts_of(text, ',')) changes_.push_back(change_from(part));
      },
      "knobs to change before these steps");
  flags.add_reader(
      "--at", "STEP",
      [this](const std::string& text) {
        at_ = parse_number<std::int64_t>(text);
        if (!at_ || *at_ > kStepsMaximum) {
          throw UsageError({.what = "--at", .found = text, .expected = "a step"});
        }
      },
      "show this step (default: the last)");
  flags.add("--layer", layer_, {0, kLayersMaximum}, "in the panels that show one (default: 0)");
  flags.add_reader(
      "--range", "FIRST:LAST", [this](const std::string& text) { range_ = range_from(text); },
      "of all step axes (default: the whole run)");
  flags.add_reader(
      "--do", "ACTION,...", [this](const std::string& text) { actions_ = parts_of(text, ','); },
      "actions of the palette, before the picture is taken");
}

OffscreenOptions FigureOptions::offscreen() const {
  OffscreenOptions offscreen{.frames = frames_,
                             .size = {static_cast<float>(width_), static_cast<float>(height_)},
                             .panel = panel_.value_or(""),
                             .scale = scale_,
                             .changes = changes_,
                             .at = at_,
                             .layer = layer_,
                             .range = range_,
                             .actions = actions_};
  if (!screenshot_.empty()) offscreen.screenshot = screenshot_;
  if (offscreen.screenshot) static_cast<void>(figure_format_of(screenshot_));
  return offscreen;
}

}  // namespace sketchscope
