// Runs that are added beside a run that has begun, up to eight.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/record/step_record.hpp"
#include "engine/run/watched_run.hpp"
#include "engine/run/worker.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using support::paused_worker;
using support::records;
using support::tiny_loaded_model;
using support::tokens;
using support::wait_for;

class AddedRuns : public ::testing::Test {
 protected:
  void send(Command command) {
    worker_.send(std::move(command));
    settle();
  }
  void settle() {
    ASSERT_TRUE(
        wait_for([&] { return worker_.idle() && worker_.state()->phase != RunPhase::running; }));
  }
  void step(int count) { send(command::Step{count}); }
  /// The knobs of the run in front with another capacity.
  [[nodiscard]] settings::Knobs with_capacity(int slots) const {
    settings::Knobs knobs = worker_.state()->wanted;
    knobs.max_cache_size = slots;
    return knobs;
  }
  [[nodiscard]] std::vector<std::size_t> places() const {
    std::vector<std::size_t> places;
    for (const auto& other : worker_.state()->others) places.push_back(other->place);
    return places;
  }
  /// The only message since the last call.
  std::string notice() {
    const auto notices = worker_.take_notices();
    return notices.size() == 1 ? notices.front().text : std::to_string(notices.size()) + " notices";
  }
  /// Everything but times and bytes of the process.
  static nlohmann::json facts(const record::StepRecord& record) {
    auto json = record::step_record_to_json(record);
    json.erase("times");
    json.erase("memory");
    return json;
  }

  Worker worker_{tiny_loaded_model(), paused_worker(), {}};
};

TEST_F(AddedRuns, AreWhatTheyWouldBeHadTheyBegunWithTheFirst) {
  core::SplitMix64 random(3);
  for (int trial = 0; trial < 6; ++trial) {
    settings::Knobs knobs = support::random_knobs(random);
    knobs.temperature = worker_.state()->wanted.temperature;
    const auto late = static_cast<int>(random.below(20));
    send(command::EndCompare{});
    send(command::Restart{});
    step(1 + late);
    send(command::AddRun{knobs});
    step(25 - late);
    ASSERT_EQ(tokens(worker_.log(1)), tokens(worker_.log())) << "trial " << trial;

    RunOptions alone{
        .knobs = knobs, .prompt = {records(worker_.log())[0]->tokens}, .twin = true, .audit = true};
    const auto fed = tokens(worker_.log());
    alone.forced.assign(fed.begin() + std::ssize(alone.prompt), fed.end());
    WatchedRun run(support::make_tiny_model(), alone);
    for (const auto& record : records(worker_.log(1))) {
      ASSERT_EQ(facts(*record), facts(run.step())) << "trial " << trial << " step " << record->step;
    }
    ASSERT_THAT(worker_.take_notices(), IsEmpty());
  }
}

TEST_F(AddedRuns, CatchUpBeforeTheRunInFrontGoesOn) {
  step(20);
  send(command::AddRun{with_capacity(8)});
  EXPECT_THAT(records(worker_.log()), SizeIs(20)) << "it waits, though nobody pressed play";
  EXPECT_EQ(tokens(worker_.log(1)), tokens(worker_.log()));
  EXPECT_EQ(worker_.state()->phase, RunPhase::paused);
  EXPECT_EQ(worker_.state()->other_tokens, ComparedTokens::same);
}

TEST_F(AddedRuns, FillEightPlacesAndLeaveTheLowestFree) {
  step(3);
  for (int slots = 7; slots < 14; ++slots) send(command::AddRun{with_capacity(slots)});
  EXPECT_THAT(places(), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(worker_.take_notices(), IsEmpty());
  send(command::AddRun{with_capacity(20)});
  EXPECT_THAT(notice(), HasSubstr("at most 8"));

  send(command::RemoveRun{3});
  EXPECT_THAT(places(), ElementsAre(1, 2, 4, 5, 6, 7));
  EXPECT_THAT(records(worker_.log(3)), IsEmpty());
  EXPECT_EQ(worker_.state()->other(4)->applied.max_cache_size, 10) << "the others stay in place";
  send(command::AddRun{with_capacity(20)});
  EXPECT_THAT(places(), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(worker_.state()->other(3)->applied.max_cache_size, 20);
  step(10);
  for (std::size_t place = 1; place < kMostRuns; ++place) {
    EXPECT_EQ(tokens(worker_.log(place)), tokens(worker_.log())) << place;
  }
}

TEST_F(AddedRuns, ComeToTheFrontFromAnyPlace) {
  step(3);
  for (const int slots : {8, 10, 14}) send(command::AddRun{with_capacity(slots)});
  step(30);
  const auto of_front = records(worker_.log());
  const auto of_third = records(worker_.log(3));
  send(command::Swap{3});
  EXPECT_EQ(worker_.state()->applied.max_cache_size, 14);
  EXPECT_EQ(worker_.state()->other(3)->applied.max_cache_size, 12);
  EXPECT_EQ(worker_.state()->other(1)->applied.max_cache_size, 8);
  EXPECT_EQ(records(worker_.log()), of_third);
  EXPECT_EQ(records(worker_.log(3)), of_front);
  step(5);
  EXPECT_EQ(tokens(worker_.log(3)), tokens(worker_.log())) << "fed by the one now in front";
}

TEST_F(AddedRuns, BeginAgainWithTheOthers) {
  for (const int slots : {8, 10}) send(command::AddRun{with_capacity(slots)});
  step(12);
  send(command::RemoveRun{1});
  send(command::Restart{"4 5"});
  step(6);
  EXPECT_THAT(places(), ElementsAre(2));
  EXPECT_EQ(tokens(worker_.log(2)), tokens(worker_.log()));
  EXPECT_EQ(tokens(worker_.log(2)).front(), 4);
  EXPECT_EQ(worker_.state()->other(2)->applied.max_cache_size, 10);
}

TEST_F(AddedRuns, AreScoredOnATextThatIsGiven) {
  send(command::Feed{.text = "9 8 7 6 5 4 3 2 1 9 8 7 6 5 4 3"});
  settings::Knobs knobs = with_capacity(8);
  knobs.prefill = settings::Prefill::full;
  send(command::AddRun{knobs});
  EXPECT_EQ(tokens(worker_.log(1)), tokens(worker_.log()));
  for (const auto& record : records(worker_.log(1))) {
    EXPECT_EQ(record->prompt_tokens, 1) << "token by token";
  }
}

TEST_F(AddedRuns, AreRefusedWhereTheyCannotBe) {
  step(3);
  settings::Knobs bad = worker_.state()->wanted;
  bad.sinks = bad.max_cache_size;
  send(command::AddRun{bad});
  EXPECT_THAT(notice(), HasSubstr("sinks"));
  send(command::RemoveRun{0});
  EXPECT_THAT(notice(), HasSubstr("no run is compared at place 0"));
  send(command::RemoveRun{2});
  EXPECT_THAT(notice(), HasSubstr("no run is compared at place 2"));
  send(command::Branch{});
  send(command::AddRun{with_capacity(8)});
  EXPECT_THAT(notice(), HasSubstr("branching run"));
  EXPECT_THAT(places(), IsEmpty());
}

}  // namespace
}  // namespace sketchscope::run
