#include "engine/train/training_model.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/GradMode.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/model/families/family.hpp"

namespace sketchscope::train {
namespace {

// A block has two norms and four linear layers with a weight and a bias each; before the first come
// the embeddings of tokens and of positions.
constexpr std::size_t kParametersPerBlock = 12;
constexpr std::size_t kBlocksBegin = 2;

std::vector<model::TensorName> declare(const TrainingShape& shape) {
  return model::tensors_of(model::weight_names({.family = model::ModelFamily::gpt2,
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

// β₁, β₂ and ε of Adam.
constexpr double kMeanDecay = 0.9, kSquareDecay = 0.98, kTiny = 1e-8;

/// The header of a checkpoint. Weights and both moments follow as f32.
struct CheckpointHeader {
  std::array<char, 8> magic = {'S', 'K', 'T', 'R', 'A', 'I', 'N', '1'};
  std::int64_t weights = 0;
  std::int64_t next_step = 0;
};

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
    throw core::Error({.what = "parameter of the model in training", .found = name});
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

Optimizer::Optimizer(const TrainOptions& options, TrainingModel& model)
    : options_(options),
      model_(model),
      mean_(at::zeros_like(model.values())),
      square_(at::zeros_like(model.values())) {}

double Optimizer::learning_rate(int step) const {
  if (step < options_.warm_up) return options_.learning_rate * (step + 1) / options_.warm_up;
  const int decay_begin = std::max(options_.warm_up, options_.steps - options_.decay_steps);
  if (step < decay_begin) return options_.learning_rate;
  const double done = static_cast<double>(step - decay_begin) / (options_.steps - decay_begin);
  const double share = 0.5 * (1 + std::cos(std::numbers::pi * done));
  return options_.min_learning_rate + (options_.learning_rate - options_.min_learning_rate) * share;
}

void Optimizer::step(int step) {
  const c10::NoGradGuard no_gradient;
  auto gradients = model_.gradients(), values = model_.values();
  const double norm = gradients.norm().item<double>();
  if (norm > options_.max_gradient_norm) gradients.mul_(options_.max_gradient_norm / norm);
  mean_.lerp_(gradients, 1 - kMeanDecay);
  square_.mul_(kSquareDecay).addcmul_(gradients, gradients, 1 - kSquareDecay);
  const double rate = learning_rate(step);
  const double mean_bias = 1 - std::pow(kMeanDecay, step + 1);
  const double square_bias = 1 - std::pow(kSquareDecay, step + 1);
  values.addcmul_(values, model_.decayed(), -rate * options_.weight_decay);
  values.addcdiv_(mean_, square_.sqrt().div_(std::sqrt(square_bias)).add_(kTiny),
                  -rate / mean_bias);
  gradients.zero_();
}

void Optimizer::save(const std::filesystem::path& file, int next_step) const {
  const CheckpointHeader header{.weights = model_.values().numel(), .next_step = next_step};
  core::PendingFile pending(file);
  pending.stream().write(reinterpret_cast<const char*>(&header), sizeof header);
  for (const auto& tensor : {model_.values(), mean_, square_}) {
    pending.stream().write(static_cast<const char*>(tensor.data_ptr()),
                           static_cast<std::streamsize>(tensor.nbytes()));
  }
  pending.commit();
}

int Optimizer::load(const std::filesystem::path& file) {
  const auto bytes = core::read_file(file);
  CheckpointHeader header;
  const auto size = sizeof header + 3 * model_.values().nbytes();
  if (bytes.size() >= sizeof header) std::memcpy(&header, bytes.data(), sizeof header);
  if (bytes.size() != size || header.magic != CheckpointHeader{}.magic ||
      header.weights != model_.values().numel()) {
    throw core::Error({.what = "training checkpoint " + file.string(),
                       .found = std::to_string(bytes.size()) + " bytes",
                       .expected = std::to_string(size) + " bytes, as this shape of model has",
                       .remedy = "Use the options it was begun with, or another folder"});
  }
  const char* source = bytes.data() + sizeof header;
  for (const auto& tensor : {model_.values(), mean_, square_}) {
    std::memcpy(tensor.data_ptr(), source, tensor.nbytes());
    source += tensor.nbytes();
  }
  return static_cast<int>(header.next_step);
}

}  // namespace sketchscope::train
