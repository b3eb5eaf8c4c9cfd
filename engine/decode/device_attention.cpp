#include "engine/decode/device_step.hpp"

#include <algorithm>

#include "engine/cache/page_pool.hpp"
#include "engine/decode/lane_state.hpp"
#include "engine/model/device_backend.hpp"

namespace sketchscope::decode {
namespace {

// Copies of pages that are allocated together on the device.
constexpr std::size_t kPagesPerSlab = 32;

template <class T>
std::size_t bytes_of(const std::vector<T>& values) {
  return std::span(values).size_bytes();
}

std::size_t index_of(cache::PagePool::PageId page) {
  return static_cast<std::size_t>(page);
}

}  // namespace

std::size_t DevicePages::bring(const cache::SlotTable& table,
                               std::vector<kernels::PageView>& views) {
  const cache::PagePool& pool = table.pool();
  Copies& copies = copies_[&pool];
  std::size_t copied = 0;
  for (const cache::PagePool::PageId page : table.page_ids()) {
    const std::size_t index = index_of(page);
    copies.versions.resize(std::max(copies.versions.size(), index + 1));
    while (copies.slabs.size() * kPagesPerSlab <= index) {
      copies.slabs.emplace_back(kPagesPerSlab * pool.page_bytes());
    }
    std::byte* const copy = copy_of(pool, page);
    if (copies.versions[index] != pool.version(page)) {
      kernels::cuda::upload(copy, pool.view(page).keys, pool.page_bytes(), stream_);
      copies.versions[index] = pool.version(page);
      copied += pool.page_bytes();
    }
    views.push_back({.keys = copy, .values = copy + pool.page_bytes() / 2});
  }
  return copied;
}

DevicePages::Slot DevicePages::at(const cache::SlotTable& table, int slot) {
  const cache::PagePool& pool = table.pool();
  const auto page = table.page_ids()[static_cast<std::size_t>(slot / kernels::kSlotsPerPage)];
  std::byte* const key =
      copy_of(pool, page) +
      static_cast<std::size_t>(slot % kernels::kSlotsPerPage) * pool.vector_bytes();
  return {.key = key, .value = key + pool.page_bytes() / 2};
}

void DevicePages::accept(const cache::SlotTable& table, int slot) {
  const auto page = table.page_ids()[static_cast<std::size_t>(slot / kernels::kSlotsPerPage)];
  copies_.at(&table.pool()).versions[index_of(page)] = table.pool().version(page);
}

std::byte* DevicePages::copy_of(const cache::PagePool& pool, cache::PagePool::PageId page) {
  const std::size_t index = index_of(page);
  kernels::cuda::DeviceArray<std::byte>& slab = copies_.at(&pool).slabs[index / kPagesPerSlab];
  return slab.data() + index % kPagesPerSlab * pool.page_bytes();
}

DeviceAttention::DeviceAttention(const model::ModelConfig& config, kernels::cuda::Stream stream)
    : config_(config), stream_(stream), pages_(stream) {}

DeviceAttention::Shape DeviceAttention::shape_of(std::span<Lane* const> lanes) {
  Shape shape{.rows = static_cast<int>(lanes.size())};
  for (const Lane* lane : lanes) {
    const std::vector<CacheTable>& tables = lane->state().layers.front().tables;
    shape.tables += static_cast<int>(tables.size());
    shape.most_heads = std::max(shape.most_heads, tables.front().heads.query.count);
  }
  return shape;
}

void DeviceAttention::begin(const Shape& shape) {
  plan_.writes.clear();
  plan_.reads.clear();
  plan_.views.clear();
  plan_.slots.clear();
  plan_.mass_of.clear();
  plan_.mass_size = 0;
  if (shape == shape_) return;
  shape_ = shape;
  model::grow_device_array(arrays_.writes, 2 * first_table(config_.layers));
  model::grow_device_array(arrays_.reads, first_table(config_.layers));
  const auto heads = static_cast<std::size_t>(config_.layers) *
                     static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(config_.heads);
  model::grow_device_array(arrays_.log_sum_exp, heads);
  results_.log_sum_exp.resize(heads);
}

std::size_t DeviceAttention::first_table(int layer) const {
  return static_cast<std::size_t>(layer) * static_cast<std::size_t>(shape_.tables);
}

std::size_t DeviceAttention::plan_row(const LaneState& lane, const SlotSelection& selection,
                                      const model::AttentionInput& input, std::span<float> output) {
  const LayerCache& cache = lane.layer(selection.layer);
  const auto heads = static_cast<std::size_t>(config_.heads);
  const auto width = static_cast<std::size_t>(config_.head_width);
  const std::size_t row = plan_.mass_of.size();  // of (L, B)
  plan_.mass_of.push_back({.first = plan_.mass_size, .numbers = cache.mass_numbers()});
  std::size_t copied = 0;
  for (std::size_t index = 0; index < cache.tables.size(); ++index) {
    const CacheTable& table = cache.tables[index];
    const auto first_head = static_cast<std::size_t>(table.heads.query.first);
    const std::size_t first_of_key = static_cast<std::size_t>(table.heads.kv.first) * width;
    const std::span<const int> listed = selection.slots[index];
    PlannedRead read{.first_view = plan_.views.size(),
                     .first_slot = plan_.slots.size(),
                     .first_mass = plan_.mass_size};
    copied += pages_.bring(table.slots, plan_.views);
    plan_.slots.insert(plan_.slots.end(), listed.begin(), listed.end());
    plan_write(table, input.key.numbers.data() + first_of_key,
               input.value.numbers.data() + first_of_key);
    read.decode = {.format = table.slots.format(),
                   .vector_bytes = table.slots.pool().vector_bytes(),
                   .stored = table.slots.stored(),
                   .listed = static_cast<int>(listed.size()),
                   .heads = table.heads.query.count,
                   .kv_heads = table.heads.kv.count,
                   .head_width = config_.head_width,
                   .scale = config_.attention_scale(selection.layer),
                   .query = input.query.numbers.data() + first_head * width,
                   .output = output.data() + first_head * width,
                   .log_sum_exp = arrays_.log_sum_exp.data() + row * heads + first_head};
    plan_.reads.push_back(read);
    plan_.mass_size += static_cast<std::size_t>(table.heads.query.count) *
                       static_cast<std::size_t>(table.slots.stored());
  }
  return copied;
}

void DeviceAttention::plan_write(const CacheTable& table, const float* key, const float* value) {
  const DevicePages::Slot newest = pages_.at(table.slots, table.newest_slot);
  const kernels::KvLayout layout = cache::slot_layout(table.slots.pool());
  plan_.writes.push_back({.layout = layout, .vectors = key, .encoded = newest.key});
  plan_.writes.push_back({.layout = layout, .vectors = value, .encoded = newest.value});
}

std::size_t DeviceAttention::send() {
  model::grow_device_array(arrays_.views, plan_.views.size());
  model::grow_device_array(arrays_.slots, plan_.slots.size());
  model::grow_device_array(arrays_.mass, plan_.mass_size);
  plan_.decodes.clear();
  for (const PlannedRead& read : plan_.reads) {
    kernels::cuda::Decode decode = read.decode;
    decode.pages = arrays_.views.data() + read.first_view;
    decode.mass = arrays_.mass.data() + read.first_mass;
    if (decode.listed > 0) decode.slots = arrays_.slots.data() + read.first_slot;
    plan_.decodes.push_back(decode);
  }
  arrays_.writes.upload(plan_.writes, stream_);
  arrays_.reads.upload(plan_.decodes, stream_);
  arrays_.views.upload(plan_.views, stream_);
  arrays_.slots.upload(plan_.slots, stream_);
  return bytes_of(plan_.writes) + bytes_of(plan_.decodes) + bytes_of(plan_.views) +
         bytes_of(plan_.slots);
}

void DeviceAttention::attend(int layer, const model::AttentionInput& /*input*/,
                             std::span<float> /*output*/) {
  {
    const trace::ScopedSpan span(observer_, trace::Operation::store, {.layer = layer});
    kernels::cuda::launch_write_kv(arrays_.writes.data() + 2 * first_table(layer),
                                   2 * shape_.tables, shape_.most_heads, stream_);
  }
  const trace::ScopedSpan span(observer_, trace::Operation::attention, {.layer = layer});
  kernels::cuda::launch_decode_attention(arrays_.reads.data() + first_table(layer), shape_.tables,
                                         shape_.most_heads, stream_);
}

std::size_t DeviceAttention::fetch() {
  results_.mass.resize(plan_.mass_size);
  arrays_.log_sum_exp.download(results_.log_sum_exp, stream_);
  arrays_.mass.download(results_.mass, stream_);
  return bytes_of(results_.log_sum_exp) + bytes_of(results_.mass);
}

DeviceAttention::RowResult DeviceAttention::receive_row(int layer, std::size_t row,
                                                        const LaneState& lane) {
  for (const CacheTable& table : lane.layer(layer).tables) {
    pages_.accept(table.slots, table.newest_slot);
  }
  const auto heads = static_cast<std::size_t>(config_.heads);
  const std::size_t at =
      static_cast<std::size_t>(layer) * static_cast<std::size_t>(shape_.rows) + row;  // of (L, B)
  const MassOf& place = plan_.mass_of[at];
  return {.mass = std::span(results_.mass).subspan(place.first, place.numbers),
          .log_sum_exp = std::span(results_.log_sum_exp).subspan(at * heads, heads)};
}

}  // namespace sketchscope::decode
