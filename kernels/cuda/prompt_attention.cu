// Attention of a prompt: blocks of queries meet the keys and values tile by tile, without an array
// of probabilities; their sums by key are a second pass, which computes the scores once more.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::kernels::cuda {
namespace {

constexpr int kWarps = 4;
constexpr int kBlock = kWarps * kWarp;
constexpr int kQueriesPerWarp = 8;
constexpr int kQueries = kWarps * kQueriesPerWarp;  // of a block
constexpr int kKeys = kWarp;                        // of a tile: one for each thread of a warp
constexpr int kSlice = 64;                          // numbers of the keys that are there at once

/// Numbers that one instruction loads from shared memory.
struct alignas(16) Four {
  float of[4];
};

/// The numbers of queries and keys in shared memory, whose products are the scores.
template <int kWidth>
struct ScoreRoom {
  Four queries[kQueries][kWidth / 4];
  float keys[kSlice][kKeys + 1];  // the last is never read: it puts a key's numbers on other banks
};

__device__ int queries_of(const Prompt& prompt) {
  return prompt.tokens - prompt.first;
}

/// Returns how many keys the query in `row` sees.
__device__ int visible_to(const Prompt& prompt, int row) {
  return prompt.first + row + 1;
}

__device__ int kv_head_of(const Prompt& prompt, int head) {
  return head / (prompt.heads / prompt.kv_heads);
}

/// 32 rows of an array, which ends before `end_row`.
struct TileRows {
  int first_row;
  int end_row;
};

/// Columns of an array: from `first` on there are `count`.
struct Columns {
  int first;
  int count;
};

/// Calls store(row of the tile, column, number) for `kCount` columns of each row, with 0 for what
/// the array does not have. A thread keeps its column, so that only rows are counted.
template <int kCount, class Store>
__device__ void load_tile(const PromptRows& array, const TileRows& rows, const Columns& columns,
                          const Store& store) {
  constexpr int kRowsAtOnce = kBlock / kCount;
  const int column = threadIdx.x % kCount;
  const int first = threadIdx.x / kCount;
  const float* number =
      array.first + (rows.first_row + first) * array.stride + columns.first + column;
  for (int row = first; row < kWarp; row += kRowsAtOnce) {
    const bool there = column < columns.count && rows.first_row + row < rows.end_row;
    store(row, column, there ? *number : 0.0F);
    number += kRowsAtOnce * array.stride;
  }
}

/// Computes the products of 32 queries and 32 keys of one head. Each is summed number by number, so
/// that it depends on nothing but its query and its key. What is in shared memory already is not
/// loaded again: all numbers of the queries where they fit, and of the keys where they are a slice.
template <int kWidth>
class Scores {
 public:
  __device__ Scores(const Prompt& prompt, int head, ScoreRoom<kWidth>& room)
      : prompt_(prompt), head_(head), room_(room) {}

  /// Fills `products` with those of this thread's key and the queries of its warp. All threads of
  /// the block call it at once.
  __device__ void find(int first_row, int first_key, float (&products)[kQueriesPerWarp]) {
    for (float& product : products) product = 0.0F;
    const int width = prompt_.head_width;
    for (int number = 0; number < width; number += kSlice) {
      __syncthreads();  // what lies there has been read
      load(first_row, first_key, number);
      __syncthreads();
      add_slice(width <= kWidth ? number : 0, min(kSlice, width - number), products);
    }
  }

 private:
  __device__ void load(int first_row, int first_key, int number) {
    const int width = prompt_.head_width;
    if (width > kWidth) {
      load_queries<kSlice>(first_row, number);
    } else if (queries_at_ != first_row) {
      load_queries<kWidth>(first_row, 0);
      queries_at_ = first_row;
    }
    if (width <= kSlice && keys_at_ == first_key) return;
    load_keys(first_key, number);
    keys_at_ = first_key;
  }

  template <int kCount>
  __device__ void load_queries(int first_row, int number) {
    load_tile<kCount>(prompt_.query, {.first_row = first_row, .end_row = queries_of(prompt_)},
                      columns_from(head_, number), [this](int query, int d, float loaded) {
                        room_.queries[query][d / 4].of[d % 4] = loaded;
                      });
  }

  __device__ void load_keys(int first_key, int number) {
    load_tile<kSlice>(prompt_.key, {.first_row = first_key, .end_row = prompt_.tokens},
                      columns_from(kv_head_of(prompt_, head_), number),
                      [this](int key, int d, float loaded) { room_.keys[d][key] = loaded; });
  }

  __device__ Columns columns_from(int head, int number) const {
    return {.first = head * prompt_.head_width + number, .count = prompt_.head_width - number};
  }

