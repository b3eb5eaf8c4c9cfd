#include "engine/model/device_backend.hpp"

namespace sketchscope::model {
namespace {

std::size_t product(int a, int b) {
  return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}

}  // namespace

DeviceBackend::DeviceBackend(const ModelConfig& config, kernels::cuda::Stream stream)
    : config_(config), stream_(stream) {}

void DeviceBackend::take_size(const DevicePassSize& size) {
  size_ = size;
  const int rows = size.rows;
  const int at_once = size.rows_at_once;
  const int layers = size.keeps_layers ? config_.layers : 1;
  grow_device_array(arrays_.tokens, product(rows, 1));
  grow_device_array(arrays_.rotations, product(rows, config_.rotary_width()));
  grow_device_array(arrays_.residual, product(rows, config_.width));
  for (auto* array : {&arrays_.normalised, &arrays_.projected}) {
    grow_device_array(*array, product(at_once, config_.width));
  }
  grow_device_array(arrays_.qkv, product(layers, rows) * product(config_.qkv_width(), 1));
  grow_device_array(arrays_.attended, product(layers, at_once) * product(config_.query_width(), 1));
  if (config_.gated) grow_device_array(arrays_.gates, product(at_once, config_.up_width()));
  grow_device_array(arrays_.inner, product(at_once, config_.inner_width));
  grow_device_array(arrays_.logits, product(size.rows_with_logits, config_.vocabulary));
}

void DeviceBackend::send(std::span<const InputRow> rows) {
  tokens_.clear();
  for (const InputRow& row : rows) tokens_.push_back({row.token, row.position});
  arrays_.tokens.upload(tokens_, stream_);
  if (!config_.rotary) return;
  rotations_.resize(product(static_cast<int>(rows.size()), config_.rotary_width()));
  write_rotations(*config_.rotary, rows, rotations_);
  arrays_.rotations.upload(rotations_, stream_);
}

PassBuffers DeviceBackend::buffers(int layer, const RowRange& rows) {
  const auto filled = [&](kernels::cuda::DeviceArray<float>& array, int width, std::size_t before) {
    return std::span(array.data() + before * product(width, 1), product(rows.count, width));
  };
  const int kept = size_.keeps_layers ? layer : 0;
  const auto first = static_cast<std::size_t>(rows.first);
  return {.residual = filled(arrays_.residual, config_.width, first),
          .normalised = filled(arrays_.normalised, config_.width, 0),
          .qkv = filled(arrays_.qkv, config_.qkv_width(), product(kept, size_.rows) + first),
          .attended =
              filled(arrays_.attended, config_.query_width(), product(kept, size_.rows_at_once)),
          .gates = filled(arrays_.gates, config_.gated ? config_.up_width() : 0, 0),
          .inner = filled(arrays_.inner, config_.inner_width, 0),
          .projected = filled(arrays_.projected, config_.width, 0),
          .logits = std::span(arrays_.logits.data(),
                              product(size_.rows_with_logits, config_.vocabulary))};
}

void DeviceBackend::embed(const DecoderView& weights, int first, std::span<float> output) {
  kernels::cuda::launch_embed({.tokens = weights.tokens,
                               .positions = weights.positions.value_or(nullptr),
                               .rows = arrays_.tokens.data() + first,
                               .output = output.data()},
                              static_cast<int>(output.size()) / config_.width, stream_);
}

void DeviceBackend::normalise(const NormView& norm, float epsilon, std::span<const float> input,
                              std::span<float> output) {
  if (norm.kind == NormKind::rms_norm) {
    const int rows = static_cast<int>(input.size()) / norm.width;
    normalise_rms(norm, epsilon,
                  {.rows = rows, .width = norm.width, .stride = product(norm.width, 1)},
                  input.data(), output.data());
    return;
  }
  kernels::cuda::launch_layer_norm({.input = input.data(),
                                    .scale = norm.scale,
                                    .bias = norm.bias,
                                    .rows = static_cast<int>(input.size()) / norm.width,
                                    .width = norm.width,
                                    .epsilon = epsilon,
                                    .output = output.data()},
                                   stream_);
}

void DeviceBackend::normalise_rms(const NormView& norm, float epsilon,
                                  const kernels::cuda::GroupedRows& rows, const float* input,
                                  float* output) {
  kernels::cuda::launch_rms_norm(
      {.input = input, .scale = norm.scale, .rows_at = rows, .epsilon = epsilon, .output = output},
      stream_);
}

void DeviceBackend::normalise_heads(const NormView& query, const NormView& key, float epsilon,
                                    std::span<float> qkv) {
  const int rows = static_cast<int>(qkv.size()) / config_.qkv_width();
  const auto heads_of_rows = [&](int heads) {
    return kernels::cuda::GroupedRows{.rows = rows * heads,
                                      .width = config_.head_width,
                                      .per_group = heads,
                                      .stride = product(config_.qkv_width(), 1)};
  };
  float* const keys = qkv.data() + config_.query_width();
  normalise_rms(query, epsilon, heads_of_rows(config_.heads), qkv.data(), qkv.data());
  normalise_rms(key, epsilon, heads_of_rows(config_.kv_heads), keys, keys);
}

void DeviceBackend::rotate(int first, std::span<float> qkv) {
  kernels::cuda::launch_rotate(
      {.rotations = arrays_.rotations.data() + product(first, config_.rotary_width()),
       .pairs = config_.rotary_width() / 2,
       .heads = config_.heads + config_.kv_heads,
       .head_width = config_.head_width,
       .stride = product(config_.qkv_width(), 1),
       .vectors = qkv.data()},
      static_cast<int>(qkv.size()) / config_.qkv_width(), stream_);
}

void DeviceBackend::multiply(const kernels::Linear& layer, std::span<const float> input,
                             std::span<float> output) {
  const int rows = static_cast<int>(input.size()) / layer.inputs;
  kernels::cuda::launch_linear(layer, input.data(), rows, output.data(), stream_);
}

void DeviceBackend::activate(kernels::Activation function, int /*width*/, std::span<float> rows) {
  kernels::cuda::launch_activate(function, rows.data(), rows.size(), stream_);
}

void DeviceBackend::gate(kernels::Activation function, int width, std::span<const float> input,
                         std::span<float> output) {
  kernels::cuda::launch_gate(function, width, input.data(), output.data(),
                             static_cast<int>(output.size()) / width, stream_);
}

void DeviceBackend::add(std::span<const float> summand, std::span<float> sum) {
  kernels::cuda::launch_add(sum.data(), summand.data(), sum.size(), stream_);
}

void DeviceBackend::fetch(std::span<float> logits) const {
  arrays_.logits.download(logits, stream_);
}

void DeviceBackend::fetch_layers(std::span<float> qkv, std::span<float> attended) const {
  arrays_.qkv.download(qkv, stream_);
  arrays_.attended.download(attended, stream_);
}

}  // namespace sketchscope::model
