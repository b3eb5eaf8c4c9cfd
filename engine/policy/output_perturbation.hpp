#pragma once

#include <span>

#include "engine/cache/slot_statistics.hpp"
#include "engine/cache/slot_table.hpp"

namespace sketchscope {

/// By how much one query's output would have moved had a slot alone been dropped: a/(1−a)·‖o−v‖
/// (arXiv 2504.14051), summed over the heads of `mass` (H, S) and `output` (H, D) into
/// `perturbation` (S). A slot with all the mass adds 0. `value` (K, D) is work space.
void output_perturbation(const SlotTable& table, const MassView& mass,
                         std::span<const float> output, std::span<float> value,
                         std::span<float> perturbation);

/// ‖k‖, summed over the heads of a key (K, D).
float key_norm(std::span<const float> key, int heads);

}  // namespace sketchscope
