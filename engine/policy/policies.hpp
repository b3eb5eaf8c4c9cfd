#pragma once

#include <memory>

#include "engine/policy/policy.hpp"

namespace sketchscope {

// The factories of the policies. Each policy has its own file, and policy_registry.cpp lists all of
// them.
std::unique_ptr<Policy> make_full_policy();
std::unique_ptr<Policy> make_window_policy();
std::unique_ptr<Policy> make_heavy_hitter_policy();
std::unique_ptr<Policy> make_sketch_policy();
std::unique_ptr<Policy> make_tova_policy();
std::unique_ptr<Policy> make_age_normalized_policy();
std::unique_ptr<Policy> make_key_norm_policy();
std::unique_ptr<Policy> make_caote_policy();
std::unique_ptr<Policy> make_random_policy();

}  // namespace sketchscope
