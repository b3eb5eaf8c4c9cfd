#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/core/device.hpp"
#include "engine/core/progress.hpp"
#include "engine/core/trace.hpp"
#include "engine/model/attention_layer.hpp"
#include "engine/model/input_row.hpp"
#include "engine/model/model_config.hpp"
#include "engine/model/prompt_gemm.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope {

class DeviceWeights;
struct ModelWeights;

/// Buffers of one forward pass, grown when more rows come and never shrunk.
class Activations {
 public:
  /// Makes room for `rows` rows of a model of this shape.
  void reserve(const ModelConfig& config, int rows);
  [[nodiscard]] std::size_t bytes() const;

  std::vector<float> residual;    // (B, C)
  std::vector<float> normalised;  // (B, C)
  std::vector<float> qkv;         // (B, H + 2 K, D)
  std::vector<float> attended;    // (B, H, D)
  std::vector<float> inner;       // (B, inner_width)
  std::vector<float> projected;   // (B, C)
};

/// Which multiplication the linear layers use: `decode` is ours, of fixed order; `prompt` is the
/// library's GEMM where a prompt has kFewestGemmRows or more.
enum class LinearPath { decode, prompt };

struct ForwardPass {
  std::span<const InputRow> rows;  // (B)
  LinearPath path = LinearPath::decode;
  std::span<float> logits;  // (B, V), or (V) for the last row alone, or empty
  Trace* trace = nullptr;   ///< gets a span for each operation
};

/// GPT-2's forward pass over rows that may belong to different sequences. Immutable after
/// construction, so any number of sessions may share one.
class Model {
 public:
  /// Throws Error naming a missing tensor or a wrong shape. `gemm` may be null: prompts then use
  /// our own kernels too. On Device::cuda steps find a copy of the weights there; prompts stay on
  /// the processor. Throws DeviceError where that copy does not fit; passes on what `progress`
  /// throws.
  Model(ModelConfig config, const Checkpoint& checkpoint, WeightDtype dtype,
        std::shared_ptr<const PromptGemm> gemm, Device device = Device::cpu,
        const ProgressSink& progress = {});
  ~Model();

  [[nodiscard]] const ModelConfig& config() const;
  [[nodiscard]] std::size_t weight_bytes() const;
  /// Null where steps run on the processor.
  [[nodiscard]] const DeviceWeights* on_device() const { return device_weights_.get(); }
  [[nodiscard]] std::string dtype_name() const;  ///< "f32", "f16", "bf16" or "int8"

  /// Runs all layers. Throws Error on a token or position outside the model's range.
  void forward(ThreadPool& pool, const ForwardPass& pass, AttentionLayer& attention,
               Activations& activations) const;

 private:
  ModelConfig config_;
  std::unique_ptr<const ModelWeights> weights_;
  std::unique_ptr<const DeviceWeights> device_weights_;
  std::shared_ptr<const PromptGemm> gemm_;
};

}  // namespace sketchscope
