#pragma once

#include <memory>
#include <string_view>

#include "engine/policy/policy.hpp"

namespace sketchscope::policy {

/// Returns the registry entry of a class of policies, with the results of an object's member
/// functions.
template <typename Kind>
PolicyKind policy_entry(std::string_view name, std::string_view help, const PolicyFacts& facts) {
  const Kind policy;
  constexpr Observation kSeldom{.window = 77, .pool_kernel = 1};
  return {.name = name,
          .help = help,
          .make_with = [](const PolicyOptions&) -> std::unique_ptr<Policy> {
            return std::make_unique<Kind>();
          },
          .facts = facts,
          .evicts = policy.evicts(),
          .uses_sketch = policy.uses_sketch(),
          .keeps_latest = policy.keeps_latest(),
          .observes_window = policy.mass_rows(kSeldom) == kSeldom.window,
          .pools = policy.pools()};
}

}  // namespace sketchscope::policy
