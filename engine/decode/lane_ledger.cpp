// The bytes that a lane takes, by category of the memory ledger.
#include "engine/decode/lane.hpp"
#include "engine/decode/lane_state.hpp"

namespace sketchscope {
namespace {

template <typename BytesOf>
std::size_t sum_over_tables(const LaneState& lane, BytesOf bytes_of) {
  std::size_t bytes = 0;
  for (const LayerCache& cache : lane.layers) {
    for (const CacheTable& table : cache.tables) bytes += bytes_of(table);
  }
  return bytes;
}

}  // namespace

std::size_t Lane::kv_bytes() const {
  return sum_over_tables(*state_,
                         [](const CacheTable& table) { return table.slots.stored_bytes(); });
}

std::size_t Lane::sketch_bytes() const {
  std::size_t bytes = state_->rules.coder ? state_->rules.coder->bytes() : 0;
  for (const LayerCache& cache : state_->layers) bytes += cache.sketch ? cache.sketch->bytes() : 0;
  return bytes + sum_over_tables(*state_, [](const CacheTable& table) {
           return table.codes.size() * sizeof(std::uint32_t);
         });
}

std::size_t Lane::statistics_bytes() const {
  return sum_over_tables(*state_, [](const CacheTable& table) { return table.statistics.bytes(); });
}

std::size_t Lane::tail_bytes() const {
  return sum_over_tables(
      *state_, [](const CacheTable& table) { return table.tail ? table.tail->bytes() : 0; });
}

std::size_t Lane::audit_bytes() const {
  return sum_over_tables(
      *state_, [](const CacheTable& table) { return table.audit ? table.audit->bytes() : 0; });
}

std::size_t Lane::bytes_beside(const Lane* earlier) const {
  std::size_t bytes = sketch_bytes() + statistics_bytes() + tail_bytes() +
                      logits().size() * sizeof(float) + tokens().size() * sizeof(int);
  for (std::size_t layer = 0; layer < state_->layers.size(); ++layer) {
    const LayerCache& cache = state_->layers[layer];
    bytes += cache.attended.mass.size() * sizeof(float);
    for (std::size_t index = 0; index < cache.tables.size(); ++index) {
      const CacheTable& table = cache.tables[index];
      const CacheTable* before = earlier ? &earlier->state_->layers[layer].tables[index] : nullptr;
      bytes += table.slots.bytes_beside(before ? &before->slots : nullptr);
      if (!table.audit) continue;
      bytes += table.audit->bytes_beside(before && before->audit ? &*before->audit : nullptr);
    }
  }
  return bytes;
}

}  // namespace sketchscope
