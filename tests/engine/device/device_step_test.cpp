// Steps on the GPU against steps on the processor, on whatever the program was linked with: the
// CUDA runtime, or the emulator of it.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/core/error.hpp"
#include "engine/decode/session.hpp"
#include "tests/engine/device/both_devices.hpp"

namespace sketchscope::support {
namespace {

using ::testing::HasSubstr;

TEST_F(BothDevices, DecideAndAnswerAlikeUnderRandomKnobs) {
  core::SplitMix64 random(11);
  const auto on_cpu = tiny_model(core::Device::cpu);
  const auto on_gpu = tiny_model(core::Device::cuda);
  for (int round = 0; round < 8; ++round) {
    const settings::Knobs knobs = random_device_knobs(random);
    SCOPED_TRACE(describe(knobs));
    decode::Session cpu(on_cpu, 1), gpu(on_gpu, 1);
    const decode::LaneId lane = cpu.add_lane({.knobs = knobs, .audit = true});
    ASSERT_EQ(gpu.add_lane({.knobs = knobs, .audit = true}), lane);
    for (int step = 0; step < 20; ++step) {
      step_both(cpu, gpu, lane, static_cast<int>(random.below(260)));
    }
    ASSERT_NO_FATAL_FAILURE(expect_alike(gpu.lane(lane), cpu.lane(lane)));
    EXPECT_EQ(gpu.lane(lane).take_evictions().size(), cpu.lane(lane).take_evictions().size());
  }
}

TEST_F(BothDevices, SelectTheSameSlotsWhereNoScoreFollowsFromTheIncomingKey) {
  const auto on_cpu = tiny_model(core::Device::cpu);
  const auto on_gpu = tiny_model(core::Device::cuda);
  core::SplitMix64 random(17);
  for (const std::string policy : {"window", "heavy-hitter", "sketch"}) {
    settings::Knobs knobs{.policy = policy, .max_cache_size = 14, .sinks = 1, .recent_window = 1};
    knobs.read = "topk";
    knobs.read_k = 4;
    SCOPED_TRACE(describe(knobs));
    decode::Session cpu(on_cpu, 1), gpu(on_gpu, 1);
    const decode::LaneId lane = cpu.add_lane({.knobs = knobs, .audit = true});
    (void)gpu.add_lane({.knobs = knobs, .audit = true});
    for (int step = 0; step < 24; ++step) {
      step_both(cpu, gpu, lane, static_cast<int>(random.below(260)));
      ASSERT_NO_FATAL_FAILURE(expect_alike(gpu.lane(lane), cpu.lane(lane)));
    }
  }
}

TEST_F(BothDevices, AuditWhatTheDeviceSelectedWhereScoresFollowFromKeys) {
  const auto on_gpu = tiny_model(core::Device::cuda);
  core::SplitMix64 random(18);
  for (const auto& [policy, key] : std::vector<std::pair<std::string, sketch::SketchKey>>{
           {"key-norm", sketch::SketchKey::position}, {"sketch", sketch::SketchKey::key_lsh}}) {
    settings::Knobs knobs{.policy = policy, .max_cache_size = 14, .sinks = 1, .recent_window = 1};
    knobs.sketch_key = key;
    knobs.lsh_bits = 4;
    knobs.read = "topk";
    knobs.read_k = 4;
    SCOPED_TRACE(describe(knobs));
    decode::Session gpu(on_gpu, 1);
    const decode::LaneId lane = gpu.add_lane({.knobs = knobs, .audit = true});
    for (int step = 0; step < 24; ++step) {
      const decode::LaneInput input{.lane = lane, .token = static_cast<int>(random.below(260))};
      gpu.step({&input, 1});
      for (const float logit : gpu.lane(lane).logits()) ASSERT_TRUE(std::isfinite(logit));
    }
  }
}

TEST_F(BothDevices, HoldTheSameWeightsInEveryType) {
  const std::vector<int> tokens = {7, 250, 3, 3, 99};
  for (const checkpoint::WeightDtype dtype :
       {checkpoint::WeightDtype::f32, checkpoint::WeightDtype::f16, checkpoint::WeightDtype::bf16,
        checkpoint::WeightDtype::int8}) {
    decode::Session cpu(tiny_model(core::Device::cpu, dtype), 1),
        gpu(tiny_model(core::Device::cuda, dtype), 1);
    const decode::LaneId lane = cpu.add_lane({});
    (void)gpu.add_lane({});
    for (const int token : tokens) step_both(cpu, gpu, lane, token);
    ASSERT_NO_FATAL_FAILURE(expect_alike(gpu.lane(lane), cpu.lane(lane)));
  }
}

TEST_F(BothDevices, TellWhenEachOperationOfTheGpuRanAndAnswerTheSameTimedOrNot) {
  const settings::Knobs knobs{.policy = "heavy-hitter", .max_cache_size = 8, .recent_window = 2};
  const auto on_gpu = tiny_model(core::Device::cuda);
  decode::Session plain(on_gpu, 1), timed(on_gpu, 1);
  trace::Recorder recorder(1);
  const decode::LaneId lane = plain.add_lane({.knobs = knobs});
  (void)timed.add_lane({.knobs = knobs});
  for (int step = 0; step < 12; ++step) {
    const decode::LaneInput input{.lane = lane, .token = 7 * step};
    const bool watched = step % 3 != 0;  // the recorder comes and goes
    timed.trace_to(watched ? &recorder : nullptr);
    plain.step({&input, 1});
    timed.step({&input, 1});
    ASSERT_TRUE(std::ranges::equal(plain.lane(lane).logits(), timed.lane(lane).logits()));
    const trace::StepTrace trace = recorder.take(step);
    ASSERT_EQ(trace.on_device.empty(), !watched);
    if (!watched) continue;
    const auto pass = std::ranges::find(trace.spans, trace::Operation::device_pass,
                                        &trace::OperationSpan::operation);
    ASSERT_NE(pass, trace.spans.end());
    std::map<trace::Operation, int> calls;
    std::int64_t end = pass->begin_ns;
    for (const trace::OperationSpan& span : trace.on_device) {
      EXPECT_GE(span.begin_ns, end) << "one after the other";
      EXPECT_GE(span.end_ns, span.begin_ns);
      end = span.end_ns;
      ++calls[span.operation];
    }
    EXPECT_EQ(calls[trace::Operation::embed], 1);
    EXPECT_EQ(calls[trace::Operation::vocabulary], 1);
    for (const trace::Operation each :
         {trace::Operation::qkv, trace::Operation::store, trace::Operation::attention,
          trace::Operation::up_projection, trace::Operation::down_projection}) {
      EXPECT_EQ(calls[each], on_gpu->config().layers) << trace::kind_of(each).name;
    }
    for (const trace::Operation copy :
         {trace::Operation::device_send, trace::Operation::device_fetch}) {
      const auto found = std::ranges::find_if(trace.spans, [&](const trace::OperationSpan& span) {
        return span.operation == copy && span.work.bytes > 0;
      });
      EXPECT_NE(found, trace.spans.end()) << trace::kind_of(copy).name;
    }
  }
}

TEST_F(BothDevices, RunHeadsThatShareRotatedKeysAndGatedLayers) {
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    const settings::Knobs knobs{.policy = "heavy-hitter",
                                .max_cache_size = 5,
                                .sinks = 1,
                                .recent_window = 2,
                                .granularity = granularity};
    decode::Session cpu(tiny_qwen3(core::Device::cpu), 1), gpu(tiny_qwen3(core::Device::cuda), 1);
    const decode::LaneId lane = cpu.add_lane({.knobs = knobs, .audit = true});
    const decode::LaneId other = cpu.add_lane({.knobs = knobs});
    (void)gpu.add_lane({.knobs = knobs, .audit = true});
    (void)gpu.add_lane({.knobs = knobs});
    for (int step = 0; step < 9; ++step) {
      const std::vector<decode::LaneInput> inputs = {{lane, step * 7 % 61},
                                                     {other, step * 11 % 61}};
      cpu.step(inputs);
      gpu.step(inputs);
      ASSERT_NO_FATAL_FAILURE(expect_alike(gpu.lane(lane), cpu.lane(lane)));
      ASSERT_NO_FATAL_FAILURE(expect_alike(gpu.lane(other), cpu.lane(other)));
    }
  }
}

// Pages change under the copies on the device: a prompt on the processor, forks that share pages,
// copies on write, cuts to a smaller capacity, another format, a lane put back.
TEST_F(BothDevices, StayAlikeWhenPagesChangeBehindTheDevice) {
  const std::vector<int> prompt = {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21};
  const settings::Knobs knobs{.policy = "heavy-hitter", .max_cache_size = 24, .recent_window = 4};
  decode::Session cpu(tiny_model(core::Device::cpu), 1), gpu(tiny_model(core::Device::cuda), 1);
  core::SplitMix64 random(5);
  const auto on_both = [&](const auto& work) {
    work(cpu);
    work(gpu);
  };
  const auto step_all = [&](std::vector<decode::LaneId> lanes, int steps) {
    for (int step = 0; step < steps; ++step) {
      std::vector<decode::LaneInput> inputs;
      for (const decode::LaneId lane : lanes) {
        inputs.push_back({.lane = lane, .token = static_cast<int>(random.below(260))});
      }
      on_both([&](decode::Session& session) { session.step(inputs); });
    }
  };
  const auto expect_all_alike = [&](std::vector<decode::LaneId> lanes) {
    for (const decode::LaneId lane : lanes) {
      ASSERT_NO_FATAL_FAILURE(expect_alike(gpu.lane(lane), cpu.lane(lane)));
    }
  };

  on_both([&](decode::Session& session) {
    session.prefill(session.add_lane({.knobs = knobs, .audit = true}), prompt);
  });
  step_all({0}, 3);
  on_both([](decode::Session& session) { (void)session.fork(0); });
  step_all({0, 1}, 9);
  expect_all_alike({0, 1});
  const decode::Lane cpu_earlier = cpu.lane(1), gpu_earlier = gpu.lane(1);
  on_both([&](decode::Session& session) {
    settings::Knobs tighter = knobs;
    tighter.max_cache_size = 9;
    (void)session.lane(0).apply(tighter);
    settings::Knobs coarser = knobs;
    coarser.kv = kernels::KvFormat::int8;
    (void)session.lane(1).apply(coarser);
  });
  step_all({1, 0}, 4);
  expect_all_alike({0, 1});
  cpu.restore(1, cpu_earlier);
  gpu.restore(1, gpu_earlier);
  step_all({1}, 3);
  expect_all_alike({0, 1});
}

TEST_F(BothDevices, ALaneOfTheDeviceGivesTheSameBitsAloneAndBesideOthers) {
  const auto model = tiny_model(core::Device::cuda);
  core::SplitMix64 random(3);
  decode::Session alone(model, 1), together(model, 1);
  const settings::Knobs knobs{.policy = "sketch", .max_cache_size = 8, .recent_window = 2};
  const decode::LaneId lane = alone.add_lane({.knobs = knobs});
  (void)together.add_lane({.knobs = knobs});
  std::vector<decode::LaneId> others;
  for (int i = 0; i < 9; ++i) {
    others.push_back(together.add_lane({.knobs = random_device_knobs(random)}));
  }
  for (int step = 0; step < 16; ++step) {
    std::vector<decode::LaneInput> inputs = {{.lane = lane, .token = step * 7}};
    alone.step(inputs);
    for (const decode::LaneId other : others) {
      inputs.push_back({.lane = other, .token = static_cast<int>(random.below(260))});
    }
    together.step(inputs);
    ASSERT_TRUE(std::ranges::equal(alone.lane(lane).logits(), together.lane(lane).logits()));
  }
}

TEST_F(BothDevices, RefuseASummaryOfEvictedPositionsOnTheGpu) {
  decode::Session gpu(tiny_model(core::Device::cuda), 1);
  const decode::LaneId lane = gpu.add_lane({.knobs = {.policy = "sketch", .read = "aggregate"}});
  const decode::LaneInput input{.lane = lane, .token = 1};
  try {
    gpu.step({&input, 1});
    FAIL() << "it was not refused";
  } catch (const core::UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("aggregate"));
    EXPECT_THAT(error.what(), HasSubstr("--device cpu"));
  }
}

}  // namespace
}  // namespace sketchscope::support
