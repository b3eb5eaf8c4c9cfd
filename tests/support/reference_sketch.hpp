#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/settings/knobs.hpp"

namespace sketchscope::support {

/// SplitMix64, written out again.
struct Mixer {
  unsigned long state;
  unsigned long next();
  /// In [0, 1).
  double uniform();
};

/// The sketches written a second time: maps and double precision, nothing of the engine's.
class ReferenceSketch {
 public:
  explicit ReferenceSketch(const Knobs& knobs);

  void scale(double factor);
  /// One step: distinct items and what each gained.
  void update(const std::map<unsigned long, double>& mass);
  [[nodiscard]] double estimate(unsigned long item) const;

 private:
  using Pair = std::pair<unsigned long, unsigned long>;
  [[nodiscard]] static unsigned long hash(const Pair& pair, unsigned long item);
  [[nodiscard]] unsigned long bucket(int row, unsigned long item) const;
  [[nodiscard]] double sign(int row, unsigned long item) const;
  [[nodiscard]] double cell(int row, unsigned long item) const;

  Knobs knobs_;
  std::vector<Pair> places_;
  std::vector<Pair> signs_;
  std::map<std::pair<int, unsigned long>, double> cells_;
  std::map<unsigned long, double> exact_;
};

}  // namespace sketchscope::support
