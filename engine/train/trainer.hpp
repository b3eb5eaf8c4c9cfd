#pragma once

#include "engine/train/byte_pairs.hpp"
#include "engine/train/train.hpp"
#include "engine/train/training_model.hpp"
#include "engine/train/training_rows.hpp"

namespace sketchscope {

/// Rows as tensors (N, T): input tokens, targets, positions and masks.
struct Batch {
  at::Tensor tokens;
  at::Tensor targets;
  at::Tensor positions;
  at::Tensor is_answer;  ///< 1 where the target must be recalled
  at::Tensor is_turn;    ///< 1 where the target changes the person
  std::vector<std::vector<AnswerTokens>> answers;
};

/// Returns the shards of a step's batch. They depend on options and step alone, so that a resumed
/// run trains on the same data.
std::vector<Batch> training_shards(const TrainOptions& options, int step, BytePairEncoder& encoder,
                                   int end_of_text);

/// Measures loss and recall by distance (0–100, 100–400, 400–900) on rows of a split that begin at
/// position 0.
ValidationMeasure measure_rows(const TrainingModel& model, CorpusSplit split, int rows,
                               BytePairEncoder& encoder, int end_of_text);

/// AdamW over all parameters as one tensor, with the schedule of the options.
class Optimizer {
 public:
  Optimizer(const TrainOptions& options, TrainingModel& model);

  [[nodiscard]] double learning_rate(int step) const;
  /// Updates the weights by the accumulated gradients, and clears the gradients.
  void step(int step);

  /// Saves weights, moments and the next step; load() restores them. Both throw Error.
  void save(const std::filesystem::path& file, int next_step) const;
  int load(const std::filesystem::path& file);

 private:
  const TrainOptions& options_;
  TrainingModel& model_;
  at::Tensor mean_;
  at::Tensor square_;
};

}  // namespace sketchscope
