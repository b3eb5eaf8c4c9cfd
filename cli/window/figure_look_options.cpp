#include "cli/window/figure_look_options.hpp"

#include <string>
#include <utility>

#include "cli/window/choice_flags.hpp"
#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

constexpr int kStepsMaximum = 1'000'000;
constexpr int kLayersMaximum = 1000;
constexpr int kHeadsMaximum = 1000;
constexpr int kPositionsMaximum = 1'000'000;

/// Parses "FIRST:LAST" with FIRST before LAST. Throws UsageError.
template <typename Number>
std::pair<Number, Number> range_from(const char* flag, const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto first = core::parse_number<Number>(text.substr(0, colon));
  const auto last = colon == std::string::npos ? std::nullopt
                                               : core::parse_number<Number>(text.substr(colon + 1));
  if (!first || !last || !(*first < *last)) {
    throw core::UsageError(
        {.what = flag, .found = "'" + text + "'", .expected = "FIRST:LAST, as in 100:200"});
  }
  return {*first, *last};
}

view::StepRange step_range_from(const std::string& text) {
  const auto [first, last] = range_from<double>("--range", text);
  return {first, last};
}

view::PositionRange position_range_from(const std::string& text) {
  const auto [first, last] = range_from<int>("--position-range", text);
  if (first < 0 || last > kPositionsMaximum) {
    throw core::UsageError({.what = "--position-range",
                            .found = text,
                            .expected = "0 to " + std::to_string(kPositionsMaximum)});
  }
  return {first, last + 1};
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
      "--range", "FIRST:LAST",
      [this](const std::string& text) { look_.range = step_range_from(text); },
      "of all step axes (default: the whole run)");
  flags.add_reader(
      "--position-range", "FIRST:LAST",
      [this](const std::string& text) { look_.positions = position_range_from(text); },
      "of all axes of positions (default: all)");
  declare_choice(flags,
                 {.panel = "evictions",
                  .filter_help = "lines of the table of evictions that meet these, as in 'L3 p58'",
                  .order_help = "its lines by this column (default: the newest first)",
                  .example = "regret:descending"},
                 look_.evictions);
}

}  // namespace sketchscope::cli
