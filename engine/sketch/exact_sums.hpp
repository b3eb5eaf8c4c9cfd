#pragma once

#include <vector>

#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// Exact accumulators by id, which grow with the largest id: the quantities that sketches
/// approximate, behind the interface of a sketch.
class ExactSums final : public Sketch {
 public:
  explicit ExactSums(const SketchShape& shape) : shape_(shape) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  void update(std::span<const SketchItem> batch) override;
  void scale(float factor) override;
  void estimate_all(std::span<const std::uint32_t> ids, std::span<float> estimates) const override;
  [[nodiscard]] ErrorBound error_bound() const override { return {}; }
  [[nodiscard]] std::string_view kind() const override { return "exact"; }

  [[nodiscard]] SketchShape shape() const override { return shape_; }
  [[nodiscard]] std::span<const float> cells() const override { return {}; }
  [[nodiscard]] int bucket(int, std::uint32_t) const override { return 0; }
  [[nodiscard]] double total_mass() const override { return total_mass_; }
  [[nodiscard]] std::size_t bytes() const override;
  [[nodiscard]] bool approximate() const override { return approximate_; }
  void mark_approximate() override { approximate_ = true; }
  [[nodiscard]] std::span<const float> counters() const override { return sums_; }
  void restore(std::span<const float> counters, double total_mass) override;

 protected:
  void add_counters(std::span<const float> counters, double total_mass) override;

 private:
  SketchShape shape_;
  std::vector<float> sums_;  // by id
  double total_mass_ = 0;
  bool approximate_ = false;
};

}  // namespace sketchscope
