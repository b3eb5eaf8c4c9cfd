// Runs that go on past the model's context, which keys that take ranks for positions allow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/error.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/run_file.hpp"
#include "engine/run/run_lookup.hpp"
#include "engine/run/watched_run.hpp"
#include "tests/support/rotary_model.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

constexpr int kContext = 48;

settings::Knobs outgrowing_knobs() {
  settings::Knobs knobs{
      .policy = "heavy-hitter", .max_cache_size = 14, .sinks = 2, .recent_window = 4};
  knobs.positions = settings::Positions::cache;
  knobs.temperature = 0.8;
  return knobs;
}

RunOptions outgrowing_options(std::vector<int> prompt = {3, 9, 27, 20}) {
  return {.knobs = outgrowing_knobs(),
          .prompt = std::move(prompt),
          .twin = true,
          .audit = true,
          .keep_attention = true,
          .keyframe_interval = 5};
}

TEST(OutgrownRun, LosesTwinAndAuditAtTheModelsLastPositionAndGoesOn) {
  WatchedRun run(support::rotary_model(2), outgrowing_options());
  while (run.lane().tokens().size() < 150) {
    ASSERT_FALSE(run.at_context_end());
    const record::StepRecord record = run.step();
    const bool inside = record.position < kContext;
    ASSERT_EQ(record.logit_kl.has_value(), inside) << record.position;
    ASSERT_EQ(record.top1_agrees.has_value(), inside) << record.position;
    ASSERT_EQ(run.twin() != nullptr, inside) << record.position;
    for (const record::LayerRecord& layer : record.layers) {
      ASSERT_EQ(layer.retained_mass.has_value(), inside) << record.position;
      ASSERT_EQ(layer.stored, std::min(record.position + 1, 14));
    }
    ASSERT_EQ(record.memory.audit > 0, inside) << record.position;
    ASSERT_TRUE(std::isfinite(record.entropy));
    ASSERT_EQ(layer_states(run.lane(), run.twin()).front().twin_attention.empty(),
              !inside || record.prompt_tokens > 0);
  }
}

TEST(OutgrownRun, GoesBackToBeforeItLostThem) {
  WatchedRun run(support::rotary_model(2), outgrowing_options());
  std::vector<std::vector<float>> logits;
  std::vector<std::optional<double>> divergence;
  while (run.lane().tokens().size() < 90) {
    divergence.push_back(run.step().logit_kl);
    logits.emplace_back(run.lane().logits().begin(), run.lane().logits().end());
  }
  for (const std::int64_t steps : {80, 46, 44, 30, 5}) {
    const auto past = run.fork_at(steps);
    EXPECT_EQ(std::vector<float>(past->lane().logits().begin(), past->lane().logits().end()),
              logits[static_cast<std::size_t>(steps) - 1]);
    EXPECT_EQ(past->twin() != nullptr, past->lane().tokens().size() <= kContext);
  }
  run.rewind(20);
  for (std::size_t step = 20; step < logits.size(); ++step) {
    ASSERT_EQ(run.step().logit_kl, divergence[step]) << "step " << step;
    ASSERT_EQ(std::vector<float>(run.lane().logits().begin(), run.lane().logits().end()),
              logits[step]);
  }
}

TEST(OutgrownRun, TakesALongerPromptTokenByTokenAlone) {
  RunOptions options = outgrowing_options(support::rotary_tokens(100));
  WatchedRun whole(support::rotary_model(1), options);
  EXPECT_THROW(whole.step(), core::Error);
  options.knobs.prefill = settings::Prefill::stream;
  WatchedRun streamed(support::rotary_model(1), options);
  while (streamed.prompt_pending()) streamed.step();
  EXPECT_EQ(streamed.lane().tokens().size(), 100U);
  options.knobs.positions = settings::Positions::original;
  EXPECT_THROW(WatchedRun(support::rotary_model(1), options), core::Error);
}

