#include <c10/core/GradMode.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/train/trainer.hpp"

namespace sketchscope {
namespace {

constexpr double kMeanDecay = 0.9, kSquareDecay = 0.98, kTiny = 1e-8;

/// The header of a checkpoint. Weights and both moments follow as f32.
struct CheckpointHeader {
  std::array<char, 8> magic = {'S', 'K', 'T', 'R', 'A', 'I', 'N', '1'};
  std::int64_t weights = 0;
  std::int64_t next_step = 0;
};

}  // namespace

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
  PendingFile pending(file);
  pending.stream().write(reinterpret_cast<const char*>(&header), sizeof header);
  for (const auto& tensor : {model_.values(), mean_, square_}) {
    pending.stream().write(static_cast<const char*>(tensor.data_ptr()),
                           static_cast<std::streamsize>(tensor.nbytes()));
  }
  pending.commit();
}

int Optimizer::load(const std::filesystem::path& file) {
  const auto bytes = read_file(file);
  CheckpointHeader header;
  const auto size = sizeof header + 3 * model_.values().nbytes();
  if (bytes.size() >= sizeof header) std::memcpy(&header, bytes.data(), sizeof header);
  if (bytes.size() != size || header.magic != CheckpointHeader{}.magic ||
      header.weights != model_.values().numel()) {
    throw Error({.what = "training checkpoint " + file.string(),
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

}  // namespace sketchscope
