#include <cmath>
#include <numbers>

#include "engine/core/error.hpp"
#include "engine/train/trainer.hpp"

namespace sketchscope {
namespace {

constexpr double kMeanDecay = 0.9, kSquareDecay = 0.98, kTiny = 1e-8;

}  // namespace

Optimizer::Optimizer(const TrainOptions& options, TrainingModel& model)
    : options_(options),
      model_(model),
      mean_(torch::zeros_like(model.values())),
      square_(torch::zeros_like(model.values())) {}

double Optimizer::rate(int step) const {
  if (step < options_.warm_up) return options_.rate * (step + 1) / options_.warm_up;
  const double done =
      static_cast<double>(step - options_.warm_up) / std::max(1, options_.steps - options_.warm_up);
  const double share = 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, done)));
  return options_.least_rate + (options_.rate - options_.least_rate) * share;
}

void Optimizer::step(int step) {
  const torch::NoGradGuard no_gradient;
  auto gradients = model_.gradients(), values = model_.values();
  const double norm = gradients.norm().item<double>();
  if (norm > options_.largest_gradient) gradients.mul_(options_.largest_gradient / norm);
  mean_.lerp_(gradients, 1 - kMeanDecay);
  square_.mul_(kSquareDecay).addcmul_(gradients, gradients, 1 - kSquareDecay);
  const double rate = this->rate(step);
  const double mean_bias = 1 - std::pow(kMeanDecay, step + 1);
  const double square_bias = 1 - std::pow(kSquareDecay, step + 1);
  values.addcmul_(values, model_.decayed(), -rate * options_.weight_decay);
  values.addcdiv_(mean_, square_.sqrt().div_(std::sqrt(square_bias)).add_(kTiny),
                  -rate / mean_bias);
  gradients.zero_();
}

void Optimizer::save(const std::filesystem::path& file, int next_step) const {
  auto beside = file;
  beside += ".writing";
  torch::save({model_.values(), mean_, square_, torch::tensor(next_step)}, beside.string());
  std::filesystem::rename(beside, file);
}

int Optimizer::load(const std::filesystem::path& file) {
  const torch::NoGradGuard no_gradient;
  std::vector<torch::Tensor> saved;
  try {
    torch::load(saved, file.string());
  } catch (const c10::Error& error) {
    throw Error({.what = "training checkpoint",
                 .found = file.string() + ": " + error.what_without_backtrace(),
                 .remedy = "Delete it to start anew."});
  }
  if (saved.size() != 4 || saved[0].numel() != model_.values().numel()) {
    throw Error({.what = "training checkpoint " + file.string(),
                 .found = "a model of another shape",
                 .expected = std::to_string(model_.values().numel()) + " weights",
                 .remedy = "Use the options it was begun with, or another folder."});
  }
  model_.values().copy_(saved[0]);
  mean_.copy_(saved[1]);
  square_.copy_(saved[2]);
  return saved[3].item<int>();
}

}  // namespace sketchscope
