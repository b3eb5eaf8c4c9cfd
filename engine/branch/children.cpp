#include "engine/branch/children.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "engine/branch/entropy_rule.hpp"
#include "engine/core/error.hpp"
#include "engine/decode/sampler.hpp"

namespace sketchscope {
namespace {

std::vector<TokenChance> distribution_of(std::span<const float> logits, const Knobs& knobs) {
  return filtered_distribution(
      logits, {.temperature = knobs.temperature, .top_k = knobs.top_k, .top_p = knobs.top_p});
}

}  // namespace

std::vector<DrawnToken> offer_tokens(std::span<const float> logits, const Knobs& knobs,
                                     SplitMix64& random) {
  const std::vector<TokenChance> chances = distribution_of(logits, knobs);
  const double entropy = normalised_entropy(chances, static_cast<int>(logits.size()));
  std::vector<DrawnToken> offered;
  for (const TokenChance& chance :
       draw_distinct(chances, wanted_children(knobs, entropy), random)) {
    offered.push_back({.token = chance.token,
                       .log_probability = std::log(chance.probability),
                       .entropy = entropy});
  }
  return offered;
}

DrawnToken chosen_token(std::span<const float> logits, const Knobs& knobs, int token) {
  const std::vector<TokenChance> chances = distribution_of(logits, knobs);
  const auto chosen = std::ranges::find(chances, token, &TokenChance::token);
  if (chosen == chances.end() || chosen->probability <= 0) {
    throw UsageError({.what = "token to go on with",
                      .found = std::to_string(token),
                      .expected = "one that top_k and top_p leave a chance",
                      .remedy = "Raise them, or choose a likelier token"});
  }
  return {.token = token,
          .log_probability = std::log(chosen->probability),
          .entropy = normalised_entropy(chances, static_cast<int>(logits.size()))};
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

}  // namespace sketchscope
