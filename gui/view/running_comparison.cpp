#include "gui/view/running_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

std::string three_decimals(double value) {
  return plot::fixed_text(value, 3);
}
std::string percent_with_decimal(double value) {
  return plot::format_percent(value, 1);
}
std::string whole_number(double value) {
  return std::isfinite(value) ? plot::count_text(static_cast<long long>(value))
                              : std::string(plot::kAbsent);
}

int positions(const History& history) {
  return static_cast<int>(history.tokens().size());
}

double retained_mass(const History& history, std::size_t layer, std::size_t step) {
  return history.layers()[layer].series<&record::LayerRecord::retained_mass>()[step];
}

double logit_kl(const History& history, std::size_t step) {
  return history.series<&record::StepRecord::logit_kl>()[step];
}

}  // namespace

void RunningComparison::Mean::add(double value) {
  if (!std::isfinite(value)) return;
  sum += value;
  ++measured;
}

double RunningComparison::Mean::value() const {
  return measured > 0 ? sum / measured : plot::kMissing;
}

void RunningComparison::Totals::count(const History& history, std::size_t end) {
  retained_mass.resize(history.layers().size());
  for (; steps < end; ++steps) {
    logit_kl.add(history.series<&record::StepRecord::logit_kl>()[steps]);
    agreement.add(history.series<&record::StepRecord::top1_agrees>()[steps]);
    for (std::size_t layer = 0; layer < retained_mass.size(); ++layer) {
      retained_mass[layer].add(view::retained_mass(history, layer, steps));
    }
    evictions += history.evictions()[steps];
  }
}

double RunningComparison::Totals::mean_retained_mass() const {
  double sum = 0;
  for (const Mean& mean : retained_mass) sum += mean.value();
  return sum / static_cast<double>(retained_mass.size());
}

void RunningComparison::follow(const History& a, const History& b) {
  if (!is_of(a, b)) *this = {};
  generation_of_a_ = a.generation();
  generation_of_b_ = b.generation();
  if (a.empty() || b.empty()) return;
  const auto common = static_cast<std::size_t>(std::min(positions(a), positions(b)));
  for (; !divergence_ && tokens_ < common; ++tokens_) {
    if (a.tokens()[tokens_] != b.tokens()[tokens_]) divergence_ = static_cast<int>(tokens_);
  }
  const int last = static_cast<int>(common) - 1;
  for (std::size_t step = series_.steps.size(); step < a.size(); ++step) {
    if (a.records()[step]->position > last) break;
    read_step(a, b, step);
  }
  of_a_.count(a, step_at(a, last) + 1);
  of_b_.count(b, step_at(b, last) + 1);
}

void RunningComparison::read_step(const History& a, const History& b, std::size_t step) {
  const record::StepRecord& record = *a.records()[step];
  const std::size_t step_b = step_at(b, record.position);
  if (!other_victims_ && !same_victims(record, *b.records()[step_b])) {
    other_victims_ = record.position;
  }
  series_.steps.push_back(static_cast<double>(record.step));
  series_.logit_kl.push_back(logit_kl(a, step) - logit_kl(b, step_b));
  const std::size_t layers = std::min(a.layers().size(), b.layers().size());
  double retained = 0;
  for (std::size_t layer = 0; layer < layers; ++layer) {
    retained += retained_mass(a, layer, step) - retained_mass(b, layer, step_b);
  }
  series_.retained_mass.push_back(retained / static_cast<double>(layers));
}

std::vector<ComparedFigure> RunningComparison::figures(const History& a, const History& b) const {
  if (a.empty() || b.empty()) return {};
  const int last = std::min(positions(a), positions(b)) - 1;
  const std::size_t step_a = step_at(a, last);
  const std::size_t step_b = step_at(b, last);
  const double given_a = a.perplexity().given.lane()[step_a];
  const double given_b = b.perplexity().given.lane()[step_b];
  const bool given = std::isfinite(given_a) && std::isfinite(given_b);
  const std::string apart = divergence_ ? "own texts" : given ? "" : "drawn by A";
  return {{"perplexity", given ? given_a : a.perplexity().fed.lane()[step_a],
           given ? given_b : b.perplexity().fed.lane()[step_b], three_decimals, apart},
          {"next-token KL, mean", of_a_.logit_kl.value(), of_b_.logit_kl.value(), three_decimals},
          {"same top token as full", of_a_.agreement.value(), of_b_.agreement.value(),
           percent_with_decimal},
          {"retained mass, mean", of_a_.mean_retained_mass(), of_b_.mean_retained_mass(),
           percent_with_decimal},
          {"bytes of the cache", a.policy_bytes()[step_a], b.policy_bytes()[step_b],
           plot::column_bytes},
          {"evictions", of_a_.evictions, of_b_.evictions, whole_number}};
}

RunningComparison comparison_of(const History& a, const History& b) {
  RunningComparison comparison;
  comparison.follow(a, b);
  return comparison;
}

}  // namespace sketchscope::view
