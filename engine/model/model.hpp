#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "engine/model/attention_layer.hpp"
#include "engine/model/cpu_backend.hpp"
#include "engine/model/input_row.hpp"
#include "engine/model/model_config.hpp"
#include "engine/model/model_weights.hpp"
#include "engine/trace/recorder.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::model {

class DeviceWeights;

/// Where a model runs, and how far.
struct ModelOptions {
  core::Device device = core::Device::cpu;  ///< of steps and prompts
  std::optional<int> max_context = {};      ///< most positions, whatever the configuration says
};

/// The arguments of one forward pass.
struct ForwardPass {
  std::span<const InputRow> rows;       // (B)
  std::span<float> logits;              // (B, V), or (V) for the last row alone, or empty
  trace::Recorder* recorder = nullptr;  ///< notes the operations; may be null
  /// Rows that go through a block together (PassSize): fewer than all keep the buffers of a long
  /// prompt small. 0 stands for all.
  int rows_at_once = 0;
};

/// A decoder with its weights. The rows of a pass may belong to different sequences. It is
/// immutable after construction, so any number of sessions may share one.
class Model {
 public:
  /// Loads the weights; with Device::cuda they are also copied to the GPU. Throws Error naming a
  /// missing tensor or a wrong shape, DeviceError where the copy does not fit, and what `progress`
  /// throws.
  Model(ModelConfig config, const checkpoint::Checkpoint& checkpoint, checkpoint::WeightDtype dtype,
        const ModelOptions& options = {}, const core::ProgressSink& progress = {});
  ~Model();

  [[nodiscard]] const ModelConfig& config() const;
  [[nodiscard]] std::size_t weight_bytes() const;
  /// Returns the weights on the GPU; null where passes run on the processor.
  [[nodiscard]] const DecoderView* on_device() const;
  /// Returns the name of the type that most weights have, such as "f16" or "q4_1".
  [[nodiscard]] std::string dtype_name() const;

  /// Runs all layers on the processor. Throws Error on a token or position outside the model's
  /// range.
  void forward(kernels::ThreadPool& pool, const ForwardPass& pass, AttentionLayer& attention,
               Activations& activations) const;

 private:
  ModelConfig config_;
  ModelWeights weights_;
  DecoderView view_;  // of weights_
  std::unique_ptr<const DeviceWeights> device_weights_;
};

}  // namespace sketchscope::model
