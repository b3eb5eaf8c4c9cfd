#pragma once

#include "kernels/cpu/decode_head.hpp"
#include "kernels/cpu/eviction_loops.hpp"
#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/kv_vector.hpp"
#include "kernels/cpu/panel_slice.hpp"
#include "kernels/cpu/prompt_block.hpp"
#include "kernels/cpu/prompt_panels.hpp"
#include "kernels/cpu/row_loops.hpp"

namespace sketchscope::kernels::cpu {

/// The set of all inner loops on the vectors of V.
template <class V>
inline constexpr KernelSet kKernelSet{.float_lanes = V::kFloatLanes,
                                      .short_lanes = V::kShortLanes,
                                      .pack_rows = pack_rows<V>,
                                      .pack_blocks = pack_blocks<V>,
                                      .linear = linear_slice<V>,
                                      .layer_norm = layer_norm_row<V>,
                                      .rms_norm = rms_norm_row<V>,
                                      .rotate = rotate_head<V>,
                                      .activate = activate_values<V>,
                                      .gate = gate_row<V>,
                                      .read_pages = read_pages<V>,
                                      .finish_head = finish_head<V>,
                                      .encode_vector = encode_vector<V>,
                                      .decode_vector = decode_vector<V>,
                                      .pack_prompt = pack_prompt<V>,
                                      .prompt_weights = prompt_weights<V>,
                                      .prompt_mass = prompt_mass<V>,
                                      .prompt_values = prompt_values<V>,
                                      .exponentials = exponentials<V>,
                                      .entropy = entropy_sum<V>,
                                      .divergence = divergence_sum<V>,
                                      .largest = largest_of<V>,
                                      .query_sketch = query_sketch<V>,
                                      .update_sketch = update_sketch<V>,
                                      .lowest_slots = lowest_slots<V>,
                                      .multiply_adds_per_round = kChains* V::kWidth,
                                      .multiply_adds = multiply_add_chains<V>,
                                      .read = read_values<V>};

}  // namespace sketchscope::kernels::cpu
