#include "engine/train/training_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/corpus/sentence_templates.hpp"

namespace sketchscope::train {
namespace {

constexpr std::size_t kCharactersPerToken = 4;  // roughly, in tales
constexpr std::uint64_t kTalesPerEcho = 12;     // One passage in so many is an echo, not a tale.

/// Returns random tokens followed by the same tokens, whose second half rewards copying.
std::vector<int> make_echo(std::size_t max_length, int vocabulary, core::SplitMix64& random) {
  constexpr std::size_t kFewest = 8, kMost = 250;
  std::vector<int> tokens(kFewest + random.below(std::min(kMost, max_length / 2 + 1)));
  for (auto& token : tokens) token = static_cast<int>(random.below(vocabulary));
  tokens.insert(tokens.end(), tokens.begin(), tokens.end());
  return tokens;
}

bool names_person(std::string_view word) {
  return std::ranges::any_of(std::array{"woman", "man"}, [&](const char* table) {
    return std::ranges::find(corpus::word_table(table), word) != corpus::word_table(table).end();
  });
}

/// Finds the names by which a tale changes the person. Names in lists do not count.
class TurnFinder {
 public:
  void read(std::string_view word, int token) {
    if (may_be_listed_ && word == ":") {
      turns_.pop_back();
    }
    may_be_listed_ = false;
    if (word.starts_with(' ')) word.remove_prefix(1);
    if (!names_person(word)) return;
    may_be_listed_ = !last_.empty() && word != last_;
    if (may_be_listed_) turns_.push_back(token);
    last_ = word;
  }
  std::vector<int> take() { return std::move(turns_); }

