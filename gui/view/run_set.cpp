#include "gui/view/run_set.hpp"

#include <algorithm>
#include <cmath>

#include "engine/record/step_record.hpp"

namespace sketchscope::view {
namespace {

using record::LayerRecord;
using record::PhaseTimes;
using record::StepRecord;

template <auto Member>
const StepSeries* of_run(const History& history, std::size_t) {
  return &history.series<Member>();
}

template <auto Member>
const StepSeries* of_layer(const History& history, std::size_t layer) {
  return layer < history.layers().size() ? &history.layers()[layer].template series<Member>()
                                         : nullptr;
}

const StepSeries* given_perplexity(const History& history, std::size_t) {
  return &history.perplexity().given.lane();
}

const StepSeries* cache_bytes(const History& history, std::size_t) {
  return &history.policy_bytes();
}

const StepSeries* evictions(const History& history, std::size_t) {
  return &history.evictions();
}

std::string nats(double value) {
  return plot::fixed_text(value, 3);
}

std::string two_digits(double value) {
  return plot::fixed_text(value, 2);
}

std::string share(double value) {
  return plot::format_percent(value, 1);
}

constexpr auto kKinds = std::to_array<RunFigureKind>(
    {{"logit_kl", "Next-token KL, nats", nats, plot::format_number, of_run<&StepRecord::logit_kl>},
     {"attention_kl", "Attention KL, nats", nats, plot::format_number,
      of_layer<&LayerRecord::attention_kl>, true},
     {"retained_mass", "Retained mass", share, plot::format_number,
      of_layer<&LayerRecord::retained_mass>, true, false},
     {"perplexity", "Perplexity of the given tokens", two_digits, plot::format_number,
      given_perplexity},
     {"entropy", "Entropy, nats", two_digits, plot::format_number, of_run<&StepRecord::entropy>},
     {"cache_bytes", "Bytes of the cache", plot::column_bytes, plot::column_bytes, cache_bytes},
     {"evictions", "Evictions a step", plot::format_number, plot::format_number, evictions},
     {"step_ms", "Time of a step, ms", two_digits, plot::format_number,
      of_run<&PhaseTimes::total_ms>}});

/// Returns the knobs without those that only make random numbers differ.
settings::Knobs without_seeds(settings::Knobs knobs) {
  const settings::Knobs usual;
  knobs.seed = usual.seed;
  knobs.sketch_seed = usual.sketch_seed;
  return knobs;
}

StepSeries difference(StepSeries values, const StepSeries& reference) {
  for (std::size_t step = 0; step < values.size(); ++step) values[step] -= reference[step];
  return values;
}

/// Joins curves of runs that differ by their seeds alone into their mean and range.
RunCurve joined(const std::vector<RunCurve>& members) {
  RunCurve all = members.front();
  all.runs = members.size();
  all.name.clear();
  all.low = all.high = all.values;
  for (const RunCurve& one : members) all.name += (all.name.empty() ? "" : ", ") + one.name;
  for (std::size_t step = 0; step < all.values.size(); ++step) {
    double sum = 0;
    double low = 0;
    double high = 0;
    int count = 0;
    for (const RunCurve& one : members) {
      const double value = one.values[step];
      if (!std::isfinite(value)) continue;
      low = count == 0 ? value : std::min(low, value);
      high = count == 0 ? value : std::max(high, value);
      sum += value;
      ++count;
    }
    all.values[step] = count > 0 ? sum / count : plot::kMissing;
    all.low[step] = count > 0 ? low : plot::kMissing;
    all.high[step] = count > 0 ? high : plot::kMissing;
  }
  return all;
}

}  // namespace

std::string run_letter(std::size_t place) {
  return std::string(1, static_cast<char>('A' + place));
}

std::string run_name(std::size_t place) {
  return std::string(1, static_cast<char>('a' + place));
}

std::string run_differences(const settings::Knobs& own, const settings::Knobs& in_front) {
  std::string text;
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (settings::same_value(own, in_front, knob)) continue;
    text +=
        (text.empty() ? "" : ", ") + std::string(knob.name) + " " + settings::knob_text(own, knob);
  }
  return text.empty() ? "same knobs" : text;
}

std::span<const RunFigureKind> run_figure_kinds() {
  return kKinds;
}

const SetRun* RunSet::at(std::size_t place) const {
  const auto found = std::ranges::find(runs, place, &SetRun::place);
  return found == runs.end() ? nullptr : &*found;
}

