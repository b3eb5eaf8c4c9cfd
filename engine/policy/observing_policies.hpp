#pragma once

#include "engine/policy/policy.hpp"

namespace sketchscope::policy {

// The registry entries of the policies that look at keys, values and single queries.
[[nodiscard]] PolicyKind snapkv_policy();
[[nodiscard]] PolicyKind expected_attention_policy();
[[nodiscard]] PolicyKind key_diff_policy();
[[nodiscard]] PolicyKind r_kv_policy();

}  // namespace sketchscope::policy
