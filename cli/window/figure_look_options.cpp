#include "cli/window/figure_look_options.hpp"

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

constexpr int kStepsMaximum = 1'000'000;
constexpr int kLayersMaximum = 1000;
constexpr int kHeadsMaximum = 1000;

view::StepRange range_from(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto first = core::parse_number<double>(text.substr(0, colon));
  const auto last = colon == std::string::npos ? std::nullopt
                                               : core::parse_number<double>(text.substr(colon + 1));
  if (!first || !last || !(*first < *last)) {
    throw core::UsageError(
        {.what = "--range", .found = "'" + text + "'", .expected = "FIRST:LAST, as in 100:200"});
  }
  return {*first, *last};
}

}  // namespace

void FigureLookOptions::declare(Flags& flags) {
  flags.add_reader(
      "--at", "STEP",
      [this](const std::string& text) {
        look_.at = core::parse_number<std::int64_t>(text);
        if (!look_.at || *look_.at > kStepsMaximum) {
          throw core::UsageError({.what = "--at", .found = text, .expected = "a step"});
        }
      },
      "show this step (default: the last)");
  flags.add_reader(
      "--position", "N",
      [this](const std::string& text) {
        look_.position = core::parse_number<int>(text);
        if (!look_.position) {
          throw core::UsageError({.what = "--position", .found = text, .expected = "a position"});
        }
      },
      "look at this position (default: none)");
  flags.add_reader(
      "--eviction", "STEP:LAYER:POSITION",
      [this](const std::string& text) {
        look_.eviction = widgets::parse_eviction(text);
        if (!look_.eviction) {
          throw core::UsageError({.what = "--eviction",
                                  .found = "'" + text + "'",
                                  .expected = "STEP:LAYER:POSITION, as in 120:3:58, or with :HEAD "
                                              "where each head has a table"});
        }
      },
      "the eviction that is explained (default: the newest)");
  flags.add("--layer", look_.layer, {0, kLayersMaximum},
            "in the panels that show one (default: 0)");
  flags.add("--head", look_.head, {0, kHeadsMaximum}, "where each has a table (default: 0)");
  flags.add_reader(
      "--range", "FIRST:LAST", [this](const std::string& text) { look_.range = range_from(text); },
      "of all step axes (default: the whole run)");
}

}  // namespace sketchscope::cli
