// The steps of runs taken apart: what is noted of them, and that noting changes nothing.
#include "engine/run/step_trail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/record/step_record.hpp"
#include "engine/run/run_group.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"
#include "tests/support/worker_run.hpp"

namespace sketchscope::run {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointee;
using ::testing::SizeIs;
using trace::Operation;
using trace::OperationSpan;
using trace::StepTrace;

auto of_step(std::int64_t step) {
  return Pointee(::testing::Field(&StepTrace::step, step));
}

TEST(StepTrail, KeepsTheLatestStepsAndThoseThatWereMadeAgain) {
  StepTrail trail;
  for (std::int64_t step = 0; step < 5; ++step) trail.note({.step = step});
  trail.note({.step = 3, .duration_ns = 9});
  EXPECT_THAT(trail.steps(), ElementsAre(of_step(0), of_step(1), of_step(2), of_step(3)));
  EXPECT_EQ(trail.steps().back()->duration_ns, 9);
  trail.forget_from(2);
  EXPECT_THAT(trail.steps(), ElementsAre(of_step(0), of_step(1)));
  const auto more = static_cast<std::int64_t>(StepTrail::kMostSteps) + 10;
  for (std::int64_t step = 2; step < more; ++step) trail.note({.step = step});
  EXPECT_THAT(trail.steps(), SizeIs(StepTrail::kMostSteps));
  EXPECT_THAT(trail.steps().back(), of_step(more - 1));
}

TEST(StepTrail, StaysWithinItsBytesButKeepsTheNewest) {
  StepTrail trail;
  StepTrace large;
  large.spans.resize(StepTrail::kMostBytes / sizeof(OperationSpan) / 3);
  for (large.step = 0; large.step < 6; ++large.step) trail.note(large);
  std::size_t bytes = 0;
  for (const auto& step : trail.steps()) bytes += step->bytes();
  EXPECT_LE(bytes, StepTrail::kMostBytes);
  large.spans.resize(StepTrail::kMostBytes / sizeof(OperationSpan) * 2);
  trail.note(large);
  EXPECT_THAT(trail.steps(), ElementsAre(of_step(6)));
}

class TakenApart : public ::testing::Test {
 protected:
  static constexpr int kThreads = 2;

  static RunOptions options_of(core::SplitMix64& random) {
    return {.knobs = support::random_knobs(random),
            .prompt = {1, 2, 3, 4, 5, 6, 7, 8, 9},
            .twin = true,
            .audit = true,
            .threads = kThreads,
            .keyframe_interval = 4};
  }

  // Everything that a record says but for times and what lies in the process.
  [[nodiscard]] static std::vector<nlohmann::json> facts(const record::RecordLog& log) {
    std::vector<nlohmann::json> all;
    for (const auto& record : support::records(log)) {
      nlohmann::json json = record::step_record_to_json(*record);
      json.erase("times");
      json.erase("memory");
      all.push_back(std::move(json));
    }
    return all;
  }

  std::shared_ptr<const model::Model> model_ = support::make_tiny_model();
  std::array<record::RecordLog, 2> logs_;
  std::array<record::RecordLog, 2> plain_logs_;
  RunGroup group_{model_, logs_, {}};
  RunGroup plain_{model_, plain_logs_, {}};
};

void expect_disjoint_on_the_calling_thread(const StepTrace& step) {
  std::int64_t end = 0;
  for (const OperationSpan& span : step.spans) {
    if (trace::kind_of(span.operation).within) continue;
    EXPECT_EQ(span.thread, 0);
    EXPECT_GE(span.begin_ns, end) << trace::kind_of(span.operation).name << ", step " << step.step;
    end = span.end_ns;
  }
  EXPECT_LE(end, step.duration_ns);
}

void expect_within_their_operations(const StepTrace& step) {
  for (const OperationSpan& span : step.spans) {
    const auto around = trace::kind_of(span.operation).within;
    if (!around) continue;
    const bool contained = std::ranges::any_of(step.spans, [&](const OperationSpan& other) {
      return other.operation == *around && other.place.layer == span.place.layer &&
             other.begin_ns <= span.begin_ns && span.end_ns <= other.end_ns;
    });
    EXPECT_TRUE(contained) << trace::kind_of(span.operation).name << ", step " << step.step;
  }
}

TEST_F(TakenApart, StepsAreTheSameAsOthersWhateverTheKnobs) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    core::SplitMix64 random(seed);
    const std::vector<RunOptions> options = {options_of(random), options_of(random)};
    group_.trace_steps(true);
    group_.step_apart(seed % 2 == 0);
    group_.begin(options);
    plain_.begin(options);
    for (int step = 0; step < 30; ++step) {
      group_.step();
      plain_.step();
    }
    for (std::size_t place = 0; place < logs_.size(); ++place) {
      ASSERT_EQ(facts(logs_[place]), facts(plain_logs_[place])) << "seed " << seed;
      ASSERT_THAT(group_.slots()[place].trail.steps(),
                  SizeIs(support::records(logs_[place]).size()));
      EXPECT_THAT(plain_.slots()[place].trail.steps(), IsEmpty());
      for (const auto& step : group_.slots()[place].trail.steps()) {
        expect_disjoint_on_the_calling_thread(*step);
        expect_within_their_operations(*step);
      }
    }
  }
}

