#include "engine/branch/children.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope::branch {
namespace {

std::vector<decode::TokenChance> distribution_of(const PathEnd& end, const settings::Knobs& knobs) {
  return decode::filtered_distribution(end.logits, decode::sampling_of(knobs, end.tokens));
}

}  // namespace

double normalised_entropy(std::span<const decode::TokenChance> chances, int vocabulary) {
  if (vocabulary < 2) return 0;
  double entropy = 0;
  for (const decode::TokenChance& chance : chances) {
    if (chance.probability > 0) entropy -= chance.probability * std::log(chance.probability);
  }
  return std::clamp(entropy / std::log(static_cast<double>(vocabulary)), 0.0, 1.0);
}

int wanted_children(const settings::Knobs& knobs, double entropy) {
  if (entropy < knobs.threshold) return 1;
  if (knobs.branch_growth == settings::BranchGrowth::fixed || knobs.threshold >= 1)
    return knobs.branch_factor;
  const double above_threshold = (entropy - knobs.threshold) / (1 - knobs.threshold);
  const auto steps = static_cast<int>(std::floor(above_threshold * (knobs.branch_factor - 1)));
  return std::min(2 + steps, knobs.branch_factor);
}

std::vector<decode::TokenChance> draw_distinct(std::span<const decode::TokenChance> chances,
                                               int count, core::SplitMix64& random) {
  std::vector<decode::TokenChance> drawn;
  const auto is_left = [&](const decode::TokenChance& chance) {
    return chance.probability > 0 &&
           std::ranges::find(drawn, chance.token, &decode::TokenChance::token) == drawn.end();
  };
  while (static_cast<int>(drawn.size()) < count) {
    double mass = 0;
    for (const decode::TokenChance& chance : chances)
      mass += is_left(chance) ? chance.probability : 0;
    if (mass <= 0) break;
    const double target = random.uniform() * mass;
    // The last token left stays chosen where rounding keeps the sum from exceeding the target.
    const decode::TokenChance* hit = nullptr;
    double sum = 0;
    for (const decode::TokenChance& chance : chances) {
      if (!is_left(chance)) continue;
      hit = &chance;
      sum += chance.probability;
      if (target < sum) break;
    }
    drawn.push_back(*hit);
  }
  return drawn;
}

std::vector<DrawnToken> offer_tokens(const PathEnd& end, const settings::Knobs& knobs,
                                     core::SplitMix64& random) {
  const std::vector<decode::TokenChance> chances = distribution_of(end, knobs);
  const double entropy = normalised_entropy(chances, static_cast<int>(end.logits.size()));
  std::vector<DrawnToken> offered;
  for (const decode::TokenChance& chance :
       draw_distinct(chances, wanted_children(knobs, entropy), random)) {
    offered.push_back({.token = chance.token,
                       .log_probability = std::log(chance.probability),
                       .entropy = entropy});
  }
  return offered;
}

DrawnToken chosen_token(const PathEnd& end, const settings::Knobs& knobs, int token) {
  const std::vector<decode::TokenChance> chances = distribution_of(end, knobs);
  const auto chosen = std::ranges::find(chances, token, &decode::TokenChance::token);
  if (chosen == chances.end() || chosen->probability <= 0) {
    throw core::UsageError({.what = "token to go on with",
                            .found = std::to_string(token),
                            .expected = "one that top_k and top_p leave a chance",
                            .remedy = "Raise them, or choose a likelier token"});
  }
  return {.token = token,
          .log_probability = std::log(chosen->probability),
          .entropy = normalised_entropy(chances, static_cast<int>(end.logits.size()))};
}

std::vector<Child> keep_likeliest(std::vector<Child> children, int count) {
  if (children.size() <= static_cast<std::size_t>(count)) return children;
  std::vector<std::size_t> order(children.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&](std::size_t at) { return children[at].log_probability; });
  order.resize(static_cast<std::size_t>(count));
  std::ranges::sort(order);
  std::vector<Child> kept;
  for (const std::size_t at : order) kept.push_back(children[at]);
  return kept;
}

}  // namespace sketchscope::branch
