#pragma once

#include <span>
#include <vector>

#include "engine/decode/step_rows.hpp"
#include "engine/model/model.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope {

/// Decode attention of one step. In each layer every lane first stores its new key and value
/// (evicting where it must), then reads, then updates what it counts, then is audited.
class CachedAttention final : public AttentionLayer {
 public:
  CachedAttention(ThreadPool& pool, const StepRows& rows);

  void attend(int layer, const AttentionInput& input, std::span<float> output) override;
  /// Runs the phases after the read alone, for a pass that stored and read on a device:
  /// `attentions` has one for each row.
  void update(std::span<const LayerAttention> attentions);

  /// Time spent here so far, by phase; total and linear are not known here.
  [[nodiscard]] const PhaseTimes& times() const { return times_; }

 private:
  void store_and_ask(int layer, const AttentionInput& input, std::span<float> output);
  void audit();

  ThreadPool& pool_;
  StepRows rows_;
  PhaseTimes times_;
};

/// Attention of a whole prompt, computed once for all lanes given; each then holds it pruned to its
/// own capacity.
class PromptPass final : public AttentionLayer {
 public:
  PromptPass(const ModelConfig& config, ThreadPool& pool, std::span<Lane* const> lanes,
             std::span<const int> tokens);

  void attend(int layer, const AttentionInput& input, std::span<float> output) override;

  [[nodiscard]] const PhaseTimes& times() const { return times_; }

 private:
  void store(LaneState& lane, int layer, const AttentionInput& input);
  void store_tokens(LaneState& lane, int layer, const AttentionInput& input);

  const ModelConfig& config_;
  ThreadPool& pool_;
  std::span<Lane* const> lanes_;
  std::span<const int> tokens_;  // (N)
  LaneWorkspace workspace_;
  std::vector<float> mass_;  // (H, N)
  PhaseTimes times_;
};

}  // namespace sketchscope