AlignedSeries aligned(const History& base, const History& run, const StepSeries& values) {
  if (base.empty() || run.empty()) return {};
  const int ahead = run.records().front()->position - base.records().front()->position;
  const auto by = static_cast<std::size_t>(std::abs(ahead));
  const std::span<const double> y(values);
  if (ahead < 0) return {run.steps(), y.subspan(std::min(by, y.size()))};
  return {std::span(base.steps()).subspan(std::min(by, base.size())), y};
}

StepSeries on_steps_of(const History& base, const History& run, const StepSeries& values) {
  if (&base == &run) return values;
  StepSeries on_steps(base.size(), plot::kMissing);
  const AlignedSeries series = aligned(base, run, values);
  for (std::size_t at = 0; at < std::min(series.x.size(), series.y.size()); ++at) {
    const auto step = static_cast<std::size_t>(series.x[at]);
    if (step < on_steps.size()) on_steps[step] = series.y[at];
  }
  return on_steps;
}

StepSeries smoothed(const StepSeries& values, int steps) {
  if (steps <= 1) return values;
  StepSeries means(values.size(), plot::kMissing);
  const auto width = static_cast<std::size_t>(steps);
  std::vector<double> sums(values.size() + 1);  // of the values measured before each step
  std::vector<int> counts(values.size() + 1);
  for (std::size_t step = 0; step < values.size(); ++step) {
    const bool measured = std::isfinite(values[step]);
    sums[step + 1] = sums[step] + (measured ? values[step] : 0);
    counts[step + 1] = counts[step] + (measured ? 1 : 0);
    if (!measured) continue;
    const std::size_t first = step + 1 - std::min(step + 1, width);
    means[step] = (sums[step + 1] - sums[first]) / (counts[step + 1] - counts[first]);
  }
  return means;
}

std::vector<RunCurve> run_curves(const RunSet& set, std::size_t layer) {
  const SetRun* front = set.at(0);
  if (front == nullptr) return {};
  const RunFigureKind& kind = kKinds.at(set.choice.figure);
  const auto values_of = [&](const SetRun& run) {
    const StepSeries* series = kind.of(*run.history, layer);
    if (series == nullptr) return StepSeries(front->history->size(), plot::kMissing);
    return smoothed(on_steps_of(*front->history, *run.history, *series), set.choice.smoothing);
  };
  const SetRun* reference = set.choice.difference ? set.at(set.choice.reference) : nullptr;
  const StepSeries of_reference = reference != nullptr ? values_of(*reference) : StepSeries();

  std::vector<std::vector<RunCurve>> groups;
  std::vector<settings::Knobs> knobs;
  for (const SetRun& run : set.runs) {
    if (!set.shows(run)) continue;
    RunCurve curve{.place = run.place, .name = run_letter(run.place), .values = values_of(run)};
    if (reference != nullptr) curve.values = difference(std::move(curve.values), of_reference);
    const settings::Knobs own = without_seeds(run.knobs);
    const auto alike = std::ranges::find(knobs, own);
    if (set.choice.by_seed && alike != knobs.end()) {
      groups[static_cast<std::size_t>(alike - knobs.begin())].push_back(std::move(curve));
    } else {
      groups.push_back({std::move(curve)});
      knobs.push_back(own);
    }
  }
  std::vector<RunCurve> curves;
  for (const std::vector<RunCurve>& group : groups) {
    curves.push_back(group.size() == 1 ? group.front() : joined(group));
  }
  return curves;
}

DataTable curves_data(const RunSet& set, const std::vector<RunCurve>& curves) {
  DataTable table{.columns = {"step"}};
  const SetRun* front = set.at(0);
  if (front == nullptr || curves.empty()) return table;
  for (const RunCurve& curve : curves) {
    table.columns.push_back(curve.name);
    if (curve.runs == 1) continue;
    table.columns.push_back(curve.name + " min");
    table.columns.push_back(curve.name + " max");
  }
  for (std::size_t step = 0; step < front->history->size(); ++step) {
    std::vector<std::string> row = {std::to_string(step)};
    for (const RunCurve& curve : curves) {
      row.push_back(exact_text(curve.values[step]));
      if (curve.runs == 1) continue;
      row.push_back(exact_text(curve.low[step]));
      row.push_back(exact_text(curve.high[step]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace sketchscope::view
