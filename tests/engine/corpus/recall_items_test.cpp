#include "engine/corpus/corpus.hpp"

#include <gmock/gmock.h>

#include <regex>

#include "engine/model/model_directory.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::corpus {
namespace {

using support::TemporaryDirectory;

class RecallItems : public ::testing::Test {
 protected:
  RecallItems() { support::write_tiny_tokenizer(folder_.path()); }

  // The tiny tokenizer makes nearly every byte a token, so contexts are long here.
  std::vector<measure::RecallQuestion> make(int items) {
    return make_recall_items(tokenizer_(), {.items = items, .context = 6000});
  }
  [[nodiscard]] std::string text(const std::vector<int>& tokens) const {
    return tokenizer_().decode(tokens);
  }

 private:
  [[nodiscard]] const text::Tokenizer& tokenizer_() const {
    if (!opened_) opened_ = text::Tokenizer::open(folder_.path());
    return *opened_;
  }

  TemporaryDirectory folder_;
  mutable std::optional<text::Tokenizer> opened_;
};

TEST_F(RecallItems, AreSharedOutAmongTheDistances) {
  std::map<int, int> count;
  for (const auto& item : make(30)) {
    for (const auto& distance : measure::kRecallDistances) {
      if (distance.holds(item.distance)) ++count[distance.from];
    }
  }
  EXPECT_EQ(count[0] + count[100] + count[400], 30);
  EXPECT_EQ(count[400], 10);
}

TEST_F(RecallItems, HaveTheirAnswerInTheContext) {
  for (const auto& item : make(30)) {
    EXPECT_NE(text(item.context).rfind(text(item.answer)), std::string::npos);
    EXPECT_NE(text(item.question).find('?'), std::string::npos);
    EXPECT_LE(item.length(), 6000);
  }
}

TEST_F(RecallItems, HideThingsOnlyWhereTheTestSplitMay) {
  const std::regex hiding(
      R"(([A-Z][a-z]+) (hid|put|left) the ([a-z]+) ((in|on|under|behind|beside) the )"
      R"([a-z]+( log)?))");
  int hidden = 0;
  for (const auto& item : make(30)) {
    const auto tale = text(item.context);
    for (std::sregex_iterator match(tale.begin(), tale.end(), hiding), end; match != end; ++match) {
      ++hidden;
      EXPECT_EQ(split_of_combination((*match)[1].str(), (*match)[3].str(), (*match)[4].str()),
                CorpusSplit::test);
    }
  }
  EXPECT_GT(hidden, 30);
}

}  // namespace
}  // namespace sketchscope::corpus
