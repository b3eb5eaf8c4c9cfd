#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/registry.hpp"
#include "kernels/sketch_table.hpp"

namespace sketchscope {

/// Width, depth and seed of a sketch table.
struct SketchShape {
  int width = 512;  // W
  int depth = 4;    // R
  std::uint64_t seed = 42;

  friend bool operator==(const SketchShape&, const SketchShape&) = default;
};

/// How far an estimate may lie from the truth: except with probability `failure`, at most `above`
/// over it and `below` under it.
struct ErrorBound {
  double above = 0;
  double below = 0;
  double failure = 0;
};

/// Estimates accumulated mass per item from a table smaller than the items. One object per layer
/// and lane; a copy (clone) continues as the original would.
class Sketch {
 public:
  virtual ~Sketch() = default;
  [[nodiscard]] virtual std::unique_ptr<Sketch> clone() const = 0;

  /// One step's masses as one batch, in any order: equal ids are summed first (design section 3).
  virtual void update(std::span<const SketchItem> batch) = 0;
  /// Multiplies the whole table, for `decay`.
  virtual void scale(float factor) = 0;

  /// The estimate of each item, (n).
  virtual void estimate_all(std::span<const std::uint32_t> ids,
                            std::span<float> estimates) const = 0;
  [[nodiscard]] float estimate(std::uint32_t id) const;
  [[nodiscard]] virtual ErrorBound error_bound() const = 0;

  /// Adds what another table counted, as if this one had seen both streams; of the conservative
  /// update what comes out bounds from above alone. Throws UsageError on itself, another kind,
  /// another shape or another seed.
  void merge(const Sketch& other);

  /// The name in the registry.
  [[nodiscard]] virtual std::string_view kind() const = 0;
  /// As asked for; `exact` has no table, so neither width nor depth means anything to it.
  [[nodiscard]] virtual SketchShape shape() const = 0;
  /// The counters, (R, W); empty for `exact`.
  [[nodiscard]] virtual std::span<const float> cells() const = 0;
  /// All that it has counted: the cells, or the sums of `exact` by id.
  [[nodiscard]] virtual std::span<const float> counters() const = 0;
  /// The cell of an item in a row, in [0, W); always 0 for `exact`.
  [[nodiscard]] virtual int bucket(int row, std::uint32_t id) const = 0;
  /// N: all mass ever added, decayed alike.
  [[nodiscard]] virtual double total_mass() const = 0;
  [[nodiscard]] virtual std::size_t bytes() const = 0;
  /// True after the table was seeded from another one's estimates (a live change of shape).
  [[nodiscard]] virtual bool approximate() const = 0;
  virtual void mark_approximate() = 0;

  /// What a saved table held: its counters and its N. Throws Error on another number of counters.
  virtual void restore(std::span<const float> counters, double total_mass) = 0;

 protected:
  /// Adds the counters and the N of another table of the same kind, shape and seed.
  virtual void add_counters(std::span<const float> counters, double total_mass) = 0;
};

/// One line of the registry; flags, menus and tests read it.
struct SketchKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<Sketch> (*make)(const SketchShape&) = nullptr;
  bool has_table = true;          ///< false for `exact`, whose counters no items share
  std::string_view bound = "εN";  ///< the formula of ErrorBound::above
};
const Registry<SketchKind>& sketch_kinds();
using SketchChoice = Chosen<sketch_kinds>;

/// A new table that starts from `old`'s estimates of `ids` (repeated ids count once) and is marked
/// approximate; its N is what it starts with.
std::unique_ptr<Sketch> reshape_sketch(const SketchKind& kind, const SketchShape& shape,
                                       const Sketch& old, std::span<const std::uint32_t> ids);

}  // namespace sketchscope
