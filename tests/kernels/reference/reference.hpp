#pragma once

#include <span>

#include "kernels/attention.hpp"
#include "kernels/eviction.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/layers.hpp"
#include "kernels/prompt_attention.hpp"
#include "kernels/rotary.hpp"

/// The expected results of tests: every operation in plain loops, with double accumulation and no
/// threads, under the contract that its namesake has in kernels/.
namespace sketchscope::kernels::reference {

/// The weights of the layer are row-major and have no blocks.
void linear(const Linear& layer, std::span<const float> input, int rows, std::span<float> output);
void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output);
void rms_norm(std::span<const float> input, std::span<const float> scale, float epsilon,
              std::span<float> output);
void rotate(const Rotation& rotation, int head_width, std::span<float> vectors);
void activate(Activation function, std::span<float> values);
void gate(Activation function, int width, std::span<const float> input, std::span<float> output);
double softmax(std::span<const float> logits, std::span<float> probability);
double entropy(std::span<const float> probability);
double logit_kl(std::span<const float> p_logits, std::span<const float> q_logits);
void encode_kv(const KvLayout& layout, std::span<const float> vectors,
               std::span<std::byte> encoded);
void decode_kv(const KvLayout& layout, std::span<const std::byte> encoded,
               std::span<float> vectors);
void decode_attention(const DecodeAttention& input, const AttentionResult& result);
void prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                      std::span<float> mass);
void query_sketch(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::span<const std::uint32_t> ids, std::span<float> estimates);
void update_sketch(const SketchRows& rows, SketchUpdate update, std::span<const SketchItem> items,
                   std::span<float> cells, std::span<float> room);
LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range);

}  // namespace sketchscope::kernels::reference
