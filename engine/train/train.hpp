#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace sketchscope {

/// A stretch of the training run with rows of one length.
struct TrainingPhase {
  int until = 0;     ///< step at which it ends; the last phase goes on to the end
  int length = 256;  ///< tokens in a row
  int rows = 16;     ///< rows in a batch
  int shards = 4;    ///< parts of the batch whose gradients are added up, in order, for one step
};

/// What the embedded model was made with, unless told otherwise.
struct TrainOptions {
  std::filesystem::path directory;  ///< checkpoint, log and the model; made when missing
  std::uint64_t seed = 2026;
  int steps = 2100;
  int stop_after = 0;  ///< end after this step of the schedule as if killed there; 0: never
  int layers = 6;
  int heads = 6;
  int width = 192;
  int positions = 1024;
  int vocabulary = 2560;
  double rate = 2e-3;          ///< learning rate between warm-up and fall
  double least_rate = 5e-5;    ///< at the end of the fall
  int warm_up = 80;            ///< steps
  int fall = 900;              ///< last steps, over which the rate falls as a cosine
  double weight_decay = 0.01;  ///< not on positions, biases and norms
  double largest_gradient = 1;
  double answer_weight = 5;  ///< of a token that must be looked up, against 1
  double turn_weight = 3;    ///< of a name that turns the tale to another person
  int measure_every = 50;    ///< steps between measures on the validation split
  int save_every = 25;
  int threads = 2;  ///< at work on the shards; the result does not depend on it
  std::vector<TrainingPhase> phases = {{300, 256, 16}, {0, 1024, 4}};
};

/// Answers told back exactly, of those whose value was told `from` to `to` tokens before.
struct RecallShare {
  int from = 0;
  int to = 0;
  int asked = 0;
  int right = 0;
};

struct ValidationMeasure {
  double loss = 0;  ///< mean over all tokens, nats
  std::vector<RecallShare> by_distance;
  RecallShare changed_facts;
};

struct TrainingProgress {
  int step = 0;
  int steps = 0;
  double tokens = 0;  ///< seen so far
  double loss = 0;    ///< mean over all tokens of this step, nats
  double answer_loss = 0;
  double tokens_per_second = 0;
  double rate = 0;
  std::optional<ValidationMeasure> validation;
};

/// Trains the embedded model, from the checkpoint in the directory when there is one: killed and
/// started again it ends with the same weights. Each step's progress goes to `progress`, and as
/// JSON Lines to log.jsonl; the model to `model` in the directory, at every measure. `progress`
/// returns whether to go on. Throws Error when a file cannot be read or written.
void train(const TrainOptions& options,
           const std::function<bool(const TrainingProgress&)>& progress);

}  // namespace sketchscope