  /// A key's number is loaded once for the 8 queries of a warp, and four numbers of a query at once
  /// for all its threads: 12 loads for 32 products. Zeros fill the last four.
  __device__ void add_slice(int at, int count, float (&products)[kQueriesPerWarp]) const {
    const int thread = threadIdx.x % kWarp;
    const int first_query = threadIdx.x / kWarp * kQueriesPerWarp;
    for (int d = 0; d < count; d += 4) {
      float key[4];
      for (int i = 0; i < 4; ++i) key[i] = room_.keys[d + i][thread];
      for (int query = 0; query < kQueriesPerWarp; ++query) {
        const Four numbers = room_.queries[first_query + query][(at + d) / 4];
        for (int i = 0; i < 4; ++i) {
          products[query] = fmaf(numbers.of[i], key[i], products[query]);
        }
      }
    }
  }

  const Prompt& prompt_;
  int head_;
  ScoreRoom<kWidth>& room_;
  int queries_at_ = -1;
  int keys_at_ = -1;
};

/// The softmax of a query as far as keys were seen: terms are e^(score − largest). A thread sums
/// those of its own keys; the warp's sum follows at the end.
struct RunningSoftmax {
  float largest;
  float total;

  /// Takes this thread's score of the next 32 keys, −∞ for one that the query does not see. Returns
  /// its term, and in `factor` what earlier terms are worth beside it. 32 scores of −∞ behind
  /// others change no bit.
  __device__ float add(float score, float& factor) {
    const float before = largest;
    largest = fmaxf(before, warp_largest(score));
    factor = expf(before - largest);
    const float term = expf(score - largest);
    total = fmaf(total, factor, term);
    return term;
  }
};

/// The terms of 32 keys by key, for the 8 queries of a warp.
struct alignas(16) Terms {
  float of[kQueriesPerWarp];
};

template <int kWidth>
struct AttendRoom {
  ScoreRoom<kWidth> scores;
  float values[kKeys][kWidth];
  Terms terms[kWarps][kKeys];
};

/// Runs one block for 32 queries, one head and `kColumns` · 32 numbers of the output, of which each
/// thread keeps `kColumns` for each of 8 queries. Tiles begin at every 32nd key whatever the
/// queries, so the order of a query's sums follows from the number of keys that it sees; a key that
/// it does not see is skipped rather than multiplied by 0, since it may not be finite. With 4
/// columns the room in shared memory allows four blocks beside one another, for which a thread has
/// 128 registers: some ten numbers of a tile then lie in local memory. With 2 it needs no bound (0)
/// to stay below that.
template <int kColumns>
__global__ void __launch_bounds__(kBlock, kColumns > 2 ? 4 : 0) attend_kernel(Prompt prompt) {
  constexpr int kWidth = kColumns * kWarp;
  __shared__ AttendRoom<kWidth> room;
  const int row_tiles = (queries_of(prompt) + kQueries - 1) / kQueries;
  const int first_row = (row_tiles - 1 - blockIdx.x) * kQueries;  // the longest rows begin first
  const int head = prompt.first_head + blockIdx.y;
  const int first_number = blockIdx.z * kWidth;
  const int thread = threadIdx.x % kWarp;
  const int warp = threadIdx.x / kWarp;
  const int row = first_row + warp * kQueriesPerWarp;  // the warp's first
  const int last_row = queries_of(prompt) - 1;

  const Columns columns{.first = kv_head_of(prompt, head) * prompt.head_width + first_number,
                        .count = prompt.head_width - first_number};
  Scores<kWidth> scores(prompt, head, room.scores);
  RunningSoftmax softmax[kQueriesPerWarp];
  for (RunningSoftmax& each : softmax) each = {-INFINITY, 0.0F};
  float sums[kQueriesPerWarp][kColumns] = {};
  const int most_visible = visible_to(prompt, min(first_row + kQueries - 1, last_row));
  for (int first_key = 0; first_key < most_visible; first_key += kKeys) {
    float products[kQueriesPerWarp];
    scores.find(first_row, first_key, products);
    load_tile<kWidth>(prompt.value, {.first_row = first_key, .end_row = prompt.tokens}, columns,
                      [](int key, int d, float loaded) { room.values[key][d] = loaded; });
    Terms terms;
    for (int i = 0; i < kQueriesPerWarp; ++i) {
      const bool sees = first_key + thread < visible_to(prompt, min(row + i, last_row));
      float factor;
      terms.of[i] = softmax[i].add(sees ? products[i] * prompt.scale : -INFINITY, factor);
      for (float& sum : sums[i]) sum *= factor;
    }
    room.terms[warp][thread] = terms;
    __syncthreads();
    const bool all_seen = first_key + kKeys <= visible_to(prompt, row);
    for (int key = 0; key < kKeys; ++key) {
      const Terms by_query = room.terms[warp][key];
      float value[kColumns];
      for (int c = 0; c < kColumns; ++c) value[c] = room.values[key][thread + c * kWarp];
      for (int i = 0; i < kQueriesPerWarp; ++i) {
        if (!all_seen && first_key + key >= visible_to(prompt, min(row + i, last_row))) continue;
        for (int c = 0; c < kColumns; ++c) sums[i][c] = fmaf(by_query.of[i], value[c], sums[i][c]);
      }
    }
  }

  for (int i = 0; i < kQueriesPerWarp; ++i) {
    const float inverse = 1.0F / warp_sum(softmax[i].total);
    if (row + i > last_row) continue;
    if (thread == 0 && blockIdx.z == 0 && prompt.mass != nullptr) {
      prompt.softmax[blockIdx.y * queries_of(prompt) + row + i] = {softmax[i].largest, inverse};
    }
    float* const output =
        prompt.output +
        (static_cast<std::size_t>(row + i) * prompt.heads + head) * prompt.head_width;
    for (int c = 0; c < kColumns; ++c) {
      const int d = first_number + thread + c * kWarp;
      if (d < prompt.head_width) output[d] = sums[i][c] * inverse;
    }
  }
}

struct MassRoom {
  ScoreRoom<128> scores;
  float probability[kQueries][kKeys];
};

/// Runs one block for 32 keys of a head, whose first warp adds to each key's mass the probabilities
/// of the queries that see it in their order, one after the other: so it is the same sum whether
/// the queries come in one launch or in several.
__global__ void __launch_bounds__(kBlock, 4) sum_mass_kernel(Prompt prompt) {
  __shared__ MassRoom room;
  const int head = prompt.first_head + blockIdx.y;
  const int first_key = blockIdx.x * kKeys;
  const int thread = threadIdx.x % kWarp;
  const int warp = threadIdx.x / kWarp;
  const int key = first_key + thread;
  const int queries = queries_of(prompt);
  const QuerySoftmax* const softmax =
      prompt.softmax + static_cast<std::size_t>(blockIdx.y) * queries;
  float* const mass = prompt.mass + blockIdx.y * prompt.mass_stride + key;
  const bool sums = warp == 0 && key < prompt.tokens;
  float sum = sums ? *mass : 0.0F;

  Scores<128> scores(prompt, head, room.scores);
  const int first_seeing = max(first_key - prompt.first, 0);
  for (int first_row = first_seeing / kQueries * kQueries; first_row < queries;
       first_row += kQueries) {
    float products[kQueriesPerWarp];
    scores.find(first_row, first_key, products);
    for (int i = 0; i < kQueriesPerWarp; ++i) {
      const int in_tile = warp * kQueriesPerWarp + i;
      const int row = first_row + in_tile;
      const bool sees = row < queries && key < visible_to(prompt, row);
      const QuerySoftmax of_row = softmax[min(row, queries - 1)];
      room.probability[in_tile][thread] =
          sees ? expf(products[i] * prompt.scale - of_row.largest) * of_row.inverse_total : 0.0F;
    }
    __syncthreads();
    if (warp == 0) {
      for (int i = 0; i < kQueries; ++i) sum += room.probability[i][thread];
    }
  }
  if (sums) *mass = sum;
}

}  // namespace

void launch_prompt_attention(const Prompt& prompt, Stream stream) {
  if (prompt.tokens == prompt.first || prompt.head_count == 0) return;
  const auto queries = static_cast<std::size_t>(prompt.tokens - prompt.first);
  const auto width = static_cast<std::size_t>(prompt.head_width);
  const auto heads = static_cast<unsigned>(prompt.head_count);
  const bool narrow = prompt.head_width <= 2 * kWarp;
  const dim3 tiles(blocks_for(queries, kQueries), heads,
                   blocks_for(width, (narrow ? 2 : 4) * kWarp));
  launch_kernel(narrow ? attend_kernel<2> : attend_kernel<4>, {.blocks = tiles, .threads = kBlock},
                stream, "prompt attention", prompt);
  if (prompt.mass == nullptr) return;
  const dim3 keys(blocks_for(static_cast<std::size_t>(prompt.tokens), kKeys), heads);
  launch_kernel(sum_mass_kernel, {.blocks = keys, .threads = kBlock}, stream, "mass of a prompt",
                prompt);
}

}  // namespace sketchscope::kernels::cuda
