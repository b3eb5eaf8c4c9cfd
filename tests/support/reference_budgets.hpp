#pragma once

#include <map>
#include <vector>

#include "engine/settings/knobs.hpp"

namespace sketchscope::support {

/// How many slots the tables of each layer may fill, by an independent second implementation of the
/// rules of docs/cache.md.
class ReferenceBudgets {
 public:
  /// Mass by query head and position.
  using Mass = std::map<int, std::map<int, double>>;

  ReferenceBudgets(const settings::Knobs& knobs, int layers);

  /// Returns how many slots a table of a layer may fill.
  [[nodiscard]] int slots(int layer) const { return slots_[layer]; }
  /// Learns a layer's need from the masses of its tables. Does nothing unless budgets are adaptive.
  void learn_need(int layer, const std::vector<Mass>& masses);
  /// Shares the slots out by the needs of now, unless that would change too little. Returns whether
  /// it did.
  bool adapt();

 private:
  void share_out_slots();

  settings::Knobs knobs_;
  std::vector<int> slots_;     // by layer
  std::vector<double> needs_;  // by layer
  std::vector<int> wanted_;    // by layer: slots by the needs of now
};

}  // namespace sketchscope::support
