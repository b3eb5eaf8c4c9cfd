#include "engine/bench/crossover_bench.hpp"

#include <cstddef>
#include <cstring>
#include <string>

#include "engine/core/random.hpp"
#include "engine/core/timing.hpp"
#include "engine/model/model_weights.hpp"
#include "kernels/number_format.hpp"

namespace sketchscope {
namespace {

constexpr int kInputs = 768;
constexpr int kOutputs = 3072;
// Enough layers that each has left the processor's caches before its next use, as in a model.
constexpr int kLayers = 12;

void write_weight(WeightType type, float value, std::byte* place) {
  const auto put = [place](const auto& number) { std::memcpy(place, &number, sizeof number); };
  switch (type) {
    case WeightType::f32:
      return put(value);
    case WeightType::f16:
      return put(f16_from_float(value));
    case WeightType::bf16:
      return put(bf16_from_float(value));
    case WeightType::int8:
      return put(static_cast<std::int8_t>(254 * value));
  }
}

/// Layers of random weights that are used in rotation.
class LayerRing {
 public:
  explicit LayerRing(WeightType type) : type_(type), scales_(kOutputs, 1.0F / 254) {
    SplitMix64 random(1);
    const std::size_t bytes = element_bytes(type);
    for (std::vector<std::byte>& layer : weights_) {
      layer.resize(std::size_t{kInputs} * kOutputs * bytes);
      for (std::size_t at = 0; at < layer.size(); at += bytes) {
        write_weight(type, static_cast<float>(random.uniform() - 0.5), &layer[at]);
      }
    }
  }

  Linear next() {
    next_ = (next_ + 1) % weights_.size();
    return {.weight = weights_[next_].data(),
            .type = type_,
            .scale = type_ == WeightType::int8 ? scales_.data() : nullptr,
            .inputs = kInputs,
            .outputs = kOutputs};
  }

 private:
  WeightType type_;
  std::vector<float> scales_;
  std::vector<std::vector<std::byte>> weights_{kLayers};
  std::size_t next_ = 0;
};

BenchRow row_of(WeightType type, int tokens, const char* by) {
  return {
      .what = "prompt's linear layer",
      .lanes = 1,
      .dtype = name_of(type),
      .context = tokens,
      .policy = by,
      .bytes = static_cast<double>(kInputs) * kOutputs * static_cast<double>(element_bytes(type)),
      .operations = 2.0 * kInputs * kOutputs * tokens};
}

}  // namespace

std::vector<BenchRow> bench_crossover(const CrossoverOptions& options, MachineProbe& machine,
                                      const std::stop_token& stop) {
  ThreadPool pool(options.threads);
  LayerRing layers(options.type);
  std::vector<BenchRow> rows;
  for (const int tokens : options.tokens) {
    rows.push_back(row_of(options.type, tokens, "own kernels"));
    rows.push_back(row_of(options.type, tokens, "library"));
  }
  const auto time = [&](BenchRow& row, const auto& multiply) {
    const auto tokens = static_cast<std::size_t>(row.context);
    const std::vector<float> input(tokens * kInputs, 0.5F);
    std::vector<float> output(tokens * kOutputs);
    const Linear layer = layers.next();
    const Stopwatch watch;
    multiply(layer, input, row.context, output);
    row.times.add(watch.elapsed_ms());
  };
  for (int round = 0; round < options.rounds && (round == 0 || !stop.stop_requested()); ++round) {
    machine.measure();
    for (std::size_t at = 0; at < rows.size(); at += 2) {
      time(rows[at], [&](auto&&... arguments) { linear(pool, arguments...); });
      time(rows[at + 1], [&](auto&&... arguments) { options.gemm.multiply(arguments...); });
    }
  }
  return rows;
}

}  // namespace sketchscope
