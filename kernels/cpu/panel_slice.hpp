#pragma once

#include "kernels/cpu/panel_rows.hpp"
#include "kernels/cpu/panel_run.hpp"

namespace sketchscope::kernels::cpu {

/// Calls Weights::add() for a number of lanes known only at run time.
template <class Weights, int kPanels, int kLanes = Weights::kLanes>
void add_run_of(int lanes, const PanelRun& run) {
  if (lanes == kLanes) {
    Weights::template add<kPanels, kLanes>(run);
  } else if constexpr (kLanes > 1) {
    add_run_of<Weights, kPanels, kLanes - 1>(lanes, run);
  }
}

/// The panels of a slice for one group of rows, whose inputs stay in the second-level cache.
template <class V, class Weights>
class PanelGroup {
 public:
  PanelGroup(const LinearSlice& slice, int first_tile, int last_tile)
      : slice_(slice),
        tiles_{slice.rows, Weights::kLanes},
        first_tile_(first_tile),
        last_tile_(last_tile),
        units_((slice.layer->inputs + Weights::kUnit - 1) / Weights::kUnit) {}

  /// Computes all panels, two at a time as long as the registers suffice.
  void compute() {
    int panel = slice_.first;
    if constexpr (kPairLanes > 0) {
      const bool in_pairs = tiles_.most_lanes() <= kPairLanes;
      for (; in_pairs && panel + 2 <= slice_.last; panel += 2) compute_panels<2>(panel);
    }
    for (; panel < slice_.last; ++panel) compute_panels<1>(panel);
  }

  /// The most rows of a group, for which totals_ has room.
  static constexpr int kMostRows = 256;

 private:
  // Lanes of a tile whose sums for two panels have registers.
  static constexpr int kPairLanes = Weights::kUnit > 1
                                        ? 0
                                        : V::kFloatSums* V::kWidth / (2 * kPanelOutputs);
  static constexpr long kUnitsPerRun = kInputsPerRun / Weights::kUnit;

  template <int kPanels>
  void compute_panels(int panel) {
    const int first_row = tiles_.first_row(first_tile_);
    const long rows = tiles_.first_row(last_tile_) - first_row;
    for (long i = 0; i < rows * kPanels * kPanelOutputs; ++i) totals_[i] = 0.0F;
    const std::byte* const weights = panel_at(panel);
    for (long unit = 0; unit < units_; unit += kUnitsPerRun) {
      const long left = units_ - unit;
      const long count = left < kUnitsPerRun ? left : kUnitsPerRun;
      const bool is_last = left <= kUnitsPerRun;
      PanelRun run{.weights = weights + unit * Weights::kUnitBytes,
                   .panel_bytes = units_ * Weights::kUnitBytes,
                   .count = count,
                   .fetch_panel_bytes = units_ * Weights::kUnitBytes};
      const std::byte* const next =
          is_last ? panel_at(panel + kPanels) : run.weights + count * Weights::kUnitBytes;
      if constexpr (Weights::kIsNarrow) {
        if (last_tile_ - first_tile_ >= V::kTilesWorthWidening) {
          widen<kPanels>(run);
          add_tiles<kPanels, FloatWeights<V, float>>(run, unit, next);
          continue;
        }
      }
      add_tiles<kPanels, Weights>(run, unit, next);
    }
    for (long row = 0; row < rows; ++row) {
      for (int p = 0; p < kPanels; ++p) {
        store(first_row + row, panel + p, totals_ + (row * kPanels + p) * kPanelOutputs);
      }
    }
  }

  /// Turns the weights of a run into floats for all its tiles.
  template <int kPanels>
  void widen(PanelRun& run) {
    constexpr long kWideNumbers = long{kInputsPerRun} * kPanelOutputs;
    for (int p = 0; p < kPanels; ++p) {
      Weights::widen(run.weights + p * run.panel_bytes, run.count, wide_ + p * kWideNumbers);
    }
    run.weights = reinterpret_cast<const std::byte*>(wide_);
    run.panel_bytes = kWideNumbers * static_cast<long>(sizeof(float));
  }

