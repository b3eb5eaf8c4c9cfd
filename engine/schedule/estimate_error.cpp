#include "engine/schedule/estimate_error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace sketchscope {
namespace {

/// The exact accumulated mass of each item of one layer, by item id.
std::map<std::uint32_t, double> exact_masses(const Lane& lane, const LayerView& layer) {
  const bool by_token = lane.knobs().sketch_key == SketchKey::token;
  std::map<std::uint32_t, double> masses;
  for (const TableView& table : layer.tables()) {
    const std::span<const float> by_position = table.exact_mass();
    for (std::size_t position = 0; position < lane.tokens().size(); ++position) {
      const auto item = by_token ? static_cast<std::uint32_t>(lane.tokens()[position])
                                 : static_cast<std::uint32_t>(position);
      masses[item] += by_position[position];
    }
  }
  return masses;
}

EstimateError layer_error(const Sketch& sketch, const std::map<std::uint32_t, double>& exact) {
  EstimateError error;
  const double total = sketch.total_mass();
  const double above = sketch.error_bound().above;
  for (const auto& [item, mass] : exact) {
    const double off = sketch.estimate(item) - mass;
    error.mean += std::abs(off) / total;
    error.largest = std::max(error.largest, std::abs(off) / total);
    error.within_bound += off <= above ? 1 : 0;
  }
  error.mean /= static_cast<double>(exact.size());
  error.within_bound /= static_cast<double>(exact.size());
  error.bound = above / total;
  return error;
}

}  // namespace

std::optional<EstimateError> estimate_error_of(const Lane& lane) {
  const SketchKey key = lane.knobs().sketch_key;
  const bool known = key == SketchKey::position || key == SketchKey::token;
  if (!known || !lane.audited() || !lane.layer(0).sketch() || lane.tokens().empty()) {
    return std::nullopt;
  }
  EstimateError mean;
  const std::vector<LayerView> views = lane.layers();
  for (const LayerView& layer : views) {
    const EstimateError error = layer_error(*layer.sketch(), exact_masses(lane, layer));
    mean.mean += error.mean;
    mean.largest = std::max(mean.largest, error.largest);
    mean.bound += error.bound;
    mean.within_bound += error.within_bound;
  }
  const auto layers = static_cast<double>(views.size());
  mean.mean /= layers;
  mean.bound /= layers;
  mean.within_bound /= layers;
  return mean;
}

}  // namespace sketchscope
