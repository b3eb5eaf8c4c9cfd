#include "engine/model/forward.hpp"

#include <algorithm>

#include "engine/model/operation_work.hpp"

namespace sketchscope::model {
namespace {

/// Runs one pass, of which a recorder may note every operation.
class PassRunner {
 public:
  PassRunner(const Decoder& decoder, Backend& backend, AttentionLayer& attention,
             const PassSize& size)
      : config_(decoder.config),
        weights_(decoder.weights),
        backend_(backend),
        attention_(attention),
        size_(size),
        first_with_logits_(size.rows - size.rows_with_logits) {}

  void run() {
    for_each_part(0, [&](const RowRange& part) {
      const std::span<float> residual = backend_.buffers(0, part).residual;
      const trace::ScopedSpan span(size_.observer, Operation::embed, {}, rows_work(2, residual));
      backend_.embed(weights_, part.first, residual);
    });
    for (int layer = 0; layer < config_.layers; ++layer) {
      for_each_part(0, [&](const RowRange& part) { run_block(layer, part); });
    }
    find_logits();
  }

 private:
  using Block = BlockParts<NormView, kernels::Linear>;
  using Operation = trace::Operation;

  /// Calls work(rows) for the parts in which the rows from `first` on advance.
  template <class Work>
  void for_each_part(int first, const Work& work) const {
    for (; first < size_.rows; first += size_.rows_at_once) {
      work(RowRange{.first = first, .count = std::min(size_.rows_at_once, size_.rows - first)});
    }
  }

  void run_block(int layer, const RowRange& part) {
    const auto& block = weights_.blocks[static_cast<std::size_t>(layer)];
    const PassBuffers rows = backend_.buffers(layer, part);
    attend(layer, part.first, block, rows);
    // After the last layer's attention only rows whose logits are asked for go on.
    if (layer + 1 == config_.layers && part.first + part.count <= first_with_logits_) return;
    multiply({Operation::attention_output, layer}, block.attention_output, rows.attended,
             rows.projected);
    add(layer, rows);
    run_inner(layer, block, rows);
  }

  void attend(int layer, int first, const Block& block, const PassBuffers& rows) {
    normalise(layer, block.attention_norm, rows.residual, rows.normalised);
    multiply({Operation::qkv, layer}, block.qkv, rows.normalised, rows.qkv);
    prepare_heads(layer, first, block, rows.qkv);
    attention_.attend(layer, attention_input(config_, rows.qkv), rows.attended);
  }

  void prepare_heads(int layer, int first, const Block& block, std::span<float> qkv) {
    if (block.query_norm && block.key_norm) {
      const trace::ScopedSpan span(size_.observer, Operation::head_norm, {.layer = layer},
                                   rows_work(2, heads_of(qkv)));
      backend_.normalise_heads(*block.query_norm, *block.key_norm, config_.norm_epsilon, qkv);
    }
    if (config_.rotates(layer)) {
      const trace::ScopedSpan span(size_.observer, Operation::rotary, {.layer = layer},
                                   rows_work(2, heads_of(qkv)));
      backend_.rotate(first, qkv);
    }
  }

  // The queries and keys in the products of all rows, without the values.
  [[nodiscard]] std::span<const float> heads_of(std::span<const float> qkv) const {
    const auto rows = qkv.size() / static_cast<std::size_t>(config_.qkv_width());
    return qkv.first(rows * static_cast<std::size_t>(config_.query_width() + config_.kv_width()));
  }

  void run_inner(int layer, const Block& block, const PassBuffers& rows) {
    normalise(layer, block.inner_norm, rows.residual, rows.normalised);
    multiply({Operation::up_projection, layer}, block.up_projection, rows.normalised,
             config_.gated ? rows.gates : rows.inner);
    activate(layer, rows);
    multiply({Operation::down_projection, layer}, block.down_projection, rows.inner,
             rows.projected);
    add(layer, rows);
  }

  void add(int layer, const PassBuffers& rows) {
    const trace::ScopedSpan span(size_.observer, Operation::residual, {.layer = layer},
                                 rows_work(3, rows.residual));
    backend_.add(rows.projected, rows.residual);
  }

  void activate(int layer, const PassBuffers& rows) {
    const trace::ScopedSpan span(size_.observer, Operation::activation, {.layer = layer},
                                 rows_work(config_.gated ? 3 : 2, rows.inner));
    if (config_.gated) {
      backend_.gate(config_.activation, config_.inner_width, rows.gates, rows.inner);
    } else {
      backend_.activate(config_.activation, config_.inner_width, rows.inner);
    }
  }

  void find_logits() {
    const auto vocabulary = static_cast<std::size_t>(config_.vocabulary);
    for_each_part(first_with_logits_, [&](const RowRange& part) {
      const PassBuffers rows = backend_.buffers(config_.layers - 1, part);
      normalise(-1, weights_.final_norm, rows.residual, rows.normalised);
      multiply({Operation::vocabulary, -1}, weights_.head(), rows.normalised,
               rows.logits.subspan(
                   static_cast<std::size_t>(part.first - first_with_logits_) * vocabulary,
                   static_cast<std::size_t>(part.count) * vocabulary));
    });
  }

  void normalise(int layer, const NormView& norm, std::span<const float> input,
                 std::span<float> output) {
    const trace::ScopedSpan span(size_.observer, Operation::norm, {.layer = layer},
                                 rows_work(2, input));
    backend_.normalise(norm, config_.norm_epsilon, input, output);
  }

  // A linear layer's place in the step; the layer is that of the model.
  struct Product {
    Operation operation;
    int layer = -1;
  };
  void multiply(const Product& product, const kernels::Linear& linear, std::span<const float> input,
                std::span<float> output) {
    const trace::ScopedSpan span(size_.observer, product.operation, {.layer = product.layer},
                                 linear_work(linear, input, output));
    backend_.multiply(linear, input, output);
  }

  const ModelConfig& config_;
  const DecoderView& weights_;
  Backend& backend_;
  AttentionLayer& attention_;
  PassSize size_;
  int first_with_logits_;
};

}  // namespace

void run_forward_pass(const Decoder& decoder, Backend& backend, AttentionLayer& attention,
                      const PassSize& size) {
  PassRunner(decoder, backend, attention, size).run();
}

AttentionInput attention_input(const ModelConfig& config, std::span<const float> qkv) {
  const auto query_width = static_cast<std::size_t>(config.query_width());
  const auto kv_width = static_cast<std::size_t>(config.kv_width());
  const auto columns = [&](std::size_t first, std::size_t width) {
    return kernels::StridedRows{.numbers = qkv.subspan(first),
                                .width = width,
                                .stride = static_cast<std::size_t>(config.qkv_width())};
  };
  return {.query = columns(0, query_width),
          .key = columns(query_width, kv_width),
          .value = columns(query_width + kv_width, kv_width)};
}

}  // namespace sketchscope::model
