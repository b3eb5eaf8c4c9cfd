#pragma once

#include <span>

#include "engine/model/attention_layer.hpp"
#include "engine/model/backend.hpp"
#include "engine/model/model_config.hpp"
#include "engine/trace/scoped_span.hpp"

namespace sketchscope::model {

/// A decoder to run: its configuration, and its weights in the memory of the backend that runs it.
struct Decoder {
  const ModelConfig& config;
  const DecoderView& weights;
};

/// The size of a pass.
struct PassSize {
  int rows = 0;                             ///< B
  int rows_at_once = 0;                     ///< rows that go through a block together, 1 … B
  int rows_with_logits = 0;                 ///< the last ones; 0 … B
  trace::SpanObserver* observer = nullptr;  ///< notes the operations; may be null
};

/// The forward pass of every model: embeds the rows that `backend` was given, runs all blocks with
/// `attention` between the projections of each, and fills the backend's logits. Within a block the
/// rows advance `rows_at_once` by `rows_at_once`, in order, so that the buffers of a long prompt
/// stay small; the weights of a block are then read once for each such part.
void run_forward_pass(const Decoder& decoder, Backend& backend, AttentionLayer& attention,
                      const PassSize& size);

/// Splits the fused product `qkv` (B, (H + 2 K) · D) by columns: queries, then keys, then values.
[[nodiscard]] AttentionInput attention_input(const ModelConfig& config, std::span<const float> qkv);

}  // namespace sketchscope::model
