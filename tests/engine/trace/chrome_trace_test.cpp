#include "engine/trace/chrome_trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

namespace sketchscope::trace {
namespace {

using Json = nlohmann::json;

StepTrace a_step(std::int64_t step) {
  StepTrace trace{.step = step, .threads = 2, .begin_ns = 1'000'000 * step, .duration_ns = 900'000};
  trace.spans.push_back({.operation = Operation::up_projection,
                         .place = {.layer = 4},
                         .begin_ns = 1000,
                         .end_ns = 201'000,
                         .work = {.bytes = 2'000'000, .multiply_adds = 500}});
  trace.spans.push_back({.operation = Operation::evict,
                         .place = {.layer = 5, .row = 1},
                         .begin_ns = 300'000,
                         .end_ns = 310'000});
  trace.busy.push_back({.operation = Operation::up_projection,
                        .layer = 4,
                        .thread = 1,
                        .begin_ns = 2000,
                        .end_ns = 102'000});
  return trace;
}

Json written(const std::function<void(ChromeTraceWriter&)>& add, const MachineSpeed& machine) {
  std::ostringstream text;
  ChromeTraceWriter writer(text, machine);
  add(writer);
  writer.finish("{\"policy\": \"sketch\"}");
  return Json::parse(text.str());
}

const Json& event_named(const Json& trace, std::string_view name, std::string_view category) {
  for (const Json& event : trace.at("traceEvents")) {
    if (event.at("name") == name && event.value("cat", "") == category) return event;
  }
  throw std::runtime_error("no event " + std::string(name));
}

TEST(ChromeTrace, GivesTheGpuALineWithoutSharesOfABoundThatNobodyMeasured) {
  StepTrace step = a_step(1);
  step.spans.push_back({.operation = Operation::device_send,
                        .begin_ns = 400'000,
                        .end_ns = 410'000,
                        .work = {.bytes = 64}});
  step.on_device.push_back({.operation = Operation::qkv,
                            .place = {.layer = 1},
                            .begin_ns = 500'000,
                            .end_ns = 600'000,
                            .work = {.bytes = 4'096, .multiply_adds = 8}});
  const Json trace = written(
      [&](ChromeTraceWriter& writer) {
        writer.add(step, "A", "step 1");
        writer.add(step, "A", "step 2");
      },
      {.read_gb_per_s = 20, .gflop_per_s = 60});
  const Json& on_device = event_named(trace, "query, key, value", "operation");
  EXPECT_EQ(on_device.at("args").at("bytes"), 4'096);
  EXPECT_EQ(on_device.at("args").at("layer"), 1);
  EXPECT_FALSE(on_device.at("args").contains("share_of_bound"));
  EXPECT_FALSE(
      event_named(trace, "send to the GPU", "operation").at("args").contains("share_of_bound"));
  std::vector<int> named_gpu;
  for (const Json& event : trace.at("traceEvents")) {
    if (event.at("ph") == "M" && event.at("args").at("name") == "GPU")
      named_gpu.push_back(event.at("tid"));
  }
  EXPECT_EQ(named_gpu, std::vector<int>{on_device.at("tid").get<int>()}) << "named once";
}

TEST(ChromeTrace, HasTheFieldsThatItsReadersAskFor) {
  const Json trace = written(
      [](ChromeTraceWriter& writer) {
        writer.add(a_step(1), "A", "step 1");
        writer.add(a_step(2), "B", "step 2 \"quoted\"");
        writer.add(a_step(3), "A", "step 3");
      },
      {.cpu = "a processor", .read_gb_per_s = 20, .gflop_per_s = 60});
  ASSERT_TRUE(trace.is_object());
  EXPECT_EQ(trace.at("displayTimeUnit"), "ms");
  std::set<std::pair<int, int>> named_threads;
  std::map<int, std::string> named_processes;
  for (const Json& event : trace.at("traceEvents")) {
    EXPECT_TRUE(event.at("name").is_string() && event.at("pid").is_number_integer() &&
                event.at("tid").is_number_integer() && event.at("args").is_object())
        << event;
    if (event.at("ph") == "M") {
      const std::string what = event.at("name");
      if (what == "process_name") named_processes[event.at("pid")] = event.at("args").at("name");
      if (what == "thread_name") named_threads.emplace(event.at("pid"), event.at("tid"));
      continue;
    }
    EXPECT_EQ(event.at("ph"), "X") << "a complete event";
    EXPECT_GE(event.at("dur").get<double>(), 0);
    EXPECT_TRUE(named_processes.contains(event.at("pid"))) << "named before its first event";
    EXPECT_TRUE(named_threads.contains({event.at("pid"), event.at("tid")})) << event;
  }
  EXPECT_EQ(named_processes, (std::map<int, std::string>{{1, "A"}, {2, "B"}}));
  EXPECT_EQ(named_threads.size(), 4U) << "two threads of two runs, each named once";
}

TEST(ChromeTrace, SaysOfAnOperationWhereItRanAndHowFarItIsFromItsBound) {
  const Json trace =
      written([](ChromeTraceWriter& writer) { writer.add(a_step(2), "A", "step 2"); },
              {.read_gb_per_s = 20, .gflop_per_s = 60});
  const Json& product = event_named(trace, "up projection", "operation");
  EXPECT_EQ(product.at("ts"), 2001.0);
  EXPECT_EQ(product.at("dur"), 200.0);
  EXPECT_EQ(product.at("tid"), 0);
  EXPECT_EQ(product.at("args").at("layer"), 4);
  EXPECT_EQ(product.at("args").at("bytes"), 2'000'000);
  EXPECT_EQ(product.at("args").at("bound"), "memory");
  EXPECT_DOUBLE_EQ(product.at("args").at("share_of_bound"), 0.5) << "0.1 of 0.2 ms";
  const Json& evict = event_named(trace, "evict", "operation");
  EXPECT_EQ(evict.at("args").at("row"), 1);
  EXPECT_FALSE(evict.at("args").contains("share_of_bound"));
  const Json& helper = event_named(trace, "up projection", "helper");
  EXPECT_EQ(helper.at("tid"), 1);
  EXPECT_EQ(helper.at("dur"), 100.0);
  EXPECT_EQ(helper.at("args").at("layer"), 4);
}

TEST(ChromeTrace, WritesNoShareOfABoundThatNobodyMeasured) {
  const Json trace = written(
      [](ChromeTraceWriter& writer) { writer.add(a_step(0), "A", "step 0"); }, MachineSpeed());
  EXPECT_FALSE(event_named(trace, "up projection", "operation").at("args").contains("bound"));
}

TEST(ChromeTrace, IsWholeWithoutASingleStep) {
  const Json trace = written([](ChromeTraceWriter&) {}, MachineSpeed());
  EXPECT_TRUE(trace.at("traceEvents").empty());
  EXPECT_EQ(trace.at("otherData").at("about"), "{\"policy\": \"sketch\"}");
}

}  // namespace
}  // namespace sketchscope::trace
