#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/npz.hpp"
#include "engine/core/text.hpp"
#include "engine/record/field.hpp"
#include "engine/record/step_record.hpp"

namespace sketchscope::record {

/// The encoding of a value in an array: unchanged, widened, or with a reserved value that stands
/// for not measured.
template <typename Value>
struct ArrayCode {
  static constexpr bool kMayBeAbsent = false;
  static constexpr bool kIsTruth = std::same_as<Value, bool>;
  using Stored =
      std::conditional_t<std::same_as<Value, bool> || std::is_enum_v<Value>, std::uint8_t,
                         std::conditional_t<std::same_as<Value, std::size_t>, std::int64_t, Value>>;
  static Stored stored(Value value) { return static_cast<Stored>(value); }
  static Value value(Stored stored) { return static_cast<Value>(stored); }
  static bool is_absent(Stored) { return false; }
};

template <typename Value>
struct ArrayCode<std::optional<Value>> {
  static constexpr bool kMayBeAbsent = true;
  static constexpr bool kIsTruth = std::same_as<Value, bool>;
  using Stored =
      std::conditional_t<std::same_as<Value, bool>, std::int8_t, typename ArrayCode<Value>::Stored>;
  static Stored absent() {
    if constexpr (std::floating_point<Stored>) return std::numeric_limits<Stored>::quiet_NaN();
    return std::numeric_limits<Stored>::min();
  }
  static Stored stored(const std::optional<Value>& value) {
    return value ? static_cast<Stored>(*value) : absent();
  }
  static bool is_absent(Stored stored) {
    if constexpr (std::floating_point<Stored>) return std::isnan(stored);
    return stored == absent();
  }
  static std::optional<Value> value(Stored stored) {
    return is_absent(stored) ? std::nullopt : std::optional(static_cast<Value>(stored));
  }
};

/// Writes arrays as NPY files of an archive.
class ArrayWriter {
 public:
  explicit ArrayWriter(core::ZipFiles& files) : files_(files) {}

  /// Writes NAME.npy; without a shape the array has one dimension.
  template <typename Number>
  void array(const std::string& name, const std::vector<Number>& values,
             std::vector<std::size_t> shape = {}) {
    if (shape.empty()) shape = {values.size()};
    files_[name + ".npy"] = core::npy_file<Number>(values, shape);
  }

  /// Writes one member of every row.
  template <typename Row, typename Value>
  void column(const std::string& name, const std::vector<Row*>& rows,
              const Field<Row, Value>& field, const std::vector<std::size_t>& shape) {
    std::vector<typename ArrayCode<Value>::Stored> values;
    values.reserve(rows.size());
    for (const Row* row : rows) values.push_back(ArrayCode<Value>::stored(row->*field.member));
    array(name, values, shape);
  }

 private:
  core::ZipFiles& files_;
};

/// Reads the arrays of an archive and checks their lengths.
class ArrayReader {
 public:
  ArrayReader(const core::ZipFiles& files, std::string source)
      : files_(files), source_(std::move(source)) {}

  [[nodiscard]] bool has(const std::string& name) const { return files_.contains(name + ".npy"); }

  /// Reads NAME.npy. Throws Error where it is missing, damaged or of another type.
  template <typename Number>
  std::vector<Number> array(const std::string& name) const {
    const auto found = files_.find(name + ".npy");
    if (found == files_.end()) throw damaged("no " + name + ".npy");
    return core::read_npy<Number>(found->second, name + " of " + source_).values;
  }

  /// Reads one member of every row. The array of an optional member may be missing, which means
  /// that it was not measured. Throws Error on a length other than the number of rows, and on a
  /// number that the field cannot have.
  template <typename Row, typename Value>
  void column(const std::string& name, const std::vector<Row*>& rows,
              const Field<Row, Value>& field, const std::vector<std::size_t>&) const {
    if (ArrayCode<Value>::kMayBeAbsent && !has(name)) return;
    const auto values = array<typename ArrayCode<Value>::Stored>(name);
    if (values.size() != rows.size()) {
      throw damaged(name + " has " + std::to_string(values.size()) + " values for " +
                    std::to_string(rows.size()) + " rows");
    }
    const Limits limits = ArrayCode<Value>::kIsTruth ? kShares : field.limits;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!ArrayCode<Value>::is_absent(values[i]))
        require_within(name, static_cast<double>(values[i]), limits);
      rows[i]->*field.member = ArrayCode<Value>::value(values[i]);
    }
  }

  /// Makes the error for a damaged file; `found` says what is wrong.
  [[nodiscard]] core::Error damaged(const std::string& found) const {
    return core::Error({.what = source_ + " is damaged",
                        .found = found,
                        .expected = "a run as sketchscope saves it",
                        .remedy = "Save or copy the file again"});
  }

  /// Throws Error unless a number of an array is within its limits.
  void require_within(const std::string& name, double number, const Limits& limits) const {
    if (is_within(number, limits)) return;
    const auto end = [](double limit) {
      return std::abs(limit) >= kFinite.most ? "any finite number" : core::number_text(limit);
    };
    throw core::Error({.what = source_ + " is damaged",
                       .found = core::number_text(number) + " in " + name,
                       .expected = end(limits.least) + " to " + end(limits.most),
                       .remedy = "Save or copy the file again"});
  }

 private:
  const core::ZipFiles& files_;
  std::string source_;
};

/// Writes step records as arrays, without their knob changes.
void write_records(ArrayWriter& arrays, std::vector<StepRecord> records);

/// Reads the step records back. Throws Error where the arrays contradict each other.
std::vector<StepRecord> read_records(const ArrayReader& arrays);

}  // namespace sketchscope::record
