#pragma once

#include <array>
#include <vector>

#include "engine/record/record_fields.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {

/// One value per step of the run, kMissing if not measured.
using StepSeries = std::vector<double>;

/// The series over steps of every field of one kind of row.
template <typename Row>
class FieldSeries {
 public:
  void append(const Row& row) {
    auto series = series_.begin();
    for_each_field<Row>([&](const auto& field) {
      (series++)->push_back(number_of(row.*field.member).value_or(kMissing));
    });
  }

  template <auto Member>
  [[nodiscard]] const StepSeries& of() const {
    return series_[field_index<Member>()];
  }

  /// Calls `visit(field, series)` for each field.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    auto series = series_.begin();
    for_each_field<Row>([&](const auto& field) { visit(field, *series++); });
  }

 private:
  std::array<StepSeries, kFieldCount<Row>> series_;
};

}  // namespace sketchscope
