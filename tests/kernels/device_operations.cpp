#include "tests/kernels/device_operations.hpp"

#include <vector>

#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/runtime.hpp"
#include "kernels/kernel_error.hpp"
#include "kernels/shape_check.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::kernels::cuda {
namespace {

DeviceArray<float> uploaded(std::span<const float> values) {
  return DeviceArray<float>(values);
}

/// The row-major weights of a layer as bytes; blocks come in panels.
std::vector<std::byte> weight_bytes(const Linear& layer) {
  if (in_blocks(layer.type)) return row_major(layer);
  const auto* const first = static_cast<const std::byte*>(layer.weight);
  return {first,
          first + static_cast<std::size_t>(layer.outputs) * row_bytes(layer.type, layer.inputs)};
}

/// Pages copied to the device, with the array of views that points to them.
class DevicePages {
 public:
  explicit DevicePages(const DecodeAttention& input) : views_(0) {
    const std::size_t page_size = static_cast<std::size_t>(input.kv_heads) * kSlotsPerPage *
                                  kv_vector_bytes(input.format, input.head_width);
    const auto copy_of = [&](const void* half) {
      const std::span bytes(static_cast<const std::byte*>(half), page_size);
      return copies_.emplace_back(bytes).data();
    };
    std::vector<PageView> views;
    for (const PageView& page : input.pages) {
      const void* keys = copy_of(page.keys);
      views.push_back({.keys = keys, .values = copy_of(page.values)});
    }
    views_ = DeviceArray<PageView>(std::span<const PageView>(views));
  }
  [[nodiscard]] const PageView* views() const { return views_.data(); }

 private:
  std::vector<DeviceArray<std::byte>> copies_;
  DeviceArray<PageView> views_;
};

/// A sketch's hashes and counters copied to the device.
class DeviceSketch {
 public:
  DeviceSketch(const SketchRows& rows, std::span<const float> cells, std::size_t room)
      : buckets_(rows.buckets), signs_(rows.signs), cells_(cells), room_(room) {
    table_ = {.buckets = buckets_.data(),
              .signs = signs_.data(),
              .depth = static_cast<int>(rows.buckets.size()),
              .width = rows.width,
              .input = rows.input,
              .cells = cells_.data(),
              .room = room_.data()};
  }
  [[nodiscard]] const SketchTable& table() const { return table_; }
  [[nodiscard]] const DeviceArray<float>& cells() const { return cells_; }

 private:
  DeviceArray<SketchHash> buckets_;
  DeviceArray<SketchHash> signs_;
  DeviceArray<float> cells_;
  DeviceArray<float> room_;
  SketchTable table_;
};

struct HeadRange {
  int first = 0;
  int count = 0;
};

/// Attends with some heads; `mass` has as many numbers for each of them.
void attend_heads(const PromptAttention& input, const HeadRange& heads, std::span<float> output,
                  std::span<float> mass) {
  const auto query = uploaded(input.query.numbers);
  const auto key = uploaded(input.key.numbers);
  const auto value = uploaded(input.value.numbers);
  // Uploading the output keeps the results of the other heads.
  auto device_output = uploaded(output);
  const auto queries = static_cast<std::size_t>(input.tokens - input.first);
  const auto head_count = static_cast<std::size_t>(heads.count);
  DeviceArray<QuerySoftmax> softmax(queries * head_count);
  auto device_mass = uploaded(mass);
  launch_prompt_attention({.query = {.first = query.data(), .stride = input.query.stride},
                           .key = {.first = key.data(), .stride = input.key.stride},
                           .value = {.first = value.data(), .stride = input.value.stride},
                           .tokens = input.tokens,
                           .first = input.first,
                           .heads = input.heads,
                           .kv_heads = input.kv_heads,
                           .head_width = input.head_width,
                           .first_head = heads.first,
                           .head_count = heads.count,
                           .scale = input.scale,
                           .output = device_output.data(),
                           .mass = mass.empty() ? nullptr : device_mass.data(),
                           .mass_stride = mass.size() / head_count,
                           .softmax = softmax.data()},
                          kDefaultStream);
  device_output.download(output);
  device_mass.download(mass);
}

}  // namespace

void linear(const Linear& layer, std::span<const float> input, int rows, std::span<float> output) {
  linear(layer, input, rows, output, outputs_per_tile(layer.outputs, rows));
}

