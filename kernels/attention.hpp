#pragma once

#include <cstddef>
#include <span>

#include "kernels/cpu/instruction_set.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::kernels {

/// Slots of one page, the unit in which slot tables share and copy memory.
inline constexpr int kSlotsPerPage = 16;

/// One page of a slot table: the keys and the values of its 16 slots, each (K, 16) vectors one
/// after the other in the table's format.
struct PageView {
  const void* keys = nullptr;
  const void* values = nullptr;
};

/// The widest head whose keys can be rotated while they are read.
inline constexpr int kWidestRotatedHead = 512;

/// How keys that are stored unrotated are rotated while they are read: slot s by rotation number
/// ranks[s]. A rotation multiplies the numbers of a key by its cosines, and adds the product of its
/// sines with the numbers that lie `pairs` further on or, from `pairs` on, `pairs` before: what
/// rotate() (rotary.hpp) computes, in the same order. Without ranks, keys are read as they are
/// stored.
struct SlotRotations {
  std::span<const int> ranks;        // (stored)
  std::span<const float> rotations;  // (n, 2, D), n numbered rotations: cosines, then sines; 1 and
                                     // 0 from 2 · pairs on, and the sines of the first `pairs`
                                     // numbers negative
  int pairs = 0;                     // R / 2
};

/// Attention of one query per query head over the slots [0, stored) of one slot table, or over some
/// of them. Slot s lies in pages[s / 16] at s % 16. Query head h reads key/value head h / (H / K).
struct DecodeAttention {
  std::span<const PageView> pages;
  KvFormat format = KvFormat::f32;
  int stored = 0;
  std::span<const int> slots;    // slots to read, ascending; empty: all
  int heads = 0;                 // H
  int kv_heads = heads;          // K, divides H
  int head_width = 0;            // D
  float scale = 1.0F;            // multiplies every dot product
  std::span<const float> query;  // (H, D)
  SlotRotations rotations = {};
};

/// The arrays that decode_attention() fills; `mass` and `log_sum_exp` may be empty where they are
/// not wanted.
struct AttentionResult {
  std::span<float> output;       // (H, D)
  std::span<float> mass;         // (H, stored): softmax probability of each slot, 0 if not read
  std::span<float> log_sum_exp;  // (H): ln of the sum of e^(scaled score)
};

/// Computes softmax attention for every query head. Sums are taken page by page within parts of 256
/// slots, which are merged in their order, so the result depends on this table's pages alone. With
/// no slots stored the output is 0 and log_sum_exp is −infinity. Throws KernelError on shapes that
/// do not fit.
void decode_attention(const DecodeAttention& input, const AttentionResult& result,
                      const cpu::KernelSet& kernels = cpu::best_kernels());

/// Computes attention for all tables that one step reads, results[i] from inputs[i]; tables, heads
/// and parts run in parallel.
void decode_attention(ThreadPool& pool, std::span<const DecodeAttention> inputs,
                      std::span<const AttentionResult> results,
                      const cpu::KernelSet& kernels = cpu::best_kernels());

}  // namespace sketchscope::kernels
