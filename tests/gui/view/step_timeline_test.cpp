#include "gui/view/step_timeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "gui/view/trace_file.hpp"
#include "tests/support/invented_trace.hpp"

namespace sketchscope::view {
namespace {

using test::invented_trace;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using trace::Operation;

trace::StepTracePointer pointer_to(trace::StepTrace step) {
  return std::make_shared<const trace::StepTrace>(std::move(step));
}

TEST(TimelineLines, HaveTheLayersThenTheStepThenEveryHelper) {
  const trace::StepTrace step = invented_trace(3, {.layers = 4, .threads = 3});
  const auto lines = timeline_lines(step);
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_EQ(lines[0].name, "layer");
  EXPECT_EQ(lines[1].name, "step");
  EXPECT_EQ(lines[3].name, "helper 2");
  ASSERT_THAT(lines[0].bars, SizeIs(4));
  for (int layer = 0; layer < 4; ++layer) {
    const TimelineBar& bar = lines[0].bars[static_cast<std::size_t>(layer)];
    EXPECT_EQ(bar_name(bar), "layer " + std::to_string(layer));
    for (const TimelineBar& operation : lines[1].bars) {
      if (operation.layer != layer) continue;
      EXPECT_GE(operation.begin_ms, bar.begin_ms);
      EXPECT_LE(operation.end_ms, bar.end_ms);
    }
  }
  EXPECT_THAT(lines[1].bars, SizeIs(step.spans.size()));
  double end = 0;
  for (const TimelineBar& bar : lines[1].bars) {
    if (bar.nested) continue;
    EXPECT_GE(bar.begin_ms, end) << bar_name(bar) << " lies on the one before";
    end = bar.end_ms;
  }
  EXPECT_FALSE(lines[3].bars.empty());
  for (const TimelineBar& bar : lines[3].bars) EXPECT_EQ(bar.work, trace::Work());
}

/// A step on a GPU, which an invented device ran.
trace::StepTrace step_on_device() {
  constexpr std::int64_t kMs = 1'000'000;
  trace::StepTrace step{.step = 1, .threads = 1, .duration_ns = 10 * kMs};
  step.spans = {{.operation = Operation::device_send, .end_ns = kMs, .work = {.bytes = 4096}},
                {.operation = Operation::device_pass, .begin_ns = kMs, .end_ns = 9 * kMs},
                {.operation = Operation::update, .begin_ns = 9 * kMs, .end_ns = 10 * kMs}};
  for (int layer = 0; layer < 2; ++layer) {
    const std::int64_t begin = (2 + 3 * layer) * kMs;
    step.on_device.push_back({.operation = Operation::qkv,
                              .place = {.layer = layer},
                              .begin_ns = begin,
                              .end_ns = begin + kMs,
                              .work = {.bytes = 1000, .multiply_adds = 9}});
    step.on_device.push_back({.operation = Operation::attention,
                              .place = {.layer = layer},
                              .begin_ns = begin + kMs,
                              .end_ns = begin + 3 * kMs});
  }
  return step;
}

TEST(TimelineLines, OfAStepOnAGpuHaveItsOperationsAndLayersThere) {
  const auto lines = timeline_lines(step_on_device());
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines.back().name, "GPU");
  ASSERT_THAT(lines.back().bars, SizeIs(4));
  for (const TimelineBar& bar : lines.back().bars) EXPECT_FALSE(bar.bounded) << bar_name(bar);
  EXPECT_FALSE(lines[1].bars.front().bounded) << "the link's rate was not measured";
  ASSERT_THAT(lines[0].bars, SizeIs(2));
  EXPECT_EQ(lines[0].bars[1].begin_ms, 5);
  EXPECT_EQ(lines[0].bars[1].end_ms, 8);
}

TEST(OperationTable, ListsWhatAGpuRanUnderItsPassAndCountsTheStepOnce) {
  const trace::MachineSpeed machine{.read_gb_per_s = 20, .gflop_per_s = 100};
  const std::vector<trace::StepTracePointer> steps = {pointer_to(step_on_device())};
  const OperationTable table = operation_table(steps, steps, &machine);
  std::vector<std::string> names;
  for (const OperationRow& row : table.rows) {
    names.emplace_back(trace::kind_of(row.mean.operation).name);
    EXPECT_EQ(row.on_device, row.within() == Operation::device_pass) << names.back();
    EXPECT_FALSE(row.bound_share) << names.back();
    EXPECT_EQ(row.other_ms, row.mean.ms) << names.back();
  }
  EXPECT_THAT(names, ElementsAre("pass on the GPU", "attention", "query, key, value", "update",
                                 "send to the GPU"));
  double sum = 0;
  for (const double ms : ms_by_part(table)) sum += ms;
  EXPECT_DOUBLE_EQ(sum, 10);
  EXPECT_EQ(operation_data(table).rows[1][1], "pass on the GPU");
}

TEST(MatchesSearch, AsksForEveryWordInTheNameOrTheLayer) {
  const TimelineBar bar{.operation = Operation::attention_output, .layer = 3};
  for (const char* found : {"", "att", "OUTPUT", "attention output", "L3", "l3 out"})
    EXPECT_TRUE(matches_search(bar, found)) << found;
  for (const char* missed : {"norm", "L1", "L33", "attention L4"})
    EXPECT_FALSE(matches_search(bar, missed)) << missed;
}

TEST(TracesIn, AreThoseOfTheStepsInTheRange) {
  std::vector<trace::StepTracePointer> traces;
  for (const std::int64_t step : {4, 5, 6, 9}) traces.push_back(pointer_to({.step = step}));
  EXPECT_EQ(trace_of_step(traces, 6), traces[2].get());
  EXPECT_EQ(trace_of_step(traces, 7), nullptr);
  EXPECT_EQ(trace_of_step(traces, 10), nullptr);
  EXPECT_THAT(traces_in(traces, {.first = 5, .last = 6.4}), ElementsAre(traces[1], traces[2]));
  EXPECT_THAT(traces_in(traces, {.first = 7, .last = 8}), IsEmpty());
}

class OperationTables : public ::testing::Test {
 protected:
  const trace::MachineSpeed machine_{.read_gb_per_s = 20, .gflop_per_s = 100};
  const std::vector<trace::StepTracePointer> own_ = {pointer_to(invented_trace(1)),
                                                     pointer_to(invented_trace(2))};
  const std::vector<trace::StepTracePointer> other_ = {
      pointer_to(invented_trace(1, {.evicts = false}))};
};

TEST_F(OperationTables, ListTheLongestFirstAndPartsUnderTheirWhole) {
  const OperationTable table = operation_table(own_, other_, &machine_);
  EXPECT_EQ(table.own.steps, 2);
  double before = table.own.ms;
  std::optional<Operation> whole;
  double shares = 0;
  for (const OperationRow& row : table.rows) {
    const trace::OperationKind& kind = trace::kind_of(row.mean.operation);
    if (kind.within) {
      EXPECT_EQ(kind.within, whole) << kind.name;
      continue;
    }
    whole = row.mean.operation;
    EXPECT_LE(row.mean.ms, before) << kind.name;
    before = row.mean.ms;
    shares += row.share;
  }
  EXPECT_NEAR(shares + table.own.other_ms / table.own.ms, 1, 1e-9);
}

TEST_F(OperationTables, RelateEachOperationToItsBoundAndToTheOtherRun) {
  const OperationTable table = operation_table(own_, other_, &machine_);
  for (const OperationRow& row : table.rows) {
    const trace::OperationKind& kind = trace::kind_of(row.mean.operation);
    EXPECT_EQ(row.bound_share.has_value(), kind.limit != trace::Limit::none) << kind.name;
    const bool in_other =
        row.mean.operation != Operation::choose_victim && row.mean.operation != Operation::evict;
    EXPECT_EQ(row.other_ms.has_value(), in_other) << kind.name;
    if (!row.bound_share) continue;
    const double memory_ms = row.mean.bytes / 20e6;
    const double arithmetic_ms = 2 * row.mean.multiply_adds / 100e6;
    EXPECT_NEAR(*row.bound_share, std::max(memory_ms, arithmetic_ms) / row.mean.ms, 1e-3);
    EXPECT_EQ(row.bound_by_memory, memory_ms >= arithmetic_ms) << kind.name;
  }
}

TEST_F(OperationTables, KnowNoBoundOfAMachineThatNobodyMeasured) {
  for (const OperationRow& row : operation_table(own_, {}, nullptr).rows)
    EXPECT_FALSE(row.bound_share || row.bound_by_memory || row.other_ms);
}

TEST_F(OperationTables, SumUpByThePartsOfTheTimes) {
  const OperationTable table = operation_table(own_, {}, nullptr);
  const auto ms = ms_by_part(table);
  const auto of = [&](trace::Part part) {
    double sum = 0;
    for (const auto& step : own_) {
      for (const trace::OperationSpan& span : step->spans) {
        const trace::OperationKind& kind = trace::kind_of(span.operation);
        if (kind.part == part && !kind.within) sum += trace::milliseconds(span.duration_ns());
      }
    }
    return sum / static_cast<double>(own_.size());
  };
  for (std::size_t part = 0; part < ms.size(); ++part)
    EXPECT_NEAR(ms[part], of(kStepParts[part].part), 1e-9) << kStepParts[part].name;
}

TEST_F(OperationTables, GiveOneRowAnOperationToACsvFile) {
  const OperationTable table = operation_table(own_, other_, &machine_);
  const DataTable data = operation_data(table);
  EXPECT_THAT(data.rows, SizeIs(table.rows.size()));
  for (const auto& row : data.rows) EXPECT_THAT(row, SizeIs(data.columns.size()));
  EXPECT_THAT(operation_data(operation_table(std::vector<trace::StepTracePointer>(), {}, &machine_))
                  .columns,
              IsEmpty());
}

TEST(TraceFile, HoldsTheStepsOfBothRunsAndASharedPassOnce) {
  run::LiveState state;
  auto other = std::make_shared<run::LiveState>();
  state.step_traces = {pointer_to(invented_trace(1, {.begin_ns = 10})),
                       pointer_to(invented_trace(2, {.begin_ns = 20}))};
  other->step_traces = {state.step_traces[0], pointer_to(invented_trace(2, {.begin_ns = 30}))};
  other->place = 1;
  state.others = {other};
  std::ostringstream text;
  write_trace(text, state, "seen here");
  const auto json = nlohmann::json::parse(text.str());
  std::multiset<std::string> steps;
  std::map<int, std::string> runs;
  for (const auto& event : json.at("traceEvents")) {
    if (event.at("name") == "process_name")
      runs[event.at("pid")] = event.at("args").at("name").get<std::string>();
    if (event.value("cat", "") == "step")
      steps.insert(runs.at(event.at("pid")) + ", " + event.at("name").get<std::string>());
  }
  EXPECT_THAT(steps, ElementsAre("A and B, step 1", "A, step 2", "B, step 2"));
  EXPECT_EQ(json.at("otherData").at("about"), "seen here");
}

}  // namespace
}  // namespace sketchscope::view
