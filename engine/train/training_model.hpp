#pragma once

#include <ATen/ATen.h>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/train/byte_pairs.hpp"
#include "engine/train/train.hpp"

namespace sketchscope::train {

/// The dimensions of the trained model.
struct TrainingShape {
  int layers = 6;
  int heads = 6;
  int width = 192;
  int positions = 1024;
  int vocabulary = 0;

  [[nodiscard]] int head_width() const { return width / heads; }
};

/// A GPT-2 with gradients. All parameters are views of one tensor, so that optimizer, checkpoint
/// and gradient norm are each one operation.
class TrainingModel {
 public:
  struct Parameter {
    std::string name;  ///< as in a Hugging Face checkpoint, without the prefix
    at::Tensor tensor;
  };

  /// Initialised from `seed`: see attention_start.cpp for what is not random.
  TrainingModel(const TrainingShape& shape, std::uint64_t seed);

  /// Returns a model that shares the weights but has its own gradients, for another thread.
  [[nodiscard]] TrainingModel replica() const;

  /// Returns the logits (N, T, V) of `tokens` (N, T) at `positions` (N, T).
  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& positions) const;

  [[nodiscard]] const at::Tensor& values() const { return values_; }
  [[nodiscard]] const at::Tensor& gradients() const { return gradients_; }
  [[nodiscard]] const at::Tensor& decayed() const { return decayed_; }  ///< 1 where decayed
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
  [[nodiscard]] const TrainingShape& shape() const { return shape_; }
  [[nodiscard]] const at::Tensor& parameter(const std::string& name) const;

 private:
  explicit TrainingModel(const TrainingShape& shape);
  void lay_out();
  at::Tensor block(const at::Tensor& input, std::size_t first_parameter) const;

  TrainingShape shape_;
  at::Tensor values_;
  at::Tensor gradients_;
  at::Tensor decayed_;
  std::vector<Parameter> parameters_;
};

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

/// Initialises the first two blocks with induction heads, which otherwise take long to form:
/// positions start as sinusoids, three heads of block 0 attend 1, 2 and 3 tokens back, and heads of
/// block 1 attend to earlier occurrences of these tokens and copy what followed. All of it is
/// trained.
void start_attention(TrainingModel& model, std::uint64_t seed);

/// Writes a Hugging Face GPT-2 directory with f16 weights: config.json, generation_config.json,
/// model.safetensors, vocab.json, merges.txt, tokenizer.json, tokenizer_config.json. Each file is
/// written under a temporary name and renamed. Throws Error if that fails.
void export_model(const TrainingModel& model, const BytePairVocabulary& vocabulary,
                  const std::filesystem::path& directory);

}  // namespace sketchscope::train
