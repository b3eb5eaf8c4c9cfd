#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/unrolled.hpp"
#include "kernels/number_format.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::kernels::cpu {

/// The locality by which __builtin_prefetch fetches into the second-level cache.
inline constexpr int kKeepInSecondLevel = 2;

/// Inputs that a tile takes at once: their weights in a panel and the tile's inputs stay in the
/// first-level cache while all tiles of rows meet them.
inline constexpr int kInputsPerRun = 256;

/// The work of one tile of rows with one run of inputs of one or two neighbouring panels.
struct PanelRun {
  const std::byte* weights = nullptr;  // of the run's first input, in the first panel
  long panel_bytes = 0;                // from there to the same input of the second panel
  const void* inputs = nullptr;        // of the run: packed floats or shorts of the tile
  const float* scales = nullptr;       // of the run: of packed shorts
  const float* sums = nullptr;         // of the run: of packed shorts
  long count = 0;                      // inputs, or blocks of them
  float* totals = nullptr;             // (lanes, panels, 16), which the products are added to
  const std::byte* fetch = nullptr;    // what to prefetch meanwhile
  long fetch_step = 0;                 // bytes of it for each input or block
  long fetch_panel_bytes = 0;          // from there to what to prefetch in the second panel
};

/// Weights that are floats when they are used, and inputs in floats.
template <class V, class T>
struct FloatWeights {
  static constexpr int kLanes = V::kFloatLanes;
  static constexpr int kUnit = 1;  // inputs that a run counts as one
  static constexpr long kUnitBytes = kPanelOutputs * static_cast<long>(sizeof(T));
  using Input = float;

  /// Whether weights are worth being turned into floats once where many tiles meet them.
  static constexpr bool kIsNarrow = sizeof(T) < sizeof(float);

  /// Writes the weights of `count` inputs as floats, in the same order.
  static void widen(const std::byte* weights, long count, float* wide) {
    const auto* const numbers = reinterpret_cast<const T*>(weights);
    for (long i = 0; i < count * kPanelOutputs; i += V::kWidth) {
      V::store(wide + i, V::load(numbers + i));
    }
  }

  /// Adds the products of each output in the order of the inputs, then their sum to its total.
  template <int kPanels, int kLanesOfTile>
  static void add(const PanelRun& run) {
    constexpr int kParts = kPanelOutputs / V::kWidth;
    constexpr int kColumns = kPanels * kParts;
    typename V::Register sums[kLanesOfTile][kColumns];
    unrolled<kLanesOfTile>(
        [&]<int lane>() { unrolled<kColumns>([&]<int c>() { sums[lane][c] = V::zero(); }); });
    const auto* weights = reinterpret_cast<const T*>(run.weights);
    const auto* second = reinterpret_cast<const T*>(run.weights + run.panel_bytes);
    const auto* input = static_cast<const float*>(run.inputs);
    const std::byte* fetch = run.fetch;
    for (long k = 0; k < run.count; ++k) {
      typename V::Register w[kColumns];
      unrolled<kParts>([&]<int part>() {
        w[part] = V::load(weights + part * V::kWidth);
        if constexpr (kPanels == 2) w[kParts + part] = V::load(second + part * V::kWidth);
      });
      unrolled<kLanesOfTile>([&]<int lane>() {
        const auto x = V::broadcast(input[lane]);
        unrolled<kColumns>(
            [&]<int c>() { sums[lane][c] = V::multiply_add(w[c], x, sums[lane][c]); });
      });
      __builtin_prefetch(fetch, 0, kKeepInSecondLevel);
      if constexpr (kPanels == 2) {
        __builtin_prefetch(fetch + run.fetch_panel_bytes, 0, kKeepInSecondLevel);
      }
      weights += kPanelOutputs;
      second += kPanelOutputs;
      input += kLanesOfTile;
      fetch += run.fetch_step;
    }
    unrolled<kLanesOfTile>([&]<int lane>() {
      unrolled<kColumns>([&]<int c>() {
        float* const total = run.totals + lane * kPanels * kPanelOutputs + c * V::kWidth;
        V::store(total, V::add(V::load(total), sums[lane][c]));
      });
    });
  }
};

/// Weights of 8 or 4 bits, and inputs of 16 bits in blocks that have a scale. The products of a
/// block are summed exactly, then the blocks in floats in their order.
template <class V, WeightType kType>
struct CodedWeights {
  static constexpr int kLanes = V::kShortLanes;
  static constexpr int kParts = kPanelOutputs / V::kWidth;
  static constexpr int kUnit = kWeightsPerBlock;
  static constexpr bool kIsNarrow = false;
  static constexpr bool kHasScales = kType != WeightType::int8;
  static constexpr bool kHasNibbles = kType == WeightType::q4_0 || kType == WeightType::q4_1;
  static constexpr long kScaleBytes = kPanelOutputs * static_cast<long>(block_sizes(kType).scales);
  static constexpr long kUnitBytes =
      kScaleBytes + kPanelOutputs * kWeightsPerBlock / (kHasNibbles ? 2 : 1);
  using Input = std::int16_t;

