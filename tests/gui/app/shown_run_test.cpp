#include "gui/app/shown_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/support/invented_source.hpp"

namespace sketchscope::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// An invented run that a test may have said things of.
class ToldSource final : public view::RunSource {
 public:
  std::vector<std::string> warnings;
  std::string stopped;
  std::shared_ptr<const run::LiveState> past;
  bool is_idle = true;
  test::InventedSource run{{}, false};

  void send(run::Command command, std::string tag) override {
    run.send(std::move(command), std::move(tag));
  }
  [[nodiscard]] std::shared_ptr<const run::LiveState> state() const override {
    run::LiveState state = *run.state();
    state.warnings = warnings;
    state.stopped = stopped;
    state.past = past;
    return std::make_shared<const run::LiveState>(std::move(state));
  }
  [[nodiscard]] const record::RecordLog& log() const override { return run.log(); }
  [[nodiscard]] const run::ModelInfo& model() const override { return run.model(); }
  [[nodiscard]] std::vector<run::Notice> take_notices() override { return run.take_notices(); }
  [[nodiscard]] std::string prompt() const override { return run.prompt(); }
  [[nodiscard]] bool idle() const override { return is_idle; }
};

class RunOnTheScreen : public ::testing::Test {
 protected:
  void read() { shown_.read(notices_, false); }
  void restart() { source_.send(run::command::Restart{}, {}); }
  /// Messages and how often each was said in a row.
  [[nodiscard]] std::vector<std::pair<std::string, int>> told() const {
    std::vector<std::pair<std::string, int>> all;
    for (const auto& one : notices_.log()) all.emplace_back(one.text, one.times);
    return all;
  }

  ToldSource source_;
  NoticeBoard notices_;
  ShownRun shown_{source_};
};

TEST_F(RunOnTheScreen, SaysEachWarningOnceInARun) {
  source_.warnings = {"nothing is evicted"};
  source_.run.advance(2);
  read();
  read();
  EXPECT_THAT(told(), ElementsAre(std::pair("nothing is evicted", 1)));
  restart();
  source_.run.advance(1);
  read();
  read();
  EXPECT_THAT(told(), ElementsAre(std::pair("nothing is evicted", 2)));
}

TEST_F(RunOnTheScreen, SaysOnceWhyTheRunStopped) {
  source_.stopped = "step 20";
  read();
  read();
  EXPECT_THAT(told(), ElementsAre(std::pair("Stopped: step 20", 1)));
  source_.stopped.clear();
  read();
  source_.stopped = "step 20";
  read();
  EXPECT_THAT(told(), ElementsAre(std::pair("Stopped: step 20", 2)));
}

TEST_F(RunOnTheScreen, ForgetsWhatWasChosenInTheRunBefore) {
  source_.run.advance(20);
  read();
  shown_.selection().locked_step = 5;
  shown_.selection().layer = 3;
  shown_.selection().divergence_scale = plot::Scale::log10;
  restart();
  source_.run.advance(1);
  read();
  EXPECT_EQ(shown_.selection().locked_step, std::nullopt);
  EXPECT_EQ(shown_.selection().layer, 3) << "the model is the same";
  EXPECT_EQ(shown_.selection().divergence_scale, plot::Scale::log10);
  EXPECT_EQ(shown_.steps(), 1);
  shown_.forget();
  EXPECT_EQ(shown_.selection().layer, 0) << "the model may be another";
  EXPECT_TRUE(shown_.history().empty());
}

TEST_F(RunOnTheScreen, HandsNotesOnToTheRunThatGoesOnFromAStepAndToNoOther) {
  source_.run.advance(20);
  read();
  shown_.write_note({3, "early"});
  shown_.write_note({9, "late"});
  source_.is_idle = false;
  shown_.keep_notes(5);
  restart();
  source_.run.advance(6);
  read();
  EXPECT_THAT(shown_.notes(), ElementsAre(run::StepNote{3, "early"}));
  restart();
  source_.run.advance(1);
  read();
  EXPECT_THAT(shown_.notes(), IsEmpty());
}

