#pragma once

#include "kernels/activation.hpp"
#include "kernels/cpu/kernel_set.hpp"
#include "kernels/decode_attention.hpp"
#include "kernels/distribution.hpp"
#include "kernels/gate.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/layer_norm.hpp"
#include "kernels/linear.hpp"
#include "kernels/lowest_slots.hpp"
#include "kernels/rms_norm.hpp"
#include "kernels/rotary.hpp"
#include "kernels/sketch_table.hpp"

namespace sketchscope::cpu {

// The operations of the contracts with the inner loops of the caller's choice; the functions of the
// contracts call them with best_kernels().

void linear(const KernelSet& kernels, ThreadPool& pool, const Linear& layer,
            std::span<const float> input, int rows, std::span<float> output);
void layer_norm(const KernelSet& kernels, std::span<const float> input,
                std::span<const float> scale, std::span<const float> bias, float epsilon,
                std::span<float> output);
void rms_norm(const KernelSet& kernels, std::span<const float> input, std::span<const float> scale,
              float epsilon, std::span<float> output);
void rotate(const KernelSet& kernels, const Rotation& rotation, int head_width,
            std::span<float> vectors);
void activate(const KernelSet& kernels, Activation function, std::span<float> values);
void gate(const KernelSet& kernels, Activation function, int width, std::span<const float> input,
          std::span<float> output);
void decode_attention(const KernelSet& kernels, const DecodeAttention& input,
                      const AttentionResult& result);
void decode_attention(const KernelSet& kernels, ThreadPool& pool,
                      std::span<const DecodeAttention> inputs,
                      std::span<const AttentionResult> results);
void encode_kv(const KernelSet& kernels, const KvLayout& layout, std::span<const float> vectors,
               std::span<std::byte> encoded);
void decode_kv(const KernelSet& kernels, const KvLayout& layout, std::span<const std::byte> encoded,
               std::span<float> vectors);
void prompt_attention(const KernelSet& kernels, const PromptAttention& input, int head,
                      std::span<float> output, std::span<float> mass);
double softmax(const KernelSet& kernels, std::span<const float> logits,
               std::span<float> probability);
double entropy(const KernelSet& kernels, std::span<const float> probability);
double logit_kl(const KernelSet& kernels, std::span<const float> p_logits,
                std::span<const float> q_logits);
void query_sketch(const KernelSet& kernels, const SketchRows& rows, SketchQuery query,
                  std::span<const float> cells, std::span<const std::uint32_t> ids,
                  std::span<float> estimates);
void update_sketch(const KernelSet& kernels, const SketchRows& rows, SketchUpdate update,
                   std::span<const SketchItem> items, std::span<float> cells,
                   std::span<float> room);
LowestSlots lowest_slots(const KernelSet& kernels, std::span<const int> positions,
                         std::span<const float> scores, PositionRange range);

}  // namespace sketchscope::cpu
