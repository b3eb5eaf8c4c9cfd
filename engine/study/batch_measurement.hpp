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

/// Options of measure_batch().
struct BatchOptions {
  int lanes = 64;  ///< upper limit of lanes per pass; a group is never split
  int threads = 1;
};

/// Measures several configurations in shared forward passes: each prompt is prefilled once, and all
/// configurations share one full-cache lane as twin. A result depends on its own configuration
/// alone, times excepted. `on_step` receives the number of tokens fed. Returns nothing after a stop
/// request.
std::vector<ConfigurationResult> measure_batch(const std::shared_ptr<const Model>& model,
                                               std::span<const Configuration> configurations,
                                               const StudyMaterial& material,
                                               const BatchOptions& options,
                                               const std::function<void(std::size_t)>& on_step,
                                               const std::stop_token& stop);

/// Returns how many lanes of the longest passage's length fit into a part of the machine's free
/// memory; 4 to 96.
int lanes_that_fit(const Model& model, const StudyMaterial& material);

}  // namespace sketchscope