TEST_F(RunOnTheScreen, DropsKeptNotesWhereTheRunWasRefused) {
  source_.run.advance(20);
  read();
  shown_.write_note({3, "early"});
  shown_.keep_notes();
  read();
  restart();
  source_.run.advance(1);
  read();
  EXPECT_THAT(shown_.notes(), IsEmpty());
}

TEST_F(RunOnTheScreen, AsksForThePastOnceForEachStepAndPosition) {
  PastState past;
  std::vector<run::Command> sent;
  const panels::CommandSink send = [&](run::Command command, const std::string&) {
    sent.push_back(std::move(command));
  };
  source_.run.advance(30);
  read();
  past.ask(shown_, false, send);
  EXPECT_THAT(sent, IsEmpty()) << "the newest step is at hand";
  shown_.selection().locked_step = 12;
  shown_.selection().locked_position = 7;
  past.ask(shown_, false, send);
  past.ask(shown_, false, send);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(std::get<run::command::LookAt>(sent[0]).step, 12);
  EXPECT_EQ(std::get<run::command::Trace>(sent[1]).position, 7);
  shown_.selection().locked_step.reset();
  past.ask(shown_, false, send);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(std::get<run::command::LookAt>(sent[2]).step, std::nullopt);
}

TEST_F(RunOnTheScreen, AsksForSketchesOfASecondRunOnlyWhileTheyAreShown) {
  PastState past;
  std::vector<bool> sent;
  const panels::CommandSink send = [&](const run::Command& command, const std::string&) {
    sent.push_back(std::get<run::command::ShowSketches>(command).on);
  };
  source_.run.advance(30);
  read();
  past.ask(shown_, true, send);
  EXPECT_THAT(sent, IsEmpty()) << "there is no second run";
  source_.send(run::command::AddRun{}, {});
  read();
  past.ask(shown_, true, send);
  past.ask(shown_, true, send);
  EXPECT_THAT(sent, ElementsAre(true));
  past.ask(shown_, false, send);
  EXPECT_THAT(sent, ElementsAre(true, false)) << "the panel was closed";
  past.ask(shown_, true, send);
  source_.send(run::command::RemoveRun{1}, {});
  read();
  past.ask(shown_, true, send);
  EXPECT_THAT(sent, ElementsAre(true, false, true, false)) << "the run was removed";
}

TEST_F(RunOnTheScreen, ShowsBothRunsAtAnEarlierStepWhereBothAreKnown) {
  source_.run.advance(30);
  source_.send(run::command::AddRun{}, {});
  run::LiveState then;
  then.steps = 13;
  then.layers.resize(2);
  run::LiveState beside = then;
  beside.place = 1;
  beside.layers[0].cells = {1, 2, 3};
  then.others = {std::make_shared<const run::LiveState>(std::move(beside))};
  source_.past = std::make_shared<const run::LiveState>(std::move(then));
  read();
  PastState past;
  EXPECT_EQ(past.shown_state(shown_).other()->steps, 30) << "no earlier step is looked at";
  shown_.selection().locked_step = 12;
  const run::LiveState& shown = past.shown_state(shown_);
  EXPECT_EQ(shown.steps, 13);
  EXPECT_EQ(shown.other()->steps, 13);
  EXPECT_THAT(shown.other()->layers[0].cells, ElementsAre(1, 2, 3));
  EXPECT_EQ(shown.later->other()->steps, 30);
}

TEST_F(RunOnTheScreen, AsksForNothingOnTheWayOfTheMouseWhileTheRunGoesOn) {
  PastState past;
  int sent = 0;
  const panels::CommandSink send = [&](const run::Command&, const std::string&) { ++sent; };
  source_.run.advance(30);
  source_.send(run::command::Play{}, {});
  read();
  shown_.selection().hover.step = 4;
  past.ask(shown_, false, send);
  EXPECT_EQ(sent, 0);
  shown_.selection().locked_step = 4;
  past.ask(shown_, false, send);
  EXPECT_EQ(sent, 1);
}

}  // namespace
}  // namespace sketchscope::app
