#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/attention.hpp"
#include "kernels/cpu/instruction_set.hpp"
#include "kernels/eviction.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/layers.hpp"

namespace sketchscope::kernels::cpu {

/// The job of packing an input's rows, tile by tile, for weights that are floats when used.
struct RowPacking {
  const float* input = nullptr;  // (B, K)
  int rows = 0;                  // B
  int inputs = 0;                // K
  float* packed = nullptr;       // (B, K), in the order of the tiles
};

/// The job of packing an input's rows as 16-bit integers for weights of 8 or 4 bits: P blocks of 32
/// inputs, the last filled with zeros, each with its scale and its sum.
struct BlockPacking {
  const float* input = nullptr;    // (B, K)
  int rows = 0;                    // B
  int inputs = 0;                  // K
  std::int16_t* packed = nullptr;  // (B, P, 32), in the order of the tiles
  float* scales = nullptr;         // (B, P), in the order of the tiles
  float* sums = nullptr;           // (B, P), in the order of the tiles
};

/// The panels [first, last) of a linear layer for all rows.
struct LinearSlice {
  const Linear* layer = nullptr;
  const void* packed = nullptr;   // all tiles of the input: floats, or shorts for coded weights
  const float* scales = nullptr;  // of shorts, as in BlockPacking
  const float* sums = nullptr;    // of shorts, as in BlockPacking
  int rows = 0;                   // B
  int first = 0;
  int last = 0;
  float* output = nullptr;  // (B, N)
};

/// One row of a layer norm.
struct LayerNormRow {
  const float* input = nullptr;  // (C)
  const float* scale = nullptr;  // (C)
  const float* bias = nullptr;   // (C)
  int width = 0;                 // C
  float epsilon = 0.0F;
  float* output = nullptr;  // (C)
};

/// One row of a root-mean-square norm.
struct RmsNormRow {
  const float* input = nullptr;  // (C)
  const float* scale = nullptr;  // (C)
  int width = 0;                 // C
  float epsilon = 0.0F;
  float* output = nullptr;  // (C)
};

/// The rotation of one head's vector (D >= 2 · pairs), in place.
struct HeadRotation {
  const float* cosine = nullptr;  // (pairs)
  const float* sine = nullptr;    // (pairs)
  int pairs = 0;
  float* vector = nullptr;
};

/// One row of a gated linear unit.
struct GateRow {
  const float* input = nullptr;  // (2 F): gates, then values
  int width = 0;                 // F
  float* output = nullptr;       // (F)
};

/// One query head of one slot table, with the addresses of its inputs and results.
struct DecodeHead {
  const PageView* pages = nullptr;
  KvFormat format = KvFormat::f32;
  long vector_bytes = 0;  // of a key or a value of one slot
  int stored = 0;
  const int* slots = nullptr;  // (listed): slots to read, ascending; null: all
  int listed = 0;
  int kv_head = 0;  // of the page
  int width = 0;    // D
  float scale = 1.0F;
  const float* query = nullptr;      // (D)
  const int* ranks = nullptr;        // (stored), or null: keys are read as they are stored
  const float* rotations = nullptr;  // (n, 2, D), as in SlotRotations
  int pairs = 0;
  float* output = nullptr;       // (D)
  float* mass = nullptr;         // (stored), or null
  float* log_sum_exp = nullptr;  // one, or null
};

/// The largest number of heads that are read together.
inline constexpr int kHeadsTogether = 16;

/// Softmax sums over the keys read so far, relative to the largest score so far, so that no key is
/// read twice (online softmax, arXiv 1805.02867).
struct RunningSoftmax {
  float largest = -__builtin_inff();
  float total = 0.0F;
};

/// Pages that follow one another, [first, end).
struct PageSpan {
  int first = 0;
  int end = 0;
};

/// A group of heads that are read together, page by page: first the `per_table` heads that read the
/// same slots of one table, then as many of the next table. All have one format. Of the pages,
/// which a table may lack some of, `pages` are read.
struct DecodeHeads {
  const DecodeHead* heads = nullptr;  // (count)
  int count = 0;                      // at most kHeadsTogether
  int per_table = 1;
  int shared_pages = 0;  // full pages that all tables begin with; 0 for a single table
  PageSpan pages;
};

/// What a head has read of some of its pages: the sums, and the values weighted relative to them.
struct DecodedPart {
  RunningSoftmax sums;
  float* output = nullptr;  // (D)
};

/// Keys of a panel, and numbers of a value, that lie side by side.
inline constexpr int kPromptPanel = 32;

/// Queries of a prompt that meet its keys together: whole tiles of rows of every instruction set.
inline constexpr int kPromptRows = 24;

/// The keys and values of one key/value head of a prompt in the order in which tiles of queries
/// read them, filled up with zeros to whole panels.
struct PromptPanels {
  float* keys = nullptr;    // (P, D, 32): panels of 32 tokens
  float* values = nullptr;  // (W, 32 P, 32): panels of 32 numbers of each value
  int count = 0;            // P
  int width = 0;            // D
};

/// The job of packing some panels of tokens.
struct PromptPacking {
  const float* key = nullptr;    // (N, D)
  const float* value = nullptr;  // (N, D)
  std::size_t key_stride = 0;    // from one row to the next
  std::size_t value_stride = 0;
  int tokens = 0;  // N
  int first = 0;   // of the panels to pack
  int last = 0;
  PromptPanels panels;
};

/// Consecutive queries of one query head, with their workspace. Query i sees the first
/// before + i + 1 keys.
struct PromptBlock {
  const float* query = nullptr;  // (rows, D)
  std::size_t query_stride = 0;  // from one row to the next
  int rows = 0;                  // at most kPromptRows
  int before = 0;
  float scale = 1.0F;
  PromptPanels panels;
  float* packed = nullptr;   // (rows, D): the queries, tile by tile
  float* weights = nullptr;  // (rows, weight_stride)
  long weight_stride = 0;
  float* factors = nullptr;  // (rows): 1 / the sum of a row's weights
  float* sums = nullptr;     // (rows, 32)
  float* output = nullptr;   // (rows, D)
  long output_stride = 0;    // from one row to the next
  float* mass = nullptr;     // (before + rows), added to; or null
};

/// The inner loops of every operation, compiled for one instruction set.
///
/// They take plain pointers, and their files call no inline function that other files share: the
/// linker keeps one copy of such a function, and a copy with these instructions must not end up
/// where the processor lacks them.
struct KernelSet {
  int float_lanes = 1;  ///< rows of an input that a tile of floats takes
  int short_lanes = 1;  ///< rows of an input that a tile of 16-bit integers takes
  void (*pack_rows)(const RowPacking&, int tile);
  void (*pack_blocks)(const BlockPacking&, int tile);
  void (*linear)(const LinearSlice&);
  void (*layer_norm)(const LayerNormRow&);
  void (*rms_norm)(const RmsNormRow&);
  void (*rotate)(const HeadRotation&);
  void (*activate)(Activation, float* values, int count);
  void (*gate)(Activation, const GateRow&);
  /// Reads some pages for all heads, whose outputs become weighted sums that are not normalised,
  /// and whose masses become scores, and writes each head's sums.
  void (*read_pages)(const DecodeHeads&, RunningSoftmax* sums);
  /// Merges the parts in which a head was read, in their order, into the head's results. The first
  /// part has to lie in the head's output.
  void (*finish_head)(const DecodeHead&, const DecodedPart* parts, int count);
  void (*encode_vector)(KvFormat, int width, const float* vector, std::byte* encoded);
  void (*decode_vector)(KvFormat, int width, const std::byte* encoded, float* vector);

