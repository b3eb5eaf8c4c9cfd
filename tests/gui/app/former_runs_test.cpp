#include "gui/app/former_runs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

#include "tests/support/invented_source.hpp"

namespace sketchscope::app {
namespace {

using ::testing::HasSubstr;

FormerRun titled(const std::string& title) {
  return {.title = title};
}

TEST(FormerRuns, AreTheNewestFirstUpToALimit) {
  FormerRuns runs;
  runs.keep(titled(""));
  EXPECT_TRUE(runs.all().empty()) << "a run without a step is not kept";
  for (int i = 0; i < 12; ++i) runs.keep(titled("run " + std::to_string(i)));
  ASSERT_EQ(runs.all().size(), FormerRuns::kMost);
  EXPECT_EQ(runs.all().front().title, "run 11");
  EXPECT_EQ(runs.take(1).title, "run 10");
  EXPECT_EQ(runs.all().size(), FormerRuns::kMost - 1);
  runs.keep(titled("run 11"));
  EXPECT_EQ(runs.all().size(), FormerRuns::kMost - 1) << "the same run once";
}

class ShownOne : public ::testing::Test {
 protected:
  ShownOne() { read(); }
  void read() { run_.read(notices_, false); }

  test::InventedSource source_{{}, false};
  ShownRun run_{source_};
  NoticeBoard notices_;
  std::vector<run::Command> sent_;
  panels::CommandSink send_ = [this](run::Command command, const std::string&) {
    sent_.push_back(std::move(command));
  };
};

TEST_F(ShownOne, IsKeptByItsTokensAndKnobs) {
  source_.advance(60);
  read();
  const FormerRun former = former_run_of(run_);
  EXPECT_THAT(former.title, HasSubstr("60 steps"));
  ASSERT_NE(former.recording, nullptr);
  EXPECT_EQ(former.recording->steps, 60);
  EXPECT_EQ(former.recording->prompt.size() + former.recording->generated.size(),
            run_.history().tokens().size());
  make_again(former, run_, send_);
  ASSERT_FALSE(sent_.empty());
  const auto* resume = std::get_if<run::command::Resume>(&sent_[sent_.size() - 2]);
  ASSERT_NE(resume, nullptr);
  EXPECT_EQ(resume->recording, former.recording);
  EXPECT_TRUE(std::holds_alternative<run::command::SetKnobs>(sent_.back()));
}

TEST_F(ShownOne, WithoutAStepComesBackAsItsKnobsAndPrompt) {
  make_again(former_run_of(run_), run_, send_);
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<run::command::SetKnobs>(sent_.front()));
  EXPECT_TRUE(std::holds_alternative<run::command::Restart>(sent_.back()));
}

}  // namespace
}  // namespace sketchscope::app
