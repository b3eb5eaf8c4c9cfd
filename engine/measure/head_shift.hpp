#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/cache/shadow_attention.hpp"
#include "engine/decode/attention_observer.hpp"
#include "engine/model/model_config.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope {

/// How far one head's attention under one query moved from the full one.
struct HeadShift {
  double retained_mass = 0;     ///< m: what p gives to the positions read
  double attention_kl = 0;      ///< KL(q‖p), nats, what a summary drew as one event of its own
  double attention_tv = 0;      ///< ½ Σ |q − p|, likewise
  double attention_cosine = 0;  ///< of q and p as vectors over the positions
  double peak_shift = 0;        ///< positions between the largest q and the largest p
  double peak_moved = 0;        ///< 1 where that is not 0
};
HeadShift shift_of(const ShadowAttention& attention);

/// The figures of a head by the names that files have for them.
struct HeadFigure {
  std::string_view name;
  double HeadShift::*value;
};
inline constexpr std::array kHeadFigures = {
    HeadFigure{"retained_mass", &HeadShift::retained_mass},
    HeadFigure{"attention_kl", &HeadShift::attention_kl},
    HeadFigure{"attention_tv", &HeadShift::attention_tv},
    HeadFigure{"attention_cosine", &HeadShift::attention_cosine},
    HeadFigure{"peak_shift", &HeadShift::peak_shift},
    HeadFigure{"peak_moved", &HeadShift::peak_moved},
};

/// Which heads are looked at, under which queries; an empty list stands for all.
struct HeadSelection {
  std::vector<int> layers;
  std::vector<int> heads;
  std::vector<int> queries;  ///< positions
  int every = 1;             ///< of these, each so many-th position
};

/// Means of a head's figures over the queries that were looked at.
struct HeadMeans {
  int layer = 0;
  int head = 0;
  std::array<Mean, kHeadFigures.size()> figures;
};

/// Watches a lane's heads and keeps the means of how far each moved.
class HeadWatch final : public AttentionObserver {
 public:
  /// Throws UsageError on a layer, head or query that the model does not have.
  HeadWatch(const ModelConfig& config, HeadSelection selection);

  [[nodiscard]] bool wants(int layer, int head, int position) const override;
  void see(int layer, int head, const ShadowAttention& attention) override;

  /// Adds what another saw of the same selection.
  void merge(const HeadWatch& other);
  /// Of the heads selected, by layer.
  [[nodiscard]] const std::vector<HeadMeans>& means() const { return means_; }
  /// Queries that were looked at.
  [[nodiscard]] std::int64_t queries() const { return seen_; }

 private:
  HeadSelection selection_;
  std::vector<HeadMeans> means_;
  std::int64_t seen_ = 0;
};

}  // namespace sketchscope
