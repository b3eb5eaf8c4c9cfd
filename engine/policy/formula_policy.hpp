#pragma once

#include "engine/policy/policy.hpp"

namespace sketchscope::policy {

/// Returns the entry of the policy whose score is PolicyOptions::formula.
PolicyKind formula_policy();

}  // namespace sketchscope::policy
