#include "engine/measure/continuation.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sketchscope::measure {
namespace {

TEST(Ngrams, AreCountedWithTheirRepetitions) {
  const std::vector<int> tokens = {1, 2, 1, 2, 3};
  EXPECT_EQ(count_ngrams(tokens, 2), (NgramCounts{{{1, 2}, 2}, {{2, 1}, 1}, {{2, 3}, 1}}));
  EXPECT_TRUE(count_ngrams(tokens, 6).empty());
}

TEST(Bleu, IsOneForAReferenceAndZeroWithoutACommonRun) {
  const std::vector<std::vector<int>> references = {{1, 2, 3, 4, 5}, {9}};
  EXPECT_DOUBLE_EQ(bleu(references[0], references, 4), 1);
  EXPECT_EQ(bleu(std::vector<int>{5, 4, 3, 2, 1}, references, 4), 0);
  EXPECT_EQ(bleu({}, references, 4), 0);
  EXPECT_EQ(bleu(references[0], {}, 4), 0);
}

// The example of the original article: "the" seven times against two references that have it twice.
TEST(Bleu, CountsAWordNoOftenerThanAReferenceHasIt) {
  const std::vector<int> candidate(7, 1);
  const std::vector<std::vector<int>> references = {{1, 2, 3, 4, 1, 5}, {6, 3, 7, 2, 4, 1, 5}};
  EXPECT_DOUBLE_EQ(bleu(candidate, references, 1), 2.0 / 7);
}

TEST(Bleu, PunishesBrevityAgainstTheNearestReference) {
  const std::vector<std::vector<int>> references = {{1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8}};
  EXPECT_DOUBLE_EQ(bleu(std::vector<int>{1, 2}, references, 2), std::exp(1 - 4.0 / 2));
}

}  // namespace
}  // namespace sketchscope::measure
