#include "engine/run/worker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "engine/core/program.hpp"
#include "engine/record/step_record.hpp"
#include "engine/run/run_control.hpp"
#include "engine/run/run_file.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using support::paused_worker;
using support::tiny_loaded_model;

/// A run without its thread, step by step.
class SteppedRun {
 public:
  explicit SteppedRun(WorkerOptions options, model::LoadedModel model = tiny_loaded_model())
      : control_(std::move(model), std::move(options), logs_) {
    control_.start();
  }

  void step_to(std::size_t steps) {
    while (records().size() < steps) {
      control_.carry_out(command::Step{1});
      control_.step();
    }
  }
  void set(std::string knob, std::string value) {
    control_.carry_out(command::SetKnob{std::move(knob), std::move(value)});
  }
  [[nodiscard]] std::vector<record::RecordPointer> records() const {
    return logs_[0].read(0, 0).records;
  }
  [[nodiscard]] LiveState state() { return control_.live_state(); }

  /// Returns the recording after writing and reading its file.
  [[nodiscard]] SavedRun saved(const settings::Knobs& first) const {
    const support::TemporaryDirectory folder;
    const auto file = folder.path() / "run.scope";
    SavedRun run{.version = std::string(core::program_version()),
                 .prompt = "1 2 3",
                 .knobs = first,
                 .twin = true,
                 .audit = true,
                 .model = model_info(tiny_loaded_model()),
                 .records = records()};
    save_run(file, run);
    return load_run(file);
  }

 private:
  std::array<record::RecordLog, 2> logs_;
  RunControl control_;
};

/// All that a step is, but for what a clock and the process say.
std::string facts_of_run(record::StepRecord record) {
  record.times = {};
  record.memory.process = 0;
  record.memory.process_peak = 0;
  return record::step_record_to_json(record).dump();
}

WorkerOptions continued(const SavedRun& saved) {
  WorkerOptions options = paused_worker();
  options.continued = recording_of(saved.knobs, saved.records);
  options.knobs = options.continued->last;
  return options;
}

/// Turns knobs at fixed steps on the way to `steps`.
void make_run(SteppedRun& run, std::size_t steps) {
  run.step_to(std::min<std::size_t>(steps, 12));
  if (steps <= 12) return;
  run.set("policy", "heavy-hitter");
  run.set("max_cache_size", "10");
  run.step_to(std::min<std::size_t>(steps, 20));
  if (steps <= 20) return;
  run.set("sketch_width", "64");
  run.set("temperature", "1.2");
  run.step_to(steps);
}

TEST(ContinuedRun, MakesTheSameRecordsAsOneThatWasNeverInterrupted) {
  for (const settings::Prefill prefill : {settings::Prefill::full, settings::Prefill::stream}) {
    for (const std::size_t saved_at : {1U, 5U, 12U, 20U, 33U}) {
      WorkerOptions options = paused_worker();
      options.knobs.prefill = prefill;
      SteppedRun whole(options);
      make_run(whole, 50);
      SteppedRun first(options);
      make_run(first, saved_at);

      SteppedRun second(continued(first.saved(options.knobs)));
      second.step_to(saved_at);
      EXPECT_EQ(second.state().stopped, "");
      make_run(second, 50);
      const auto expected = whole.records();
      const auto found = second.records();
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_EQ(facts_of_run(*found[i]), facts_of_run(*expected[i]))
            << "prefill " << core::name_of(prefill) << ", saved at " << saved_at << ", step " << i;
      }
    }
  }
}

TEST(ContinuedRun, LetsATargetMoveTheCapacityAsItDid) {
  WorkerOptions options = paused_worker();
  options.knobs.target = settings::TargetKind::retained_mass;
  options.knobs.target_value = 0.99;
  SteppedRun whole(options);
  whole.step_to(55);
  SteppedRun first(options);
  first.step_to(40);
  const auto moved = [](const record::RecordPointer& record) { return !record->changes.empty(); };
  ASSERT_TRUE(std::ranges::any_of(first.records(), moved)) << "the target must have moved it";

  SteppedRun second(continued(first.saved(options.knobs)));
  second.step_to(55);
  for (std::size_t i = 0; i < 55; ++i) {
    ASSERT_EQ(facts_of_run(*second.records()[i]), facts_of_run(*whole.records()[i]))
        << "step " << i;
  }
}

TEST(ContinuedRun, StopsAndSaysSoWhereTheModelIsAnotherOne) {
  WorkerOptions options = paused_worker();
  SteppedRun first(options);
  first.step_to(20);
  model::LoadedModel other = tiny_loaded_model();
  other.model = support::make_tiny_model({.seed = 2});
  SteppedRun second(continued(first.saved(options.knobs)), other);
  second.step_to(20);
  EXPECT_THAT(second.state().stopped, ::testing::HasSubstr("other weights"));
  EXPECT_EQ(second.state().phase, RunPhase::paused);
}

}  // namespace
}  // namespace sketchscope::run
