#include "gui/report/study_figures.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "engine/schedule/run_totals.hpp"
#include "engine/study/study_table.hpp"
#include "gui/report/figures.hpp"

namespace sketchscope::report {
namespace {

using Rows = std::vector<const study::StudyRow*>;
using Value = std::function<std::optional<double>(const study::StudyRow&)>;

Value figure(std::string name) {
  return [name = std::move(name)](const study::StudyRow& row) { return row.figure(name); };
}

std::optional<double> kibibytes(const study::StudyRow& row) {
  const auto bytes = study::total_bytes(row);
  return bytes ? std::optional(*bytes / 1024) : std::nullopt;
}

std::optional<double> median(const Rows& rows, const Value& value) {
  std::vector<double> values;
  for (const study::StudyRow* row : rows) {
    if (const auto one = value(*row)) values.push_back(*one);
  }
  return schedule::percentile(std::move(values), 0.5);
}

bool has_capacity(const study::StudyRow& row) {
  return row.knobs.policy->evicts;
}

/// Returns the interval of a figure, such as "perplexity", at `x`.
std::optional<FigureInterval> interval_of(const study::StudyRow& row, const std::string& name,
                                          double x) {
  const auto low = row.figure(name + "_low"), high = row.figure(name + "_high");
  if (!low || !high) return std::nullopt;
  return FigureInterval{x, *low, *high};
}

/// Returns a series with one dot per row and a line through the medians at each capacity.
FigureSeries series_of(const StudyFamily& family, const Value& x, const Value& y) {
  FigureSeries series{.name = family.name, .style = family.style};
  std::map<int, Rows> by_capacity;
  for (const study::StudyRow* row : family.rows) {
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
  const study::Criterion criterion = study::criterion_of(study.rows);
  LineFigure plot{
      .name = "quality-against-bytes",
      .title = "Quality against bytes",
      .explanation =
          "Each faint mark is a configuration; lower and further left is better. "
          "Lines join the medians at each capacity. No configuration lies below the dotted "
          "front: its points are the best for their bytes.",
      .x_name = "KiB of one lane: keys, values, sketch, statistics, summary",
      .y_name = criterion.name,
      .configuration = configuration_of(study)};
  for (const StudyFamily& family : study.families) {
    auto series = series_of(family, kibibytes, figure(criterion.figure));
    if (!series.dots.empty()) plot.series.push_back(std::move(series));
  }
  if (plot.series.empty()) return std::nullopt;
  FigureSeries front{.name = "Pareto front"};
  for (const std::size_t at : study::pareto_front(study.rows, criterion.figure)) {
    front.line.push_back({*kibibytes(study.rows[at]), *study.rows[at].figure(criterion.figure)});
  }
  plot.front = front;
  return draw(plot);
}

/// Returns the intervals of a figure by capacity, if no two rows of a family have the same.
std::vector<FigureInterval> intervals_of(const StudyFamily& family, const std::string& name) {
  std::map<int, FigureInterval> by_capacity;
  for (const study::StudyRow* row : family.rows) {
    const int capacity = row->knobs.max_cache_size;
    const auto interval = interval_of(*row, name, capacity);
    if (interval && !by_capacity.emplace(capacity, *interval).second) return {};
  }
  std::vector<FigureInterval> intervals;
  for (const auto& [capacity, interval] : by_capacity) intervals.push_back(interval);
  return intervals;
}

/// Plots a figure and its intervals by capacity. Caches without a capacity are horizontal lines.
std::optional<Figure> against_capacity(const StudyView& study, LineFigure plot,
                                       const std::string& name) {
  const Value y = figure(name);
  double least = 0, most = 0;
  for (const study::StudyRow& row : study.rows) {
    if (!has_capacity(row)) continue;
    const double capacity = row.knobs.max_cache_size;
    least = least == 0 ? capacity : std::min(least, capacity);
    most = std::max(most, capacity);
  }
  plot.x_name = "capacity, positions a layer";
  plot.x.format = plot::format_integer;
  plot.x.integer = true;
  plot.configuration = configuration_of(study);
  const auto capacity = [](const study::StudyRow& row) -> std::optional<double> {
    return row.knobs.max_cache_size;
  };
  for (const StudyFamily& family : study.families) {
    if (has_capacity(*family.rows.front())) {
      auto series = series_of(family, capacity, y);
      series.intervals = intervals_of(family, name);
      if (!series.dots.empty()) plot.series.push_back(std::move(series));
    } else if (const auto level = median(family.rows, y)) {
      plot.series.push_back(
          {.name = family.name, .style = family.style, .line = {{least, *level}, {most, *level}}});
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
                  .x = {.scale = plot::Scale::log10},
                  .y = {.scale = plot::Scale::log10},
                  .configuration = configuration_of(study)};
  FigureSeries mean{.name = "mean error", .style = 0};
  FigureSeries largest{.name = "largest error", .style = 1};
  FigureSeries bound{.name = "bound", .style = 7};
  std::set<double> bounds;
  for (const study::StudyRow& row : study.rows) {
    const auto at = row.figure("estimates.bound");
    if (!at || *at <= 0) continue;
    // An error of 0 is skipped, as a logarithmic axis cannot show it.
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

/// Plots the medians of a layer's figure over the configurations of each family.
std::optional<Figure> by_layer(const StudyView& study, LineFigure plot, const std::string& key) {
  plot.explanation += " " + at_layer_capacity_text(study);
  plot.x_name = "layer";
  plot.x = plot::integer_axis(0, 1);
  plot.configuration = configuration_of(study);
  for (const StudyFamily& family : study.at_layer_capacity) {
    std::map<int, std::vector<double>> values;  // indexed by layer
    for (const study::StudyRow* row : family.rows) {
      const auto& result = study.result_of(*row);
      if (!result.contains("by_layer")) continue;
      int layer = 0;
      for (const auto& one : result["by_layer"]) {
        if (one.contains(key)) values[layer].push_back(one[key].get<double>());
        ++layer;
      }
    }
    FigureSeries series{.name = family.name, .style = family.style};
    for (const auto& [layer, all] : values) {
      series.line.push_back({static_cast<double>(layer), *schedule::percentile(all, 0.5)});
    }
    if (!series.line.empty()) plot.series.push_back(std::move(series));
  }
  if (plot.series.empty()) return std::nullopt;
  return draw(plot);
}

/// Adds rows to a bar figure: one per family, or per family and capacity if these are few.
StackedBars with_rows(const StudyView& study, StackedBars bars,
                      const std::vector<std::string>& figures, bool by_capacity) {
  for (const StudyFamily& family : study.families) {
    std::map<int, Rows> parts;
    for (const study::StudyRow* row : family.rows) {
      const bool apart = by_capacity && has_capacity(*row);
      parts[apart ? row->knobs.max_cache_size : 0].push_back(row);
    }
    for (const auto& [capacity, same] : parts) {
      StackedBars::Row row{.name = family.name};
      if (capacity > 0) row.name += ", " + std::to_string(capacity);
      for (const std::string& one : figures) {
        row.values.push_back(study::median_of(same, one).value_or(0));
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
       .format = plot::format_bytes,
       .parts = {"keys and values", "sketch", "exact statistics", "summary of the evicted"}},
      {"memory.kv_bytes", "memory.sketch_bytes", "memory.statistics_bytes", "memory.tail_bytes"},
      true));
}

void add(std::vector<Figure>& figures, std::optional<Figure> figure) {
  if (figure) figures.push_back(*std::move(figure));
}

}  // namespace

bool evicts(const study::StudyRow& row) {
  return row.figure("evictions").value_or(0) > 0;
}

StudyView::StudyView(const study::StudyResults& study)
    : results(study), rows(study::study_rows(study.results)) {
  const std::vector<std::string> names = sketchscope::study::families(rows);
  for (std::size_t at = 0; at < rows.size(); ++at) {
    auto found = std::ranges::find(families, names[at], &StudyFamily::name);
    if (found == families.end()) {
      found = families.insert(found, {.name = names[at], .style = families.size()});
    }
    found->rows.push_back(&rows[at]);
  }
  std::map<int, int> evicting;  // number of rows by capacity
  for (const study::StudyRow& row : rows) {
    if (evicts(row)) ++evicting[row.knobs.max_cache_size];
  }
  if (evicting.empty()) return;
  layer_capacity =
      std::ranges::max_element(evicting, {}, [](const auto& one) { return one.second; })->first;
  for (StudyFamily family : families) {
    std::erase_if(family.rows, [&](const study::StudyRow* row) {
      return !evicts(*row) || row->knobs.max_cache_size != layer_capacity;
    });
    if (!family.rows.empty()) at_layer_capacity.push_back(std::move(family));
  }
}

const nlohmann::json& StudyView::result_of(const study::StudyRow& row) const {
  return results.results[static_cast<std::size_t>(&row - rows.data())].at("result");
}

std::string at_layer_capacity_text(const StudyView& study) {
  return "Medians over the configurations with a capacity of " +
         std::to_string(study.layer_capacity) + ".";
}

std::vector<Figure> quality_figures(const StudyView& study) {
  std::vector<Figure> figures;
  add(figures, against_bytes(study));
  add(figures,
      against_capacity(
          study,
          {.name = "perplexity-against-capacity",
           .title = "Perplexity against capacity",
           .explanation = "How surprised the model is by the text, lower is better: 1 "
                          "would be no surprise. Each faint mark is a configuration, lines join "
                          "medians; level lines are caches without a cap.",
           .y_name = "perplexity"},
          "perplexity"));
  add(figures,
      against_capacity(
          study,
          {.name = "ratio-against-capacity",
           .title = "Perplexity over the full cache's, against capacity",
           .explanation = "What the cap costs: 1 is the full cache's perplexity on the "
                          "same texts. Each faint mark is a configuration, lines join medians; "
                          "bars are 95 % intervals over the texts, paired.",
           .y_name = "perplexity, × full cache"},
          "perplexity_ratio"));
  add(figures, against_capacity(study,
                                {.name = "recall-against-capacity",
                                 .title = "Recall of far-back facts against capacity",
                                 .explanation = "Share of questions about facts told far back that "
                                                "were answered exactly right; higher is better.",
                                 .y_name = "right answers",
                                 .y = {.format = plot::format_percent}},
                                "recall.share"));
  return figures;
}

std::vector<Figure> sketch_figures(const StudyView& study) {
  std::vector<Figure> figures;
  add(figures, estimate_errors(study));
  add(figures,
      by_layer(study,
               {.name = "regret-by-layer",
                .title = "Regret by layer",
                .explanation = "Attention that evicted positions would have received had they been "
                               "kept, summed over heads and steps. Where it is high, the policy "
                               "dropped what the layer still needed.",
                .y_name = "regret, attention mass"},
               "regret"));
  add(figures,
      by_layer(study,
               {.name = "attention-kl-by-layer",
                .title = "How far attention moved, by layer",
                .explanation = "KL divergence of attention over what was kept from attention over "
                               "everything, under the same query and position by position; mean "
                               "over heads and steps. 0 is no difference.",
                .y_name = "attention KL, nats"},
               "attention_kl"));
  add(figures,
      by_layer(study,
               {.name = "output-cosine-by-layer",
                .title = "Direction of the attention's output, by layer",
                .explanation = "Cosine between what attention gave and what it would have given "
                               "over everything; 1 is the same direction.",
                .y_name = "cosine"},
               "output_cosine"));
  return figures;
}

std::vector<Figure> cost_figures(const StudyView& study) {
  return {latency_split(study), memory_split(study)};
}

}  // namespace sketchscope::report
