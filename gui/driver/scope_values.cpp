#include "gui/driver/scope_values.hpp"

#include <algorithm>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/values.hpp"
#include "gui/view/range_statistics.hpp"

namespace sketchscope::driver {
namespace {

/// The steps that the first word of a path names.
struct Scope {
  const view::History* history = nullptr;  ///< null if the word names none
  view::StepSpan steps;
};

Scope scope_of(std::string_view word, const WindowFacts& facts) {
  const auto all = [](const view::History& history) {
    return Scope{&history, {0, static_cast<std::int64_t>(history.size()) - 1}};
  };
  if (word == "run") return all(facts.history);
  if (word == "other") return all(facts.other_history);
  // The runs that are shown over each other: "run_a" to "run_h".
  for (std::size_t place = 0; place < run::kMostRuns; ++place) {
    if (word != "run_" + view::run_name(place)) continue;
    const view::SetRun* run = facts.runs != nullptr ? facts.runs->at(place) : nullptr;
    static const view::History kNone;
    return all(run != nullptr ? *run->history : kNone);
  }
  if (word != "range") return {};
  const auto steps = static_cast<std::int64_t>(facts.history.size());
  return {&facts.history, view::steps_in(facts.selection.window.range(steps), steps)};
}

std::string text_of(const std::optional<double>& value) {
  return value ? core::number_text(*value) : std::string(kAbsentValue);
}

/// Returns what is no statistic of a series; empty if `name` is none of it.
std::optional<std::string> fact_of(std::string_view name, const Scope& scope) {
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  if (name == "first") return number(scope.steps.first);
  if (name == "last") return number(scope.steps.last);
  if (name == "steps") return number(std::max<std::int64_t>(scope.steps.size(), 0));
  if (name == "positions_left") {
    return number(std::ssize(view::departures_in(*scope.history, scope.steps).positions));
  }
  if (name == "perplexity") return text_of(view::perplexity_in(*scope.history, scope.steps).lane);
  if (name == "twin_perplexity") {
    return text_of(view::perplexity_in(*scope.history, scope.steps).twin);
  }
  return std::nullopt;
}

const view::StatisticKind* kind_named(std::string_view name) {
  const auto kinds = view::statistic_kinds();
  const auto found = std::ranges::find(kinds, name, &view::StatisticKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string> scope_value(std::string_view path, const WindowFacts& facts) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const Scope scope = scope_of(path.substr(0, dot), facts);
  if (scope.history == nullptr) return std::nullopt;
  std::string_view name = path.substr(dot + 1);
  if (auto fact = fact_of(name, scope)) return fact;

  const std::size_t last_dot = name.rfind('.');
  const view::StatisticKind* kind =
      last_dot == std::string_view::npos ? nullptr : kind_named(name.substr(last_dot + 1));
  if (kind != nullptr) name = name.substr(0, last_dot);
  const auto all = view::all_series(*scope.history);
  const auto found = std::ranges::find(all, name, &view::RunSeries::name);
  if (found == all.end()) {
    if (scope.history->empty()) return std::string(kAbsentValue);
    std::vector<std::string_view> names;
    for (const view::RunSeries& series : all) names.push_back(series.name);
    throw core::UsageError({.what = "series of " + std::string(path),
                            .found = "'" + std::string(name) + "'",
                            .expected = "nearest: " + core::join(core::nearest(name, names, 5))});
  }
  if (kind == nullptr) kind = kind_named(name == "evictions" ? "sum" : "mean");
  const view::Statistics statistics = view::statistics_of(*found->values, scope.steps);
  const bool counted = statistics.count > 0 || kind->name == "count";
  return counted ? core::number_text(kind->of(statistics)) : std::string(kAbsentValue);
}

}  // namespace sketchscope::driver
