#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/registry.hpp"
#include "kernels/eviction.hpp"

namespace sketchscope::sketch {

/// The shape of a sketch table and its hashes.
struct SketchShape {
  int width = 512;  ///< counters per row, W
  int depth = 4;    ///< rows, R
  std::uint64_t seed = 42;
  kernels::SketchInput input = kernels::SketchInput::mixed;

  friend bool operator==(const SketchShape&, const SketchShape&) = default;
};

/// The error bound of an estimate: with probability at least 1 − `failure`, an estimate exceeds the
/// true mass by at most `above` and falls short of it by at most `below`.
struct ErrorBound {
  double above = 0;
  double below = 0;
  double failure = 0;
};

/// Estimates the accumulated mass of each item from a table smaller than the number of items
/// (docs/cache.md, "Sketches"). Each layer of a lane has one; a clone continues as the original
/// would.
class Sketch {
 public:
  virtual ~Sketch() = default;
  [[nodiscard]] virtual std::unique_ptr<Sketch> clone() const = 0;

  /// Adds the masses of one step as one batch, in any order; equal ids are summed first
  /// (docs/cache.md, "Updates").
  virtual void update(std::span<const kernels::SketchItem> batch) = 0;
  /// Multiplies all counters and total_mass() by `factor`, as the knob `decay` requires.
  virtual void scale(float factor) = 0;

  /// Writes the estimate of each of `ids` to `estimates`, which has the same length.
  virtual void estimate_all(std::span<const std::uint32_t> ids,
                            std::span<float> estimates) const = 0;
  /// Returns the estimate of one item.
  [[nodiscard]] float estimate(std::uint32_t id) const;
  [[nodiscard]] virtual ErrorBound error_bound() const = 0;

  /// The shape that was requested; `exact` has no table and ignores width and depth.
  [[nodiscard]] virtual SketchShape shape() const = 0;
  /// The counters, (R, W); empty for `exact`.
  [[nodiscard]] virtual std::span<const float> cells() const = 0;
  /// The cell of an item in a row, in [0, W); always 0 for `exact`.
  [[nodiscard]] virtual int bucket(int row, std::uint32_t id) const = 0;
  /// N: all mass ever added, decayed as the counters are.
  [[nodiscard]] virtual double total_mass() const = 0;
  [[nodiscard]] virtual std::size_t bytes() const = 0;
  /// True if the table was seeded with estimates or emptied by a change of knobs (docs/cache.md,
  /// "Live knobs"), so that it did not count all mass itself.
  [[nodiscard]] virtual bool approximate() const = 0;
  virtual void mark_approximate() = 0;
};

/// An entry of the registry of sketches, from which flags, menus and tests are made.
struct SketchKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<Sketch> (*make)(const SketchShape&) = nullptr;
  bool has_table = true;          ///< false for `exact`, which has one counter per item
  std::string_view bound = "εN";  ///< the formula of ErrorBound::above
};
const core::Registry<SketchKind>& sketch_kinds();
using SketchChoice = core::Chosen<sketch_kinds>;

/// Makes a table that starts from the estimates of `ids` in `old`, where repeated ids count once
/// and negative estimates as 0. The table is marked approximate, and its total mass is the sum of
/// these estimates.
std::unique_ptr<Sketch> reshape_sketch(const SketchKind& kind, const SketchShape& shape,
                                       const Sketch& old, std::span<const std::uint32_t> ids);

}  // namespace sketchscope::sketch
