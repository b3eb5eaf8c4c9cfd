#include "gui/view/stored_curves.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/view/panel_data.hpp"

namespace sketchscope {
namespace {

// NaN means no cap, so that two layers without a cap are equal.
bool alike(const StepSeries& a, const StepSeries& b) {
  return std::ranges::equal(
      a, b, [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

std::string layer_names(const std::vector<int>& layers) {
  std::string names;
  for (std::size_t first = 0; first < layers.size();) {
    std::size_t last = first;
    while (last + 1 < layers.size() && layers[last + 1] == layers[last] + 1) ++last;
    if (!names.empty()) names += ", ";
    names += "L" + std::to_string(layers[first]);
    if (last > first) names += " to L" + std::to_string(layers[last]);
    first = last + 1;
  }
  return names;
}

}  // namespace

std::vector<StoredCurve> stored_curves(const History& history) {
  std::vector<StoredCurve> curves;
  const auto layers = history.layers();
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const auto same = std::ranges::find_if(curves, [&](const StoredCurve& curve) {
      const LayerHistory& first = layers[static_cast<std::size_t>(curve.layers.front())];
      return alike(first.series<&LayerRecord::stored>(),
                   layers[layer].series<&LayerRecord::stored>()) &&
             alike(first.series<&LayerRecord::capacity>(),
                   layers[layer].series<&LayerRecord::capacity>());
    });
    if (same == curves.end()) {
      curves.push_back({.layers = {static_cast<int>(layer)}, .name = {}});
    } else {
      same->layers.push_back(static_cast<int>(layer));
    }
  }
  for (StoredCurve& curve : curves) {
    curve.name = curves.size() == 1 ? "all layers" : layer_names(curve.layers);
  }
  return curves;
}

StoredRange stored_range(const StepRecord& record) {
  if (record.layers.empty()) return {};
  const auto [least, most] = std::ranges::minmax(record.layers, {}, &LayerRecord::stored);
  return {least.stored, most.stored};
}

DataTable stored_data(const History& history) {
  std::vector<std::pair<std::string, const StepSeries*>> series;
  for (std::size_t layer = 0; layer < history.layers().size(); ++layer) {
    const std::string name = "layer_" + std::to_string(layer);
    series.emplace_back(name + "_stored", &history.layers()[layer].series<&LayerRecord::stored>());
    series.emplace_back(name + "_capacity",
                        &history.layers()[layer].series<&LayerRecord::capacity>());
  }
  return series_data(history, series);
}

}  // namespace sketchscope
