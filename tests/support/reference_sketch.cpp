#include "tests/support/reference_sketch.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sketchscope::support {
namespace {

constexpr unsigned long kPrime = 2147483647UL;

}  // namespace

unsigned long Mixer::next() {
  state += 0x9E3779B97F4A7C15UL;
  unsigned long z = state;
  z ^= z >> 30;
  z *= 0xBF58476D1CE4E5B9UL;
  z ^= z >> 27;
  z *= 0x94D049BB133111EBUL;
  return z ^ (z >> 31);
}

double Mixer::uniform() {
  return std::ldexp(static_cast<double>(next() >> 11), -53);
}

ReferenceSketch::ReferenceSketch(const settings::Knobs& knobs) : knobs_(knobs) {
  Mixer mixer{knobs.sketch_seed};
  for (int row = 0; row < knobs.sketch_depth; ++row) {
    const unsigned long a = 1 + mixer.next() % (kPrime - 1);
    places_.emplace_back(a, mixer.next() % kPrime);
    if (knobs.sketch.name() != "count-sketch") continue;
    const unsigned long c = 1 + mixer.next() % (kPrime - 1);
    signs_.emplace_back(c, mixer.next() % kPrime);
  }
}

unsigned long ReferenceSketch::hash(const Pair& pair, unsigned long item) const {
  const bool mixed = knobs_.sketch_hash == kernels::SketchInput::mixed;
  const unsigned long input = mixed ? Mixer{item}.next() % kPrime : item;
  return (pair.first * input + pair.second) % kPrime;
}

unsigned long ReferenceSketch::bucket(int row, unsigned long item) const {
  return hash(places_[row], item) % static_cast<unsigned long>(knobs_.sketch_width);
}

double ReferenceSketch::sign(int row, unsigned long item) const {
  return hash(signs_[row], item) % 2 == 0 ? 1 : -1;
}

double ReferenceSketch::cell(int row, unsigned long item) const {
  const auto found = cells_.find({row, bucket(row, item)});
  return found == cells_.end() ? 0 : found->second;
}

void ReferenceSketch::scale(double factor) {
  for (auto& [place, value] : cells_) value *= factor;
  for (auto& [item, value] : exact_) value *= factor;
}

double ReferenceSketch::estimate(unsigned long item) const {
  if (knobs_.sketch.name() == "exact") return exact_.contains(item) ? exact_.at(item) : 0;
  std::vector<double> rows;
  for (int row = 0; row < knobs_.sketch_depth; ++row) {
    rows.push_back(cell(row, item) * (signs_.empty() ? 1 : sign(row, item)));
  }
  std::ranges::sort(rows);
  const std::size_t n = rows.size();
  if (knobs_.sketch.name() == "count-sketch") return (rows[(n - 1) / 2] + rows[n / 2]) / 2;
  if (knobs_.sketch.name() == "race") {
    double mean = 0;
    for (const double value : rows) mean += value / static_cast<double>(n);
    return mean;
  }
  return rows.front();
}

void ReferenceSketch::update(const std::map<unsigned long, double>& mass) {
  std::map<unsigned long, double> wanted;
  for (const auto& [item, gained] : mass) wanted[item] = estimate(item) + gained;
  for (const auto& [item, gained] : mass) {
    exact_[item] += gained;
    for (int row = 0; row < knobs_.sketch_depth; ++row) {
      double& value = cells_[{row, bucket(row, item)}];
      if (knobs_.sketch.name() == "count-min-conservative") {
        value = std::max(value, wanted[item]);
      } else {
        value += gained * (signs_.empty() ? 1 : sign(row, item));
      }
    }
  }
}

}  // namespace sketchscope::support
