#include "engine/train/byte_pairs.hpp"

#include <gmock/gmock.h>

#include "engine/corpus/corpus.hpp"
#include "engine/train/training_rows.hpp"

namespace sketchscope::train {
namespace {

std::string text_of_tales(corpus::CorpusSplit split, int count) {
  std::string text;
  for (int seed = 0; seed < count; ++seed) {
    text +=
        corpus::make_tale({.split = split, .seed = static_cast<std::uint64_t>(seed)}).text + '\n';
  }
  return text;
}

std::string decode(const BytePairVocabulary& vocabulary, const std::vector<int>& ids) {
  std::string text;
  for (const int id : ids) text += vocabulary.tokens[static_cast<std::size_t>(id)];
  return text;
}

TEST(BytePairTraining, LearnsTheMostFrequentPairFirst) {
  const auto vocabulary = train_byte_pairs("ababab ab cd", 259);
  ASSERT_EQ(vocabulary.merges.size(), 2u);
  EXPECT_EQ(vocabulary.merges[0], std::pair(std::string("a"), std::string("b")));
  EXPECT_EQ(vocabulary.tokens.size(), 259u);
  EXPECT_EQ(vocabulary.tokens.back(), "<|endoftext|>");
}

TEST(BytePairTraining, StopsWhenNoPairOccursTwice) {
  EXPECT_EQ(train_byte_pairs("abc", 1000).tokens.size(), 257u);
}

TEST(BytePairTraining, GivesTheSameMergesAgain) {
  const auto text = text_of_tales(corpus::CorpusSplit::train, 50);
  EXPECT_EQ(train_byte_pairs(text, 600).merges, train_byte_pairs(text, 600).merges);
}

TEST(BytePairEncoder, GivesBackWhatItWasGiven) {
  const auto vocabulary = train_byte_pairs(text_of_tales(corpus::CorpusSplit::train, 50), 800);
  BytePairEncoder encoder(vocabulary);
  const auto text = text_of_tales(corpus::CorpusSplit::test, 20);
  std::string again;
  for (const auto word : split_words(text)) again += decode(vocabulary, encoder.encode_word(word));
  EXPECT_EQ(again, text);
}

class RowsOfTales : public ::testing::Test {
 protected:
  BytePairVocabulary vocabulary =
      train_byte_pairs(text_of_tales(corpus::CorpusSplit::train, 100), 1500);
  BytePairEncoder encoder{vocabulary};
};

TEST_F(RowsOfTales, PointAtTheTokensOfTheAnswers) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto tale = corpus::make_tale({.seed = seed, .characters = 2000});
    const auto tokenized = tokenize(tale, encoder, vocabulary.end_of_text());
    ASSERT_EQ(tokenized.answers.size(), tale.answers.size());
    for (std::size_t at = 0; at < tale.answers.size(); ++at) {
      const auto& [begin, end, distance, changed] = tokenized.answers[at];
      const auto& value = tale.answers[at].value;
      const std::vector<int> ids(tokenized.tokens.begin() + begin, tokenized.tokens.begin() + end);
      EXPECT_EQ(decode(vocabulary, ids),
                ' ' + tale.text.substr(value.begin, value.end - value.begin));
      EXPECT_GT(distance, 0);
      EXPECT_LE(distance, begin);
    }
  }
}

TEST_F(RowsOfTales, HaveTheLengthAskedForAndAnswersInside) {
  for (const int length : {64, 256, 1024}) {
    const auto row = make_row({.seed = 3, .length = length}, encoder, vocabulary.end_of_text());
    EXPECT_EQ(row.tokens.size(), static_cast<std::size_t>(length) + 1);
    for (const auto& answer : row.answers) EXPECT_LE(answer.end, length + 1);
  }
}

}  // namespace
}  // namespace sketchscope::train
