#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_loops.hpp"

namespace sketchscope::kernels::cpu {

inline constexpr int kQueriesPerTile = 4;
inline constexpr int kVectorsPerTile = 2;

/// The layout of a prompt head's scratch memory. Rows are padded with zeros to whole tiles of every
/// instruction set, so the inner loops have no tails.
template <class V>
struct PromptScratch {
  static constexpr int kPadding = 32;
  static constexpr long padded(int count) {
    return (static_cast<long>(count) + kPadding - 1) / kPadding * kPadding;
  }
  static constexpr long size(int tokens, int width) {
    return width * padded(tokens) + tokens * padded(width) + kQueriesPerTile * padded(tokens);
  }

  explicit PromptScratch(const PromptHead& head)
      : key_stride(padded(head.tokens)),
        value_stride(padded(head.width)),
        keys(head.scratch),
        values(keys + head.width * key_stride),
        scores(values + head.tokens * value_stride) {}

  long key_stride;
  long value_stride;
  float* keys;    // (D, N)
  float* values;  // (N, D)
  float* scores;  // (kQueriesPerTile, N)
};

/// Computes sums[q][v] = Σ_i factor(q, i) · rows[i][v-th vector] for kQueries rows and two vectors
/// of columns.
template <class V, int kQueries, class Factor>
void multiply_tile(Factor factor, const float* rows, long stride, int count,
                   typename V::Register (&sums)[kQueries][kVectorsPerTile]) {
  for (auto& row : sums) {
    for (auto& sum : row) sum = V::zero();
  }
  for (int i = 0; i < count; ++i) {
    typename V::Register columns[kVectorsPerTile];
    for (int v = 0; v < kVectorsPerTile; ++v)
      columns[v] = V::load(rows + i * stride + v * V::kWidth);
    for (int q = 0; q < kQueries; ++q) {
      const auto x = V::broadcast(factor(q, i));
      for (int v = 0; v < kVectorsPerTile; ++v) {
        sums[q][v] = V::multiply_add(x, columns[v], sums[q][v]);
      }
    }
  }
}

/// Computes the scores of queries [first, first + kQueries) for every key that the last of them
/// sees.
template <class V, int kQueries>
void score_queries(const PromptHead& head, const PromptScratch<V>& scratch, int first) {
  typename V::Register sums[kQueries][kVectorsPerTile];
  const auto stride = static_cast<long>(head.query_stride);
  const float* query = head.query + first * stride;
  const auto factor = [&](int q, int d) { return query[q * stride + d]; };
  for (int key = 0; key < head.first + first + kQueries; key += kVectorsPerTile * V::kWidth) {
    multiply_tile<V>(factor, scratch.keys + key, scratch.key_stride, head.width, sums);
    for (int q = 0; q < kQueries; ++q) {
      for (int v = 0; v < kVectorsPerTile; ++v) {
        V::store(scratch.scores + q * scratch.key_stride + key + v * V::kWidth,
                 V::multiply(sums[q][v], V::broadcast(head.scale)));
      }
    }
  }
}

/// Turns one row of scores into probabilities of `visible` keys, then zeros up to `end`, and adds
/// them to `mass` unless it is null.
template <class V>
void normalise_scores(float* scores, int visible, int end, float* mass) {
  const float total = exponentiate<V>(scores, visible, largest_of<V>(scores, visible), scores);
  scale_row<V>(scores, visible, 1.0F / total);
  for (int key = visible; key < end; ++key) scores[key] = 0.0F;
  if (mass == nullptr) return;
  for_each_chunk<V>(visible, [&](auto chunk) {
    chunk.store(mass, V::add(chunk.load(mass), chunk.load(scores)));
  });
}

template <class V, int kQueries>
void attend_queries(const PromptHead& head, const PromptScratch<V>& scratch, int first) {
  score_queries<V, kQueries>(head, scratch, first);
  const int visible = head.first + first + 1;  // keys that the first of them sees
  const int end = head.first + first + kQueries;
  for (int q = 0; q < kQueries; ++q) {
    normalise_scores<V>(scratch.scores + q * scratch.key_stride, visible + q, end, head.mass);
  }
  typename V::Register sums[kQueries][kVectorsPerTile];
  const auto factor = [&](int q, int key) { return scratch.scores[q * scratch.key_stride + key]; };
  for (int column = 0; column < head.width; column += kVectorsPerTile * V::kWidth) {
    multiply_tile<V>(factor, scratch.values + column, scratch.value_stride, end, sums);
    for (int q = 0; q < kQueries; ++q) {
      float* output = head.output + static_cast<long>(first + q) * head.output_stride;
      for (int v = 0; v < kVectorsPerTile; ++v) {
        const int start = column + v * V::kWidth;
        const int left = head.width - start;
        if (left > 0)
          Chunk<V>{start, left < V::kWidth ? left : V::kWidth}.store(output, sums[q][v]);
      }
    }
  }
}

template <class V>
void prompt_head(const PromptHead& head) {
  const PromptScratch<V> scratch(head);
  for (int token = 0; token < head.tokens; ++token) {
    const float* key = head.key + token * static_cast<long>(head.key_stride);
    const float* value = head.value + token * static_cast<long>(head.value_stride);
    for (int d = 0; d < head.width; ++d) {
      scratch.keys[d * scratch.key_stride + token] = key[d];
      scratch.values[token * scratch.value_stride + d] = value[d];
    }
  }
  const int queries = head.tokens - head.first;
  int first = 0;
  for (; first + kQueriesPerTile <= queries; first += kQueriesPerTile) {
    attend_queries<V, kQueriesPerTile>(head, scratch, first);
  }
  for (; first < queries; ++first) attend_queries<V, 1>(head, scratch, first);
}

}  // namespace sketchscope::kernels::cpu
