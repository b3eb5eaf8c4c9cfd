#include "engine/decode/lane.hpp"

#include <utility>

#include "engine/decode/capacity.hpp"
#include "engine/decode/knob_applier.hpp"
#include "engine/decode/lane_state.hpp"
#include "engine/decode/sampler.hpp"

namespace sketchscope {

Lane::Lane(const ModelConfig& config, std::shared_ptr<PagePools> pages, LaneOptions options)
    : state_(std::make_unique<LaneState>(
          config, std::move(pages), options.knobs, std::move(options.policy),
          LaneMeasurement{.audit = options.audit,
                          .has_twin = options.has_twin,
                          .keep_attention = options.keep_attention,
                          .observer = std::move(options.observer)})) {}

Lane::Lane(const Lane& other) : state_(std::make_unique<LaneState>(*other.state_)) {}

Lane::Lane(Lane&& other) noexcept = default;

Lane& Lane::operator=(Lane other) noexcept {
  state_ = std::move(other.state_);
  return *this;
}

Lane::~Lane() = default;

const Knobs& Lane::knobs() const {
  return state_->rules.knobs;
}

std::span<const int> Lane::tokens() const {
  return state_->tokens;
}

std::span<const float> Lane::logits() const {
  return state_->logits;
}

const Policy& Lane::policy() const {
  return *state_->rules.policy;
}

bool Lane::audited() const {
  return state_->measured.audit;
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
  const Knobs& knobs = state_->rules.knobs;
  return sample(state_->logits,
                {.temperature = knobs.temperature, .top_k = knobs.top_k, .top_p = knobs.top_p},
                state_->random);
}

void Lane::finish_pass(std::span<const int> tokens, std::span<const float> logits) {
  state_->tokens.insert(state_->tokens.end(), tokens.begin(), tokens.end());
  state_->logits.assign(logits.begin(), logits.end());
  move_budgets(*state_);
}

std::vector<EvictionRecord> Lane::take_evictions() {
  return std::exchange(state_->evictions, {});
}

std::vector<KnobChange> Lane::apply(const Knobs& knobs) {
  return KnobApplier(*state_).apply(knobs);
}

std::vector<KnobChange> Lane::hold_target(std::optional<double> logit_kl) {
  const auto decision = capacity_for_target(*state_, logit_kl);
  if (!decision) return {};
  Knobs changed = state_->rules.knobs;
  changed.max_cache_size = decision->capacity;
  std::vector<KnobChange> changes = apply(changed);
  for (KnobChange& change : changes) change.note = decision->reason;
  return changes;
}

void Lane::unshare_pages() {
  for (LayerCache& cache : state_->layers) {
    for (CacheTable& table : cache.tables) table.slots.unshare();
  }
}

}  // namespace sketchscope
