#include "engine/model/model.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/model/device_weights.hpp"
#include "engine/model/model_weights.hpp"
#include "kernels/layer_norm.hpp"

namespace sketchscope {
namespace {

std::size_t product(int a, int b) {
  return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}

void grow(std::vector<float>& buffer, std::size_t size) {
  buffer.resize(std::max(buffer.size(), size));
}

void add(std::span<float> sum, std::span<const float> summand) {
  std::ranges::transform(sum, summand, sum.begin(), std::plus<>{});
}

/// Row `index` of a matrix whose rows have `width` numbers.
std::span<float> row_of(std::span<float> matrix, int index, int width) {
  return matrix.subspan(product(index, width), static_cast<std::size_t>(width));
}

/// One forward pass under way: the model, the buffers, and the operations between them.
class PassRunner {
 public:
  PassRunner(const ModelConfig& config, const ModelWeights& weights, const PromptGemm* gemm,
             ThreadPool& pool, Activations& buffers, const ForwardPass& pass)
      : config_(config),
        weights_(weights),
        gemm_(gemm),
        pool_(pool),
        buffers_(buffers),
        trace_(pass.trace),
        rows_(static_cast<int>(pass.rows.size())) {}

  /// residual = token embedding + position embedding.
  void embed(std::span<const InputRow> input) {
    for (int row = 0; row < rows_; ++row) {
      const InputRow& at = input[static_cast<std::size_t>(row)];
      const std::span<float> sum = row_of(buffers_.residual, row, config_.width);
      weights_.tokens.read_row(at.token, sum);
      add(sum,
          std::span(weights_.positions).subspan(product(at.position, config_.width), sum.size()));
    }
  }

  void attention_block(int index, AttentionLayer& attention) {
    const LayerWeights& layer = weights_.layers[static_cast<std::size_t>(index)];
    normalise(layer.attention_norm, residual());
    multiply("query, key, value", layer.qkv, buffers_.normalised, buffers_.qkv);
    {
      const TraceSpan span(trace_, "attention");
      attention.attend(index, attention_input(), filled(buffers_.attended, config_.query_width()));
    }
    multiply("attention output", layer.attention_output, buffers_.attended, buffers_.projected);
    add(residual(), filled(buffers_.projected, config_.width));
  }

  void inner_block(int index) {
    const LayerWeights& layer = weights_.layers[static_cast<std::size_t>(index)];
    normalise(layer.inner_norm, residual());
    multiply("expand", layer.expand, buffers_.normalised, buffers_.inner);
    // Row by row, so that a row's place in a vector register never depends on the other rows.
    {
      const TraceSpan span(trace_, "activation");
      pool_.run(rows_, [&](int row) {
        activate(config_.activation, row_of(buffers_.inner, row, config_.inner_width));
      });
    }
    multiply("contract", layer.contract, buffers_.inner, buffers_.projected);
    add(residual(), filled(buffers_.projected, config_.width));
  }

  /// Logits of the last `rows` rows.
  void project_to_vocabulary(int rows, std::span<float> logits) {
    const std::span<const float> last = residual().last(product(rows, config_.width));
    rows_ = rows;
    normalise(weights_.final_norm, last);
    multiply("vocabulary", weights_.head(), buffers_.normalised, logits);
  }

 private:
  [[nodiscard]] std::span<float> filled(std::span<float> buffer, int width) const {
    return buffer.first(product(rows_, width));
  }
  [[nodiscard]] std::span<float> residual() const {
    return filled(buffers_.residual, config_.width);
  }

  /// The columns of the fused product: all queries of a row, then its keys, then its values.
  [[nodiscard]] AttentionInput attention_input() const {
    const auto query_width = static_cast<std::size_t>(config_.query_width());
    const auto kv_width = static_cast<std::size_t>(config_.kv_width());
    const std::size_t row = query_width + 2 * kv_width;
    const std::span<const float> qkv = filled(buffers_.qkv, static_cast<int>(row));
    const auto columns = [&](std::size_t first, std::size_t width) {
      return StridedRows{.numbers = qkv.subspan(first), .width = width, .stride = row};
    };
    return {.query = columns(0, query_width),
            .key = columns(query_width, kv_width),
            .value = columns(query_width + kv_width, kv_width)};
  }

  void normalise(const LayerNormWeights& norm, std::span<const float> input) {
    const TraceSpan span(trace_, "layer norm");
    layer_norm(input, norm.scale, norm.shift, config_.layer_norm_epsilon,
               filled(buffers_.normalised, config_.width));
  }

