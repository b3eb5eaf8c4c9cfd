#include "engine/branch/entropy_rule.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope {

double normalised_entropy(std::span<const TokenChance> chances, int vocabulary) {
  if (vocabulary < 2) return 0;
  double entropy = 0;
  for (const TokenChance& chance : chances) {
    if (chance.probability > 0) entropy -= chance.probability * std::log(chance.probability);
  }
  return std::clamp(entropy / std::log(static_cast<double>(vocabulary)), 0.0, 1.0);
}

int wanted_children(const Knobs& knobs, double entropy) {
  if (entropy < knobs.threshold) return 1;
  if (knobs.branch_growth == BranchGrowth::fixed || knobs.threshold >= 1)
    return knobs.branch_factor;
  const double above = (entropy - knobs.threshold) / (1 - knobs.threshold);
  const auto steps = static_cast<int>(std::floor(above * (knobs.branch_factor - 1)));
  return std::min(2 + steps, knobs.branch_factor);
}

std::vector<TokenChance> draw_distinct(std::span<const TokenChance> chances, int count,
                                       SplitMix64& random) {
  std::vector<TokenChance> drawn;
  const auto is_left = [&](const TokenChance& chance) {
    return chance.probability > 0 &&
           std::ranges::find(drawn, chance.token, &TokenChance::token) == drawn.end();
  };
  while (static_cast<int>(drawn.size()) < count) {
    double mass = 0;
    for (const TokenChance& chance : chances) mass += is_left(chance) ? chance.probability : 0;
    if (mass <= 0) break;
    const double at = random.uniform() * mass;
    const TokenChance* hit = nullptr;  // falls back to the last one if rounding exceeds the sum
    double sum = 0;
    for (const TokenChance& chance : chances) {
      if (!is_left(chance)) continue;
      hit = &chance;
      sum += chance.probability;
      if (at < sum) break;
    }
    drawn.push_back(*hit);
  }
  return drawn;
}

}  // namespace sketchscope
