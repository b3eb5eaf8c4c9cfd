#include "engine/branch/diversity.hpp"

#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "engine/measure/ngrams.hpp"

namespace sketchscope {
namespace {

constexpr int kSelfBleuOrder = 2;

/// The exponential of the entropy of weights, which are normalised; 0 without weights.
class EffectiveNumber {
 public:
  void add(double weight) {
    if (weight <= 0) return;
    sum_ += weight;
    weighted_log_ += weight * std::log(weight);
  }
  [[nodiscard]] double value() const {
    return sum_ > 0 ? std::exp(std::log(sum_) - weighted_log_ / sum_) : 0;
  }

 private:
  double sum_ = 0;
  double weighted_log_ = 0;
};

double effective_texts(std::span<const WeightedSample> samples) {
  std::map<std::string_view, double> weights;
  for (const WeightedSample& sample : samples) weights[sample.text] += sample.weight;
  EffectiveNumber number;
  for (const auto& [text, weight] : weights) number.add(weight);
  return number.value();
}

std::optional<double> plain_distinct(std::span<const WeightedSample> samples, int order) {
  NgramCounts together;
  double all = 0;
  for (const WeightedSample& sample : samples) {
    for (const auto& [run, count] : count_ngrams(sample.tokens, order)) {
      together[run] += count;
      all += count;
    }
  }
  if (all <= 0) return std::nullopt;
  return static_cast<double>(together.size()) / all;
}

std::optional<double> weighted_distinct(std::span<const WeightedSample> samples, int order) {
  std::map<std::vector<int>, double> together;
  EffectiveNumber occurrences;
  for (const WeightedSample& sample : samples) {
    for (const auto& [run, count] : count_ngrams(sample.tokens, order)) {
      together[run] += sample.weight * count;
      for (int times = 0; times < count; ++times) occurrences.add(sample.weight);
    }
  }
  EffectiveNumber different;
  for (const auto& [run, weight] : together) different.add(weight);
  if (occurrences.value() <= 0) return std::nullopt;
  return different.value() / occurrences.value();
}

std::optional<double> self_bleu(std::span<const WeightedSample> samples) {
  if (samples.size() < 2) return std::nullopt;
  double sum = 0;
  double weights = 0;
  for (std::size_t own = 0; own < samples.size(); ++own) {
    std::vector<std::vector<int>> others;
    for (std::size_t other = 0; other < samples.size(); ++other) {
      if (other != own) others.push_back(samples[other].tokens);
    }
    sum += samples[own].weight * bleu(samples[own].tokens, others, kSelfBleuOrder);
    weights += samples[own].weight;
  }
  if (weights <= 0) return std::nullopt;
  return sum / weights;
}

int distinct_texts(std::span<const WeightedSample> samples) {
  std::set<std::string_view> texts;
  for (const WeightedSample& sample : samples) texts.insert(sample.text);
  return static_cast<int>(texts.size());
}

}  // namespace

Diversity plain_diversity(std::vector<WeightedSample> samples) {
  for (WeightedSample& sample : samples) sample.weight = 1;
  return {.distinct_texts = distinct_texts(samples),
          .effective_texts = effective_texts(samples),
          .distinct_1 = plain_distinct(samples, 1),
          .distinct_2 = plain_distinct(samples, 2),
          .self_bleu = self_bleu(samples)};
}

Diversity weighted_diversity(std::span<const WeightedSample> samples) {
  return {.distinct_texts = distinct_texts(samples),
          .effective_texts = effective_texts(samples),
          .distinct_1 = weighted_distinct(samples, 1),
          .distinct_2 = weighted_distinct(samples, 2),
          .self_bleu = self_bleu(samples)};
}

}  // namespace sketchscope
