#pragma once

#include <span>
#include <vector>

#include "engine/decode/lane.hpp"
#include "engine/model/model.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope {

/// Decode attention of one step: row b of the pass belongs to lanes[b]. In each layer every lane
/// first stores its new key and value (evicting where it must), then reads, then learns.
class CachedAttention final : public AttentionLayer {
 public:
  struct Rows {
    std::span<Lane* const> lanes;      // (B)
    std::span<const InputRow> inputs;  // (B)
    std::span<LaneScratch> scratch;    // (B)
    Readings& readings;                // of the layer at hand
  };
  CachedAttention(ThreadPool& pool, Rows rows);

  void attend(int layer, const AttentionInput& input, std::span<float> output) override;
  /// Its last part, for whoever stored and read elsewhere: each row's scratch holds what a reading
  /// leaves there. query and output (B, H · D).
  void learn(int layer, const StridedRows& query, std::span<float> output);

  /// Time spent here so far, by phase; total and linear are not known here.
  [[nodiscard]] const PhaseTimes& times() const { return times_; }

 private:
  void store(int layer, const AttentionInput& input);
  void read(int layer, const StridedRows& query, std::span<float> output);

  ThreadPool& pool_;
  Rows rows_;
  PhaseTimes times_;
};

/// Attention of a whole prompt, computed once for all lanes given; each then holds it cut to its
/// own capacity.
class PromptPass final : public AttentionLayer {
 public:
  PromptPass(const ModelConfig& config, ThreadPool& pool, std::span<Lane* const> lanes,
             std::span<const int> tokens);

  void attend(int layer, const AttentionInput& input, std::span<float> output) override;

  [[nodiscard]] const PhaseTimes& times() const { return times_; }

 private:
  void learn(Lane& lane, int layer, const AttentionInput& input);
  void store_all(Lane& lane, int layer, const AttentionInput& input);

  const ModelConfig& config_;
  ThreadPool& pool_;
  std::span<Lane* const> lanes_;
  std::span<const int> tokens_;  // (N)
  LaneScratch scratch_;
  std::vector<float> mass_;  // (H, N)
  PhaseTimes times_;
};

}  // namespace sketchscope
