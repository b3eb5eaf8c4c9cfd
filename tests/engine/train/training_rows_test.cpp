#include "engine/train/training_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "engine/corpus/sentence_templates.hpp"

namespace sketchscope::train {
namespace {

using ::testing::IsEmpty;

class TrainingRows : public ::testing::Test {
 protected:
  static std::string corpus() {
    std::string text;
    for (std::uint64_t seed = 0; seed < 8; ++seed)
      text += corpus::make_tale({.seed = seed}).text + ' ';
    return text;
  }

  [[nodiscard]] TokenizedTale tokenized(const corpus::Tale& tale) {
    return tokenize(tale, encoder_, vocabulary_.end_of_text());
  }
  [[nodiscard]] std::string text(const std::vector<int>& tokens, int begin, int end) const {
    std::string bytes;
    for (int at = begin; at < end; ++at) {
      bytes += vocabulary_.tokens[static_cast<std::size_t>(tokens[static_cast<std::size_t>(at)])];
    }
    return bytes;
  }
  [[nodiscard]] std::vector<int> turns(const std::string& tale) {
    return tokenized({.text = tale}).turns;
  }

  BytePairVocabulary vocabulary_ = train_byte_pairs(corpus(), 600);
  BytePairEncoder encoder_{vocabulary_};
};

bool is_name(const std::string& word) {
  const auto in = [&](const char* table) {
    return std::ranges::find(corpus::word_table(table), word) != corpus::word_table(table).end();
  };
  return in("woman") || in("man");
}

TEST_F(TrainingRows, HoldTheWholeTaleAndItsEnd) {
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const corpus::Tale tale = corpus::make_tale({.seed = seed});
    const auto [tokens, answers, turns] = tokenized(tale);
    EXPECT_EQ(tokens.back(), vocabulary_.end_of_text());
    EXPECT_EQ(text(tokens, 0, static_cast<int>(tokens.size()) - 1), tale.text);
  }
}

TEST_F(TrainingRows, PointAtTheTokensOfEveryAnswer) {
  int seen = 0;
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const corpus::Tale tale = corpus::make_tale({.seed = seed});
    const TokenizedTale found = tokenized(tale);
    ASSERT_EQ(found.answers.size(), tale.answers.size());
    for (std::size_t at = 0; at < tale.answers.size(); ++at) {
      const auto [begin, end] = tale.answers[at].value;
      const std::string value = tale.text.substr(begin, end - begin);
      const std::string tokens = text(found.tokens, found.answers[at].begin, found.answers[at].end);
      EXPECT_NE(tokens.find(value), std::string::npos) << tokens;
      EXPECT_LE(tokens.size(), value.size() + 2);
      ++seen;
    }
  }
  EXPECT_GT(seen, 20);
}

TEST_F(TrainingRows, TurnWhereAnotherPersonIsNamed) {
  const std::string tale = "Anna saw Paul, and Paul saw Anna.";
  const std::vector<int> found = turns(tale);
  ASSERT_EQ(found.size(), 2u);
  const TokenizedTale tokens = tokenized({.text = tale});
  const auto rest = static_cast<int>(tokens.tokens.size()) - 1;
  EXPECT_EQ(text(tokens.tokens, found[0], rest), " Paul, and Paul saw Anna.");
  EXPECT_EQ(text(tokens.tokens, found[1], rest), " Anna.");
}

TEST_F(TrainingRows, DoNotTurnInsideAList) {
  EXPECT_THAT(turns("Anna read: Paul: bread, Max: plums."), IsEmpty());
}

TEST_F(TrainingRows, TurnAtNamesOnly) {
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    const TokenizedTale found = tokenized(corpus::make_tale({.seed = seed}));
    for (const int turn : found.turns) {
      const auto rest =
          text(found.tokens, turn, std::min<int>(turn + 10, std::ssize(found.tokens)));
      const auto begin = rest.find_first_not_of(" \n\"");
      const auto end = rest.find_first_of(" ,.:;!?\"'\n", begin);
      EXPECT_TRUE(is_name(rest.substr(begin, end - begin))) << rest;
    }
  }
}

TEST_F(TrainingRows, HaveTheLengthAskedForAndNothingBeyondIt) {
  for (const int length : {16, 100, 700}) {
    const TrainingRow row =
        make_row({.seed = 5, .length = length}, encoder_, vocabulary_.end_of_text());
    ASSERT_EQ(std::ssize(row.tokens), length + 1);
    for (const AnswerTokens& answer : row.answers) EXPECT_LE(answer.end, length + 1);
    for (const int turn : row.turns) EXPECT_LE(turn, length);
  }
}

}  // namespace
}  // namespace sketchscope::train
