#include <array>

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
PolicyKind kind(std::string_view name, std::string_view help) {
  const Kind policy;
  return {.name = name,
          .help = help,
          .make = []() -> std::unique_ptr<Policy> { return std::make_unique<Kind>(); },
          .evicts = policy.evicts(),
          .uses_sketch = policy.uses_sketch(),
          .keeps_latest = policy.keeps_latest()};
}

}  // namespace

const Registry<PolicyKind>& policy_kinds() {
  static const std::array kinds = {
      kind<FullPolicy>("full", "never evicts; ignores the capacity"),
      kind<WindowPolicy>("window", "keeps sinks and the most recent positions"),
      kind<HeavyHitterPolicy>("heavy-hitter",
                              "keeps the largest accumulated attention mass, counted exactly"),
      kind<SketchPolicy>("sketch",
                         "keeps the largest accumulated attention mass, as a sketch estimates it"),
      kind<TovaPolicy>("tova", "keeps the largest mass under the last query"),
      kind<AgeNormalizedPolicy>("age-normalized",
                                "keeps the largest accumulated mass per query that saw it"),
      kind<KeyNormPolicy>("key-norm", "keeps the keys of smallest norm"),
      kind<CaotePolicy>("caote",
                        "keeps what the output would have missed most, had it alone been dropped"),
      kind<RandomPolicy>("random", "keeps positions at random, the same ones in every replay"),
  };
  static const Registry<PolicyKind> registry("policy", kinds);
  return registry;
}

}  // namespace sketchscope
