#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/model/model.hpp"
#include "engine/study/configuration_result.hpp"
#include "engine/study/material.hpp"

namespace sketchscope {

struct BatchOptions {
  int lanes = 64;  ///< that advance together, at most; a passage's are never parted
  int threads = 1;
};

/// Measures some configurations in shared forward passes: a prompt runs once for all of them, and
/// the full cache that all are compared with is one lane. A result depends on its own configuration
/// alone, the times excepted. `on_step` hears how many tokens were fed. Empty after a stop request.
std::vector<ConfigurationResult> measure_batch(const std::shared_ptr<const Model>& model,
                                               std::span<const Configuration> configurations,
                                               const StudyMaterial& material,
                                               const BatchOptions& options,
                                               const std::function<void(std::size_t)>& on_step,
                                               const std::stop_token& stop);

/// Lanes that a part of the machine's free memory holds at once, each as long as the longest
/// passage; 4 to 96.
int lanes_that_fit(const Model& model, const StudyMaterial& material);

}  // namespace sketchscope