  /// Adds the products of one run for all tiles, each of which prefetches its share of what is
  /// next. A single tile fetches what lies shortly before it instead.
  template <int kPanels, class Used>
  void add_tiles(PanelRun& run, long unit, const std::byte* next) {
    constexpr long kAhead = 2048;  // bytes
    const long tiles = last_tile_ - first_tile_;
    run.fetch_step = (Weights::kUnitBytes + tiles - 1) / tiles;
    for (int tile = first_tile_; tile < last_tile_; ++tile) {
      const long lanes = tiles_.lanes(tile);
      const long row = tiles_.first_row(tile);
      const long blocks = row * units_ + unit * lanes;
      run.inputs =
          static_cast<const typename Weights::Input*>(slice_.packed) + blocks * Weights::kUnit;
      // Weights that are not coded have neither.
      run.scales = slice_.scales == nullptr ? nullptr : slice_.scales + blocks;
      run.sums = slice_.sums == nullptr ? nullptr : slice_.sums + blocks;
      run.totals = totals_ + (row - tiles_.first_row(first_tile_)) * kPanels * kPanelOutputs;
      run.fetch = tiles == 1 ? run.weights + kAhead
                             : next + (tile - first_tile_) * run.count * run.fetch_step;
      add_run_of<Used, kPanels, kPanels == 2 ? kPairLanes : Weights::kLanes>(
          static_cast<int>(lanes), run);
    }
  }

  void store(long row, int panel, const float* totals) const {
    const Linear& layer = *slice_.layer;
    const long first = static_cast<long>(panel) * kPanelOutputs;
    const long left = layer.outputs - first;
    const long count = left < kPanelOutputs ? left : kPanelOutputs;
    float* const output = slice_.output + row * layer.outputs + first;
    for (long n = 0; n < count; ++n) {
      const float scale = layer.type == WeightType::int8 ? layer.scale[first + n] : 1.0F;
      output[n] = totals[n] * scale + (layer.bias == nullptr ? 0.0F : layer.bias[first + n]);
    }
  }

  [[nodiscard]] const std::byte* panel_at(int panel) const {
    return static_cast<const std::byte*>(slice_.layer->weight) +
           panel * units_ * Weights::kUnitBytes;
  }

  const LinearSlice& slice_;
  RowTiles<V> tiles_;
  int first_tile_;
  int last_tile_;
  long units_;
  float totals_[kMostRows * 2 * kPanelOutputs];
  float wide_[Weights::kIsNarrow ? 2 * kInputsPerRun * kPanelOutputs : 1];
};

/// Computes a slice of outputs. Rows of a long prompt come in groups, each of which meets all
/// weights.
template <class V, class Weights>
void panel_slice_of(const LinearSlice& slice) {
  constexpr long kGroupBytes = 384 * 1024;  // of inputs, which share the second-level cache
  constexpr long kMostTiles = PanelGroup<V, Weights>::kMostRows / Weights::kLanes;
  const RowTiles<V> tiles{slice.rows, Weights::kLanes};
  if (slice.rows == 0) return;
  const long tile_bytes = long{Weights::kLanes} * (slice.layer->inputs + 1) *
                          static_cast<long>(sizeof(typename Weights::Input));
  long per_group = tile_bytes < kGroupBytes ? kGroupBytes / tile_bytes : 1;
  if (per_group > kMostTiles) per_group = kMostTiles;
  const long groups = (tiles.count() + per_group - 1) / per_group;
  for (long group = 0; group < groups; ++group) {
    PanelGroup<V, Weights>(slice, static_cast<int>(tiles.count() * group / groups),
                           static_cast<int>(tiles.count() * (group + 1) / groups))
        .compute();
  }
}

template <class V>
void linear_slice(const LinearSlice& slice) {
  switch (slice.layer->type) {
    case WeightType::f32:
      return panel_slice_of<V, FloatWeights<V, float>>(slice);
    case WeightType::f16:
      return panel_slice_of<V, FloatWeights<V, Half>>(slice);
    case WeightType::bf16:
      return panel_slice_of<V, FloatWeights<V, Bfloat16>>(slice);
    case WeightType::int8:
      return panel_slice_of<V, CodedWeights<V, WeightType::int8>>(slice);
    case WeightType::q8_0:
      return panel_slice_of<V, CodedWeights<V, WeightType::q8_0>>(slice);
    case WeightType::q4_0:
      return panel_slice_of<V, CodedWeights<V, WeightType::q4_0>>(slice);
    case WeightType::q4_1:
      return panel_slice_of<V, CodedWeights<V, WeightType::q4_1>>(slice);
  }
}

}  // namespace sketchscope::kernels::cpu
