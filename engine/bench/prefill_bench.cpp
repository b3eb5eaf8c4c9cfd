#include "engine/bench/prefill_bench.hpp"

#include <cstddef>
#include <cstring>
#include <stdexcept>

#include "engine/bench/decode_bench.hpp"
#include "engine/core/random.hpp"
#include "engine/core/timing.hpp"
#include "engine/model/model_weights.hpp"
#include "engine/schedule/feeding.hpp"
#include "kernels/number_format.hpp"

namespace sketchscope::bench {
namespace {

const settings::Knobs kFull{.policy = "full"};

BenchRow prefill_row(const PrefillBenchOptions& options, int tokens) {
  const model::ModelConfig& config = options.model->config();
  const double count = tokens;
  // Only the last token passes through the output head; token i attends to i + 1 keys and values.
  const double multiply_adds = count * (multiply_adds_per_row(config) -
                                        static_cast<double>(config.width) * config.vocabulary) +
                               static_cast<double>(config.width) * config.vocabulary +
                               config.layers * config.query_width() * count * (count + 1);
  return {.what = options.what,
          .lanes = 1,
          .dtype = options.model->dtype_name(),
          .context = tokens,
          .policy = kFull.policy.name(),
          .bytes = streamed_weight_bytes(*options.model),
          .operations = 2.0 * multiply_adds};
}

constexpr int kInputs = 768;
constexpr int kOutputs = 3072;
// With this many layers each has left the processor's caches before its next use, as in a model.
constexpr int kLayers = 12;

// Converts numbers from −0.5 to 0.5 to int8; a weight is multiplied by the reciprocal when used.
constexpr float kInt8PerUnit = 254;

// Writes a weight from −0.5 to 0.5 to `place` in a format.
void write_weight(kernels::WeightType type, float value, std::byte* place) {
  const auto put = [place](const auto& number) { std::memcpy(place, &number, sizeof number); };
  switch (type) {
    case kernels::WeightType::f32:
      return put(value);
    case kernels::WeightType::f16:
      return put(kernels::f16_from_float(value));
    case kernels::WeightType::bf16:
      return put(kernels::bf16_from_float(value));
    case kernels::WeightType::int8:
      return put(static_cast<std::int8_t>(kInt8PerUnit * value));
    case kernels::WeightType::q8_0:
    case kernels::WeightType::q4_0:
    case kernels::WeightType::q4_1:
      throw std::invalid_argument("write_weight: a type with blocks");
  }
}

/// Layers of random weights that are used in rotation.
class LayerRing {
 public:
  explicit LayerRing(kernels::WeightType type)
      : type_(type), scales_(kOutputs, 1.0F / kInt8PerUnit) {
    core::SplitMix64 random(1);
    const std::size_t bytes = kernels::element_bytes(type);
    for (std::vector<std::byte>& layer : weights_) {
      layer.resize(std::size_t{kInputs} * kOutputs * bytes);
      for (std::size_t at = 0; at < layer.size(); at += bytes) {
        write_weight(type, static_cast<float>(random.uniform() - 0.5), &layer[at]);
      }
    }
  }

  kernels::Linear next() {
    next_ = (next_ + 1) % weights_.size();
    return {.weight = weights_[next_].data(),
            .type = type_,
            .scale = type_ == kernels::WeightType::int8 ? scales_.data() : nullptr,
            .inputs = kInputs,
            .outputs = kOutputs};
  }

 private:
  kernels::WeightType type_;
  std::vector<float> scales_;
  std::vector<std::vector<std::byte>> weights_{kLayers};
  std::size_t next_ = 0;
};

// The column of policies names the implementation that is timed.
BenchRow crossover_row(kernels::WeightType type, int tokens, const char* implementation) {
  return {.what = "prompt's linear layer",
          .lanes = 1,
          .dtype = core::name_of(type),
          .context = tokens,
          .policy = implementation,
          .bytes = static_cast<double>(kInputs) * kOutputs *
                   static_cast<double>(kernels::element_bytes(type)),
          .operations = 2.0 * kInputs * kOutputs * tokens};
}

}  // namespace

std::vector<BenchRow> bench_prefill(const PrefillBenchOptions& options, MachineProbe& machine,
                                    const std::stop_token& stop) {
  decode::Session session(options.model, options.threads);
  session.trace_to(options.trace);
  const auto time_prompt = [&](int tokens) {
    const decode::LaneId lane = session.add_lane({.knobs = kFull});
    const std::vector<int> prompt(static_cast<std::size_t>(tokens), 1);
    const schedule::Feed all{.pair = {.lane = lane}, .tokens = prompt};
    const core::Stopwatch watch;
    schedule::feed(session, {&all, 1});
    const double elapsed_ms = watch.elapsed_ms();
    session.remove(lane);
    return elapsed_ms;
  };
  std::vector<BenchRow> rows;
  for (const int tokens : options.tokens) {
    if (stop.stop_requested()) return {};
    rows.push_back(prefill_row(options, tokens));
    // The first pass of a length may allocate buffers, so its time is not taken.
    time_prompt(tokens);
  }
  for (int round = 0; round < options.rounds && !stop.stop_requested(); ++round) {
    machine.measure();
    for (BenchRow& row : rows) {
      if (!stop.stop_requested()) row.times.add(time_prompt(row.context));
    }
  }
  std::erase_if(rows, [](const BenchRow& row) { return row.times.empty(); });
  return rows;
}

std::vector<BenchRow> bench_crossover(const CrossoverOptions& options, MachineProbe& machine,
                                      const std::stop_token& stop) {
  kernels::ThreadPool pool(options.threads);
  LayerRing layers(options.type);
  std::vector<BenchRow> rows;
  for (const int tokens : options.tokens) {
    rows.push_back(crossover_row(options.type, tokens, "own kernels"));
    rows.push_back(crossover_row(options.type, tokens, "library"));
  }
  const auto time = [&](BenchRow& row, const auto& multiply) {
    const auto tokens = static_cast<std::size_t>(row.context);
    const std::vector<float> input(tokens * kInputs, 0.5F);
    std::vector<float> output(tokens * kOutputs);
    const kernels::Linear layer = layers.next();
    const core::Stopwatch watch;
    multiply(layer, input, row.context, output);
    row.times.add(watch.elapsed_ms());
  };
  for (int round = 0; round < options.rounds && !stop.stop_requested(); ++round) {
    machine.measure();
    for (std::size_t at = 0; at < rows.size(); at += 2) {
      time(rows[at], [&](auto&&... arguments) { kernels::linear(pool, arguments...); });
      time(rows[at + 1], [&](auto&&... arguments) { options.gemm.multiply(arguments...); });
    }
  }
  std::erase_if(rows, [](const BenchRow& row) { return row.times.empty(); });
  return rows;
}

}  // namespace sketchscope::bench
