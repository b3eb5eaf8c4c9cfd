#include "gui/view/history.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "gui/plot/value_format.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

using test::InventedRun;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::shared_ptr<record::StepRecord> record(std::int64_t step) {
  auto made = std::make_shared<record::StepRecord>();
  made->step = step;
  made->position = static_cast<int>(step);
  made->tokens = {static_cast<int>(100 + step)};
  made->layers.resize(2);
  return made;
}

TEST(History, IsEmptyBeforeTheFirstStep) {
  const History history;
  EXPECT_EQ(history.latest(), nullptr);
  EXPECT_EQ(history.at(0), nullptr);
  EXPECT_EQ(history.cap_reached(), LayerHistory::kNever);
}

TEST(History, HasOneValuePerStepInEverySeries) {
  InventedRun run;
  History history;
  for (int step = 0; step < 150; ++step) history.append(run.step());
  for (const auto* series :
       {&history.steps(), &history.evictions(), &history.policy_bytes(),
        &history.perplexity().fed.lane(), &history.perplexity().given.twin()}) {
    EXPECT_THAT(*series, SizeIs(150));
  }
  const auto whole = [](const auto& field, const StepSeries& series) {
    EXPECT_THAT(series, SizeIs(150)) << field.name;
  };
  history.figures<record::StepRecord>().for_each(whole);
  history.figures<record::PhaseTimes>().for_each(whole);
  history.figures<record::MemoryLedger>().for_each(whole);
  history.layers().back().figures.for_each(whole);
}

TEST(History, LeavesAGapWhereNothingWasMeasured) {
  auto first = record(0);
  auto second = record(1);
  second->logit_kl = 0.25;
  second->layers[1].retained_mass = 0.9;
  History history;
  history.append(first);
  history.append(second);
  EXPECT_TRUE(std::isnan(history.series<&record::StepRecord::logit_kl>()[0]));
  EXPECT_EQ(history.series<&record::StepRecord::logit_kl>()[1], 0.25);
  EXPECT_TRUE(std::isnan(history.layers()[0].series<&record::LayerRecord::retained_mass>()[1]));
  EXPECT_EQ(history.layers()[1].series<&record::LayerRecord::retained_mass>()[1], 0.9);
}

TEST(History, PlacesThePromptsTokensBeforeTheGeneratedOnes) {
  auto prompt = record(0);
  prompt->tokens = {5, 6, 7};
  prompt->position = 2;
  prompt->prompt_tokens = 3;
  auto next = record(1);
  next->tokens = {9};
  next->position = 3;
  History history;
  history.append(prompt);
  history.append(next);
  EXPECT_THAT(history.tokens(), ElementsAre(5, 6, 7, 9));
  EXPECT_EQ(history.prompt_length(), 3);
  EXPECT_EQ(history.fed_at(2), 0);
  EXPECT_EQ(history.fed_at(3), 1);
  EXPECT_EQ(history.positions_at(0), 3);
  EXPECT_EQ(history.positions_at(1), 4);
}

TEST(History, PerplexityIsTheInverseGeometricMeanOfTheProbabilities) {
  History history;
  for (const double probability : {0.5, 0.125}) {
    auto step = record(static_cast<std::int64_t>(history.size()));
    step->token_probability = probability;
    step->twin_token_probability = 0.5;
    history.append(step);
  }
  EXPECT_DOUBLE_EQ(history.perplexity().fed.lane()[0], 2);
  EXPECT_DOUBLE_EQ(history.perplexity().fed.lane()[1], 4);
  EXPECT_DOUBLE_EQ(history.perplexity().fed.twin()[1], 2);
}

TEST(History, KeepsThePerplexityOfGivenTokensApartFromThatOfDrawnOnes) {
  History history;
  for (const bool given : {true, true, false, false}) {
    auto step = record(static_cast<int>(history.size()));
    step->prompt_tokens = given ? 1 : 0;
    step->token_probability = given ? 0.25 : 0.99;
    step->twin_token_probability = 0.5;
    history.append(step);
  }
  EXPECT_EQ(history.perplexity().given.tokens(), 2);
  EXPECT_DOUBLE_EQ(history.perplexity().given.lane().back(), 4);
  EXPECT_DOUBLE_EQ(*history.perplexity().given.change(), 1);
  EXPECT_LT(history.perplexity().fed.lane().back(), 3);
}

TEST(History, FindsEveryEvictionByItsPlaceAndByItsPosition) {
  InventedRun run;
  History history;
  for (int step = 0; step < 200; ++step) history.append(run.step());
  ASSERT_FALSE(history.eviction_places().empty());
  for (const EvictionPlace place : history.eviction_places()) {
    const record::EvictionRecord* eviction = history.eviction(place);
    ASSERT_NE(eviction, nullptr);
    EXPECT_EQ(history.eviction_of(eviction->layer, eviction->position), place);
  }
  EXPECT_EQ(history.eviction_of(0, 0), std::nullopt) << "a sink stays";
  EXPECT_EQ(history.eviction_of(99, 5), std::nullopt);
  EXPECT_EQ(history.eviction_of(0, 5000), std::nullopt);
}

TEST(History, MarksKnobChangesAndTheStepTheCapWasReached) {
  InventedRun run({.prompt_tokens = 100});
  History history;
  for (int step = 0; step < 40; ++step) history.append(run.step());
  EXPECT_EQ(history.cap_reached(), 29) << "100 prompt tokens, then 28 more fill 128 slots";
  run.set("max_cache_size", "96");
  history.append(run.step());
  ASSERT_THAT(history.marks(), SizeIs(1));
  EXPECT_EQ(history.marks()[0].step, 40);
  EXPECT_EQ(history.marks()[0].text(), "max_cache_size 128→96");
}

TEST(GroupedMarks, JoinWhatCannotBeToldApart) {
  const std::vector<KnobMark> marks = {{.step = 10, .knob = "sinks", .from = "4", .to = "5"},
                                       {.step = 12, .knob = "sinks", .from = "5", .to = "6"},
                                       {.step = 13, .knob = "sinks", .from = "6", .to = "7"},
                                       {.step = 40, .knob = "sinks", .from = "7", .to = "8"}};
  const auto apart = grouped_marks(marks, 3);
  ASSERT_THAT(apart, SizeIs(3));
  EXPECT_EQ(apart[0].text, "2 knob changes");
  EXPECT_EQ(apart[1].step, 13);
  EXPECT_EQ(apart[1].text, "sinks 6→7");
  EXPECT_THAT(grouped_marks(marks, 1), SizeIs(4));
  EXPECT_THAT(grouped_marks({}, 5), IsEmpty());
}

TEST(History, StartsOverEmptyButWithANewRevision) {
  InventedRun run;
  History history;
  for (int step = 0; step < 150; ++step) history.append(run.step());
  const std::uint64_t revision = history.revision();
  history.clear();
  EXPECT_GT(history.revision(), revision);
  EXPECT_TRUE(history.empty());
  EXPECT_THAT(history.tokens(), IsEmpty());
  EXPECT_THAT(history.eviction_places(), IsEmpty());
}

}  // namespace
}  // namespace sketchscope::view