TEST_F(TakenApart, AStepHasEveryProductOnceALayerWithItsWeights) {
  core::SplitMix64 random(3);
  RunOptions options = options_of(random);
  options.twin = false;
  group_.trace_steps(true);
  group_.begin({options});
  for (int step = 0; step < 12; ++step) group_.step();
  const StepTrace& last = *group_.front().trail.steps().back();
  std::map<Operation, int> calls;
  std::map<Operation, std::int64_t> multiply_adds;
  for (const OperationSpan& span : last.spans) {
    ++calls[span.operation];
    multiply_adds[span.operation] += span.work.multiply_adds;
  }
  const model::ModelConfig& config = model_->config();
  for (const Operation once_a_layer :
       {Operation::qkv, Operation::attention, Operation::attention_output, Operation::up_projection,
        Operation::down_projection, Operation::update, Operation::audit}) {
    EXPECT_EQ(calls[once_a_layer], config.layers) << trace::kind_of(once_a_layer).name;
  }
  EXPECT_EQ(calls[Operation::sample], 1);
  EXPECT_EQ(calls[Operation::vocabulary], 1);
  EXPECT_EQ(multiply_adds[Operation::vocabulary], std::int64_t{config.width} * config.vocabulary);
  EXPECT_EQ(multiply_adds[Operation::up_projection],
            std::int64_t{config.layers} * config.width * config.inner_width);
}

TEST_F(TakenApart, AttentionReadsWhatTheTablesStore) {
  RunOptions options{.knobs = {.policy = "window", .max_cache_size = 8, .recent_window = 4},
                     .prompt = {1, 2, 3},
                     .threads = 1};
  options.knobs.prefill = settings::Prefill::stream;
  group_.trace_steps(true);
  group_.begin({options});
  const model::ModelConfig& config = model_->config();
  for (int step = 0; step < 20; ++step) {
    group_.step();
    const std::int64_t stored = std::min(step + 1, 8);
    std::int64_t bytes = 0;
    std::int64_t evictions = 0;
    for (const OperationSpan& span : group_.front().trail.steps().back()->spans) {
      if (span.operation == Operation::attention) bytes += span.work.bytes;
      if (span.operation == Operation::evict) ++evictions;
    }
    const auto number = static_cast<std::int64_t>(sizeof(float));
    EXPECT_EQ(bytes, config.layers * stored * 2 * config.kv_width() * number) << "step " << step;
    EXPECT_EQ(evictions, step >= 8 ? config.layers : 0) << "step " << step;
  }
}

TEST_F(TakenApart, RunsThatStepApartHaveOperationsOfTheirOwn) {
  core::SplitMix64 random(5);
  const RunOptions options = options_of(random);
  const auto products_of_last = [&](std::size_t place) {
    return std::ranges::count(group_.slots()[place].trail.steps().back()->spans,
                              Operation::vocabulary, &OperationSpan::operation);
  };
  const auto begin_of_last = [&](std::size_t place) {
    return group_.slots()[place].trail.steps().back()->begin_ns;
  };
  group_.trace_steps(true);
  group_.begin({options, options});
  for (int step = 0; step < 12; ++step) group_.step();
  EXPECT_EQ(begin_of_last(0), begin_of_last(1)) << "one pass of both";
  group_.step_apart(true);
  group_.step();
  EXPECT_NE(begin_of_last(0), begin_of_last(1));
  EXPECT_EQ(products_of_last(0), 1);
  EXPECT_EQ(products_of_last(1), 1);
}

}  // namespace
}  // namespace sketchscope::run
