#include "engine/decode/sampler.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope::decode {
namespace {

// Orders tokens by probability, and equally likely ones by id, so that the result does not depend
// on the sorting algorithm.
bool likelier(const TokenChance& a, const TokenChance& b) {
  return a.probability != b.probability ? a.probability > b.probability : a.token < b.token;
}

/// Returns the logits after the repetition penalty.
std::vector<float> penalised(std::span<const float> logits, const Sampling& sampling) {
  std::vector<float> changed(logits.begin(), logits.end());
  const auto penalty = static_cast<float>(sampling.repetition_penalty);
  for (const int token : sampling.seen) {
    const auto index = static_cast<std::size_t>(token);
    changed[index] = logits[index] < 0 ? logits[index] * penalty : logits[index] / penalty;
  }
  return changed;
}

void normalise(std::vector<TokenChance>& chances) {
  double sum = 0;
  for (const TokenChance& chance : chances) sum += chance.probability;
  for (TokenChance& chance : chances) chance.probability /= sum;
}

void keep_top_k(std::vector<TokenChance>& chances, int top_k) {
  if (top_k <= 0 || static_cast<std::size_t>(top_k) >= chances.size()) return;
  std::nth_element(chances.begin(), chances.begin() + top_k, chances.end(), likelier);
  chances.resize(static_cast<std::size_t>(top_k));
  std::ranges::sort(chances, likelier);
  normalise(chances);
}

// Keeps the fewest of the likeliest tokens whose probabilities add up to top_p, at least one. Only
// these are sorted, from a heap of all.
void keep_top_p(std::vector<TokenChance>& chances, double top_p) {
  if (top_p >= 1) return;
  const auto less_likely = [](const TokenChance& a, const TokenChance& b) {
    return likelier(b, a);
  };
  std::ranges::make_heap(chances, less_likely);
  double sum = 0;
  auto rest = chances.end();
  while (rest != chances.begin() && (rest == chances.end() || sum < top_p)) {
    std::ranges::pop_heap(chances.begin(), rest, less_likely);
    sum += (--rest)->probability;
  }
  chances.erase(chances.begin(), rest);
  std::ranges::reverse(chances);
  normalise(chances);
}

}  // namespace

Sampling sampling_of(const settings::Knobs& knobs, std::span<const int> seen) {
  return {.temperature = knobs.temperature,
          .top_k = knobs.top_k,
          .top_p = knobs.top_p,
          .repetition_penalty = knobs.repetition_penalty,
          .seen = seen};
}

std::vector<TokenChance> filtered_distribution(std::span<const float> model_logits,
                                               const Sampling& sampling) {
  std::vector<float> changed;
  if (sampling.repetition_penalty != 1) changed = penalised(model_logits, sampling);
  const std::span<const float> logits = changed.empty() ? model_logits : changed;
  const auto top = std::max_element(logits.begin(), logits.end());
  if (sampling.temperature <= 0) {
    return {{.token = static_cast<int>(top - logits.begin()), .probability = 1}};
  }
  std::vector<TokenChance> chances(logits.size());
  for (std::size_t token = 0; token < logits.size(); ++token) {
    const double scaled = (static_cast<double>(logits[token]) - *top) / sampling.temperature;
    chances[token] = {.token = static_cast<int>(token), .probability = std::exp(scaled)};
  }
  normalise(chances);
  keep_top_k(chances, sampling.top_k);
  keep_top_p(chances, sampling.top_p);
  return chances;
}

int sample(std::span<const float> logits, const Sampling& sampling, core::SplitMix64& random) {
  const std::vector<TokenChance> chances = filtered_distribution(logits, sampling);
  if (sampling.temperature <= 0) return chances.front().token;
  const double drawn = random.uniform();
  double sum = 0;
  for (const TokenChance& chance : chances) {
    sum += chance.probability;
    if (drawn < sum) return chance.token;
  }
  return chances.back().token;
}

}  // namespace sketchscope::decode