void linear(const Linear& layer, std::span<const float> input, int rows, std::span<float> output,
            int outputs_of_tile) {
  check_linear(layer, input, rows, output);
  const DeviceArray<std::byte> weight(std::span<const std::byte>(weight_bytes(layer)));
  const auto outputs = static_cast<std::size_t>(layer.outputs);
  const auto scale = uploaded({layer.scale, layer.scale == nullptr ? 0 : outputs});
  const auto bias = uploaded({layer.bias, layer.bias == nullptr ? 0 : outputs});
  const auto device_input = uploaded(input);
  DeviceArray<float> result(output.size());
  Linear device_layer = layer;
  device_layer.weight = weight.data();
  device_layer.scale = scale.data();
  device_layer.bias = bias.data();
  launch_linear(device_layer, device_input.data(), rows, result.data(), outputs_of_tile,
                kDefaultStream);
  result.download(output);
}

void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output) {
  check_layer_norm(input, scale, bias, output);
  if (input.empty()) return;
  const auto device_input = uploaded(input);
  const auto device_scale = uploaded(scale);
  const auto device_bias = uploaded(bias);
  DeviceArray<float> result(output.size());
  launch_layer_norm({.input = device_input.data(),
                     .scale = device_scale.data(),
                     .bias = device_bias.data(),
                     .rows = static_cast<int>(input.size() / scale.size()),
                     .width = static_cast<int>(scale.size()),
                     .epsilon = epsilon,
                     .output = result.data()},
                    kDefaultStream);
  result.download(output);
}

void rms_norm(std::span<const float> input, std::span<const float> scale, float epsilon,
              std::span<float> output) {
  check_rms_norm(input, scale, output);
  if (input.empty()) return;
  const auto device_input = uploaded(input);
  const auto device_scale = uploaded(scale);
  DeviceArray<float> result(output.size());
  launch_rms_norm({.input = device_input.data(),
                   .scale = device_scale.data(),
                   .rows_at = {.rows = static_cast<int>(input.size() / scale.size()),
                               .width = static_cast<int>(scale.size()),
                               .stride = scale.size()},
                   .epsilon = epsilon,
                   .output = result.data()},
                  kDefaultStream);
  result.download(output);
}

void rotate(const Rotation& rotation, int head_width, std::span<float> vectors) {
  check_rotation(rotation, head_width, vectors);
  std::vector<float> rotations(rotation.cosine.begin(), rotation.cosine.end());
  rotations.insert(rotations.end(), rotation.sine.begin(), rotation.sine.end());
  const auto device_rotations = uploaded(rotations);
  auto device_vectors = uploaded(vectors);
  launch_rotate({.rotations = device_rotations.data(),
                 .pairs = static_cast<int>(rotation.cosine.size()),
                 .heads = static_cast<int>(vectors.size()) / head_width,
                 .head_width = head_width,
                 .stride = vectors.size(),
                 .vectors = device_vectors.data()},
                1, kDefaultStream);
  device_vectors.download(vectors);
}

void gate(Activation function, int width, std::span<const float> input, std::span<float> output) {
  check_gate(width, input, output);
  const auto device_input = uploaded(input);
  DeviceArray<float> result(output.size());
  launch_gate(function, width, device_input.data(), result.data(),
              static_cast<int>(output.size()) / width, kDefaultStream);
  result.download(output);
}

void activate(Activation function, std::span<float> values) {
  auto device_values = uploaded(values);
  launch_activate(function, device_values.data(), values.size(), kDefaultStream);
  device_values.download(values);
}

