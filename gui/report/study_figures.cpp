#include "gui/report/study_figures.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "engine/measure/run_totals.hpp"
#include "engine/study/findings.hpp"
#include "gui/report/line_figure.hpp"

namespace sketchscope {
namespace {

using Rows = std::vector<const StudyRow*>;
using Value = std::function<std::optional<double>(const StudyRow&)>;

Value figure(std::string name) {
  return [name = std::move(name)](const StudyRow& row) { return row.figure(name); };
}

/// Rows by family, in the order in which families first appear.
std::vector<std::pair<std::string, Rows>> by_family(const StudyView& study) {
  std::vector<std::pair<std::string, Rows>> groups;
  for (std::size_t at = 0; at < study.rows.size(); ++at) {
    auto found =
        std::ranges::find(groups, study.families[at], &std::pair<std::string, Rows>::first);
    if (found == groups.end()) found = groups.insert(found, {study.families[at], {}});
    found->second.push_back(&study.rows[at]);
  }
  return groups;
}

std::optional<double> median(const Rows& rows, const Value& value) {
  std::vector<double> values;
  for (const StudyRow* row : rows) {
    if (const auto one = value(*row)) values.push_back(*one);
  }
  return percentile(std::move(values), 0.5);
}

bool has_capacity(const StudyRow& row) {
  return row.knobs.policy != "full";
}

/// One dot a row; the line goes through the medians at each capacity.
FigureSeries series_of(const std::string& name, const Rows& rows, const Value& x, const Value& y) {
  FigureSeries series{.name = name};
  std::map<int, Rows> by_capacity;
  for (const StudyRow* row : rows) {
    if (!x(*row) || !y(*row)) continue;
    series.dots.push_back({*x(*row), *y(*row)});
    by_capacity[row->knobs.max_cache_size].push_back(row);
  }
  for (const auto& [capacity, same] : by_capacity) {
    series.line.push_back({*median(same, x), *median(same, y)});
  }
  std::ranges::sort(series.line, {}, &FigurePoint::x);
  return series;
}

std::string configuration_of(const StudyView& study) {
  return study.results.study.dump();
}

std::optional<Figure> against_bytes(const StudyView& study) {
  const Criterion criterion = criterion_of(study.rows);
  LineFigure plot{.name = "quality-against-bytes",
                  .title = "Quality against bytes",
                  .explanation =
                      "Each dot is a configuration; lower and further left is better. Lines join "
                      "the medians at each capacity. No configuration lies below the dotted "
                      "front: its points are the best for their bytes.",
                  .x_name = "bytes of one lane: keys, values, sketch, statistics, summary",
                  .y_name = criterion.name,
                  .x = {.format = format_bytes},
                  .configuration = configuration_of(study)};
  double most = 0;
  for (const StudyRow& row : study.rows) most = std::max(most, total_bytes(row).value_or(0));
  plot.x.tick_unit = most > 1 << 20 ? 1 << 20 : 1 << 10;
  for (const auto& [name, rows] : by_family(study)) {
    auto series = series_of(name, rows, total_bytes, figure(criterion.figure));
    if (!series.dots.empty()) plot.series.push_back(std::move(series));
  }
  if (plot.series.empty()) return std::nullopt;
  FigureSeries front{.name = "Pareto front"};
  for (const std::size_t at : pareto_front(study.rows, criterion.figure)) {
    front.line.push_back({*total_bytes(study.rows[at]), *study.rows[at].figure(criterion.figure)});
  }
  plot.front = front;
  return draw(plot);
}

/// A figure by capacity; caches without one are levels across the plot.
std::optional<Figure> against_capacity(const StudyView& study, LineFigure plot, const Value& y) {
  double least = 0, most = 0;
  for (const StudyRow& row : study.rows) {
    if (!has_capacity(row)) continue;
    const double capacity = row.knobs.max_cache_size;
    least = least == 0 ? capacity : std::min(least, capacity);
    most = std::max(most, capacity);
  }
  plot.x_name = "capacity, positions a layer";
  plot.x.format = format_integer;
  plot.x.integer = true;
  plot.configuration = configuration_of(study);
  const auto capacity = [](const StudyRow& row) -> std::optional<double> {
    return row.knobs.max_cache_size;
  };
  for (const auto& [name, rows] : by_family(study)) {
    if (has_capacity(*rows.front())) {
      auto series = series_of(name, rows, capacity, y);
      if (!series.dots.empty()) plot.series.push_back(std::move(series));
    } else if (const auto level = median(rows, y)) {
      plot.series.push_back({.name = name, .line = {{least, *level}, {most, *level}}});
    }
  }
  if (plot.series.empty() || most <= least) return std::nullopt;
  return draw(plot);
}

std::optional<Figure> estimate_errors(const StudyView& study) {
  LineFigure plot{.name = "estimate-error-against-bound",
                  .title = "Error of the sketch's estimates against its bound",
                  .explanation =
                      "How far estimated attention mass lies from the exact mass, as a share of "
                      "all mass counted. The bound promises to be exceeded rarely; what lies far "
                      "below the line is better than promised.",
                  .x_name = "bound, share of all mass",
                  .y_name = "error, share of all mass",
                  .x = {.scale = Scale::log10},
                  .y = {.scale = Scale::log10},
                  .configuration = configuration_of(study)};
  FigureSeries mean{.name = "mean error"}, largest{.name = "largest error"}, bound{.name = "bound"};
  std::set<double> bounds;
  for (const StudyRow& row : study.rows) {
    const auto at = row.figure("estimates.bound");
    if (!at || *at <= 0) continue;
    // A log axis has no place for an estimate without error.
    const auto add = [&](FigureSeries& series, const char* name) {
      const auto value = row.figure(name);
      if (value && *value > 0) series.dots.push_back({*at, *value});
    };
    add(mean, "estimates.mean_error");
    add(largest, "estimates.largest_error");
    bounds.insert(*at);
  }
  for (const double at : bounds) bound.line.push_back({at, at});
  if (mean.dots.empty() && largest.dots.empty()) return std::nullopt;
  plot.series = {mean, largest, bound};
  return draw(plot);
}

std::optional<Figure> regret_by_layer(const StudyView& study) {
  LineFigure plot{.name = "regret-by-layer",
                  .title = "Regret by layer",
                  .explanation =
                      "Attention that evicted positions would have received had they been kept, "
                      "summed over all heads and steps; the median configuration of each line. "
                      "Where it is high, the policy dropped what the layer still needed.",
                  .x_name = "layer",
                  .y_name = "regret, attention mass",
                  .x = integer_axis(0, 1),
                  .configuration = configuration_of(study)};
  std::map<std::string, std::map<int, std::vector<double>>> regrets;  // by family and layer
  std::vector<std::string> order;
  for (std::size_t at = 0; at < study.rows.size(); ++at) {
    const auto& result = study.results.results[at].at("result");
    if (!result.contains("by_layer") || study.rows[at].figure("evictions").value_or(0) == 0)
      continue;
    if (!regrets.contains(study.families[at])) order.push_back(study.families[at]);
    int layer = 0;
    for (const auto& one : result["by_layer"]) {
      regrets[study.families[at]][layer++].push_back(one.value("regret", 0.0));
    }
  }
  for (const std::string& name : order) {
    FigureSeries series{.name = name};
    for (const auto& [layer, values] : regrets[name]) {
      series.line.push_back({static_cast<double>(layer), *percentile(values, 0.5)});
    }
    plot.series.push_back(std::move(series));
  }
  if (plot.series.empty()) return std::nullopt;
  return draw(plot);
}

/// Rows of a bar figure: one a family, or one a family and capacity where these are few.
StackedBars with_rows(const StudyView& study, StackedBars bars,
                      const std::vector<std::string>& figures, bool by_capacity) {
  for (const auto& [name, rows] : by_family(study)) {
    std::map<int, Rows> parts;
    for (const StudyRow* row : rows) {
      const bool apart = by_capacity && has_capacity(*row);
      parts[apart ? row->knobs.max_cache_size : 0].push_back(row);
    }
    for (const auto& [capacity, same] : parts) {
      StackedBars::Row row{.name = name};
      if (capacity > 0) row.name += ", " + std::to_string(capacity);
      for (const std::string& one : figures) {
        row.values.push_back(median_of(same, one).value_or(0));
      }
      bars.rows.push_back(std::move(row));
    }
  }
  bars.configuration = configuration_of(study);
  return bars;
}

Figure latency_split(const StudyView& study) {
  return draw(with_rows(
      study,
      {.name = "latency-split",
       .title = "Where the time of a token goes",
       .explanation =
           "Milliseconds of computation a token, medians. Model and attention were shared by many "
           "configurations in one pass; policy, statistics and sketch are each one's own. The "
           "audit is there only to measure.",
       .unit = "ms a token",
       .parts = {"model", "attention", "policy, statistics, sketch", "audit"}},
      {"timing.linear_ms", "timing.attention_ms", "timing.own_policy_ms", "timing.audit_ms"},
      false));
}

Figure memory_split(const StudyView& study) {
  return draw(with_rows(
      study,
      {.name = "memory-split",
       .title = "What the bytes of a lane are spent on",
       .explanation = "Keys and values that are stored, and what the policy adds to choose them or "
                      "to stand for what was evicted; medians. The number is the total.",
       .unit = "bytes of one lane at its end",
       .format = format_bytes,
       .parts = {"keys and values", "sketch", "exact statistics", "summary of the evicted"}},
      {"memory.kv_bytes", "memory.sketch_bytes", "memory.statistics_bytes", "memory.tail_bytes"},
      true));
}

void add(std::vector<Figure>& figures, std::optional<Figure> figure) {
  if (figure) figures.push_back(*std::move(figure));
}

}  // namespace

StudyView view_study(const StudyResults& results) {
  StudyView view{.results = results, .rows = study_rows(results.results)};
  view.families = families(view.rows);
  return view;
}

std::vector<Figure> quality_figures(const StudyView& study) {
  std::vector<Figure> figures;
  add(figures, against_bytes(study));
  add(figures, against_capacity(
                   study,
                   {.name = "perplexity-against-capacity",
                    .title = "Perplexity against capacity",
                    .explanation = "How surprised the model is by the text, lower is better: 1 "
                                   "would be no surprise. Each dot is a configuration, lines join "
                                   "medians; level lines are caches without a cap.",
                    .y_name = "perplexity"},
                   figure("perplexity")));
  add(figures, against_capacity(study,
                                {.name = "recall-against-capacity",
                                 .title = "Recall of far-back facts against capacity",
                                 .explanation = "Share of questions about facts told far back that "
                                                "were answered exactly right; higher is better.",
                                 .y_name = "right answers",
                                 .y = {.format = format_percent}},
                                figure("recall.share")));
  return figures;
}

std::vector<Figure> sketch_figures(const StudyView& study) {
  std::vector<Figure> figures;
  add(figures, estimate_errors(study));
  add(figures, regret_by_layer(study));
  return figures;
}

std::vector<Figure> cost_figures(const StudyView& study) {
  return {latency_split(study), memory_split(study)};
}

}  // namespace sketchscope
