// The types that describe the rows of records, so that code derived from the descriptions can walk
// their members. The descriptions are in record_fields.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace sketchscope::record {

/// How the values that a figure has in the steps of a run become one figure of the run.
enum class OverRun : std::uint8_t {
  nothing,
  mean,          ///< mean over all steps and layers in which it was measured
  mean_at_ends,  ///< mean over lanes of the value at the end of each
  sum_at_ends,   ///< sum over layers and lanes of the value at the end of each lane
  peak           ///< largest value of any step
};

/// The presentation of a figure of a whole run in results and summaries.
struct RunFigure {
  OverRun over = OverRun::nothing;
  std::string_view name = {};   ///< in the JSON of results; empty where they leave it out
  std::string_view label = {};  ///< in summaries for people; empty where they leave it out
  int digits = 4;               ///< decimals in summaries
  bool by_layer = false;  ///< studies report it for each layer too, under the field's own name
};

/// Makes a figure that is the largest value of any step.
constexpr RunFigure peak(std::string_view name = {}) {
  return {.over = OverRun::peak, .name = name};
}

/// The numbers that a field may have; a saved run with others is damaged.
struct Limits {
  double least = 0;
  double most = std::numeric_limits<double>::max();
};
inline constexpr Limits kShares{.most = 1};
inline constexpr Limits kCosines{.least = -1, .most = 1};
inline constexpr Limits kFinite{.least = std::numeric_limits<double>::lowest()};
/// Also infinity and, where a value must be there, NaN, as a formula may score a position.
inline constexpr Limits kAnyScore{.least = -std::numeric_limits<double>::infinity(),
                                  .most = std::numeric_limits<double>::infinity()};

/// Returns whether a number is within its limits, but for what rounding adds.
constexpr bool is_within(double number, const Limits& limits) {
  constexpr double kRounding = 1e-3;
  if (number != number) return limits.most == kAnyScore.most;
  return number >= limits.least - kRounding && number <= limits.most + kRounding &&
         (number <= kFinite.most || limits.most == kAnyScore.most);
}

/// One member of a row: a step, a layer of a step, an eviction, and so on.
template <typename Row, typename Value>
struct Field {
  std::string_view name;  ///< in JSON, arrays, tables and scripts
  std::string_view unit;  ///< "nats"; empty for counts, ids and words
  std::string_view help;  ///< one sentence
  Value Row::*member;
  RunFigure run = {};
  Limits limits = {};  ///< by default any finite number from 0
};

/// The fields of a type of row, in the order of the columns of tables.
template <typename Row>
inline constexpr auto kFields = nullptr;

/// Calls `visit` with each field of a type of row.
template <typename Row, typename Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, kFields<Row>);
}

template <typename Row>
inline constexpr std::size_t kFieldCount = std::tuple_size_v<decltype(kFields<Row>)>;

template <typename Row, typename Value>
Row row_of_member(Value Row::*);
/// The type of row that a member belongs to.
template <auto Member>
using RowOf = decltype(row_of_member(Member));

/// Returns the index of a member among the fields of its row; a member without a description does
/// not compile.
template <auto Member>
consteval std::size_t field_index() {
  std::size_t index = 0;
  std::size_t found = kFieldCount<RowOf<Member>>;
  for_each_field<RowOf<Member>>([&](const auto& field) {
    if constexpr (std::is_same_v<decltype(field.member), decltype(Member)>) {
      if (field.member == Member) found = index;
    }
    ++index;
  });
  if (found == index) throw "the member has no line in the description";
  return found;
}

/// The description of a member.
template <auto Member>
inline constexpr const auto& kFieldOf = std::get<field_index<Member>()>(kFields<RowOf<Member>>);

/// Returns a value as a number; nullopt where it was not measured.
template <typename Value>
std::optional<double> number_of(Value value) {
  static_assert(std::is_arithmetic_v<Value>);
  return static_cast<double>(value);
}
template <typename Value>
std::optional<double> number_of(const std::optional<Value>& value) {
  return value ? number_of(*value) : std::nullopt;
}

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

}  // namespace sketchscope::record
