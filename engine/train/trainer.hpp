#pragma once

#include "engine/train/byte_pairs.hpp"
#include "engine/train/train.hpp"
#include "engine/train/training_model.hpp"
#include "engine/train/training_rows.hpp"

namespace sketchscope {

/// Rows as tensors: tokens in, tokens expected, their positions and weights, all (N, T).
struct Batch {
  at::Tensor tokens;
  at::Tensor targets;
  at::Tensor positions;
  at::Tensor is_answer;  ///< 1 where the target belongs to a value that was told before
  at::Tensor is_turn;    ///< 1 where the target names another person than the name before
  std::vector<std::vector<AnswerTokens>> answers;
};

/// The shards of a step's batch. They depend on the options and the step alone, so that a resumed
/// run sees the same.
std::vector<Batch> training_shards(const TrainOptions& options, int step, BytePairEncoder& encoder,
                                   int end_of_text);

/// Loss and recall by distance (0–100, 100–400, 400–900) on rows of a split, from position 0.
ValidationMeasure measure_rows(const TrainingModel& model, CorpusSplit split, int rows,
                               BytePairEncoder& encoder, int end_of_text);

/// AdamW over all parameters at once, with the schedule of the options.
class Optimizer {
 public:
  Optimizer(const TrainOptions& options, TrainingModel& model);

  [[nodiscard]] double rate(int step) const;
  /// Moves the weights by the gradients gathered since the last step, and clears those.
  void step(int step);

  /// Weights, moments and the step that comes next. Both throw Error.
  void save(const std::filesystem::path& file, int next_step) const;
  int load(const std::filesystem::path& file);

 private:
  const TrainOptions& options_;
  TrainingModel& model_;
  at::Tensor mean_;
  at::Tensor square_;
};

}  // namespace sketchscope
