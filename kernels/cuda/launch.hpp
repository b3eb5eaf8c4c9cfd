#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>

#include "kernels/activation.hpp"
#include "kernels/decode_attention.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/linear.hpp"
#include "kernels/lowest_slots.hpp"
#include "kernels/sketch_table.hpp"

/// The operations on data that lies on the device. Every pointer is a device pointer; the work is
/// queued on `stream`, and a failed launch throws DeviceError. Every sum has an order that depends
/// on its length alone.
namespace sketchscope::cuda {

/// input (B, K), output (B, N); weight and bias of `layer` on the device too.
void launch_linear(const Linear& layer, const float* input, int rows, float* output,
                   cudaStream_t stream);

struct LayerNorm {
  const float* input = nullptr;  // (B, C)
  const float* scale = nullptr;  // (C)
  const float* shift = nullptr;  // (C)
  int rows = 0;                  // B
  int width = 0;                 // C
  float epsilon = 0.0F;
  float* output = nullptr;  // (B, C), may be `input`
};
void launch_layer_norm(const LayerNorm& layer, cudaStream_t stream);

void launch_activate(Activation function, float* values, std::size_t count, cudaStream_t stream);

/// One query per head over the slots of one table, as in the contract.
struct Decode {
  const PageView* pages = nullptr;  // pages, and what they point to, on the device
  KvFormat format = KvFormat::f32;
  int stored = 0;
  const int* slots = nullptr;  // (listed): the ones to read; null: all that are stored
  int listed = 0;
  int heads = 0;
  int head_width = 0;
  float scale = 1.0F;
  const float* query = nullptr;  // (H, D)
  float* output = nullptr;       // (H, D)
  float* mass = nullptr;         // (H, stored)
  float* log_sum_exp = nullptr;  // (H)
};
void launch_decode_attention(const Decode& decode, cudaStream_t stream);

void launch_encode_kv(const KvLayout& layout, const float* vectors, std::byte* encoded,
                      cudaStream_t stream);
void launch_decode_kv(const KvLayout& layout, const std::byte* encoded, float* vectors,
                      cudaStream_t stream);

/// One head of a prompt, as in the contract.
struct Prompt {
  const float* qkv = nullptr;  // (N, 3, H, D)
  int tokens = 0;
  int heads = 0;
  int head_width = 0;
  int head = 0;
  float scale = 1.0F;
  float* output = nullptr;       // (N, H, D)
  float* probability = nullptr;  // (N, N), room to work in
  float* mass = nullptr;         // (N)
};
void launch_prompt_attention(const Prompt& prompt, cudaStream_t stream);

/// probability (V) may be `logits`; log_sum_exp is one double.
void launch_softmax(const float* logits, int count, float* probability, double* log_sum_exp,
                    cudaStream_t stream);

/// A sketch's counters with their hashes.
struct SketchTable {
  const SketchHash* buckets = nullptr;  // (R)
  const SketchHash* signs = nullptr;    // (R), or null
  int depth = 0;                        // R
  std::uint32_t width = 1;              // W
  float* cells = nullptr;               // (R, W)
  float* room = nullptr;                // (n), for an update that raises
};
void launch_query_sketch(const SketchTable& table, SketchQuery query, const std::uint32_t* ids,
                         int count, float* estimates, cudaStream_t stream);
void launch_update_sketch(const SketchTable& table, SketchUpdate update, const SketchItem* items,
                          int count, cudaStream_t stream);

struct SlotChoice {
  const int* positions = nullptr;  // (S)
  const float* scores = nullptr;   // (S)
  int count = 0;                   // S
  PositionRange range;
  LowestSlots* found = nullptr;  // one
};
void launch_lowest_slots(const SlotChoice& choice, cudaStream_t stream);

}  // namespace sketchscope::cuda
