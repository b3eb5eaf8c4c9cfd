#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/record/record_fields.hpp"

namespace sketchscope {

/// The mean and the sum of the values added; nullopt while there are none.
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

/// The figures of a run for the fields of one type of row, each accumulated as its OverRun says.
template <typename Row>
class FieldTotals {
 public:
  /// Adds the row of one step to the figures that are means over steps, where they were measured.
  void add(const Row& row) {
    std::size_t index = 0;
    for_each_field<Row>([&](const auto& field) {
      if (field.run.over == OverRun::mean) {
        if (const auto value = number_of(row.*field.member)) means_[index].add(*value);
      }
      ++index;
    });
  }

  /// Adds one value of one field.
  template <auto Member>
  void add(double value) {
    means_[field_index<Member>()].add(value);
  }

  /// Adds the values of another run, such as a further chunk of a text.
  void merge(const FieldTotals& other) {
    for (std::size_t index = 0; index < means_.size(); ++index) {
      means_[index].add(other.means_[index]);
    }
  }

  /// Returns the figure of the run, a mean or a sum; nullopt where nothing was measured.
  template <auto Member>
  [[nodiscard]] std::optional<double> figure() const {
    static_assert(kFieldOf<Member>.run.over != OverRun::nothing, "a run makes nothing of it");
    return made(means_[field_index<Member>()], kFieldOf<Member>.run.over);
  }

  /// Calls `visit(field, value)` for each field with the value that figure() returns.
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
