#include "engine/model/random_checkpoint.hpp"

#include <cmath>
#include <functional>
#include <memory>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/model/families/family.hpp"

namespace sketchscope::model {
namespace {

/// Fills a checkpoint with named tensors of uniform numbers around a mean.
class TensorFactory {
 public:
  explicit TensorFactory(std::uint64_t seed) : random_(seed) {}

  void add(const TensorName& tensor, float mean, float spread) {
    const auto count = std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::int64_t{1},
                                       std::multiplies<>{});
    auto values = std::make_shared<std::vector<float>>(static_cast<std::size_t>(count));
    for (float& value : *values) {
      value = mean + spread * static_cast<float>(2.0 * random_.uniform() - 1.0);
    }
    checkpoint_.tensors[tensor.name] = {checkpoint::CheckpointTensor::Type::f32, "F32",
                                        tensor.shape,
                                        std::as_bytes(std::span<const float>(*values))};
    checkpoint_.owners.push_back(std::move(values));
  }

  void add(const NormName& norm) {
    const std::vector<TensorName> tensors = tensors_of(norm);
    add(tensors.front(), 1.0F, 0.2F);
    if (tensors.size() > 1) add(tensors.back(), 0.0F, 0.1F);
  }

  void add(const MatrixName& matrix, float spread) {
    for (const TensorName& tensor : tensors_of(matrix)) {
      add(tensor, 0.0F, tensor.shape.size() > 1 ? spread : 0.1F);
    }
  }

  void add(const TableName& table) { add(tensors_of(table).front(), 0.0F, 0.5F); }

  checkpoint::Checkpoint take() && {
    checkpoint_.source = "random weights";
    return std::move(checkpoint_);
  }

 private:
  core::SplitMix64 random_;
  checkpoint::Checkpoint checkpoint_;
};

}  // namespace

checkpoint::Checkpoint random_checkpoint(const ModelConfig& config, std::uint64_t seed) {
  const float spread = 2.0F / std::sqrt(static_cast<float>(config.width));
  const WeightNames names = weight_names(config);
  TensorFactory factory(seed);
  for_each_part(names, [&](const auto& part) {
    if constexpr (std::is_same_v<decltype(part), const MatrixName&>) {
      factory.add(part, &part == &names.tokens ? 1.0F : spread);
    } else {
      factory.add(part);
    }
  });
  return std::move(factory).take();
}

}  // namespace sketchscope::model
