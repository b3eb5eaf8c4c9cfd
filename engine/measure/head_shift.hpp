#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/cache/divergence.hpp"
#include "engine/model/model_config.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope {

/// The divergence of one head's attention q under one query from full attention p.
struct HeadShift {
  double retained_mass = 0;     ///< m: mass of p on the positions read
  double attention_kl = 0;      ///< KL(q‖p), nats; a summary of the evicted is one event
  double attention_tv = 0;      ///< ½ Σ |q − p|, with the same events
  double attention_cosine = 0;  ///< cosine of q and p over positions
  double peak_shift = 0;        ///< distance of argmax q from argmax p, positions
  double peak_moved = 0;        ///< 1 if the argmax differs, else 0
};
HeadShift shift_of(const ShadowAttention& attention);

/// A figure of a head and its name in files.
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

/// The heads and queries to observe; an empty list stands for all.
struct HeadSelection {
  std::vector<int> layers;
  std::vector<int> heads;
  std::vector<int> queries;  ///< positions
  int every = 1;             ///< of these, every N-th position
};

/// Means of a head's figures over the observed queries.
struct HeadMeans {
  int layer = 0;
  int head = 0;
  std::array<Mean, kHeadFigures.size()> figures;
};

/// Observes a lane's heads and accumulates the mean divergence of each.
class HeadWatch final : public AttentionObserver {
 public:
  /// Throws UsageError on a layer, head or query that the model does not have.
  HeadWatch(const ModelConfig& config, HeadSelection selection);

  [[nodiscard]] bool wants(int layer, int head, int position) const override;
  void see(int layer, int head, const ShadowAttention& attention) override;

  /// Adds what another observer of the same selection has accumulated.
  void merge(const HeadWatch& other);
  /// Returns the means of the selected heads, ordered by layer.
  [[nodiscard]] const std::vector<HeadMeans>& means() const { return means_; }
  /// Returns the number of observed queries.
  [[nodiscard]] std::int64_t queries() const { return seen_; }

 private:
  HeadSelection selection_;
  std::vector<HeadMeans> means_;
  std::int64_t seen_ = 0;
};

}  // namespace sketchscope
