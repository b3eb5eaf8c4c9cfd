#include "engine/cache/layer_audit.hpp"

#include <cmath>

namespace sketchscope {

Divergence& Divergence::operator+=(const Divergence& other) {
  heads += other.heads;
  lost_mass += other.lost_mass;
  log_loss += other.log_loss;
  error_square += other.error_square;
  full_square += other.full_square;
  lane_square += other.lane_square;
  dot += other.dot;
  return *this;
}

double Divergence::output_error() const {
  return full_square > 0 ? std::sqrt(error_square / full_square) : 0.0;
}

double Divergence::output_cosine() const {
  const double norms = std::sqrt(full_square * lane_square);
  return norms > 0 ? dot / norms : 1.0;
}

LayerAudit::LayerAudit(std::shared_ptr<PagePool> pool, int positions)
    : evicted_(pool),
      shape_(pool->shape()),
      exact_mass_(static_cast<std::size_t>(positions)),
      regret_(static_cast<std::size_t>(positions)),
      output_(static_cast<std::size_t>(shape_.heads * shape_.head_width)),
      log_sum_exp_(static_cast<std::size_t>(shape_.heads)) {}

void LayerAudit::keep_evicted(const SlotTable& table, int slot) {
  const auto width = output_.size();
  std::vector<float> key(width);
  std::vector<float> value(width);
  table.read_key(slot, key);
  table.read_value(slot, value);
  evicted_.append({.position = table.positions()[static_cast<std::size_t>(slot)],
                   .token = table.tokens()[static_cast<std::size_t>(slot)],
                   .key = key,
                   .value = value});
}

void LayerAudit::count(std::span<const int> stored_positions, std::span<const float> slot_mass,
                       float decay) {
  if (decay != 1.0F) {
    for (float& mass : exact_mass_) mass *= decay;
  }
  for (std::size_t slot = 0; slot < stored_positions.size(); ++slot) {
    exact_mass_[static_cast<std::size_t>(stored_positions[slot])] += slot_mass[slot];
  }
}

Divergence LayerAudit::compare(const Query& lane) {
  const auto heads = static_cast<std::size_t>(shape_.heads);
  const auto width = static_cast<std::size_t>(shape_.head_width);
  const auto evicted = static_cast<std::size_t>(evicted_.stored());
  if (evicted == 0) return {};

  mass_.resize(heads * evicted);
  decode_attention({.pages = evicted_.pages(),
                    .stored = evicted_.stored(),
                    .heads = shape_.heads,
                    .head_width = shape_.head_width,
                    .scale = lane.scale,
                    .query = lane.query},
                   {.output = output_, .mass = mass_, .log_sum_exp = log_sum_exp_});

  Divergence moved{.heads = shape_.heads};
  for (std::size_t head = 0; head < heads; ++head) {
    // ln(evicted mass / stored mass); the larger it is the less was retained.
    const double odds = static_cast<double>(log_sum_exp_[head]) - lane.log_sum_exp[head];
    const double lost = 1.0 / (1.0 + std::exp(-odds));
    moved.lost_mass += lost;
    total_regret_ += lost;
    moved.log_loss += odds > 0 ? odds + std::log1p(std::exp(-odds)) : std::log1p(std::exp(odds));
    for (std::size_t slot = 0; slot < evicted; ++slot) {
      const auto position = static_cast<std::size_t>(evicted_.positions()[slot]);
      regret_[position] += static_cast<float>(lost * mass_[head * evicted + slot]);
    }
    for (std::size_t d = head * width; d < (head + 1) * width; ++d) {
      const double own = lane.output[d];
      const double full = (1.0 - lost) * own + lost * output_[d];
      moved.error_square += (own - full) * (own - full);
      moved.full_square += full * full;
      moved.lane_square += own * own;
      moved.dot += own * full;
    }
  }
  return moved;
}

std::size_t LayerAudit::bytes() const {
  return evicted_.stored_bytes() + (exact_mass_.size() + regret_.size()) * sizeof(float);
}

}  // namespace sketchscope
