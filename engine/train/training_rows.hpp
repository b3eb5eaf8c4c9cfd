#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "engine/corpus/corpus.hpp"
#include "engine/train/byte_pairs.hpp"
#include "engine/train/train.hpp"

namespace sketchscope::train {

/// The tokens of an answer's value in a row, and the distance to its earlier mention.
struct AnswerTokens {
  int begin = 0;  ///< first token of the value
  int end = 0;
  int distance = 0;  ///< from the last token of the latest mention to `begin`
  bool changed_fact = false;
};

/// A tale as tokens, with the places of answers and changes of person.
struct TokenizedTale {
  std::vector<int> tokens;  ///< ends with end-of-text
  std::vector<AnswerTokens> answers;
  std::vector<int> turns;  ///< indices of names that change the person
};

/// Encodes a tale, finds its answers and changes of person among the tokens, and adds
/// `end_of_text`.
TokenizedTale tokenize(const corpus::Tale& tale, BytePairEncoder& encoder, int end_of_text);

/// A window of `length` + 1 tokens of consecutive tales, the last one truncated.
struct TrainingRow {
  std::vector<int> tokens;
  std::vector<AnswerTokens> answers;
  std::vector<int> turns;
};

/// Options of a training row.
struct RowOptions {
  corpus::CorpusSplit split = corpus::CorpusSplit::train;
  std::uint64_t seed = 0;
  int length = 256;
};

/// Makes the row that the options determine. One passage in twelve is no tale but random tokens
/// that come twice, whose second half rewards copying. Each passage ends with `end_of_text`.
TrainingRow make_row(const RowOptions& options, BytePairEncoder& encoder, int end_of_text);

/// Rows as tensors (N, T): input tokens, targets, positions and masks.
struct Batch {
  at::Tensor tokens;
  at::Tensor targets;
  at::Tensor positions;
  at::Tensor is_answer;  ///< 1 where the target must be recalled
  at::Tensor is_turn;    ///< 1 where the target changes the person
  std::vector<std::vector<AnswerTokens>> answers;
};

/// Stacks rows of equal length, each of which begins at the position given by `offsets`.
Batch make_batch(const std::vector<TrainingRow>& rows, const std::vector<int>& offsets);

/// Returns the phase that a step belongs to.
const TrainingPhase& phase_of(const TrainOptions& options, int step);

/// Returns the shards of a step's batch. They depend on options and step alone, so that a resumed
/// run trains on the same data.
std::vector<Batch> training_shards(const TrainOptions& options, int step, BytePairEncoder& encoder,
                                   int end_of_text);

}  // namespace sketchscope::train
