#include "gui/driver/range_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <numeric>
#include <span>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::driver {
namespace {

struct RangeFunction {
  std::string_view name;
  double (*of)(std::span<const double> measured);  ///< of at least one number
};

double sum_of(std::span<const double> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

constexpr std::array kRangeFunctions = {
    RangeFunction{"mean",
                  [](std::span<const double> numbers) {
                    return sum_of(numbers) / static_cast<double>(numbers.size());
                  }},
    RangeFunction{"min", [](std::span<const double> numbers) { return std::ranges::min(numbers); }},
    RangeFunction{"max", [](std::span<const double> numbers) { return std::ranges::max(numbers); }},
    RangeFunction{"sum", sum_of},
};

/// A function whose value is the step at which a number is largest or smallest, of several the
/// first.
struct StepFunction {
  std::string_view name;
  bool (*is_before)(double one, double other);  ///< whether `other` is further out
};

constexpr std::array kStepFunctions = {
    StepFunction{"step_of_max", [](double one, double other) { return other > one; }},
    StepFunction{"step_of_min", [](double one, double other) { return other < one; }},
};

using SeriesByPath = std::map<std::string, const view::StepSeries*>;

template <typename Row>
void add_series(SeriesByPath& paths, const std::string& prefix,
                const view::FieldSeries<Row>& figures) {
  figures.for_each([&](const auto& field, const view::StepSeries& series) {
    paths[prefix + std::string(field.name)] = &series;
  });
}

SeriesByPath series_by_path(const view::History& history) {
  SeriesByPath paths;
  add_series(paths, "last.", history.figures<record::StepRecord>());
  add_series(paths, "last.", history.figures<record::PhaseTimes>());
  add_series(paths, "memory.", history.figures<record::MemoryLedger>());
  for (std::size_t layer = 0; layer < history.layers().size(); ++layer) {
    add_series(paths, "layer." + std::to_string(layer) + ".", history.layers()[layer].figures);
  }
  paths["last.evictions"] = &history.evictions();
  paths["last.perplexity"] = &history.perplexity().fed.lane();
  paths["last.twin_perplexity"] = &history.perplexity().fed.twin();
  return paths;
}

const view::StepSeries& series_named(const view::History& history, const std::string& path) {
  const SeriesByPath paths = series_by_path(history);
  const auto found = paths.find(path);
  if (found != paths.end()) return *found->second;
  std::vector<std::string_view> names;
  for (const auto& [name, series] : paths) names.push_back(name);
  throw core::UsageError({.what = "value over steps",
                          .found = "'" + path + "'",
                          .expected = "a number of every record, nearest: " +
                                      core::join(core::nearest(path, names, 5))});
}

/// Returns the step that a word means: a number, or the path of one.
std::int64_t step_of(const std::string& word, const view::History& history, const Values& values) {
  const auto known = values.find(word);
  const auto step = core::parse_number<int>(known == values.end() ? word : known->second);
  if (step && *step >= 0 && static_cast<std::size_t>(*step) < history.size()) return *step;
  throw core::UsageError(
      {.what = "step of a range",
       .found = known == values.end() ? "'" + word + "'" : word + " " + known->second,
       .expected = history.empty()
                       ? "a step, and there is none yet"
                       : "one of the steps 0 to " + std::to_string(history.size() - 1)});
}

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

/// The measured numbers of a range of steps.
struct RangeOfSteps {
  std::int64_t first = 0;           ///< the step of the first number
  std::span<const double> numbers;  ///< not finite where nothing was measured
};

/// Returns the range that "PATH" or "PATH,FIRST,LAST" means.
RangeOfSteps range_of(std::string_view function, std::string_view arguments,
                      const view::History& history, const Values& values) {
  const std::vector<std::string> parts = parts_of(arguments);
  const std::string name(function);
  if (parts.size() != 1 && parts.size() != 3) {
    throw core::UsageError(
        {.what = "value over steps",
         .found = "'" + name + "(" + std::string(arguments) + ")'",
         .expected = name + "(PATH), or " + name + "(PATH,FIRST,LAST) without spaces"});
  }
  const view::StepSeries& series = series_named(history, parts[0]);
  if (parts.size() == 1) return {.numbers = series};
  const std::int64_t first = step_of(parts[1], history, values);
  const std::int64_t last = step_of(parts[2], history, values);
  if (last < first) {
    throw core::UsageError({.what = "range of steps",
                            .found = parts[1] + " to " + parts[2],
                            .expected = "a last step that is not before the first"});
  }
  return {.first = first,
          .numbers = std::span<const double>(series).subspan(
              static_cast<std::size_t>(first), static_cast<std::size_t>(last - first + 1))};
}

std::string value_of(const RangeFunction& function, const RangeOfSteps& range) {
  std::vector<double> measured;
  std::ranges::copy_if(range.numbers, std::back_inserter(measured),
                       [](double value) { return std::isfinite(value); });
  return measured.empty() ? kAbsentValue : core::number_text(function.of(measured));
}

std::string value_of(const StepFunction& function, const RangeOfSteps& range) {
  std::optional<std::size_t> found;
  for (std::size_t at = 0; at < range.numbers.size(); ++at) {
    if (!std::isfinite(range.numbers[at])) continue;
    if (!found || function.is_before(range.numbers[*found], range.numbers[at])) found = at;
  }
  if (!found) return kAbsentValue;
  return std::to_string(range.first + static_cast<std::int64_t>(*found));
}

}  // namespace

std::optional<std::string> range_value(std::string_view text, const view::History& history,
                                       const Values& values) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || text.back() != ')') return std::nullopt;
  const std::string_view name = text.substr(0, open);
  const auto range = [&] {
    return range_of(name, text.substr(open + 1, text.size() - open - 2), history, values);
  };
  const auto number = std::ranges::find(kRangeFunctions, name, &RangeFunction::name);
  if (number != kRangeFunctions.end()) return value_of(*number, range());
  const auto step = std::ranges::find(kStepFunctions, name, &StepFunction::name);
  if (step != kStepFunctions.end()) return value_of(*step, range());
  return std::nullopt;
}

}  // namespace sketchscope::driver
