#include "engine/cache/divergence.hpp"

namespace sketchscope {

Divergence& Divergence::operator+=(const Divergence& other) {
  heads += other.heads;
  lost_mass += other.lost_mass;
  kl += other.kl;
  total_variation += other.total_variation;
  error_square += other.error_square;
  full_square += other.full_square;
  lane_square += other.lane_square;
  dot += other.dot;
  return *this;
}

void Divergence::add_output(std::span<const float> lane, std::span<const double> full) {
  for (std::size_t d = 0; d < lane.size(); ++d) {
    const double own = lane[d];
    error_square += (own - full[d]) * (own - full[d]);
    full_square += full[d] * full[d];
    lane_square += own * own;
    dot += own * full[d];
  }
}

}  // namespace sketchscope