  template <int kPanels, int kLanesOfTile>
  static void add(const PanelRun& run) {
    static_assert(kPanels == 1);
    typename V::Register totals[kLanesOfTile][kParts];
    for (int lane = 0; lane < kLanesOfTile; ++lane) {
      for (int part = 0; part < kParts; ++part) {
        totals[lane][part] = V::load(run.totals + lane * kPanelOutputs + part * V::kWidth);
      }
    }
    for (long block = 0; block < run.count; ++block) {
      constexpr long kCacheLine = 64;
      for (long byte = 0; byte < run.fetch_step; byte += kCacheLine) {
        __builtin_prefetch(run.fetch + block * run.fetch_step + byte, 0, kKeepInSecondLevel);
      }
      add_block(run, block, totals);
    }
    for (int lane = 0; lane < kLanesOfTile; ++lane) {
      for (int part = 0; part < kParts; ++part) {
        V::store(run.totals + lane * kPanelOutputs + part * V::kWidth, totals[lane][part]);
      }
    }
  }

 private:
  // A single lane's products alternate between two sums, so that none waits for the one before.
  template <int kLanesOfTile>
  static constexpr int kChains = kLanesOfTile* kParts < 4 ? 2 : 1;

  template <int kLanesOfTile>
  [[gnu::always_inline]] static void add_block(
      const PanelRun& run, long block, typename V::Register (&totals)[kLanesOfTile][kParts]) {
    constexpr int kSums = kChains<kLanesOfTile>;
    typename V::Integers sums[kSums][kLanesOfTile][kParts];
    unrolled<kSums>([&]<int chain>() {
      unrolled<kLanesOfTile>([&]<int lane>() {
        unrolled<kParts>([&]<int part>() { sums[chain][lane][part] = V::no_products(); });
      });
    });
    const std::byte* const weights = run.weights + block * kUnitBytes;
    const auto* const input =
        static_cast<const std::int16_t*>(run.inputs) + block * kWeightsPerBlock * kLanesOfTile;
    for_each_pair(weights + kScaleBytes, [&]<int pair>(const auto& w) {
      unrolled<kLanesOfTile>([&]<int lane>() {
        const auto x = V::broadcast_pair(input + 2 * (pair * kLanesOfTile + lane));
        unrolled<kParts>([&]<int part>() {
          auto& sum = sums[pair % kSums][lane][part];
          sum = V::add_products(w[part], x, sum);
        });
      });
    });
    if constexpr (kSums == 2) {
      unrolled<kLanesOfTile>([&]<int lane>() {
        unrolled<kParts>([&]<int part>() {
          sums[0][lane][part] = V::add_integers(sums[0][lane][part], sums[1][lane][part]);
        });
      });
    }
    add_scaled(weights, run.scales + block * kLanesOfTile, run.sums + block * kLanesOfTile, sums[0],
               totals);
  }

  /// Calls use(weights) with the codes of all pairs of inputs, one register for kWidth outputs.
  template <class Use>
  [[gnu::always_inline]] static void for_each_pair(const std::byte* codes, const Use& use) {
    constexpr int kCodesPerPair = 2 * kPanelOutputs;
    constexpr int kPairs = kWeightsPerBlock / 2;
    if constexpr (kHasNibbles) {
      constexpr int kPairsPerWord = 4;
      const auto* const words = reinterpret_cast<const std::uint16_t*>(codes);
      unrolled<kPairs / kPairsPerWord>([&]<int group>() {
        decltype(V::load_words(words)) loaded[kParts];
        unrolled<kParts>([&]<int part>() {
          loaded[part] = V::load_words(words + group * kCodesPerPair + part * V::kShorts);
        });
        unrolled<kPairsPerWord>([&]<int pair>() {
          decltype(V::template nibbles<0>(loaded[0])) w[kParts];
          unrolled<kParts>([&]<int part>() { w[part] = V::template nibbles<pair>(loaded[part]); });
          use.template operator()<group * kPairsPerWord + pair>(w);
        });
      });
    } else {
      const auto* const bytes = reinterpret_cast<const std::int8_t*>(codes);
      unrolled<kPairs>([&]<int pair>() {
        decltype(V::load_shorts(bytes)) w[kParts];
        unrolled<kParts>([&]<int part>() {
          w[part] = V::load_shorts(bytes + pair * kCodesPerPair + part * V::kShorts);
        });
        use.template operator()<pair>(w);
      });
    }
  }

  template <int kLanesOfTile>
  [[gnu::always_inline]] static void add_scaled(
      const std::byte* weights, const float* input_scales, const float* input_sums,
      const typename V::Integers (&sums)[kLanesOfTile][kParts],
      typename V::Register (&totals)[kLanesOfTile][kParts]) {
    const auto* const scales = reinterpret_cast<const Half*>(weights);
    unrolled<kParts>([&]<int part>() {
      const auto scale = kHasScales ? V::load(scales + part * V::kWidth) : V::broadcast(1.0F);
      unrolled<kLanesOfTile>([&]<int lane>() {
        auto factor = V::broadcast(input_scales[lane]);
        if constexpr (kHasScales) factor = V::multiply(scale, factor);
        totals[lane][part] =
            V::multiply_add(V::to_floats(sums[lane][part]), factor, totals[lane][part]);
      });
      if constexpr (kHasNibbles) {
        const auto minimum = kType == WeightType::q4_0
                                 ? V::multiply(scale, V::broadcast(-8.0F))
                                 : V::load(scales + kPanelOutputs + part * V::kWidth);
        unrolled<kLanesOfTile>([&]<int lane>() {
          totals[lane][part] =
              V::multiply_add(minimum, V::broadcast(input_sums[lane]), totals[lane][part]);
        });
      }
    });
  }
};

}  // namespace sketchscope::kernels::cpu