 private:
  std::string_view last_;
  bool may_be_listed_ = false;  ///< the last word, when ":" follows it
  std::vector<int> turns_;
};

std::uint64_t row_seed(const TrainOptions& options, int step, int row) {
  core::SplitMix64 random(options.seed ^ (static_cast<std::uint64_t>(step) << 24) ^
                          static_cast<std::uint64_t>(row));
  return random.next();
}

at::Tensor as_tensor(const std::vector<int>& numbers) {
  return at::tensor(numbers, at::kInt).to(at::kLong);
}

}  // namespace

TokenizedTale tokenize(const corpus::Tale& tale, BytePairEncoder& encoder, int end_of_text) {
  TokenizedTale result;
  std::vector<std::size_t> ends;  // end offset of each token in the text
  TurnFinder turns;
  for (const auto word : split_words(tale.text)) {
    turns.read(word, static_cast<int>(result.tokens.size()));
    const auto& ids = encoder.encode_word(word);
    result.tokens.insert(result.tokens.end(), ids.begin(), ids.end());
    const auto end = static_cast<std::size_t>(word.data() - tale.text.data()) + word.size();
    ends.insert(ends.end(), ids.size(), end);
  }
  const auto token_at = [&](std::size_t character) {
    return static_cast<int>(std::ranges::upper_bound(ends, character) - ends.begin());
  };
  for (const auto& answer : tale.answers) {
    const int begin = token_at(answer.value.begin);
    const int end = token_at(answer.value.end - 1);
    const bool whole_word = end < static_cast<int>(ends.size());
    int after = end;
    while (whole_word && after < static_cast<int>(ends.size()) &&
           ends[static_cast<std::size_t>(after)] == ends[static_cast<std::size_t>(end)]) {
      ++after;
    }
    result.answers.push_back(
        {begin, after, begin - token_at(answer.mentioned - 1), answer.changed_fact});
  }
  result.turns = turns.take();
  result.tokens.push_back(end_of_text);
  return result;
}

TrainingRow make_row(const RowOptions& options, BytePairEncoder& encoder, int end_of_text) {
  const auto wanted = static_cast<std::size_t>(options.length) + 1;
  core::SplitMix64 random(options.seed);
  TrainingRow row;
  while (row.tokens.size() < wanted) {
    if (random.below(kTalesPerEcho) == 0) {
      const auto echo = make_echo(wanted - row.tokens.size(), end_of_text, random);
      row.tokens.insert(row.tokens.end(), echo.begin(), echo.end());
      row.tokens.push_back(end_of_text);
      continue;
    }
    const double share = 0.4 + 0.6 * random.uniform();
    const auto characters = static_cast<double>(wanted * kCharactersPerToken) * share;
    const auto tale = corpus::make_tale({.split = options.split,
                                         .seed = random.next(),
                                         .characters = static_cast<std::size_t>(characters)});
    auto tokenized = tokenize(tale, encoder, end_of_text);
    const int offset = static_cast<int>(row.tokens.size());
    for (auto answer : tokenized.answers) {
      answer.begin += offset;
      answer.end += offset;
      if (answer.end <= static_cast<int>(wanted)) row.answers.push_back(answer);
    }
    for (const int turn : tokenized.turns) {
      if (offset + turn < static_cast<int>(wanted)) row.turns.push_back(offset + turn);
    }
    row.tokens.insert(row.tokens.end(), tokenized.tokens.begin(), tokenized.tokens.end());
  }
  row.tokens.resize(wanted);
  return row;
}

Batch make_batch(const std::vector<TrainingRow>& rows, const std::vector<int>& offsets) {
  Batch batch;
  std::vector<at::Tensor> tokens, positions;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    tokens.push_back(as_tensor(rows[row].tokens));
    const auto length = static_cast<int>(rows[row].tokens.size()) - 1;
    positions.push_back(at::arange(offsets[row], offsets[row] + length, at::kLong));
    batch.answers.push_back(rows[row].answers);
  }
  const auto all = at::stack(tokens);
  const auto length = all.size(1) - 1;
  batch.tokens = all.narrow(1, 0, length).contiguous();
  batch.targets = all.narrow(1, 1, length).contiguous();
  batch.positions = at::stack(positions);
  batch.is_answer = at::zeros({all.size(0), length});
  batch.is_turn = at::zeros_like(batch.is_answer);
  auto is_answer = batch.is_answer.accessor<float, 2>();
  auto is_turn = batch.is_turn.accessor<float, 2>();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const auto& answer : rows[row].answers) {
      for (int at = std::max(answer.begin, 1); at < answer.end; ++at) {
        is_answer[static_cast<std::int64_t>(row)][at - 1] = 1;
      }
    }
    for (const int turn : rows[row].turns) {
      is_turn[static_cast<std::int64_t>(row)][turn - 1] = 1;
    }
  }
  return batch;
}

const TrainingPhase& phase_of(const TrainOptions& options, int step) {
  for (const auto& phase : options.phases) {
    if (step < phase.until) return phase;
  }
  return options.phases.back();
}

std::vector<Batch> training_shards(const TrainOptions& options, int step, BytePairEncoder& encoder,
                                   int end_of_text) {
  const auto& phase = phase_of(options, step);
  std::vector<Batch> shards;
  const int rows_per_shard = std::max(1, phase.rows / phase.shards);
  for (int first = 0; first < phase.rows; first += rows_per_shard) {
    std::vector<TrainingRow> rows;
    std::vector<int> offsets;
    for (int row = first; row < std::min(first + rows_per_shard, phase.rows); ++row) {
      const auto seed = row_seed(options, step, row);
      rows.push_back(make_row({.seed = seed, .length = phase.length}, encoder, end_of_text));
      // Half of the rows begin at position 0 like a prompt; the others train all positions.
      const auto room = static_cast<std::uint64_t>(options.positions - phase.length + 1);
      offsets.push_back(row % 2 == 0 ? 0
                                     : static_cast<int>(core::SplitMix64(seed + 1).below(room)));
    }
    shards.push_back(make_batch(rows, offsets));
  }
  return shards;
}

}  // namespace sketchscope::train
