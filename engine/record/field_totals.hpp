#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/record/record_fields.hpp"

namespace sketchscope {

/// Mean of what was added; empty when nothing was.
class Mean {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  void add(const Mean& other) {
    sum_ += other.sum_;
    count_ += other.count_;
  }
  [[nodiscard]] std::optional<double> value() const {
    return count_ > 0 ? std::optional(sum_ / static_cast<double>(count_)) : std::nullopt;
  }
  [[nodiscard]] std::optional<double> sum() const {
    return count_ > 0 ? std::optional(sum_) : std::nullopt;
  }

 private:
  double sum_ = 0;
  std::int64_t count_ = 0;
};

/// What a run makes of each field of one kind of row, as the field's OverRun says.
template <typename Row>
class FieldTotals {
 public:
  /// One step's row: the figures that are means over steps, where they were measured.
  void add(const Row& row) {
    std::size_t index = 0;
    for_each_field<Row>([&](const auto& field) {
      if (field.run.over == OverRun::mean) {
        if (const auto value = number_of(row.*field.member)) means_[index].add(*value);
      }
      ++index;
    });
  }

  /// One value of one field.
  template <auto Member>
  void add(double value) {
    means_[field_index<Member>()].add(value);
  }

  void merge(const FieldTotals& other) {
    for (std::size_t index = 0; index < means_.size(); ++index) {
      means_[index].add(other.means_[index]);
    }
  }

  /// Mean or sum; empty where nothing was measured.
  template <auto Member>
  [[nodiscard]] std::optional<double> figure() const {
    return made(means_[field_index<Member>()], kFieldOf<Member>.run.over);
  }

  /// Calls `visit(field, value)` for each field, the value as `figure` gives it.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    std::size_t index = 0;
    for_each_field<Row>(
        [&](const auto& field) { visit(field, made(means_[index++], field.run.over)); });
  }

 private:
  static std::optional<double> made(const Mean& mean, OverRun over) {
    return over == OverRun::sum_at_ends ? mean.sum() : mean.value();
  }

  std::array<Mean, kFieldCount<Row>> means_;
};

}  // namespace sketchscope
