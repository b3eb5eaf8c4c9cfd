#include "engine/model/cpu_backend.hpp"

#include <algorithm>
#include <functional>

#include "kernels/gate.hpp"
#include "kernels/layers.hpp"
#include "kernels/rms_norm.hpp"
#include "kernels/rotary.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::model {
namespace {

// Rows of a head norm or a rotation that are worth waking other threads.
constexpr int kFewestSharedRows = 32;

std::size_t row_numbers(std::size_t rows, int width) {
  return rows * static_cast<std::size_t>(width);
}

// The memory is what is asked for, where a vector by itself might double it.
void grow(std::vector<float>& buffer, std::size_t size) {
  buffer.reserve(size);
  buffer.resize(std::max(buffer.size(), size));
}

}  // namespace

void Activations::reserve(const ModelConfig& config, int rows, int rows_at_once) {
  const auto all = static_cast<std::size_t>(rows);
  grow(residual, row_numbers(all, config.width));
  grow(rotations, row_numbers(all, config.rotary_width()));
  const auto count = static_cast<std::size_t>(rows_at_once);
  for (auto* buffer : {&normalised, &projected}) {
    grow(*buffer, row_numbers(count, config.width));
  }
  grow(qkv, row_numbers(count, config.qkv_width()));
  grow(attended, row_numbers(count, config.query_width()));
  if (config.gated) grow(gates, row_numbers(count, config.up_width()));
  grow(inner, row_numbers(count, config.inner_width));
}

std::size_t Activations::bytes() const {
  return sizeof(float) *
         (residual.capacity() + normalised.capacity() + qkv.capacity() + attended.capacity() +
          gates.capacity() + inner.capacity() + projected.capacity() + rotations.capacity());
}

CpuBackend::CpuBackend(const ModelConfig& config, kernels::ThreadPool& pool,
                       Activations& activations, const PassRows& rows)
    : config_(config), pool_(pool), activations_(activations), rows_(rows) {
  activations_.reserve(config, static_cast<int>(rows.inputs.size()), rows.rows_at_once);
  if (config.rotary) write_rotations(*config.rotary, rows.inputs, activations_.rotations);
}

PassBuffers CpuBackend::buffers(int, const RowRange& rows) {
  const auto first = static_cast<std::size_t>(rows.first);
  const auto count = static_cast<std::size_t>(rows.count);
  const auto filled = [&](std::vector<float>& buffer, int width) {
    return std::span(buffer).first(row_numbers(count, width));
  };
  return {.residual =
              std::span(activations_.residual)
                  .subspan(row_numbers(first, config_.width), row_numbers(count, config_.width)),
          .normalised = filled(activations_.normalised, config_.width),
          .qkv = filled(activations_.qkv, config_.qkv_width()),
          .attended = filled(activations_.attended, config_.query_width()),
          .gates = filled(activations_.gates, config_.gated ? config_.up_width() : 0),
          .inner = filled(activations_.inner, config_.inner_width),
          .projected = filled(activations_.projected, config_.width),
          .logits = rows_.logits};
}

void CpuBackend::embed(const DecoderView& weights, int first, std::span<float> output) {
  const auto width = static_cast<std::size_t>(config_.width);
  for (std::size_t row = 0; row < output.size() / width; ++row) {
    const auto& [token, position, rotated] = rows_.inputs[static_cast<std::size_t>(first) + row];
    const std::span<float> sum = output.subspan(row * width, width);
    kernels::read_weights(weights.tokens, token, sum);
    if (!weights.positions) continue;
    add({*weights.positions + row_numbers(static_cast<std::size_t>(position), config_.width),
         width},
        sum);
  }
}

void CpuBackend::normalise(const NormView& norm, float epsilon, std::span<const float> input,
                           std::span<float> output) {
  const auto width = static_cast<std::size_t>(norm.width);
  if (norm.kind == NormKind::rms_norm) {
    kernels::rms_norm(input, {norm.scale, width}, epsilon, output);
  } else {
    kernels::layer_norm(input, {norm.scale, width}, {norm.bias, width}, epsilon, output);
  }
}

template <class Work>
void CpuBackend::for_each_row(std::span<float> qkv, const Work& work) {
  const auto width = static_cast<std::size_t>(config_.qkv_width());
  const auto on_row = [&](int index) {
    const auto row = static_cast<std::size_t>(index);
    work(row, qkv.subspan(row * width, width));
  };
  const int rows = static_cast<int>(qkv.size() / width);
  if (rows >= kFewestSharedRows) {
    pool_.run(rows, on_row);
  } else {
    for (int row = 0; row < rows; ++row) on_row(row);
  }
}

void CpuBackend::normalise_heads(const NormView& query, const NormView& key, float epsilon,
                                 std::span<float> qkv) {
  for_each_row(qkv, [&](std::size_t, std::span<float> row) {
    const auto queries = row.first(static_cast<std::size_t>(config_.query_width()));
    const auto keys = row.subspan(queries.size(), static_cast<std::size_t>(config_.kv_width()));
    normalise(query, epsilon, queries, queries);
    normalise(key, epsilon, keys, keys);
  });
}

void CpuBackend::rotate(int first, std::span<float> qkv) {
  const std::size_t pairs = config_.rotary->frequencies.size();
  const auto rotated = static_cast<std::size_t>(config_.query_width() + config_.kv_width());
  for_each_row(qkv, [&](std::size_t row, std::span<float> numbers) {
    const std::size_t of_pass = static_cast<std::size_t>(first) + row;
    if (!rows_.inputs[of_pass].rotated) return;
    const std::span<const float> rotation =
        std::span(activations_.rotations).subspan(2 * of_pass * pairs);
    sketchscope::kernels::rotate(
        {.cosine = rotation.first(pairs), .sine = rotation.subspan(pairs, pairs)},
        config_.head_width, numbers.first(rotated));
  });
}

void CpuBackend::multiply(const kernels::Linear& layer, std::span<const float> input,
                          std::span<float> output) {
  const int rows = static_cast<int>(input.size()) / layer.inputs;
  kernels::linear(pool_, layer, input, rows, output);
}

void CpuBackend::activate(kernels::Activation function, int width, std::span<float> rows) {
  const auto row_width = static_cast<std::size_t>(width);
  // Rows are taken one by one, so that a row's place in a vector register never depends on the
  // others.
  pool_.run(static_cast<int>(rows.size() / row_width), [&](int row) {
    sketchscope::kernels::activate(
        function, rows.subspan(static_cast<std::size_t>(row) * row_width, row_width));
  });
}

void CpuBackend::gate(kernels::Activation function, int width, std::span<const float> input,
                      std::span<float> output) {
  const auto row_width = static_cast<std::size_t>(width);
  pool_.run(static_cast<int>(output.size() / row_width), [&](int index) {
    const auto row = static_cast<std::size_t>(index);
    sketchscope::kernels::gate(function, width, input.subspan(2 * row * row_width, 2 * row_width),
                               output.subspan(row * row_width, row_width));
  });
}

void CpuBackend::add(std::span<const float> summand, std::span<float> sum) {
  std::ranges::transform(sum, summand, sum.begin(), std::plus<>{});
}

}  // namespace sketchscope::model
