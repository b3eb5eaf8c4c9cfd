#include "engine/decode/device_step.hpp"

#include <algorithm>

#include "engine/cache/slot_layout.hpp"
#include "engine/core/error.hpp"
#include "engine/core/stopwatch.hpp"

namespace sketchscope {
namespace {

std::size_t product(int a, int b) {
  return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}

// At least `size` elements; what was in it is gone where it grows.
template <class T>
void grow(cuda::DeviceArray<T>& array, std::size_t size) {
  if (array.size() < size) array = cuda::DeviceArray<T>(std::max(size, 2 * array.size()));
}

template <class T>
std::span<T> part(std::vector<T>& all, std::size_t index, std::size_t count) {
  return std::span(all).subspan(index * count, count);
}

void refuse_tail(const Lane& lane) {
  if (!lane.read().reads_tail()) return;
  throw UsageError({.what = "read '" + lane.knobs().read + "' on the GPU",
                    .found = "a summary of evicted positions in every layer",
                    .expected = "a read of stored positions alone",
                    .remedy = "Take --read full or topk there, or --device cpu"});
}

}  // namespace

DeviceStep::DeviceStep(const ModelConfig& config, const DeviceWeights& weights)
    : config_(config), weights_(weights), pages_(queue_.stream()) {}

void DeviceStep::run(ThreadPool& pool, const CachedAttention::Rows& rows, std::span<float> logits) {
  for (const Lane* lane : rows.lanes) refuse_tail(*lane);
  Stopwatch watch;
  make_buffers(shape_of(rows));
  plan(rows);
  times_ = {.policy_ms = watch.lap_ms()};
  {
    const cuda::ProfileRange range("pass");
    send_plan();
    if (recording_.empty()) {
      recording_ = cuda::Recording(queue_, [this](cuda::Stream stream) { launch_pass(stream); });
    }
    recording_.start(queue_);
    fetch(logits);
  }
  learn(pool, rows);
}

DeviceStep::Shape DeviceStep::shape_of(const CachedAttention::Rows& rows) const {
  Shape shape{.rows = static_cast<int>(rows.lanes.size())};
  for (const Lane* lane : rows.lanes) {
    const std::vector<HeadGroup>& groups = lane->layers().front().groups;
    shape.tables += static_cast<int>(groups.size());
    shape.most_heads = std::max(shape.most_heads, groups.front().heads.count);
  }
  return shape;
}

void DeviceStep::make_buffers(const Shape& shape) {
  if (shape == shape_) return;
  recording_ = {};  // it holds the buffers' addresses
  shape_ = shape;
  const std::size_t rows = product(shape.rows, 1);
  const std::size_t layers = product(config_.layers, 1);
  const std::size_t width = row_width();
  Buffers& to = on_device_;
  grow(to.tokens, rows);
  for (auto* buffer : {&to.residual, &to.normalised, &to.projected}) grow(*buffer, rows * width);
  grow(to.qkv, layers * rows * 3 * width);
  grow(to.attended, layers * rows * width);
  grow(to.inner, rows * product(config_.inner_width, 1));
  grow(to.logits, rows * product(config_.vocabulary, 1));
  grow(to.log_sum_exp, layers * rows * product(config_.heads, 1));
  grow(to.writes, layers * product(shape.tables, 2));
  grow(to.reads, layers * product(shape.tables, 1));
  qkv_.resize(layers * rows * 3 * width);
  attended_.resize(layers * rows * width);
  log_sum_exp_.resize(layers * rows * product(config_.heads, 1));
}

void DeviceStep::plan(const CachedAttention::Rows& rows) {
  const cuda::ProfileRange range("plan");
  tokens_.clear();
  writes_.clear();
  reads_.clear();
  views_.clear();
  slots_.clear();
  mass_of_.clear();
  mass_size_ = 0;
  for (const InputRow& row : rows.inputs) tokens_.push_back({row.token, row.position});
  for (int layer = 0; layer < config_.layers; ++layer) {
    for (std::size_t row = 0; row < rows.lanes.size(); ++row) {
      const Stopwatch own;
      rows.lanes[row]->place(layer, rows.inputs[row], rows.scratch[row]);
      narrow(layer, *rows.lanes[row], rows.scratch[row]);
      plan_row(layer, row, *rows.lanes[row], rows.scratch[row]);
      rows.scratch[row].policy_ms += own.elapsed_ms();
    }
  }
}

void DeviceStep::narrow(int layer, const Lane& lane, LaneScratch& scratch) {
  narrowed_.resize(lane.layers().front().groups.size());
  lane.narrow_readings(layer, scratch, narrowed_);
}

void DeviceStep::plan_row(int layer, std::size_t row, const Lane& lane,
                          const LaneScratch& scratch) {
  const LayerCache& cache = lane.layers()[static_cast<std::size_t>(layer)];
  const std::size_t at = product(layer, shape_.rows) + row;  // of (L, B)
  const std::size_t width = row_width();
  const auto head_width = static_cast<std::size_t>(config_.head_width);
  const auto stored = static_cast<std::size_t>(cache.stored());
  mass_of_.push_back({.first = mass_size_, .stored = stored});
  for (std::size_t index = 0; index < cache.groups.size(); ++index) {
    const HeadGroup& group = cache.groups[index];
    const SlotTable& table = group.table;
    const auto first_head = static_cast<std::size_t>(group.heads.first);
    const std::span<const int> listed = scratch.read_slots[index];
    PlannedRead read{.first_view = views_.size(),
                     .first_slot = slots_.size(),
                     .first_mass = mass_size_ + first_head * stored};
    pages_.bring(table, views_);
    slots_.insert(slots_.end(), listed.begin(), listed.end());

    float* const query = on_device_.qkv.data() + at * 3 * width + first_head * head_width;
    const DevicePages::Slot newest = pages_.at(table, group.newest_slot);
    const KvLayout layout = slot_layout(table.pool());
    writes_.push_back({.layout = layout, .vectors = query + width, .encoded = newest.key});
    writes_.push_back({.layout = layout, .vectors = query + 2 * width, .encoded = newest.value});
    read.decode = {.format = table.format(),
                   .vector_bytes = table.pool().vector_bytes(),
                   .stored = table.stored(),
                   .listed = static_cast<int>(listed.size()),
                   .heads = group.heads.count,
                   .kv_heads = group.heads.count,
                   .head_width = config_.head_width,
                   .scale = config_.attention_scale(layer),
                   .query = query,
                   .output = on_device_.attended.data() + at * width + first_head * head_width,
                   .log_sum_exp = on_device_.log_sum_exp.data() +
                                  at * static_cast<std::size_t>(config_.heads) + first_head};
    reads_.push_back(read);
  }
  mass_size_ += static_cast<std::size_t>(config_.heads) * stored;
}

void DeviceStep::send_plan() {
  const cuda::Stream stream = queue_.stream();
  grow(on_device_.views, views_.size());
  grow(on_device_.slots, slots_.size());
  grow(on_device_.mass, mass_size_);
  decodes_.clear();
  for (const PlannedRead& read : reads_) {
    cuda::Decode decode = read.decode;
    decode.pages = on_device_.views.data() + read.first_view;
    decode.mass = on_device_.mass.data() + read.first_mass;
    if (decode.listed > 0) decode.slots = on_device_.slots.data() + read.first_slot;
    decodes_.push_back(decode);
  }
  on_device_.tokens.upload(tokens_, stream);
  on_device_.writes.upload(writes_, stream);
  on_device_.reads.upload(decodes_, stream);
  on_device_.views.upload(views_, stream);
  on_device_.slots.upload(slots_, stream);
}

void DeviceStep::launch_pass(cuda::Stream stream) {
  Buffers& on = on_device_;
  cuda::launch_embed({.tokens = weights_.tokens,
                      .positions = weights_.positions,
                      .rows = on.tokens.data(),
                      .output = on.residual.data()},
                     shape_.rows, stream);
  for (int layer = 0; layer < config_.layers; ++layer) {
    launch_attention(layer, stream);
    launch_inner(layer, stream);
  }
  launch_norm(weights_.final_norm, stream);
  cuda::launch_linear(weights_.head, on.normalised.data(), shape_.rows, on.logits.data(), stream);
}

void DeviceStep::launch_attention(int layer, cuda::Stream stream) {
  Buffers& on = on_device_;
  const DeviceWeights::Layer& weights = weights_.layers[static_cast<std::size_t>(layer)];
  float* const qkv = on.qkv.data() + product(layer, shape_.rows) * 3 * row_width();
  const float* const attended = on.attended.data() + product(layer, shape_.rows) * row_width();
  launch_norm(weights.attention_norm, stream);
  cuda::launch_linear(weights.qkv, on.normalised.data(), shape_.rows, qkv, stream);
  cuda::launch_write_kv(on.writes.data() + 2 * product(layer, shape_.tables), 2 * shape_.tables,
                        shape_.most_heads, stream);
  cuda::launch_decode_attention(on.reads.data() + product(layer, shape_.tables), shape_.tables,
                                shape_.most_heads, stream);
  launch_projection(weights.attention_output, attended, stream);
}

void DeviceStep::launch_inner(int layer, cuda::Stream stream) {
  Buffers& on = on_device_;
  const DeviceWeights::Layer& weights = weights_.layers[static_cast<std::size_t>(layer)];
  launch_norm(weights.inner_norm, stream);
  cuda::launch_linear(weights.expand, on.normalised.data(), shape_.rows, on.inner.data(), stream);
  cuda::launch_activate(config_.activation, on.inner.data(),
                        product(shape_.rows, config_.inner_width), stream);
  launch_projection(weights.contract, on.inner.data(), stream);
}

void DeviceStep::launch_norm(const DeviceWeights::LayerNorm& norm, cuda::Stream stream) {
  cuda::launch_layer_norm({.input = on_device_.residual.data(),
                           .scale = norm.scale,
                           .shift = norm.shift,
                           .rows = shape_.rows,
                           .width = config_.width,
                           .epsilon = config_.layer_norm_epsilon,
                           .output = on_device_.normalised.data()},
                          stream);
}

void DeviceStep::launch_projection(const Linear& layer, const float* input, cuda::Stream stream) {
  Buffers& on = on_device_;
  cuda::launch_linear(layer, input, shape_.rows, on.projected.data(), stream);
  cuda::launch_add(on.residual.data(), on.projected.data(), product(shape_.rows, config_.width),
                   stream);
}

void DeviceStep::fetch(std::span<float> logits) {
  const cuda::Stream stream = queue_.stream();
  mass_.resize(mass_size_);
  on_device_.logits.download(logits, stream);
  on_device_.qkv.download(qkv_, stream);
  on_device_.attended.download(attended_, stream);
  on_device_.log_sum_exp.download(log_sum_exp_, stream);
  on_device_.mass.download(mass_, stream);
}

void DeviceStep::learn(ThreadPool& pool, const CachedAttention::Rows& rows) {
  const cuda::ProfileRange range("learn");
  const std::size_t of_layer = product(shape_.rows, config_.width);
  CachedAttention attention(pool, rows);
  Stopwatch watch;
  for (int layer = 0; layer < config_.layers; ++layer) {
    const auto at = static_cast<std::size_t>(layer);
    watch.lap_ms();
    for (std::size_t row = 0; row < rows.lanes.size(); ++row) {
      const Stopwatch own;
      receive_row(layer, row, *rows.lanes[row], rows.scratch[row]);
      rows.scratch[row].policy_ms += own.elapsed_ms();
    }
    times_.policy_ms += watch.lap_ms();
    const StridedRows query{
        .numbers = part(qkv_, at, 3 * of_layer), .width = row_width(), .stride = 3 * row_width()};
    attention.learn(layer, query, part(attended_, at, of_layer));
  }
  times_.policy_ms += attention.times().policy_ms;
  times_.audit_ms += attention.times().audit_ms;
}

void DeviceStep::receive_row(int layer, std::size_t row, Lane& lane, LaneScratch& scratch) {
  const std::size_t at = product(layer, shape_.rows) + row;  // of (L, B)
  lane.fill(layer, part(qkv_, 3 * at + 1, row_width()), part(qkv_, 3 * at + 2, row_width()));
  for (const HeadGroup& group : lane.layers()[static_cast<std::size_t>(layer)].groups) {
    pages_.accept(group.table, group.newest_slot);
  }
  narrow(layer, lane, scratch);  // for the audit: the scratch held the last layer's slots
  const auto heads = static_cast<std::size_t>(config_.heads);
  const auto mass = std::span(mass_).subspan(mass_of_[at].first, heads * mass_of_[at].stored);
  const auto sums = part(log_sum_exp_, at, heads);
  scratch.mass.assign(mass.begin(), mass.end());
  scratch.log_sum_exp.assign(sums.begin(), sums.end());
}

}  // namespace sketchscope
