#include "engine/settings/byte_budget.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "engine/cache/page_pool.hpp"
#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/sketch/items.hpp"

namespace sketchscope::settings {
namespace {

// How the knobs divide the slots of a model into tables.
struct TableShape {
  std::size_t tables = 1;  // number of tables in all layers together
  int heads = 1;           // number of key/value heads that share one table
  int head_width = 0;
};

TableShape table_shape(const model::ModelConfig& config, const Knobs& knobs) {
  const bool per_head = knobs.granularity == Granularity::head;
  return {.tables = static_cast<std::size_t>(config.layers * (per_head ? config.kv_heads : 1)),
          .heads = per_head ? 1 : config.kv_heads,
          .head_width = config.head_width};
}

// Returns how many different items a sketch can count.
std::size_t possible_items(const model::ModelConfig& config, const Knobs& knobs) {
  switch (knobs.sketch_key) {
    case sketch::SketchKey::position:
      break;
    case sketch::SketchKey::head_position:
      return static_cast<std::size_t>(config.kv_heads) * static_cast<std::size_t>(config.positions);
    case sketch::SketchKey::token:
      return static_cast<std::size_t>(config.vocabulary);
    case sketch::SketchKey::key_lsh:
      return std::size_t{1} << knobs.lsh_bits;
  }
  return static_cast<std::size_t>(config.positions);
}

std::size_t sketch_bytes_of_a_layer(const model::ModelConfig& config, const Knobs& knobs) {
  // The sketch `exact`, the only one without a table, keeps one counter per item.
  if (!knobs.sketch->has_table) return possible_items(config, knobs) * sizeof(float);
  return knobs.sketch->make(sketch_shape(knobs))->bytes();
}

std::size_t tail_bytes_of_a_table(const TableShape& shape, const Knobs& knobs) {
  if (!knobs.read->reads_tail) return 0;
  return knobs.aggregate
      ->make({.heads = shape.heads,
              .head_width = shape.head_width,
              .clusters = knobs.clusters,
              .seed = knobs.sketch_seed})
      ->bytes();
}

[[noreturn]] void refuse(std::size_t max_bytes, const std::string& expected,
                         const std::string& remedy) {
  throw core::UsageError({.what = "--max-bytes",
                          .found = std::to_string(max_bytes),
                          .expected = expected,
                          .remedy = remedy});
}

}  // namespace

LaneBytes lane_bytes(const model::ModelConfig& config, const Knobs& knobs) {
  check_model(knobs, config);
  const TableShape shape = table_shape(config, knobs);
  const auto policy = make_policy(knobs);
  const cache::PagePool pages(
      {.heads = shape.heads, .head_width = shape.head_width, .format = knobs.kv});
  LaneBytes bytes{.fixed = shape.tables * tail_bytes_of_a_table(shape, knobs),
                  .per_slot = pages.page_bytes() / kernels::kSlotsPerPage +
                              policy::statistics_bytes_a_slot(*policy, observation_of(knobs))};
  if (policy->needs_query_moments()) {
    bytes.fixed += static_cast<std::size_t>(config.layers) *
                   cache::QueryMoments(config.heads, config.head_width).bytes();
  }
  if (policy->uses_sketch()) {
    // All tables of a layer share one sketch, and all layers share one coder.
    bytes.fixed += static_cast<std::size_t>(config.layers) * sketch_bytes_of_a_layer(config, knobs);
    if (knobs.sketch_key == sketch::SketchKey::key_lsh) {
      bytes.fixed +=
          sketch::KeyCoder(shape.heads * shape.head_width, knobs.lsh_bits, knobs.sketch_seed)
              .bytes();
      bytes.per_slot += sizeof(std::uint32_t);  // The code of each stored key is kept.
    }
  }
  const bool ranked = knobs.positions == Positions::cache;
  if (ranked) bytes.per_slot += sizeof(int);
  bytes.per_slot *= shape.tables;
  if (knobs.read->reads_pages) {
    bytes.per_page =
        shape.tables * 2 * sizeof(float) * static_cast<std::size_t>(shape.heads * shape.head_width);
  }
  // All tables share the rotations of the ranks.
  if (ranked) bytes.per_slot += 2 * static_cast<std::size_t>(shape.head_width) * sizeof(float);
  return bytes;
}

std::size_t LaneBytes::at(int capacity) const {
  const int pages = (capacity + kernels::kSlotsPerPage - 1) / kernels::kSlotsPerPage;
  return fixed + per_slot * static_cast<std::size_t>(capacity) +
         per_page * static_cast<std::size_t>(pages);
}

int capacity_within(const model::ModelConfig& config, const Knobs& knobs, std::size_t max_bytes) {
  if (!knobs.policy->evicts) {
    refuse(max_bytes, "a policy that obeys a capacity, not '" + knobs.policy.name() + "'",
           "Take another --policy");
  }
  const LaneBytes bytes = lane_bytes(config, knobs);
  const std::size_t least = bytes.at(knobs.sinks + 1);
  if (max_bytes < least) {
    refuse(max_bytes,
           std::to_string(least) + " or more: " + core::bytes_text(bytes.fixed) +
               " of sketch and summary, and " + core::bytes_text(bytes.per_slot) +
               " for each of sinks + 1 = " + std::to_string(knobs.sinks + 1) + " slots",
           "Give more bytes, a smaller sketch or a smaller kv format");
  }
  const std::size_t slots = (max_bytes - bytes.fixed) / bytes.per_slot;
  auto capacity = static_cast<int>(std::min(slots, static_cast<std::size_t>(config.positions)));
  while (bytes.at(capacity) > max_bytes) --capacity;
  return capacity;
}

}  // namespace sketchscope::settings
