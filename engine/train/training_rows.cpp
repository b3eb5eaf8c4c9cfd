#include "engine/train/training_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/corpus/word_tables.hpp"

namespace sketchscope {
namespace {

constexpr std::size_t kCharactersPerToken = 4;
constexpr std::uint64_t kTalesPerEcho = 12;

/// Returns random tokens followed by the same tokens, whose second half rewards copying.
std::vector<int> make_echo(std::size_t max_length, int vocabulary, SplitMix64& random) {
  constexpr std::size_t kFewest = 8, kMost = 250;
  std::vector<int> tokens(kFewest + random.below(std::min(kMost, max_length / 2 + 1)));
  for (auto& token : tokens) token = static_cast<int>(random.below(vocabulary));
  tokens.insert(tokens.end(), tokens.begin(), tokens.end());
  return tokens;
}

bool names_person(std::string_view word) {
  return std::ranges::any_of(std::array{"woman", "man"}, [&](const char* table) {
    return std::ranges::find(word_table(table), word) != word_table(table).end();
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

}  // namespace

TokenizedTale tokenize(const Tale& tale, BytePairEncoder& encoder, int end_of_text) {
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
  SplitMix64 random(options.seed);
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
    const auto tale = make_tale({.split = options.split,
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

}  // namespace sketchscope
