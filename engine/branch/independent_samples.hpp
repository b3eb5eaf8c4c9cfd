#pragma once

#include <array>
#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/branch/branch_cost.hpp"
#include "engine/branch/branch_options.hpp"

namespace sketchscope {

/// How the same samples are drawn without branching: what branching is compared with.
enum class SampleMethod : std::uint8_t {
  sequential,     ///< one generation after the other, each with its own prompt pass
  batched,        ///< each with its own prompt pass, then all in one forward pass a token
  prompt_shared,  ///< one prompt pass, forked, then all in one forward pass a token
};
inline constexpr std::array kSampleMethods = {SampleMethod::sequential, SampleMethod::batched,
                                              SampleMethod::prompt_shared};

/// "sequential", "batched", "prompt_shared".
std::string_view method_name(SampleMethod method);

struct IndependentSamples {
  std::vector<std::vector<int>> tokens;  ///< new ones of each; an end-of-text among them
  CostMeter meter;
  bool interrupted = false;
};

/// Draws `count` samples, the i-th with seed `seed` + i, so that every method gives the same ones.
IndependentSamples draw_samples(std::shared_ptr<const Model> model, const BranchOptions& options,
                                SampleMethod method, int count, const std::stop_token& stop);

}  // namespace sketchscope