TEST(OutgrownRun, TracesAPositionPastTheContext) {
  WatchedRun run(support::rotary_model(1), outgrowing_options());
  while (run.lane().tokens().size() < 100) run.step();
  const PositionTrace trace = trace_position(run, 98);
  ASSERT_FALSE(trace.steps.empty());
  EXPECT_TRUE(std::isfinite(trace.tables.front().score.back()));
}

TEST(OutgrownRun, IsGeneratedWithoutAnEnd) {
  const auto knobs = outgrowing_knobs();
  const Generation generation = generate(support::rotary_model(1),
                                         {.knobs = knobs,
                                          .prompt = {1, 2, 3},
                                          .max_new_tokens = 300,
                                          .stop_at_end_of_text = false,
                                          .audit = true},
                                         {}, {});
  EXPECT_EQ(generation.tokens.size(), 300U);
  EXPECT_FALSE(generation.reached_context_end);
}

TEST(OutgrownRun, KeepsItsPositionsInAFile) {
  WatchedRun run(support::rotary_model(2), outgrowing_options());
  SavedRun saved{.version = "1", .prompt = "3", .knobs = outgrowing_knobs()};
  saved.model.config = support::rotary_config(2);
  while (run.lane().tokens().size() < 100) {
    saved.records.push_back(std::make_shared<const record::StepRecord>(run.step()));
  }
  saved.layers = layer_states(run.lane(), run.twin());
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "run.scope";
  save_run(file, saved);
  const SavedRun loaded = load_run(file);
  EXPECT_EQ(loaded.knobs.positions, settings::Positions::cache);
  EXPECT_EQ(loaded.records.back()->position, 99);
  EXPECT_EQ(loaded.layers.front().tables.front().positions,
            saved.layers.front().tables.front().positions);
}

TEST(OutgrownRun, IsEvaluatedInChunksLongerThanTheContext) {
  const std::vector<int> tokens = support::rotary_tokens(200);
  measure::EvaluationOptions options{.knobs = outgrowing_knobs(), .context = 100};
  const auto model = support::rotary_model(2);
  const measure::Evaluation evaluation = measure::evaluate(model, tokens, options, {}, {});
  EXPECT_EQ(evaluation.scored, 198);
  EXPECT_TRUE(std::isfinite(evaluation.nll));
  options.start_token = 1;  // of chunks of 99, 99 and 2 tokens of the text, which are all scored
  EXPECT_EQ(measure::evaluate(model, tokens, options, {}, {}).scored, 200);
  options.twin = true;
  EXPECT_THROW(measure::evaluate(model, tokens, options, {}, {}), core::UsageError);
  options.twin = false;
  options.knobs.positions = settings::Positions::original;
  EXPECT_THROW(measure::evaluate(model, tokens, options, {}, {}), core::UsageError);
}

TEST(OutgrownRun, PausesWhenItsRecordsHaveTakenWhatWasSetAside) {
  WorkerOptions options = support::paused_worker();
  options.knobs = outgrowing_knobs();
  options.record_bytes = 60000;
  Worker worker({.model = support::rotary_model(1), .name = "rotary"}, options, [] {});
  worker.send(command::Play{});
  const auto stopped = [&] { return !worker.state()->stopped.empty(); };
  ASSERT_TRUE(support::wait_for(stopped));
  EXPECT_THAT(worker.state()->stopped, ::testing::HasSubstr("all are kept"));
  const std::size_t first = support::records(worker.log()).size();
  EXPECT_GT(first, 10U);
  worker.send(command::Play{});
  ASSERT_TRUE(support::wait_for([&] { return support::records(worker.log()).size() > first; }));
  ASSERT_TRUE(support::wait_for(stopped));
  const auto records = support::records(worker.log());
  for (std::size_t step = 0; step < records.size(); ++step) {
    ASSERT_EQ(records[step]->step, static_cast<std::int64_t>(step)) << "none is missing";
  }
}

}  // namespace
}  // namespace sketchscope::run
