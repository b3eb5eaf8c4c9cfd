#pragma once

#include <span>

#include "engine/core/timing.hpp"
#include "engine/model/attention_layer.hpp"
#include "engine/model/backend.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::model {

/// A decoder to run: its configuration, and its weights in the memory of the backend that runs it.
struct Decoder {
  const ModelConfig& config;
  const DecoderView& weights;
};

/// The forward pass of every model: embeds the rows that `backend` was given, runs all blocks with
/// `attention` between the projections of each, and fills the backend's logits. `trace`, which may
/// be null, receives a span for each operation.
void run_forward_pass(const Decoder& decoder, Backend& backend, AttentionLayer& attention,
                      core::Trace* trace);

/// Splits the fused product `qkv` (B, (H + 2 K) · D) by columns: queries, then keys, then values.
[[nodiscard]] AttentionInput attention_input(const ModelConfig& config, std::span<const float> qkv);

}  // namespace sketchscope::model
