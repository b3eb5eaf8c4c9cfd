#include "engine/train/training_model.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>

#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"

namespace sketchscope {
namespace {

constexpr std::size_t kParametersPerBlock = 12;
constexpr std::size_t kBlocksBegin = 2;

std::vector<TensorName> declare(const TrainingShape& shape) {
  return tensors_of(weight_names({.family = ModelFamily::gpt2,
                                  .layers = shape.layers,
                                  .heads = shape.heads,
                                  .width = shape.width,
                                  .vocabulary = shape.vocabulary,
                                  .positions = shape.positions}));
}

std::int64_t elements(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  return count;
}

/// Returns the standard deviation of initial weights: 1/sqrt(C), less for the layers' output
/// projections as in GPT-2.
double deviation(const std::string& name, const TrainingShape& shape) {
  const double deviation = 1 / std::sqrt(shape.width);
  if (name.ends_with("c_proj.weight")) return deviation / std::sqrt(2.0 * shape.layers);
  return deviation;
}

void initialise(const std::string& name, at::Tensor tensor, const TrainingShape& shape,
                at::Generator& generator) {
  if (tensor.dim() == 2) {
    tensor.normal_(0, deviation(name, shape), generator);
  } else {
    tensor.fill_(name.ends_with("weight") ? 1 : 0);
  }
}

}  // namespace

TrainingModel::TrainingModel(const TrainingShape& shape) : shape_(shape) {}

TrainingModel::TrainingModel(const TrainingShape& shape, std::uint64_t seed) : shape_(shape) {
  std::int64_t total = 0;
  for (const auto& each : declare(shape)) total += elements(each.shape);
  values_ = at::zeros({total});
  decayed_ = at::zeros({total});
  lay_out();
  const c10::NoGradGuard no_gradient;
  auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
  std::int64_t offset = 0;
  for (const auto& [name, tensor] : parameters_) {
    initialise(name, tensor, shape, generator);
    if (tensor.dim() == 2 && name != "wpe.weight") {
      decayed_.narrow(0, offset, tensor.numel()).fill_(1);
    }
    offset += tensor.numel();
  }
  start_attention(*this, seed);
}

TrainingModel TrainingModel::replica() const {
  TrainingModel model(shape_);
  model.values_ = values_;
  model.decayed_ = decayed_;
  model.lay_out();
  return model;
}

/// Makes each parameter a view of the one weight tensor, and its gradient one of the gradient
/// tensor.
void TrainingModel::lay_out() {
  gradients_ = at::zeros_like(values_);
  std::int64_t offset = 0;
  for (const auto& [name, extents] : declare(shape_)) {
    const auto count = elements(extents);
    auto leaf = values_.narrow(0, offset, count).view(extents).detach().requires_grad_();
    leaf.mutable_grad() = gradients_.narrow(0, offset, count).view(extents);
    parameters_.push_back({name, leaf});
    offset += count;
  }
}

const at::Tensor& TrainingModel::parameter(const std::string& name) const {
  const auto found = std::ranges::find(parameters_, name, &Parameter::name);
  if (found == parameters_.end()) {
    throw Error({.what = "parameter of the model in training", .found = name});
  }
  return found->tensor;
}

at::Tensor TrainingModel::block(const at::Tensor& input, std::size_t first) const {
  const auto weight = [&](std::size_t index) { return parameters_[first + index].tensor; };
  const auto linear = [](const at::Tensor& x, const at::Tensor& w, const at::Tensor& b) {
    return at::addmm(b, x, w);
  };
  const auto rows = input.size(0), length = input.size(1);
  const std::int64_t width = shape_.width;
  const auto flat = input.view({rows * length, width});

  auto normed = at::layer_norm(flat, {width}, weight(0), weight(1), 1e-5);
  auto qkv = linear(normed, weight(2), weight(3))
                 .view({rows, length, 3, shape_.heads, shape_.head_width()})
                 .permute({2, 0, 3, 1, 4});
  auto mixed = at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], {}, 0.0, true);
  mixed = mixed.transpose(1, 2).reshape({rows * length, width});
  auto residual = flat + linear(mixed, weight(4), weight(5));

  normed = at::layer_norm(residual, {width}, weight(6), weight(7), 1e-5);
  auto hidden = at::gelu(linear(normed, weight(8), weight(9)), "tanh");
  return (residual + linear(hidden, weight(10), weight(11))).view({rows, length, width});
}

at::Tensor TrainingModel::forward(const at::Tensor& tokens, const at::Tensor& positions) const {
  const auto& embedding = parameters_[0].tensor;
  auto state = at::embedding(embedding, tokens) + at::embedding(parameters_[1].tensor, positions);
  for (int layer = 0; layer < shape_.layers; ++layer) {
    state = block(state, kBlocksBegin + static_cast<std::size_t>(layer) * kParametersPerBlock);
  }
  const auto last = parameters_.size() - 2;
  state = at::layer_norm(state, {shape_.width}, parameters_[last].tensor,
                         parameters_[last + 1].tensor, 1e-5);
  return at::matmul(state, embedding.t());
}

}  // namespace sketchscope
