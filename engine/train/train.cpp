#include "engine/train/train.hpp"

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/train/training_log.hpp"
#include "engine/train/training_model.hpp"
#include "engine/train/training_rows.hpp"

namespace sketchscope::train {
namespace {

constexpr int kVocabularyTales = 4000;  // tales of which the tokenizer learns its vocabulary
constexpr int kValidationRows = 12;     // rows of a validation loss

double tokens_until(const TrainOptions& options, int step) {
  double tokens = 0;
  for (int past = 0; past < step; ++past) {
    const auto& phase = phase_of(options, past);
    tokens += static_cast<double>(phase.rows) * phase.length;
  }
  return tokens;
}

/// Returns the loss of every target, (N·T).
at::Tensor losses(const TrainingModel& model, const Batch& batch) {
  const auto logits = model.forward(batch.tokens, batch.positions);
  return at::cross_entropy_loss(logits.view({-1, logits.size(-1)}), batch.targets.view({-1}), {},
                                at::Reduction::None);
}

/// Returns the loss weight of every target, (N, T).
at::Tensor weights(const TrainOptions& options, const Batch& batch) {
  return 1 + (options.answer_weight - 1) * batch.is_answer +
         (options.turn_weight - 1) * batch.is_turn;
}

/// Losses summed over tokens.
struct StepLoss {
  double all = 0;
  double answers = 0;
  double tokens = 0;
  double answer_tokens = 0;

  void operator+=(const StepLoss& other) {
    all += other.all;
    answers += other.answers;
    tokens += other.tokens;
    answer_tokens += other.answer_tokens;
  }
};

/// Accumulates the gradients of one shard, normalised by the weight of the whole batch.
StepLoss gather_shard(const TrainingModel& model, const TrainOptions& options, const Batch& batch,
                      double total_weight) {
  const auto loss = losses(model, batch);
  const auto is_answer = batch.is_answer.view({-1});
  ((loss * weights(options, batch).view({-1})).sum() / total_weight).backward();
  const auto plain = loss.detach();
  return {.all = plain.sum().item<double>(),
          .answers = (plain * is_answer).sum().item<double>(),
          .tokens = static_cast<double>(plain.numel()),
          .answer_tokens = is_answer.sum().item<double>()};
}

/// Accumulates the gradients of all shards, each on one thread from end to end: LibTorch's own
/// threads synchronise after every operation, which is slow on a busy machine. Sums are in the
/// order of the shards, so that they do not depend on the threads.
StepLoss gather_gradients(std::vector<TrainingModel>& models, const TrainOptions& options,
                          const std::vector<Batch>& shards) {
  double total_weight = 0;
  for (const auto& shard : shards) {
    total_weight += weights(options, shard).sum().item<double>();
  }
  std::vector<StepLoss> losses(shards.size());
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failing;
  const auto work = [&] {
    try {
      for (auto at = next++; at < shards.size(); at = next++) {
        losses[at] = gather_shard(models[at], options, shards[at], total_weight);
      }
    } catch (...) {
      const std::lock_guard lock(failing);
      failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (int helper = 1; helper < options.threads; ++helper) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  StepLoss sum;
  for (std::size_t at = 0; at < shards.size(); ++at) {
    sum += losses[at];
    if (at > 0) {
      models[0].gradients().add_(models[at].gradients());
      models[at].gradients().zero_();
    }
  }
  return sum;
}

std::string vocabulary_text(const TrainOptions& options) {
  std::string text;
  for (int tale = 0; tale < kVocabularyTales; ++tale) {
    text += corpus::make_tale(
                {.seed = options.seed + static_cast<std::uint64_t>(tale), .characters = 1500})
                .text +
            '\n';
  }
  return text;
}

/// Measures loss and recall by distance (0–100, 100–400, 400–900) on rows of a split that begin at
/// position 0.
ValidationMeasure measure_rows(const TrainingModel& model, corpus::CorpusSplit split, int rows,
                               BytePairEncoder& encoder, int end_of_text) {
  const c10::NoGradGuard no_gradient;
  ValidationMeasure measure{.by_distance = {{0, 100}, {100, 400}, {400, 900}}};
  const int length = model.shape().positions;
  for (int row = 0; row < rows; ++row) {
    const auto batch = make_batch(
        {make_row({.split = split, .seed = static_cast<std::uint64_t>(row), .length = length},
                  encoder, end_of_text)},
        {0});
    const auto logits = model.forward(batch.tokens, batch.positions)[0];
    measure.loss += at::cross_entropy_loss(logits, batch.targets[0]).item<double>() / rows;
    const auto right = (logits.argmax(-1) == batch.targets[0]).to(at::kInt).cumsum(0);
    for (const auto& answer : batch.answers[0]) {
      const auto before = answer.begin > 1 ? right[answer.begin - 2].item<int>() : 0;
      const bool recalled = right[answer.end - 2].item<int>() - before == answer.end - answer.begin;
      for (auto& share : measure.by_distance) {
        if (answer.distance < share.from || answer.distance >= share.to) continue;
        ++share.asked;
        share.right += recalled;
      }
      if (!answer.changed_fact) continue;
      ++measure.changed_facts.asked;
      measure.changed_facts.right += recalled;
    }
  }
  return measure;
}

}  // namespace

void train(const TrainOptions& options,
           const std::function<bool(const TrainingProgress&)>& progress) {
  using Clock = std::chrono::steady_clock;
  at::set_num_threads(1);
  core::make_folder(options.directory);
  const auto vocabulary =
      train_byte_pairs(vocabulary_text(options), static_cast<std::size_t>(options.vocabulary));
  BytePairEncoder encoder(vocabulary);
  TrainingModel model({.layers = options.layers,
                       .heads = options.heads,
                       .width = options.width,
                       .positions = options.positions,
                       .vocabulary = static_cast<int>(vocabulary.tokens.size())},
                      options.seed);
  Optimizer optimizer(options, model);
  std::vector<TrainingModel> models = {model};
  int max_shards = 1;
  for (const auto& phase : options.phases) max_shards = std::max(max_shards, phase.shards);
  while (static_cast<int>(models.size()) < max_shards) models.push_back(model.replica());
  const auto checkpoint = options.directory / "checkpoint.bin";
  int step = std::filesystem::exists(checkpoint) ? optimizer.load(checkpoint) : 0;
  TrainingProgress state{.steps = options.steps};
  const int last = options.stop_after > 0 ? options.stop_after : options.steps;
  for (; step < last; ++step) {
    const auto start = Clock::now();
    const auto loss = gather_gradients(
        models, options, training_shards(options, step, encoder, vocabulary.end_of_text()));
    optimizer.step(step);
    state.step = step + 1;
    state.tokens = tokens_until(options, step + 1);
    state.loss = loss.all / loss.tokens;
    state.answer_loss = loss.answers / std::max(1.0, loss.answer_tokens);
    state.learning_rate = optimizer.learning_rate(step);
    state.tokens_per_second =
        loss.tokens / std::chrono::duration<double>(Clock::now() - start).count();
    state.validation.reset();
    const bool ends = state.step == last;
    if (ends || state.step % options.measure_every == 0) {
      state.validation = measure_rows(model, corpus::CorpusSplit::validation, kValidationRows,
                                      encoder, vocabulary.end_of_text());
      export_model(model, vocabulary, options.directory / "model");
    }
    append_to_log(options.directory / "log.jsonl", state);
    const bool continues = progress(state);
    if (ends || !continues || state.step % options.save_every == 0) {
      optimizer.save(checkpoint, state.step);
    }
    if (!continues) break;
  }
}

}  // namespace sketchscope::train