  void multiply(std::string_view name, const LinearWeights& weights, std::span<float> input,
                std::span<float> output) {
    const TraceSpan span(trace_, name);
    const Linear layer = weights.view();
    const std::span<const float> from = filled(input, layer.inputs);
    const std::span<float> to = filled(output, layer.outputs);
    if (gemm_ != nullptr && rows_ >= kFewestGemmRows) {
      gemm_->multiply(layer, from, rows_, to);
    } else {
      linear(pool_, layer, from, rows_, to);
    }
  }

  const ModelConfig& config_;
  const ModelWeights& weights_;
  const PromptGemm* gemm_;
  ThreadPool& pool_;
  Activations& buffers_;
  Trace* trace_;
  int rows_;
};

void require_in_range(const ModelConfig& config, const InputRow& row) {
  if (row.token < 0 || row.token >= config.vocabulary) {
    throw Error({.what = "a token is not in the model's vocabulary",
                 .found = std::to_string(row.token),
                 .expected = "0 to " + std::to_string(config.vocabulary - 1),
                 .remedy = "use the tokenizer of this model"});
  }
  if (row.position < 0 || row.position >= config.positions) {
    throw Error({.what = "a position is outside the model's context",
                 .found = std::to_string(row.position),
                 .expected = "0 to " + std::to_string(config.positions - 1),
                 .remedy = "shorten the text"});
  }
}

/// The rows whose logits are wanted, by the room given for them.
int rows_with_logits(const ModelConfig& config, const ForwardPass& pass) {
  const auto vocabulary = static_cast<std::size_t>(config.vocabulary);
  if (pass.logits.empty()) {
    return 0;
  }
  if (pass.logits.size() == vocabulary) {
    return 1;
  }
  if (pass.logits.size() == vocabulary * pass.rows.size()) {
    return static_cast<int>(pass.rows.size());
  }
  throw Error({.what = "room for logits of a forward pass",
               .found = std::to_string(pass.logits.size()) + " numbers",
               .expected = "one row of " + std::to_string(vocabulary) + ", one for each of " +
                           std::to_string(pass.rows.size()) + " tokens, or none"});
}

}  // namespace

void Activations::reserve(const ModelConfig& config, int rows) {
  grow(residual, product(rows, config.width));
  grow(normalised, product(rows, config.width));
  grow(qkv, product(rows, config.query_width() + 2 * config.kv_width()));
  grow(attended, product(rows, config.query_width()));
  grow(inner, product(rows, config.inner_width));
  grow(projected, product(rows, config.width));
}

std::size_t Activations::bytes() const {
  return sizeof(float) * (residual.capacity() + normalised.capacity() + qkv.capacity() +
                          attended.capacity() + inner.capacity() + projected.capacity());
}

Model::Model(ModelConfig config, const Checkpoint& checkpoint, WeightDtype dtype,
             std::shared_ptr<const PromptGemm> gemm, Device device, const ProgressSink& progress)
    : config_(std::move(config)),
      weights_(
          std::make_unique<const ModelWeights>(load_weights(config_, checkpoint, dtype, progress))),
      device_weights_(device == Device::cuda ? std::make_unique<const DeviceWeights>(*weights_)
                                             : nullptr),
      gemm_(std::move(gemm)) {}

Model::~Model() = default;

const ModelConfig& Model::config() const {
  return config_;
}

std::size_t Model::weight_bytes() const {
  return weights_->bytes();
}

std::string Model::dtype_name() const {
  switch (weights_->tokens.type) {
    case WeightType::f32:
      return "f32";
    case WeightType::f16:
      return "f16";
    case WeightType::bf16:
      return "bf16";
    case WeightType::int8:
      return "int8";
  }
  return {};
}

void Model::forward(ThreadPool& pool, const ForwardPass& pass, AttentionLayer& attention,
                    Activations& activations) const {
  const int logit_rows = rows_with_logits(config_, pass);
  for (const InputRow& row : pass.rows) {
    require_in_range(config_, row);
  }
  if (pass.rows.empty()) {
    return;
  }
  const int rows = static_cast<int>(pass.rows.size());
  activations.reserve(config_, rows);
  const PromptGemm* const gemm = pass.path == LinearPath::prompt ? gemm_.get() : nullptr;
  PassRunner runner(config_, *weights_, gemm, pool, activations, pass);
  runner.embed(pass.rows);
  for (int layer = 0; layer < config_.layers; ++layer) {
    runner.attention_block(layer, attention);
    runner.inner_block(layer);
  }
  if (logit_rows > 0) {
    runner.project_to_vocabulary(logit_rows, pass.logits);
  }
}

}  // namespace sketchscope
