#pragma once

#include <cstdint>
#include <vector>

#include "engine/corpus/corpus.hpp"
#include "engine/train/byte_pairs.hpp"

namespace sketchscope {

/// The tokens of one answer's value within a row, and how far back the value was told.
struct AnswerTokens {
  int begin = 0;  ///< first token of the value
  int end = 0;
  int distance = 0;  ///< tokens from the latest earlier mention's last token to `begin`
  bool changed_fact = false;
};

struct TokenizedTale {
  std::vector<int> tokens;  ///< ends with end-of-text
  std::vector<AnswerTokens> answers;
  std::vector<int> turns;  ///< tokens that name another person than the name before them
};

TokenizedTale tokenize(const Tale& tale, BytePairEncoder& encoder, int end_of_text);

/// A window of `length` + 1 tokens: tales one after another, the last one cut.
struct TrainingRow {
  std::vector<int> tokens;
  std::vector<AnswerTokens> answers;
  std::vector<int> turns;
};

struct RowOptions {
  CorpusSplit split = CorpusSplit::train;
  std::uint64_t seed = 0;
  int length = 256;
};

TrainingRow make_row(const RowOptions& options, BytePairEncoder& encoder, int end_of_text);

}  // namespace sketchscope
