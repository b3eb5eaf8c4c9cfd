#pragma once

#include <array>
#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/branch/branch_cost.hpp"
#include "engine/branch/branch_options.hpp"

namespace sketchscope {

/// A baseline that draws the same samples without branching (docs/branching.md, "Baselines").
enum class SampleMethod : std::uint8_t {
  sequential,     ///< one after the other, each with its own prompt pass
  batched,        ///< one prompt pass each, then one forward pass per token for all
  prompt_shared,  ///< one prompt pass, forked, then as `batched`
};
inline constexpr std::array kSampleMethods = {SampleMethod::sequential, SampleMethod::batched,
                                              SampleMethod::prompt_shared};

/// Returns the method's name in files and options, such as "prompt_shared".
std::string_view method_name(SampleMethod method);

/// The samples of one method and their cost.
struct IndependentSamples {
  std::vector<std::vector<int>> tokens;  ///< new tokens per sample, including an end-of-text
  CostMeter meter;
  bool interrupted = false;
};

/// Draws `count` samples, the i-th with seed `seed` + i, so that all methods give equal samples.
IndependentSamples draw_samples(std::shared_ptr<const Model> model, const BranchOptions& options,
                                SampleMethod method, int count, const std::stop_token& stop);

}  // namespace sketchscope
