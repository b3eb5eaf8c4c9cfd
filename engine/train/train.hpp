#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sketchscope::train {

/// A phase of training in which all rows have the same length.
struct TrainingPhase {
  int until = 0;     ///< end step; ignored for the last phase
  int length = 256;  ///< tokens per row
  int rows = 16;     ///< rows per batch
  int shards = 4;    ///< parts of a batch whose gradients are summed in order
};

/// Options of training. The defaults are those of the embedded model.
struct TrainOptions {
  std::filesystem::path directory;  ///< for checkpoint, log and model; created if missing
  std::uint64_t seed = 2026;
  int steps = 2100;
  int stop_after = 0;  ///< ends after this step as if killed; 0 disables it
  int layers = 6;
  int heads = 6;
  int width = 192;
  int positions = 1024;
  int vocabulary = 2560;
  double learning_rate = 2e-3;      ///< learning rate between warm-up and decay
  double min_learning_rate = 5e-5;  ///< learning rate at the end of the decay
  int warm_up = 80;                 ///< steps
  int decay_steps = 900;            ///< number of last steps with cosine decay of the rate
  double weight_decay = 0.01;       ///< excludes position embeddings, biases and norms
  double max_gradient_norm = 1;
  double answer_weight = 5;  ///< loss weight of recalled tokens; others have 1
  double turn_weight = 3;    ///< loss weight of a name that changes the person
  int measure_every = 50;    ///< steps between validations
  int save_every = 25;
  int threads = 2;  ///< does not change the result
  std::vector<TrainingPhase> phases = {{300, 256, 16}, {0, 1024, 4}};
};

/// The share of exactly recalled answers among those whose value was stated `from` to `to` tokens
/// before.
struct RecallShare {
  int from = 0;
  int to = 0;
  int asked = 0;
  int right = 0;
};

/// Loss and recall on the validation split.
struct ValidationMeasure {
  double loss = 0;  ///< mean over tokens, nats
  std::vector<RecallShare> by_distance;
  RecallShare changed_facts;
};

/// The state of training after a step.
struct TrainingProgress {
  int step = 0;
  int steps = 0;
  double tokens = 0;  ///< tokens trained on so far
  double loss = 0;    ///< mean over this step's tokens, nats
  double answer_loss = 0;
  double tokens_per_second = 0;
  double learning_rate = 0;
  std::optional<ValidationMeasure> validation;
};

/// Trains the embedded model, resuming from the checkpoint in the directory if there is one; a
/// killed and resumed run ends with the same weights. Each step is reported to `progress`, which
/// returns whether to continue, and to log.jsonl. Every validation writes the model to `model` in
/// the directory. Throws Error if a file cannot be read or written.
void train(const TrainOptions& options,
           const std::function<bool(const TrainingProgress&)>& progress);

}  // namespace sketchscope::train
