#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

namespace sketchscope {

struct TrainingShape {
  int layers = 6;
  int heads = 6;
  int width = 192;
  int positions = 1024;
  int vocabulary = 0;

  [[nodiscard]] int head_width() const { return width / heads; }
};

/// A GPT-2 with gradients. All parameters lie in one tensor, so that the optimizer, a checkpoint
/// and the norm of the gradient are each one operation.
class TrainingModel {
 public:
  struct Parameter {
    std::string name;  ///< as in a Hugging Face checkpoint, without the prefix
    at::Tensor tensor;
  };

  /// Initialised from `seed`: see attention_start.cpp for what is not random.
  TrainingModel(const TrainingShape& shape, std::uint64_t seed);

  /// The same weights, shared, with gradients of its own: for another thread.
  [[nodiscard]] TrainingModel replica() const;

  /// Logits (N, T, V) of `tokens` (N, T) at `positions` (N, T).
  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& positions) const;

  [[nodiscard]] const at::Tensor& values() const { return values_; }
  [[nodiscard]] const at::Tensor& gradients() const { return gradients_; }
  [[nodiscard]] const at::Tensor& decayed() const { return decayed_; }  ///< 1 where weights decay
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
  [[nodiscard]] const TrainingShape& shape() const { return shape_; }
  [[nodiscard]] const at::Tensor& parameter(const std::string& name) const;

 private:
  explicit TrainingModel(const TrainingShape& shape);
  void lay_out();
  at::Tensor block(const at::Tensor& input, std::size_t first_parameter) const;

  TrainingShape shape_;
  at::Tensor values_;
  at::Tensor gradients_;
  at::Tensor decayed_;
  std::vector<Parameter> parameters_;
};

/// Gives the first two blocks the wiring that looking back needs, instead of waiting for it to
/// form: positions start as sinusoids, three heads of block 0 attend 1, 2 and 3 tokens back, and
/// heads of block 1 attend to where the same tokens stood before and copy what followed. All of it
/// is trained.
void start_attention(TrainingModel& model, std::uint64_t seed);

}  // namespace sketchscope
