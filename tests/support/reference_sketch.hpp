#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/settings/knobs.hpp"

namespace sketchscope::support {

/// An independent SplitMix64.
struct Mixer {
  unsigned long state;
  unsigned long next();
  /// Returns a number in [0, 1).
  double uniform();
};

/// An independent second implementation of the sketches with maps and double precision.
class ReferenceSketch {
 public:
  explicit ReferenceSketch(const settings::Knobs& knobs);

  void scale(double factor);
  /// Adds one step's masses by distinct item.
  void update(const std::map<unsigned long, double>& mass);
  [[nodiscard]] double estimate(unsigned long item) const;

 private:
  using Pair = std::pair<unsigned long, unsigned long>;
  [[nodiscard]] unsigned long hash(const Pair& pair, unsigned long item) const;
  [[nodiscard]] unsigned long bucket(int row, unsigned long item) const;
  [[nodiscard]] double sign(int row, unsigned long item) const;
  [[nodiscard]] double cell(int row, unsigned long item) const;

  settings::Knobs knobs_;
  std::vector<Pair> places_;
  std::vector<Pair> signs_;
  std::map<std::pair<int, unsigned long>, double> cells_;
  std::map<unsigned long, double> exact_;
};

}  // namespace sketchscope::support