void decode_attention(const DecodeAttention& input, const AttentionResult& result) {
  check_decode_attention(input, result);
  const auto heads = static_cast<std::size_t>(input.heads);
  const DevicePages pages(input);
  const DeviceArray<int> slots(input.slots);
  const auto query = uploaded(input.query);
  DeviceArray<float> output(result.output.size());
  DeviceArray<float> mass(heads * static_cast<std::size_t>(input.stored));
  DeviceArray<float> log_sum_exp(heads);
  const Decode decode{.pages = pages.views(),
                      .format = input.format,
                      .vector_bytes = kv_vector_bytes(input.format, input.head_width),
                      .stored = input.stored,
                      .slots = slots.data(),
                      .listed = static_cast<int>(input.slots.size()),
                      .heads = input.heads,
                      .kv_heads = input.kv_heads,
                      .head_width = input.head_width,
                      .scale = input.scale,
                      .query = query.data(),
                      .output = output.data(),
                      .mass = mass.data(),
                      .log_sum_exp = log_sum_exp.data()};
  const DeviceArray<Decode> tables(std::span(&decode, 1));
  launch_decode_attention(tables.data(), 1, input.heads, kDefaultStream);
  output.download(result.output);
  mass.download(result.mass);
  log_sum_exp.download(result.log_sum_exp);
}

void encode_kv(const KvLayout& layout, std::span<const float> vectors,
               std::span<std::byte> encoded) {
  check_kv(layout, vectors.size(), encoded.size());
  const auto device_vectors = uploaded(vectors);
  // Uploading the target keeps the bytes between the vectors.
  DeviceArray<std::byte> device_encoded{std::span<const std::byte>(encoded)};
  launch_encode_kv(layout, device_vectors.data(), device_encoded.data(), kDefaultStream);
  device_encoded.download(encoded);
}

void decode_kv(const KvLayout& layout, std::span<const std::byte> encoded,
               std::span<float> vectors) {
  check_kv(layout, vectors.size(), encoded.size());
  const DeviceArray<std::byte> device_encoded(encoded);
  DeviceArray<float> device_vectors(vectors.size());
  launch_decode_kv(layout, device_encoded.data(), device_vectors.data(), kDefaultStream);
  device_vectors.download(vectors);
}

void prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                      std::span<float> mass) {
  check_prompt_attention(input, head, output, mass);
  attend_heads(input, {.first = head, .count = 1}, output, mass);
}

void prompt_attention(const PromptAttention& input, std::span<float> output,
                      std::span<float> mass) {
  check_prompt_attention(input, output, mass);
  attend_heads(input, {.first = 0, .count = input.heads}, output, mass);
}

double softmax(std::span<const float> logits, std::span<float> probability) {
  check_softmax(logits, probability);
  const auto device_logits = uploaded(logits);
  DeviceArray<float> result(probability.size());
  DeviceArray<double> log_sum_exp(1);
  launch_softmax(device_logits.data(), static_cast<int>(logits.size()), result.data(),
                 log_sum_exp.data(), kDefaultStream);
  double sum = 0.0;
  result.download(probability);
  log_sum_exp.download({&sum, 1});
  return sum;
}

void query_sketch(const SketchRows& rows, SketchQuery query, std::span<const float> cells,
                  std::span<const std::uint32_t> ids, std::span<float> estimates) {
  check_sketch_query(rows, query, cells.size(), ids.size(), estimates.size());
  const DeviceSketch sketch(rows, cells, 0);
  const DeviceArray<std::uint32_t> device_ids(ids);
  DeviceArray<float> result(estimates.size());
  launch_query_sketch(sketch.table(), query, device_ids.data(), static_cast<int>(ids.size()),
                      result.data(), kDefaultStream);
  result.download(estimates);
}

void update_sketch(const SketchRows& rows, SketchUpdate update, std::span<const SketchItem> items,
                   std::span<float> cells, std::span<float> room) {
  check_sketch_update(rows, update, cells.size(), items.size(), room.size());
  const DeviceSketch sketch(rows, cells, room.size());
  const DeviceArray<SketchItem> device_items(items);
  launch_update_sketch(sketch.table(), update, device_items.data(), static_cast<int>(items.size()),
                       kDefaultStream);
  sketch.cells().download(cells);
}

LowestSlots lowest_slots(std::span<const int> positions, std::span<const float> scores,
                         PositionRange range) {
  check_lowest_slots(positions, scores);
  const DeviceArray<int> device_positions(positions);
  const auto device_scores = uploaded(scores);
  DeviceArray<LowestSlots> found(1);
  launch_lowest_slots({.positions = device_positions.data(),
                       .scores = device_scores.data(),
                       .count = static_cast<int>(positions.size()),
                       .range = range,
                       .found = found.data()},
                      kDefaultStream);
  LowestSlots result;
  found.download({&result, 1});
  return result;
}

}  // namespace sketchscope::kernels::cuda
