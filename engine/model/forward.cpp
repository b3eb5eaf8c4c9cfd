#include "engine/model/forward.hpp"

namespace sketchscope::model {
namespace {

/// Runs one pass, in which every operation has a span in the trace.
class PassRunner {
 public:
  PassRunner(const Decoder& decoder, Backend& backend, AttentionLayer& attention,
             core::Trace* trace)
      : config_(decoder.config),
        weights_(decoder.weights),
        backend_(backend),
        attention_(attention),
        trace_(trace) {}

  void run() {
    {
      const core::TraceSpan span(trace_, "embedding");
      backend_.embed(weights_, backend_.buffers(0).residual);
    }
    for (int layer = 0; layer < config_.layers; ++layer) {
      const auto& block = weights_.blocks[static_cast<std::size_t>(layer)];
      const PassBuffers rows = backend_.buffers(layer);
      run_attention(layer, block, rows);
      run_inner(block, rows);
    }
    find_logits(backend_.buffers(config_.layers - 1));
  }

 private:
  using Block = BlockParts<NormView, kernels::Linear>;

  void run_attention(int layer, const Block& block, const PassBuffers& rows) {
    normalise(block.attention_norm, rows.residual, rows.normalised);
    multiply("query, key, value", block.qkv, rows.normalised, rows.qkv);
    prepare_heads(block, rows.qkv);
    {
      const core::TraceSpan span(trace_, "attention");
      attention_.attend(layer, attention_input(config_, rows.qkv), rows.attended);
    }
    multiply("attention output", block.attention_output, rows.attended, rows.projected);
    backend_.add(rows.projected, rows.residual);
  }

  void prepare_heads(const Block& block, std::span<float> qkv) {
    if (block.query_norm && block.key_norm) {
      const core::TraceSpan span(trace_, "norm");
      backend_.normalise_heads(*block.query_norm, *block.key_norm, config_.norm_epsilon, qkv);
    }
    if (config_.rotary) {
      const core::TraceSpan span(trace_, "rotary positions");
      backend_.rotate(qkv);
    }
  }

  void run_inner(const Block& block, const PassBuffers& rows) {
    normalise(block.inner_norm, rows.residual, rows.normalised);
    multiply("up projection", block.up_projection, rows.normalised,
             config_.gated ? rows.gates : rows.inner);
    activate(rows);
    multiply("down projection", block.down_projection, rows.inner, rows.projected);
    backend_.add(rows.projected, rows.residual);
  }

  void activate(const PassBuffers& rows) {
    const core::TraceSpan span(trace_, "activation");
    if (config_.gated) {
      backend_.gate(config_.activation, config_.inner_width, rows.gates, rows.inner);
    } else {
      backend_.activate(config_.activation, config_.inner_width, rows.inner);
    }
  }

  void find_logits(const PassBuffers& rows) {
    if (rows.logits.empty()) return;
    const auto count = rows.logits.size() / static_cast<std::size_t>(config_.vocabulary);
    const std::size_t numbers = count * static_cast<std::size_t>(config_.width);
    const std::span<float> normalised = rows.normalised.first(numbers);
    normalise(weights_.final_norm, rows.residual.last(numbers), normalised);
    multiply("vocabulary", weights_.head(), normalised, rows.logits);
  }

  void normalise(const NormView& norm, std::span<const float> input, std::span<float> output) {
    const core::TraceSpan span(trace_, "norm");
    backend_.normalise(norm, config_.norm_epsilon, input, output);
  }

  void multiply(std::string_view name, const kernels::Linear& layer, std::span<const float> input,
                std::span<float> output) {
    const core::TraceSpan span(trace_, name);
    backend_.multiply(layer, input, output);
  }

  const ModelConfig& config_;
  const DecoderView& weights_;
  Backend& backend_;
  AttentionLayer& attention_;
  core::Trace* trace_;
};

}  // namespace

void run_forward_pass(const Decoder& decoder, Backend& backend, AttentionLayer& attention,
                      core::Trace* trace) {
  PassRunner(decoder, backend, attention, trace).run();
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
