#pragma once

#include <span>

#include "kernels/attention.hpp"
#include "kernels/eviction.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/layers.hpp"
#include "kernels/prompt_attention.hpp"
#include "kernels/rotary.hpp"

/// The operations on the GPU, under the contracts that they have on the processor: all arguments
/// lie in host memory and are copied to the device and back. Throws DeviceError where CUDA is not
/// built, no device answers, or the device fails.
namespace sketchscope::kernels::cuda {

void linear(const Linear& layer, std::span<const float> input, int rows, std::span<float> output);
/// Computes the same outputs with warps that take `outputs_of_tile` of them each: 1, 4 or 8.
void linear(const Linear& layer, std::span<const float> input, int rows, std::span<float> output,
            int outputs_of_tile);
void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output);
void rms_norm(std::span<const float> input, std::span<const float> scale, float epsilon,
              std::span<float> output);
void rotate(const Rotation& rotation, int head_width, std::span<float> vectors);
void activate(Activation function, std::span<float> values);
void gate(Activation function, int width, std::span<const float> input, std::span<float> output);
void decode_attention(const DecodeAttention& input, const AttentionResult& result);
void encode_kv(const KvLayout& layout, std::span<const float> vectors,
               std::span<std::byte> encoded);
void decode_kv(const KvLayout& layout, std::span<const std::byte> encoded,
               std::span<float> vectors);
void prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                      std::span<float> mass);
/// Attends with all heads; `mass` (H, T) receives that of each head's first N keys.
void prompt_attention(const PromptAttention& input, std::span<float> output, std::span<float> mass);
double softmax(std::span<const float> logits, std::span<float> probability);
void query_sketch(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::span<const std::uint32_t> ids, std::span<float> estimates);
void update_sketch(const SketchRows& rows, SketchUpdate update, std::span<const SketchItem> items,
                   std::span<float> cells, std::span<float> room);
LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range);

}  // namespace sketchscope::kernels::cuda