  void (*pack_prompt)(const PromptPacking&);
  /// Writes e^(score − the row's largest) of every key that a query sees, and the factors that make
  /// them probabilities.
  void (*prompt_weights)(const PromptBlock&);
  /// Turns a block's weights into probabilities and adds them to its mass, query by query.
  void (*prompt_mass)(const PromptBlock&);
  /// Writes the sums of the values by their probabilities.
  void (*prompt_values)(const PromptBlock&);

  /// Writes e^(logit − offset) to `probability`, which may be null, and returns the sum.
  double (*exponentials)(const float* logits, int count, float offset, float* probability);
  /// Returns −Σ p ln p.
  double (*entropy)(const float* probability, int count);
  /// Returns Σ e^(p_i − p_offset) · (p_i − q_i − shift), shift being ln Σ e^p − ln Σ e^q.
  double (*divergence)(const float* p, const float* q, int count, float p_offset, float shift);
  float (*largest)(const float* values, int count);

  void (*query_sketch)(const SketchTable&, SketchQuery, const std::uint32_t* ids, int count,
                       float* estimates);
  void (*update_sketch)(const SketchTable&, SketchUpdate, const SketchItem* items, int count);
  LowestSlots (*lowest_slots)(const int* positions, const float* scores, int count, PositionRange);

  /// The loops behind the measurements of kernels/machine.hpp.
  int multiply_adds_per_round = 1;
  float (*multiply_adds)(long rounds, float factor, float summand);
  float (*read)(const float* values, long count);
};

// The kernels of each set; only a processor that has its instructions may call them.
const KernelSet& plain_kernels();
const KernelSet& avx2_kernels();
const KernelSet& avx512_kernels();
const KernelSet& avx512vnni_kernels();

}  // namespace sketchscope::kernels::cpu
