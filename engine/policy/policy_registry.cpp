#include <array>

#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

PolicyKind kind(std::string_view name, std::string_view help, std::unique_ptr<Policy> (*make)()) {
  const auto policy = make();
  return {.name = name,
          .help = help,
          .make = make,
          .evicts = policy->evicts(),
          .uses_sketch = policy->uses_sketch(),
          .keeps_latest = policy->keeps_latest()};
}

}  // namespace

const Registry<PolicyKind>& policy_kinds() {
  static const std::array kinds = {
      kind("full", "never evicts; ignores the capacity", make_full_policy),
      kind("window", "keeps sinks and the most recent positions", make_window_policy),
      kind("heavy-hitter", "keeps the largest accumulated attention mass, counted exactly",
           make_heavy_hitter_policy),
      kind("sketch", "keeps the largest accumulated attention mass, as a sketch estimates it",
           make_sketch_policy),
      kind("tova", "keeps the largest mass under the last query", make_tova_policy),
      kind("age-normalized", "keeps the largest accumulated mass per query that saw it",
           make_age_normalized_policy),
      kind("key-norm", "keeps the keys of smallest norm", make_key_norm_policy),
      kind("caote", "keeps what the output would have missed most, had it alone been dropped",
           make_caote_policy),
      kind("random", "keeps positions at random, the same ones in every replay",
           make_random_policy),
  };
  static const Registry<PolicyKind> registry("policy", kinds);
  return registry;
}

}  // namespace sketchscope
