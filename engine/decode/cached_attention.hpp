#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/decode/phases.hpp"
#include "engine/model/model.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::decode {

/// The buffers that a prompt in one pass needs for one layer at a time.
struct PromptWorkspace {
  [[nodiscard]] std::size_t bytes() const;

  std::vector<float> keys;    // (N, K · D), rotated by their positions
  std::vector<float> values;  // (N, K · D)
  std::vector<float> mass;    // (H, N), summed over the queries
  // Empty if rows arrive rotated:
  std::vector<float> rotations;  // (N, R), cosines and sines by position
  std::vector<float> rotated;    // (M, H + K, D), rotated queries and keys of a part
  LaneWorkspace lane;
};

/// The buffers that a session keeps from step to step, so that its passes allocate nothing.
struct StepWorkspace {
  void resize(std::size_t rows);
  /// Lets a recorder, which may be null, note the phases of every row.
  void trace_to(trace::Recorder* noting);
  [[nodiscard]] std::size_t bytes() const;

  std::vector<LaneWorkspace> lanes;     // (B)
  std::vector<MergedAttention> merged;  // (B), in the present layer
  LayerReads reads;
  PromptWorkspace prompt;
  cache::AttentionBatch shadow;
  trace::Recorder* recorder = nullptr;
};

/// The lanes of a step. Row b of the pass belongs to lanes[b].
struct StepRows {
  std::span<Lane* const> lanes;             // (B)
  std::span<const model::InputRow> inputs;  // (B)
  StepWorkspace& workspace;
};

/// Decode attention of one step. In each layer every lane first stores its new key and value
/// (evicting if its tables are full), then reads, then updates its counters, then is audited.
class CachedAttention final : public model::AttentionLayer {
 public:
  CachedAttention(kernels::ThreadPool& pool, const StepRows& rows);

  void attend(int layer, const model::AttentionInput& input, std::span<float> output) override;
  /// Runs only the phases after the read, for a pass that stored and read on a GPU. `attentions`
  /// has one element per row.
  void update(std::span<const LayerAttention> attentions);

  /// Returns the time spent here so far by phase. Those of the total and of linear layers are 0,
  /// since they are not measured here.
  [[nodiscard]] const record::PhaseTimes& times() const { return times_; }

 private:
  void store_and_ask(int layer, const model::AttentionInput& input, std::span<float> output);
  /// Runs the reads that were asked for.
  [[nodiscard]] std::span<const LayerAttention> read(int layer);
  void update_lanes(int layer, std::span<const LayerAttention> attentions);
  void audit(int layer);

  kernels::ThreadPool& pool_;
  StepRows rows_;
  record::PhaseTimes times_;
};

/// Returns the rows of a prompt's pass; `rotated` says whether its keys are stored rotated.
[[nodiscard]] std::vector<model::InputRow> prompt_rows(std::span<const int> tokens,
                                                       bool rotated = true);

/// Rows of a prompt in one layer, of the tokens [first, end): unrotated for lanes that store keys
/// unrotated, rotated for all others. Both are the same if there are no lanes of the first kind.
struct PromptPart {
  int first = 0;
  int end = 0;
  model::AttentionInput unrotated;
  model::AttentionInput rotated;

  [[nodiscard]] const model::AttentionInput& of(const LaneState& lane) const {
    return lane.rules.ranks_positions() ? unrotated : rotated;
  }
};

/// The lanes that a prompt is put into, each of which stores it and cuts its tables to its own
/// capacity.
class PromptLanes {
 public:
  PromptLanes(std::span<Lane* const> lanes, std::span<const int> tokens,
              PromptWorkspace& workspace);

  /// Stores a part in every lane; parts of a layer come in order. With the last one, for which the
  /// workspace holds the mass of all queries, the layer is counted and cut.
  void store(int layer, const PromptPart& part);

 private:
  void store_tokens(LaneState& lane, int layer, const PromptPart& part);
  void finish_layer(LaneState& lane, int layer, std::span<const float> last_query);
  void update_by_prompt(LaneState& lane, int layer, std::span<const float> last_query);

  std::span<Lane* const> lanes_;
  std::span<const int> tokens_;  // (N)
  PromptWorkspace& workspace_;
};

/// Attention of a whole prompt, which is computed once for all lanes that it is put into. Within a
/// layer the rows may come in several parts, in order; the results are the same bit for bit. Where
/// a lane stores keys unrotated, the rows must come unrotated.
class PromptPass final : public model::AttentionLayer {
 public:
  PromptPass(const model::ModelConfig& config, kernels::ThreadPool& pool,
             std::span<Lane* const> lanes, std::span<const int> tokens, PromptWorkspace& workspace);

  void attend(int layer, const model::AttentionInput& input, std::span<float> output) override;

  [[nodiscard]] const record::PhaseTimes& times() const { return times_; }

 private:
  /// The rows of the tokens [first, taken_).
  [[nodiscard]] PromptPart rotate(int first, const model::AttentionInput& input);
  [[nodiscard]] PromptPart attend_in_prompt(int first, int layer,
                                            const model::AttentionInput& input,
                                            std::span<float> output);
  void keep_keys_and_values(int first, const model::AttentionInput& rotated);
  /// Attends from the tokens [first, taken_) to all up to them.
  void attend_from(int first, int layer, const kernels::StridedRows& query,
                   std::span<float> output);

  const model::ModelConfig& config_;
  kernels::ThreadPool& pool_;
  PromptLanes lanes_;
  std::span<const int> tokens_;  // (N)
  PromptWorkspace& workspace_;
  int taken_ = 0;  // rows of the current layer received so far
  record::PhaseTimes times_;
};

// These are the parts of PromptLanes, in order, that put a layer of a prompt into a lane's cache
// (docs/cache.md, "Prefill"): every token is stored, the masses of all queries count as one step,
// and each table is cut to its capacity.

/// Stores a token of the prompt, even beyond the capacity, since the cut follows. Its key and value
/// are (K, D); `audited_key` is the key as full attention has it.
void store_prompt_token(LaneState& lane, int layer, const cache::SlotTable::Entry& entry,
                        std::span<const float> audited_key);

/// The masses of a whole prompt, summed over its queries.
struct PromptMass {
  std::span<const float> total;  // (H, N)
  std::span<const float> last;   // (H, N), of the last query alone
};
/// Counts the masses in the statistics of a layer's tables and in its sketch.
void update_from_prompt(LaneState& lane, int layer, const PromptMass& mass,
                        LaneWorkspace& workspace);

/// Cuts the tables to their capacity in one selection each. The sinks and the recent window, which
/// includes the last token of the prompt, are protected.
void prune_prompt(LaneState& lane, int layer, LaneWorkspace& workspace);

}  // namespace sketchscope::decode
