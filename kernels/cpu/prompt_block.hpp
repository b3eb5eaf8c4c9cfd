#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/panel_rows.hpp"
#include "kernels/cpu/prompt_panels.hpp"
#include "kernels/cpu/vector_loops.hpp"

namespace sketchscope::kernels::cpu {

/// The tiles of rows into which a block's queries are divided.
template <class V>
RowTiles<V> tiles_of(const PromptBlock& block) {
  return {block.rows, PromptTile<V>::kRows};
}

/// Packs a block's queries in the order in which its tiles read them: a number of each query of the
/// tile after the other.
template <class V>
void pack_queries(const PromptBlock& block) {
  const auto tiles = tiles_of<V>(block);
  const long width = block.panels.width;
  for (int tile = 0; tile < tiles.count(); ++tile) {
    const long first = tiles.first_row(tile);
    const long rows = tiles.lanes(tile);
    float* const packed = block.packed + first * width;
    for (long row = 0; row < rows; ++row) {
      const float* const query =
          block.query + (first + row) * static_cast<long>(block.query_stride);
      for (long d = 0; d < width; ++d) packed[d * rows + row] = query[d];
    }
  }
}

/// Writes the scores of a tile of queries for the keys [key, key + kColumns).
template <class V, int kRows>
void score_tile(const PromptBlock& block, long first, long key) {
  constexpr int kParts = PromptTile<V>::kParts;
  const long width = block.panels.width;
  const float* const keys =
      block.panels.keys + key / kPromptPanel * width * kPromptPanel + key % kPromptPanel;
  const float* const queries = block.packed + first * width;
  typename V::Register sums[kRows][kParts];
  unrolled<kRows>(
      [&]<int row>() { unrolled<kParts>([&]<int part>() { sums[row][part] = V::zero(); }); });
  add_products<V, kRows>(
      keys, width, [&]<int row>(long d) { return queries[d * kRows + row]; }, sums);
  const auto scale = V::broadcast(block.scale);
  float* const scores = block.weights + first * block.weight_stride + key;
  unrolled<kRows>([&]<int row>() {
    unrolled<kParts>([&]<int part>() {
      V::store(scores + row * block.weight_stride + part * V::kWidth,
               V::multiply(sums[row][part], scale));
    });
  });
}

/// Writes the scores of a block's queries for every key that the last query of their tile sees. A
/// panel of keys stays in the first-level cache while all tiles meet it.
template <class V>
void score_block(const PromptBlock& block) {
  const auto tiles = tiles_of<V>(block);
  for (long key = 0; key < block.before + block.rows; key += PromptTile<V>::kColumns) {
    for (int tile = 0; tile < tiles.count(); ++tile) {
      if (key >= block.before + tiles.first_row(tile + 1)) continue;
      with_rows<PromptTile<V>::kRows>(tiles.lanes(tile), [&]<int kRows>() {
        score_tile<V, kRows>(block, tiles.first_row(tile), key);
      });
    }
  }
}

template <class V>
void prompt_weights(const PromptBlock& block) {
  pack_queries<V>(block);
  score_block<V>(block);
  for (int row = 0; row < block.rows; ++row) {
    float* const scores = block.weights + row * block.weight_stride;
    const int visible = block.before + row + 1;
    const float largest = largest_of<V>(scores, visible);
    block.factors[row] = 1.0F / exponentiate<V>(scores, visible, largest, scores);
  }
}

template <class V>
void prompt_mass(const PromptBlock& block) {
  for (int row = 0; row < block.rows; ++row) {
    float* const weights = block.weights + row * block.weight_stride;
    const int visible = block.before + row + 1;
    if (block.mass == nullptr) {
      scale_row<V>(weights, visible, block.factors[row]);
    } else {
      const auto factor = V::broadcast(block.factors[row]);
      for_each_chunk<V>(visible, [&](auto chunk) {
        const auto probability = V::multiply(chunk.load(weights), factor);
        chunk.store(weights, probability);
        chunk.store(block.mass, V::add(chunk.load(block.mass), probability));
      });
    }
  }
}

/// Calls work(sums) with the sums of a tile of queries in registers.
template <class V, int kRows, class Work>
[[gnu::always_inline]] inline void with_sums(const PromptBlock& block, long first,
                                             const Work& work) {
  constexpr int kParts = PromptTile<V>::kParts;
  float* const totals = block.sums + first * kPromptPanel;
  typename V::Register sums[kRows][kParts];
  unrolled<kRows>([&]<int row>() {
    unrolled<kParts>([&]<int part>() {
      sums[row][part] = V::load(totals + row * kPromptPanel + part * V::kWidth);
    });
  });
  work(sums);
  unrolled<kRows>([&]<int row>() {
    unrolled<kParts>([&]<int part>() {
      V::store(totals + row * kPromptPanel + part * V::kWidth, sums[row][part]);
    });
  });
}

/// Adds the values of the keys [key, key + count), which all queries of a tile see.
template <class V, int kRows>
void add_values(const PromptBlock& block, long first, const float* values, long key, long count) {
  const long stride = block.weight_stride;
  const float* const weights = block.weights + first * stride + key;
  with_sums<V, kRows>(
      block, first, [&](auto& sums) __attribute__((always_inline)) {
        add_products<V, kRows>(
            values + key * kPromptPanel, count,
            [&]<int row>(long i) { return weights[row * stride + i]; }, sums);
      });
}

/// Adds the values of the keys from `key` on, each of which one query of a tile less sees.
template <class V, int kRows>
void add_last_values(const PromptBlock& block, long first, const float* values, long key) {
  const long stride = block.weight_stride;
  const float* const weights = block.weights + first * stride + key;
  with_sums<V, kRows>(
      block, first, [&](auto& sums) __attribute__((always_inline)) {
        unrolled<kRows - 1>([&]<int i>() {
          typename V::Register column[PromptTile<V>::kParts];
          load_columns<V>(values + (key + i) * kPromptPanel, column);
          unrolled<kRows>([&]<int row>() {
            if constexpr (row > i) add_product<V>(weights[row * stride + i], column, sums[row]);
          });
        });
      });
}

/// Adds the values of all keys to the sums of a block's queries, for the numbers of each value from
/// `column` on. The values of some keys stay in the first-level cache while all tiles meet them.
template <class V>
void sum_values(const PromptBlock& block, long column) {
  constexpr long kKeysPerRun = 128;
  const auto tiles = tiles_of<V>(block);
  const long places = long{block.panels.count} * kPromptPanel;
  const float* const values =
      block.panels.values + column / kPromptPanel * places * kPromptPanel + column % kPromptPanel;
  for (long i = 0; i < long{block.rows} * kPromptPanel; ++i) block.sums[i] = 0.0F;
  for (long key = 0; key < block.before + block.rows; key += kKeysPerRun) {
    for (int tile = 0; tile < tiles.count(); ++tile) {
      const long first = tiles.first_row(tile);
      const long seen_by_all = block.before + first + 1;
      const long left = seen_by_all - key;
      if (left <= 0) continue;
      with_rows<PromptTile<V>::kRows>(tiles.lanes(tile), [&]<int kRows>() {
        add_values<V, kRows>(block, first, values, key, left < kKeysPerRun ? left : kKeysPerRun);
        if (left <= kKeysPerRun) add_last_values<V, kRows>(block, first, values, seen_by_all);
      });
    }
  }
}

template <class V>
void prompt_values(const PromptBlock& block) {
  const int width = block.panels.width;
  for (int column = 0; column < width; column += PromptTile<V>::kColumns) {
    sum_values<V>(block, column);
    const int left = width - column;
    const int count = left < PromptTile<V>::kColumns ? left : PromptTile<V>::kColumns;
    for (int row = 0; row < block.rows; ++row) {
      float* const output = block.output + row * block.output_stride + column;
      const float* const sums = block.sums + long{row} * kPromptPanel;
      for_each_chunk<V>(count, [&](auto chunk) { chunk.store(output, chunk.load(sums)); });
    }
  }
}

}  // namespace sketchscope::kernels::cpu
