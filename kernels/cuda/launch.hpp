#pragma once

#include <cstddef>

#include "kernels/attention.hpp"
#include "kernels/cuda/runtime.hpp"
#include "kernels/eviction.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/layers.hpp"

/// The operations on data that lies on the device. Every pointer is a device pointer; the work is
/// queued on `stream`, and a failed launch throws DeviceError. Every sum has an order that depends
/// on its length alone.
namespace sketchscope::kernels::cuda {

/// Rows of the tiles into which a linear layer is cut.
inline constexpr int kRowsPerTile = 8;

/// Returns how many outputs, 1, 4 or 8, a tile takes: as many as leave a tile to each of 2,048
/// warps, 16 for every multiprocessor of a GPU that has 132 of them, but one where the rows do not
/// fill a tile. The results are the same bit for bit whatever the tiles.
constexpr int outputs_per_tile(int outputs, int rows) {
  constexpr long kWarpsThatFill = 2048;
  if (rows < kRowsPerTile) return 1;
  const long row_tiles = (rows + kRowsPerTile - 1L) / kRowsPerTile;
  for (const int wide : {8, 4}) {
    if (row_tiles * ((outputs + wide - 1) / wide) >= kWarpsThatFill) return wide;
  }
  return 1;
}

/// Computes output (B, N) from input (B, K); weight and bias of `layer` lie on the device too.
void launch_linear(const Linear& layer, const float* input, int rows, float* output, Stream stream);
/// Computes the same outputs with warps that take `outputs_of_tile` of them each: 1, 4 or 8.
void launch_linear(const Linear& layer, const float* input, int rows, float* output,
                   int outputs_of_tile, Stream stream);

/// The rows of a layer norm; the formula is that of kernels/layer_norm.hpp.
struct LayerNorm {
  const float* input = nullptr;  // (B, C)
  const float* scale = nullptr;  // (C)
  const float* bias = nullptr;   // (C)
  int rows = 0;                  // B
  int width = 0;                 // C
  float epsilon = 0.0F;
  float* output = nullptr;  // (B, C), may be `input`
};
void launch_layer_norm(const LayerNorm& layer, Stream stream);

/// Rows of `width` numbers in an array: `per_group` lie side by side, and groups begin `stride`
/// numbers apart, as heads do in rows of queries, keys and values.
struct GroupedRows {
  int rows = 0;
  int width = 0;
  int per_group = 1;
  std::size_t stride = 0;
};

/// The rows of a root-mean-square norm; the formula is that of kernels/rms_norm.hpp.
struct RmsNorm {
  const float* input = nullptr;  // rows as `rows_at` says
  const float* scale = nullptr;  // (C)
  GroupedRows rows_at;
  float epsilon = 0.0F;
  float* output = nullptr;  // rows as `rows_at` says, may be `input`
};
void launch_rms_norm(const RmsNorm& layer, Stream stream);

/// The vectors that rotary positions rotate, in place; the formula is that of kernels/rotary.hpp.
struct Rotary {
  const float* rotations = nullptr;  // (B, 2, R / 2): cosines, then sines, of each row
  int pairs = 0;                     // R / 2
  int heads = 0;                     // of a row
  int head_width = 0;                // D
  std::size_t stride = 0;            // from one row's vectors to the next row's
  float* vectors = nullptr;          // (B, heads, D), rows `stride` apart
};
void launch_rotate(const Rotary& rotary, int rows, Stream stream);

/// Applies the function to `values` (count) in place.
void launch_activate(Activation function, float* values, std::size_t count, Stream stream);

/// Writes function(gate) · value to output (B, F), where each row of `input` (B, 2 F) holds F
/// gates, then F values; F is `width`.
void launch_gate(Activation function, int width, const float* input, float* output, int rows,
                 Stream stream);

/// A token of a step and its position.
struct TokenAt {
  int token = 0;
  int position = 0;
};

/// The embedding of a step's rows: output (B, C) is row `token` of the token embedding plus, where
/// there is a position embedding, its row `position`.
struct Embedding {
  Linear tokens;                     // (V, C)
  const float* positions = nullptr;  // (T, C), or null
  const TokenAt* rows = nullptr;     // (B)
  float* output = nullptr;           // (B, C)
};
void launch_embed(const Embedding& embedding, int rows, Stream stream);

/// Adds `summand` to `sum` element by element.
void launch_add(float* sum, const float* summand, std::size_t count, Stream stream);

/// Attention over the slots of one table, as in DecodeAttention.
struct Decode {
  const PageView* pages = nullptr;  // pages, and what they point to, on the device
  KvFormat format = KvFormat::f32;
  std::size_t vector_bytes = 0;  // of a key, or value, of one key/value head
  int stored = 0;
  const int* slots = nullptr;  // (listed): slots to read; null: all
  int listed = 0;
  int heads = 0;
  int kv_heads = 0;
  int head_width = 0;
  float scale = 1.0F;
  const float* query = nullptr;  // (H, D)
  float* output = nullptr;       // (H, D)
  float* mass = nullptr;         // (H, stored)
  float* log_sum_exp = nullptr;  // (H)
};
/// Computes attention for `tables` (count), which lie on the device; `most_heads` is the largest
/// number of query heads of any table.
void launch_decode_attention(const Decode* tables, int count, int most_heads, Stream stream);

/// Encodes vectors (N, D) as `layout` says.
void launch_encode_kv(const KvLayout& layout, const float* vectors, std::byte* encoded,
                      Stream stream);
/// Decodes vectors (N, D) stored as `layout` says.
void launch_decode_kv(const KvLayout& layout, const std::byte* encoded, float* vectors,
                      Stream stream);

/// New vectors of one table, either keys or values.
struct KvWrite {
  KvLayout layout;
  const float* vectors = nullptr;  // (N, D)
  std::byte* encoded = nullptr;    // as the layout says
};
/// Encodes the vectors of `writes` (count), which lie on the device; `most_vectors` is the largest
/// N of any of them.
void launch_write_kv(const KvWrite* writes, int count, int most_vectors, Stream stream);

/// Vectors of a prompt's tokens on the device, one for each token.
struct PromptRows {
  const float* first = nullptr;
  std::size_t stride = 0;  // in numbers
};

/// The two numbers by which a query's scores become probabilities: e^(score − largest) ·
/// inverse_total.
struct QuerySoftmax {
  float largest;
  float inverse_total;
};

/// Attention of some query heads of a prompt, as in PromptAttention.
struct Prompt {
  PromptRows query;  // (M, H · D), of the tokens [first, N)
  PromptRows key;    // (N, K · D)
  PromptRows value;  // (N, K · D)
  int tokens = 0;
  int first = 0;
  int heads = 0;
  int kv_heads = 0;
  int head_width = 0;
  int first_head = 0;
  int head_count = 0;
  float scale = 1.0F;
  float* output = nullptr;          // (M, H, D)
  float* mass = nullptr;            // (head_count, N), added to; or null
  std::size_t mass_stride = 0;      // from the mass of one head to that of the next
  QuerySoftmax* softmax = nullptr;  // (head_count, M), workspace of the mass
};
void launch_prompt_attention(const Prompt& prompt, Stream stream);

/// Writes the softmax of logits (V) to probability (V), which may be `logits`, and ln Σ e^logit to
/// `log_sum_exp`.
void launch_softmax(const float* logits, int count, float* probability, double* log_sum_exp,
                    Stream stream);

/// Writes the estimates of `ids` (count) to `estimates` (count).
void launch_query_sketch(const SketchTable& table, SketchQuery query, const std::uint32_t* ids,
                         int count, float* estimates, Stream stream);
/// Enters distinct `items` (count) into the table.
void launch_update_sketch(const SketchTable& table, SketchUpdate update, const SketchItem* items,
                          int count, Stream stream);

/// The arguments and the result of lowest_slots() on the device.
struct SlotChoice {
  const int* positions = nullptr;  // (S)
  const float* scores = nullptr;   // (S)
  int count = 0;                   // S
  PositionRange range;
  LowestSlots* found = nullptr;  // one
};
void launch_lowest_slots(const SlotChoice& choice, Stream stream);

}  // namespace sketchscope::kernels::cuda
