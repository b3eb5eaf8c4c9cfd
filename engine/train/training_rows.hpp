#pragma once

#include <cstdint>
#include <vector>

#include "engine/corpus/corpus.hpp"
#include "engine/train/byte_pairs.hpp"

namespace sketchscope {

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

TokenizedTale tokenize(const Tale& tale, BytePairEncoder& encoder, int end_of_text);

/// A window of `length` + 1 tokens of consecutive tales, the last one truncated.
struct TrainingRow {
  std::vector<int> tokens;
  std::vector<AnswerTokens> answers;
  std::vector<int> turns;
};

/// Options of a training row.
struct RowOptions {
  CorpusSplit split = CorpusSplit::train;
  std::uint64_t seed = 0;
  int length = 256;
};

TrainingRow make_row(const RowOptions& options, BytePairEncoder& encoder, int end_of_text);

}  // namespace sketchscope
