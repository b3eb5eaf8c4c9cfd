#include "tests/support/named_weights.hpp"

#include <functional>
#include <memory>
#include <numeric>

#include "engine/core/random.hpp"
#include "engine/model/families/family.hpp"

namespace sketchscope::support {
namespace {

/// FNV-1a of 64 bits.
std::uint64_t name_hash(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char letter : text) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3ULL;
  }
  return hash;
}

std::vector<float> weights_of(const model::TensorName& tensor, std::string_view seed) {
  const auto count = std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::int64_t{1},
                                     std::multiplies<>{});
  const bool matrix = tensor.shape.size() > 1;
  const float mean = !matrix && tensor.name.ends_with(".weight") ? 1.0F : 0.0F;
  const float spread = matrix ? 1.0F / 16 : 1.0F / 64;
  core::SplitMix64 random(name_hash(std::string(seed) + "/" + tensor.name));
  std::vector<float> weights(static_cast<std::size_t>(count));
  for (float& weight : weights) {
    const int odd = 2 * static_cast<int>(random.next() >> 60) - 15;
    weight = mean + spread * static_cast<float>(odd);
  }
  return weights;
}

}  // namespace

checkpoint::Checkpoint named_weights(const model::ModelConfig& config, std::string_view seed) {
  checkpoint::Checkpoint checkpoint;
  checkpoint.source = "named weights";
  for (const model::TensorName& tensor : model::tensors_of(model::weight_names(config))) {
    auto weights = std::make_shared<std::vector<float>>(weights_of(tensor, seed));
    checkpoint.tensors[tensor.name] = {checkpoint::CheckpointTensor::Type::f32, "F32", tensor.shape,
                                       std::as_bytes(std::span<const float>(*weights))};
    checkpoint.owners.push_back(std::move(weights));
  }
  return checkpoint;
}

}  // namespace sketchscope::support
