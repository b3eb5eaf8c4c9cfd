#include "engine/decode/lane.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/decode/lane_state.hpp"
#include "engine/decode/phases.hpp"
#include "engine/decode/sampler.hpp"

namespace sketchscope::decode {

Lane::Lane(const model::ModelConfig& config, std::shared_ptr<cache::PagePools> pages,
           LaneOptions options)
    : state_(std::make_unique<LaneState>(config, std::move(pages), options)) {
  if (options.spared) spare(*options.spared);
}

Lane::Lane(const Lane& other) : state_(std::make_unique<LaneState>(*other.state_)) {}

Lane::Lane(Lane&& other) noexcept = default;

Lane& Lane::operator=(Lane other) noexcept {
  state_ = std::move(other.state_);
  return *this;
}

Lane::~Lane() = default;

const settings::Knobs& Lane::knobs() const {
  return state_->rules.knobs;
}

std::span<const int> Lane::tokens() const {
  return state_->tokens;
}

std::span<const float> Lane::logits() const {
  return state_->logits;
}

const policy::Policy& Lane::policy() const {
  return *state_->rules.policy;
}

bool Lane::audited() const {
  return state_->audits();
}

bool Lane::has_room() const {
  return state_->has_room();
}

Decisions Lane::decisions() const {
  Decisions sum;
  for (int layer = 0; layer < state_->config.layers; ++layer) {
    const std::optional<int> capacity = state_->capacity(layer);
    for (const CacheTable& table : state_->layer(layer).tables) {
      sum += table.decided;
      if (!capacity) continue;
      const int slots = state_->shares_slots() ? table.slots.stored() : *capacity;
      ++sum.tables;
      sum.tables_resized += slots != state_->rules.knobs.max_cache_size ? 1 : 0;
    }
  }
  return sum;
}

std::size_t Lane::gone_positions() const {
  return state_->holders.gone();
}

std::vector<LayerView> Lane::layers() const {
  std::vector<LayerView> views;
  for (int index = 0; index < state_->config.layers; ++index) views.push_back(layer(index));
  return views;
}

LayerView Lane::layer(int index) const {
  return {*state_, index};
}

int Lane::draw_token() {
  return sample(state_->logits, sampling_of(state_->rules.knobs, state_->tokens), state_->random);
}

void Lane::finish_pass(std::span<const int> tokens, std::span<const float> logits) {
  state_->tokens.insert(state_->tokens.end(), tokens.begin(), tokens.end());
  state_->logits.assign(logits.begin(), logits.end());
  move_budgets(*state_);
}

std::vector<record::EvictionRecord> Lane::take_evictions() {
  return std::exchange(state_->evictions, {});
}

std::vector<record::KnobChange> Lane::hold_target(std::optional<double> logit_kl) {
  const auto decision = capacity_for_target(*state_, logit_kl);
  if (!decision) return {};
  settings::Knobs changed = state_->rules.knobs;
  changed.max_cache_size = decision->capacity;
  std::vector<record::KnobChange> changes = apply(changed);
  for (record::KnobChange& change : changes) change.note = decision->reason;
  return changes;
}

void Lane::spare(const SparedPosition& spared) {
  const bool is_known = spared.layer >= 0 && spared.layer < state_->config.layers &&
                        spared.table >= 0 && spared.position >= 0 &&
                        spared.table < std::ssize(state_->layers.front().tables);
  if (!is_known) {
    throw core::UsageError(
        {.what = "position to spare",
         .found = "layer " + std::to_string(spared.layer) + ", table " +
                  std::to_string(spared.table) + ", position " + std::to_string(spared.position),
         .expected = "layer 0 to " + std::to_string(state_->config.layers - 1) + ", table 0 to " +
                     std::to_string(state_->layers.front().tables.size() - 1)});
  }
  state_->spared = spared;
  state_->spared_beside = false;
}

void Lane::unshare_pages() {
  for (LayerCache& cache : state_->layers) {
    for (CacheTable& table : cache.tables) table.slots.unshare();
  }
}

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
  std::size_t ranks = 0;
  for (const LayerCache& cache : state_->layers) {
    for (const CacheTable& table : cache.tables) {
      ranks = std::max(ranks, table.ranks.values().size());
    }
  }
  return ranks * 2 * state_->head_width() * sizeof(float) +
         sum_over_tables(*state_, [](const CacheTable& table) {
           return table.statistics.bytes() + table.moments.bytes() + table.bounds.bytes() +
                  table.ranks.bytes();
         });
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
                      logits().size() * sizeof(float) + tokens().size() * sizeof(int) +
                      state_->holders.bytes();
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

}  // namespace sketchscope::decode
