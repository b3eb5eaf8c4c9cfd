#include "cli/counterfactual_output.hpp"

#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "engine/measure/run_json.hpp"

namespace sketchscope::cli {
namespace {

using decode::kWaysToSpare;
using decode::SparedBy;

nlohmann::json run_json(const measure::SparedRun& run) {
  nlohmann::json json = {{"sum", run.sum()}, {"changes", run.changes}};
  if (run.left_before) json["left_before"] = *run.left_before;
  return json;
}

nlohmann::json eviction_json(const measure::DrawnEviction& drawn) {
  const record::EvictionRecord& eviction = drawn.cost.eviction;
  nlohmann::json json = {{"chunk", drawn.chunk},
                         {"token", drawn.token},
                         {"layer", eviction.layer},
                         {"position", eviction.position}};
  if (eviction.head) json["head"] = *eviction.head;
  measure::set_measured(json, "regret", drawn.cost.regret);
  for (const SparedBy by : kWaysToSpare) {
    json[std::string(decode::spared_by_text(by))] = run_json(drawn.cost.run(by));
  }
  return json;
}

// The mean cost of an eviction, nats, with its bootstrap interval over the evictions drawn.
std::optional<measure::Estimate> mean_cost(const measure::Counterfactuals& measured, SparedBy by) {
  std::vector<measure::Portion> portions;
  for (const measure::DrawnEviction& one : measured.drawn) {
    portions.push_back({.sum = one.cost.run(by).sum()});
  }
  return measure::estimate_mean(portions);
}

// The correlations of the regret with the size of the cost, since an eviction may also help. Every
// run that is measured here is audited, so that no eviction lacks its regret.
measure::Correlations size_correlations(const measure::Counterfactuals& measured, SparedBy by) {
  std::vector<double> regrets, sizes;
  for (const measure::DrawnEviction& one : measured.drawn) {
    regrets.push_back(one.cost.regret.value_or(0));
    sizes.push_back(std::abs(one.cost.run(by).sum()));
  }
  return measure::correlate(regrets, sizes);
}

// Names the way in which the evicted position was kept.
std::string way_text(SparedBy by) {
  return by == SparedBy::next ? "next leaves instead" : "one slot more";
}

void print_summary(std::ostream& stream, const measure::Counterfactuals& measured, SparedBy by) {
  const measure::Correlations with_regret = measured.correlations(by);
  const auto correlation_text = [](const std::optional<measure::Estimate>& estimate) {
    return estimate ? text_of(*estimate, 3) : std::string("none: they do not vary");
  };
  if (const auto mean = mean_cost(measured, by)) {
    print_line(stream, way_text(by) + ", mean cost", text_of(*mean, 6) + " nats");
  }
  print_line(stream, "  with regret, Pearson", correlation_text(with_regret.linear));
  print_line(stream, "  with regret, Spearman", correlation_text(with_regret.rank));
  print_line(stream, "  its size, Spearman",
             correlation_text(size_correlations(measured, by).rank));
}

}  // namespace

nlohmann::json counterfactuals_json(const measure::Counterfactuals& measured) {
  nlohmann::json evictions = nlohmann::json::array();
  for (const measure::DrawnEviction& one : measured.drawn) evictions.push_back(eviction_json(one));
  nlohmann::json json = {{"evictions_of_the_run", measured.evictions},
                         {"evictions", std::move(evictions)},
                         {"repeated_exactly", measured.repeated_exactly}};
  for (const SparedBy by : kWaysToSpare) {
    nlohmann::json summary = nlohmann::json::object();
    const measure::Correlations with_regret = measured.correlations(by);
    measure::set_estimate(summary, "mean_cost", mean_cost(measured, by));
    measure::set_estimate(summary, "pearson", with_regret.linear);
    measure::set_estimate(summary, "spearman", with_regret.rank);
    const measure::Correlations of_size = size_correlations(measured, by);
    measure::set_estimate(summary, "pearson_of_size", of_size.linear);
    measure::set_estimate(summary, "spearman_of_size", of_size.rank);
    json[std::string(decode::spared_by_text(by))] = std::move(summary);
  }
  return json;
}

void print_counterfactuals(std::ostream& stream, const measure::Counterfactuals& measured) {
  stream << "What evictions cost: " << measured.drawn.size() << " drawn of " << measured.evictions
         << "; log-probability that the tokens which followed lost, nats\n";
  stream << "  chunk  token  layer  head  position     regret  next leaves  slot more\n";
  for (const measure::DrawnEviction& one : measured.drawn) {
    const record::EvictionRecord& eviction = one.cost.eviction;
    stream << std::setw(7) << one.chunk << std::setw(7) << one.token << std::setw(7)
           << eviction.layer << std::setw(6)
           << (eviction.head ? std::to_string(*eviction.head) : "all") << std::setw(10)
           << eviction.position << std::setw(11)
           << (one.cost.regret ? decimals(*one.cost.regret, 4) : "") << std::setw(13)
           << decimals(one.cost.run(SparedBy::next).sum(), 5) << std::setw(11)
           << decimals(one.cost.run(SparedBy::extra).sum(), 5) << '\n';
  }
  for (const SparedBy by : kWaysToSpare) print_summary(stream, measured, by);
  if (measured.repeated_exactly) return;
  stream << "  Warning: repetitions differed from the run before the eviction, so that the changes "
            "hold more than its effect.\n";
}

}  // namespace sketchscope::cli
