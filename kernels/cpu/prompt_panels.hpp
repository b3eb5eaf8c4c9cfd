#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/unrolled.hpp"
#include "kernels/cpu/vector_loops.hpp"

namespace sketchscope::kernels::cpu {

/// Packs the key of a token into its panel; what a token beyond the last has is zero.
template <class V>
void pack_key(const PromptPacking& packing, long token) {
  const long width = packing.panels.width;
  const float* const key = packing.key + token * static_cast<long>(packing.key_stride);
  float* const column =
      packing.panels.keys + token / kPromptPanel * width * kPromptPanel + token % kPromptPanel;
  if (token < packing.tokens) {
    for (long d = 0; d < width; ++d) column[d * kPromptPanel] = key[d];
  } else {
    for (long d = 0; d < width; ++d) column[d * kPromptPanel] = 0.0F;
  }
}

/// Packs the value of a token into its panels; what lies beyond the last number is zero.
template <class V>
void pack_value(const PromptPacking& packing, long token) {
  const int width = packing.panels.width;
  const long places = long{packing.panels.count} * kPromptPanel;
  const float* const value = packing.value + token * static_cast<long>(packing.value_stride);
  for (int first = 0; first < width; first += kPromptPanel) {
    float* const part = packing.panels.values + first * places + token * kPromptPanel;
    for (int d = 0; d < kPromptPanel; d += V::kWidth) V::store(part + d, V::zero());
    const int left = token < packing.tokens ? width - first : 0;
    for_each_chunk<V>(left < kPromptPanel ? left : kPromptPanel,
                      [&](auto chunk) { chunk.store(part, chunk.load(value + first)); });
  }
}

template <class V>
void pack_prompt(const PromptPacking& packing) {
  const long last = long{packing.last} * kPromptPanel;
  for (long token = long{packing.first} * kPromptPanel; token < last; ++token) {
    pack_key<V>(packing, token);
    pack_value<V>(packing, token);
  }
}

/// The tile of rows and columns whose sums stay in registers.
template <class V>
struct PromptTile {
  static constexpr int kRows = V::kFloatLanes;
  static constexpr int kParts = V::kFloatSums / kRows;
  static constexpr int kColumns = kParts * V::kWidth;
  static_assert(kPromptPanel % kColumns == 0 && kPromptRows % kRows == 0);

  using Register = typename V::Register;
};

/// Calls work<kRows>() for a number of rows known only at run time.
template <int kMost, class Work>
[[gnu::always_inline]] inline void with_rows(int rows, const Work& work) {
  if (rows == kMost) {
    work.template operator()<kMost>();
  } else if constexpr (kMost > 1) {
    with_rows<kMost - 1>(rows, work);
  }
}

template <class V>
[[gnu::always_inline]] inline void load_columns(
    const float* columns, typename V::Register (&column)[PromptTile<V>::kParts]) {
  unrolled<PromptTile<V>::kParts>(
      [&]<int part>() { column[part] = V::load(columns + part * V::kWidth); });
}

/// Adds factor · column to the sums of one row of a tile.
template <class V>
[[gnu::always_inline]] inline void add_product(
    float factor, const typename V::Register (&column)[PromptTile<V>::kParts],
    typename V::Register (&sums)[PromptTile<V>::kParts]) {
  const auto x = V::broadcast(factor);
  unrolled<PromptTile<V>::kParts>(
      [&]<int part>() { sums[part] = V::multiply_add(x, column[part], sums[part]); });
}

/// Adds factor(row, i) · columns[i] to the sums of a tile, in the order of i. Columns are those of
/// row i of a panel.
template <class V, int kRows, class Factor>
[[gnu::always_inline]] inline void add_products(
    const float* columns, long count, const Factor& factor,
    typename V::Register (&sums)[kRows][PromptTile<V>::kParts]) {
  for (long i = 0; i < count; ++i) {
    typename V::Register column[PromptTile<V>::kParts];
    load_columns<V>(columns, column);
    unrolled<kRows>(
        [&]<int row>() { add_product<V>(factor.template operator()<row>(i), column, sums[row]); });
    columns += kPromptPanel;
  }
}

}  // namespace sketchscope::kernels::cpu
