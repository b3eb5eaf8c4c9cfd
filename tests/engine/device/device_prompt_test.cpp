// Prompts on the GPU against prompts on the processor.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/decode/device_prompt.hpp"
#include "engine/decode/session.hpp"
#include "tests/engine/device/both_devices.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;

std::vector<int> prompt_of(int count, int vocabulary) {
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back((i * 23 + 5) % vocabulary);
  return tokens;
}

using BothDevicesWithPrompts = BothDevices;

TEST_F(BothDevicesWithPrompts, DecideAndAnswerAlikeUnderRandomKnobs) {
  core::SplitMix64 random(23);
  const auto on_cpu = tiny_model(core::Device::cpu);
  const auto on_gpu = tiny_model(core::Device::cuda);
  for (int round = 0; round < 10; ++round) {
    settings::Knobs knobs = random_device_knobs(random);
    SCOPED_TRACE(describe(knobs));
    const std::vector<int> prompt = prompt_of(2 + static_cast<int>(random.below(40)), 260);
    decode::Session cpu(on_cpu, 1), gpu(on_gpu, 1);
    const decode::LaneId lane = cpu.add_lane({.knobs = knobs, .audit = true});
    (void)gpu.add_lane({.knobs = knobs, .audit = true});
    cpu.prefill(lane, prompt);
    gpu.prefill(lane, prompt);
    ASSERT_NO_FATAL_FAILURE(expect_alike(gpu.lane(lane), cpu.lane(lane)));
    for (int step = 0; step < 4; ++step) {
      step_both(cpu, gpu, lane, static_cast<int>(random.below(260)));
    }
    ASSERT_NO_FATAL_FAILURE(expect_alike(gpu.lane(lane), cpu.lane(lane)));
    EXPECT_EQ(gpu.lane(lane).take_evictions().size(), cpu.lane(lane).take_evictions().size());
  }
}

TEST_F(BothDevicesWithPrompts, RunHeadsThatShareRotatedKeysAndGatedLayersForSeveralLanes) {
  decode::Session cpu(tiny_qwen3(core::Device::cpu), 1), gpu(tiny_qwen3(core::Device::cuda), 1);
  const std::vector<int> prompt = prompt_of(45, 61);
  std::vector<decode::LaneId> lanes;
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    const settings::Knobs knobs{.policy = "heavy-hitter",
                                .max_cache_size = 12,
                                .sinks = 1,
                                .recent_window = 2,
                                .granularity = granularity};
    lanes.push_back(cpu.add_lane({.knobs = knobs, .audit = true}));
    (void)gpu.add_lane({.knobs = knobs, .audit = true});
  }
  cpu.prefill(lanes, prompt);
  gpu.prefill(lanes, prompt);
  for (const decode::LaneId lane : lanes) {
    ASSERT_NO_FATAL_FAILURE(expect_alike(gpu.lane(lane), cpu.lane(lane)));
  }
}

/// A lane of a model on the GPU, into which a prompt was put so many rows at a time.
class LaneWithPrompt {
 public:
  LaneWithPrompt(std::shared_ptr<const model::Model> model, std::span<const int> tokens,
                 int rows_at_once)
      : session_(model, 1) {
    decode::Lane& lane = session_.lane(session_.add_lane(
        {.knobs = {.policy = "heavy-hitter", .max_cache_size = 14, .recent_window = 3}}));
    decode::Lane* const lanes[] = {&lane};
    const kernels::cuda::Queue queue;
    decode::DevicePrompt prompt(model->config(), *model->on_device(), queue);
    decode::PromptWorkspace workspace;
    logits_.resize(static_cast<std::size_t>(model->config().vocabulary));
    prompt.run(
        {.lanes = lanes, .tokens = tokens, .rows_at_once = rows_at_once, .workspace = workspace},
        logits_);
    for (int layer = 0; layer < model->config().layers; ++layer) {
      const auto kept = lane.layer(layer).table(0).positions();
      positions_.insert(positions_.end(), kept.begin(), kept.end());
    }
    mass_ = workspace.mass;
  }

