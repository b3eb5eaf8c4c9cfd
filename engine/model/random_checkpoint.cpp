#include "engine/model/random_checkpoint.hpp"

#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope {
namespace {

/// Fills a checkpoint with named tensors of uniform numbers around a mean.
class TensorFactory {
 public:
  explicit TensorFactory(std::uint64_t seed) : random_(seed) {}

  void add(const std::string& name, std::vector<std::int64_t> shape, float mean, float spread) {
    const auto count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1},
                                       [](auto a, auto b) { return a * b; });
    auto values = std::make_shared<std::vector<float>>(static_cast<std::size_t>(count));
    for (float& value : *values) {
      value = mean + spread * static_cast<float>(2.0 * random_.uniform() - 1.0);
    }
    checkpoint_.tensors[name] = {CheckpointTensor::Type::f32, "F32", std::move(shape),
                                 std::as_bytes(std::span<const float>(*values))};
    checkpoint_.owners.push_back(std::move(values));
  }

  void add_norm(const std::string& name, std::int64_t width) {
    add(name + ".weight", {width}, 1.0F, 0.2F);
    add(name + ".bias", {width}, 0.0F, 0.1F);
  }

  void add_linear(const std::string& name, std::int64_t inputs, std::int64_t outputs,
                  float spread) {
    add(name + ".weight", {inputs, outputs}, 0.0F, spread);
    add(name + ".bias", {outputs}, 0.0F, 0.1F);
  }

  Checkpoint take() && {
    checkpoint_.source = "random weights";
    return std::move(checkpoint_);
  }

 private:
  SplitMix64 random_;
  Checkpoint checkpoint_;
};

}  // namespace

Checkpoint random_checkpoint(const ModelConfig& config, std::uint64_t seed) {
  const std::int64_t width = config.width;
  const std::int64_t inner = config.inner_width;
  const float spread = 2.0F / std::sqrt(static_cast<float>(width));
  TensorFactory factory(seed);
  factory.add("wte.weight", {config.vocabulary, width}, 0.0F, 1.0F);
  factory.add("wpe.weight", {config.positions, width}, 0.0F, 0.5F);
  for (int layer = 0; layer < config.layers; ++layer) {
    const std::string prefix = "h." + std::to_string(layer) + ".";
    factory.add_norm(prefix + "ln_1", width);
    factory.add_linear(prefix + "attn.c_attn", width, 3 * width, spread);
    factory.add_linear(prefix + "attn.c_proj", width, width, spread);
    factory.add_norm(prefix + "ln_2", width);
    factory.add_linear(prefix + "mlp.c_fc", width, inner, spread);
    factory.add_linear(prefix + "mlp.c_proj", inner, width, spread);
  }
  factory.add_norm("ln_f", width);
  if (!config.tied_head) {
    factory.add("lm_head.weight", {config.vocabulary, width}, 0.0F, spread);
  }
  return std::move(factory).take();
}

}  // namespace sketchscope
