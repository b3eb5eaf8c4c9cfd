#pragma once

#include <cmath>
#include <span>
#include <vector>

namespace sketchscope::cache {

/// How far the attention of some heads moved from the full one: sums over the heads, so that those
/// of a layer's tables add up.
///
/// Everything is by position and under the lane's own query. The full attention is over the exact
/// keys and values of all that this lane ever stored, with probabilities p; the lane's is over what
/// it read, with probabilities q. A position that was not read has q = 0; what a summary of evicted
/// positions drew is one event, z, against all that they would have drawn.
struct Divergence {
  int heads = 0;               ///< heads that could differ; 0 while everything is read exactly
  int exact_heads = 0;         ///< heads that could not differ, if others could
  double lost_mass = 0;        ///< sum of 1 − m, m being what p gives to the positions read
  double kl = 0;               ///< sum of KL(q‖p), nats: −ln m where keys are exact and z = 0
  double total_variation = 0;  ///< sum of ½ Σ |q − p|: 1 − m likewise
  double error_square = 0;     ///< ‖o′−o‖²
  double full_square = 0;      ///< ‖o‖²
  double lane_square = 0;      ///< ‖o′‖²
  double dot = 0;              ///< o′·o
  double exact_square = 0;     ///< ‖o‖² of the heads that could not differ

  Divergence& operator+=(const Divergence& other) {
    heads += other.heads;
    exact_heads += other.exact_heads;
    exact_square += other.exact_square;
    lost_mass += other.lost_mass;
    kl += other.kl;
    total_variation += other.total_variation;
    error_square += other.error_square;
    full_square += other.full_square;
    lane_square += other.lane_square;
    dot += other.dot;
    return *this;
  }
  /// Adds one head's output (D) and that of the full attention.
  void add_output(std::span<const float> lane, std::span<const double> full) {
    for (std::size_t d = 0; d < lane.size(); ++d) {
      const double own = lane[d];
      error_square += (own - full[d]) * (own - full[d]);
      full_square += full[d] * full[d];
      lane_square += own * own;
      dot += own * full[d];
    }
  }

  /// Adds the output of a table of which all is read exactly, (H, D).
  void add_exact(int count, std::span<const float> output) {
    exact_heads += count;
    for (const double number : output) exact_square += number * number;
  }

  [[nodiscard]] double retained_mass() const { return 1 - mean(lost_mass); }
  [[nodiscard]] double attention_tv() const { return mean(total_variation); }
  [[nodiscard]] double attention_kl() const { return mean(kl); }
  /// Returns ‖o′−o‖/‖o‖.
  [[nodiscard]] double output_error() const {
    return full_square > 0 ? std::sqrt(error_square / (full_square + exact_square)) : 0.0;
  }
  /// Returns the cosine of o′ and o.
  [[nodiscard]] double output_cosine() const {
    if (heads == 0) return 1.0;
    const double norms = std::sqrt((full_square + exact_square) * (lane_square + exact_square));
    return norms > 0 ? (dot + exact_square) / norms : 1.0;
  }

 private:
  /// Returns the mean over all heads of what those that could differ add up to.
  [[nodiscard]] double mean(double sum) const {
    return heads > 0 ? sum / (heads + exact_heads) : 0.0;
  }
};

/// One head's attention under one query, position by position (P, all that were ever fed).
struct ShadowAttention {
  std::vector<float> full;  ///< p: over the exact keys of all positions, as the twin would attend
  std::vector<float> lane;  ///< q: as the lane did, 0 where it did not read
  double tail = 0;          ///< z: what a summary of evicted positions drew; Σ q + z = 1
};

/// Is shown what an audited lane's heads attended to and what they would have attended to with a
/// full cache. Forks of a lane share its observer.
class AttentionObserver {
 public:
  virtual ~AttentionObserver() = default;

  /// Returns whether see() is to be called for this head under the query of `position`.
  [[nodiscard]] virtual bool wants(int layer, int head, int position) const = 0;
  virtual void see(int layer, int head, const ShadowAttention& attention) = 0;
};

}  // namespace sketchscope::cache
