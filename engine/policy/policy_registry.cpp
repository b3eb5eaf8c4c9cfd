#include <algorithm>
#include <array>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/policy/age_normalized_policy.hpp"
#include "engine/policy/caote_policy.hpp"
#include "engine/policy/full_policy.hpp"
#include "engine/policy/heavy_hitter_policy.hpp"
#include "engine/policy/key_norm_policy.hpp"
#include "engine/policy/policy.hpp"
#include "engine/policy/random_policy.hpp"
#include "engine/policy/sketch_policy.hpp"
#include "engine/policy/tova_policy.hpp"
#include "engine/policy/window_policy.hpp"

namespace sketchscope {
namespace {

template <typename Kind>
std::unique_ptr<Policy> make() {
  return std::make_unique<Kind>();
}

constexpr std::array kPolicies = {
    PolicyKind{"full", "never evicts; ignores the capacity", make<FullPolicy>},
    PolicyKind{"window", "keeps sinks and the most recent positions", make<WindowPolicy>},
    PolicyKind{"heavy-hitter", "keeps the largest accumulated attention mass, counted exactly",
               make<HeavyHitterPolicy>},
    PolicyKind{"sketch", "keeps the largest accumulated attention mass, as a sketch estimates it",
               make<SketchPolicy>},
    PolicyKind{"tova", "keeps the largest mass under the last query", make<TovaPolicy>},
    PolicyKind{"age-normalized", "keeps the largest accumulated mass per query that saw it",
               make<AgeNormalizedPolicy>},
    PolicyKind{"key-norm", "keeps the keys of smallest norm", make<KeyNormPolicy>},
    PolicyKind{"caote", "keeps what the output would have missed most, had it alone been dropped",
               make<CaotePolicy>},
    PolicyKind{"random", "keeps positions at random, the same ones in every replay",
               make<RandomPolicy>},
};

}  // namespace

std::span<const PolicyKind> policy_kinds() {
  return kPolicies;
}

std::unique_ptr<Policy> make_policy(std::string_view name) {
  const auto found = std::ranges::find(kPolicies, name, &PolicyKind::name);
  if (found != kPolicies.end()) return found->make();

  std::vector<std::string_view> names;
  for (const PolicyKind& known : kPolicies) names.push_back(known.name);
  throw UsageError(
      {.what = "policy", .found = std::string(name), .expected = "one of " + join(names)});
}

}  // namespace sketchscope