  friend bool operator==(const LaneWithPrompt& a, const LaneWithPrompt& b) {
    return a.logits_ == b.logits_ && a.positions_ == b.positions_ && a.mass_ == b.mass_;
  }

 private:
  decode::Session session_;
  std::vector<float> logits_;
  std::vector<int> positions_;  // kept in each layer
  std::vector<float> mass_;     // of the last layer
};

TEST_F(BothDevicesWithPrompts, GiveTheSameBitsHoweverManyRowsAGpuTakesAtOnce) {
  for (const auto& model : {tiny_model(core::Device::cuda), tiny_qwen3(core::Device::cuda)}) {
    const std::vector<int> tokens = prompt_of(50, 61);
    const LaneWithPrompt whole(model, tokens, 2048);
    for (const int rows : {1, 7, 33, 50}) {
      EXPECT_TRUE(LaneWithPrompt(model, tokens, rows) == whole) << rows << " rows at once";
    }
    EXPECT_FALSE(LaneWithPrompt(model, prompt_of(51, 61), 2048) == whole);
  }
}

TEST_F(BothDevicesWithPrompts, TellWhenEachOperationOfAPromptRanOnTheGpu) {
  const auto on_gpu = tiny_model(core::Device::cuda);
  decode::Session plain(on_gpu, 1), timed(on_gpu, 1);
  trace::Recorder recorder(1);
  timed.trace_to(&recorder);
  const std::vector<int> prompt = prompt_of(21, 260);
  plain.prefill(plain.add_lane({}), prompt);
  timed.prefill(timed.add_lane({}), prompt);
  EXPECT_TRUE(std::ranges::equal(plain.lane(0).logits(), timed.lane(0).logits()));
  const trace::StepTrace trace = recorder.take(0);
  std::map<trace::Operation, int> calls;
  std::int64_t end = 0;
  for (const trace::OperationSpan& span : trace.on_device) {
    EXPECT_GE(span.begin_ns, end) << "one after the other";
    EXPECT_GE(span.end_ns, span.begin_ns);
    end = span.end_ns;
    ++calls[span.operation];
  }
  EXPECT_EQ(calls[trace::Operation::embed], 1);
  EXPECT_EQ(calls[trace::Operation::vocabulary], 1);
  for (const trace::Operation each :
       {trace::Operation::qkv, trace::Operation::attention, trace::Operation::down_projection}) {
    EXPECT_EQ(calls[each], on_gpu->config().layers) << trace::kind_of(each).name;
  }
  std::map<trace::Operation, int> on_processor;
  for (const trace::OperationSpan& span : trace.spans) ++on_processor[span.operation];
  EXPECT_EQ(on_processor[trace::Operation::store], on_gpu->config().layers);
  EXPECT_EQ(on_processor[trace::Operation::qkv], 0);
  EXPECT_EQ(on_processor[trace::Operation::device_fetch], on_gpu->config().layers + 1);
}

TEST_F(BothDevicesWithPrompts, RefuseWhatAStepOnTheGpuWouldRefuse) {
  decode::Session gpu(tiny_qwen3(core::Device::cuda), 1);
  const decode::LaneId lane =
      gpu.add_lane({.knobs = {.policy = "sketch", .positions = settings::Positions::cache}});
  const std::vector<int> prompt = prompt_of(9, 61);
  try {
    gpu.prefill(lane, prompt);
    FAIL() << "it was not refused";
  } catch (const core::UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("--positions original"));
  }
}

TEST_F(BothDevicesWithPrompts, RefuseATokenThatTheGpuWouldLookUpBesideTheVocabulary) {
  decode::Session gpu(tiny_model(core::Device::cuda), 1);
  const decode::LaneId lane = gpu.add_lane({});
  const std::vector<int> prompt = {1, 260, 2};
  EXPECT_THROW(gpu.prefill(lane, prompt), core::Error);
  const decode::LaneInput input{.lane = gpu.add_lane({}), .token = -1};
  EXPECT_THROW(gpu.step({&input, 1}), core::Error);
}

}  // namespace
}  // namespace sketchscope::support
