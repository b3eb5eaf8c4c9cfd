#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "engine/core/npz.hpp"
#include "engine/record/record_fields.hpp"
#include "engine/record/run_records.hpp"
#include "engine/run/state_arrays.hpp"

namespace sketchscope::test {

/// What is known of an array of a `.scope` file from the tables by which it is written.
struct RunArray {
  std::string name;   ///< "last/layer_L/table_T/scores"
  std::string type;   ///< as NPY has it: "<f8"
  std::string shape;  ///< "n, L"
  std::string unit = {};
  std::string help = {};  ///< empty where the table of a field has it
};

/// Returns the number of dimensions of a shape in words.
inline std::size_t dimensions_of(const RunArray& array) {
  return array.shape.find(',') == std::string::npos ? 1 : 2;
}

/// Returns the columns of one type of row.
template <typename Row>
std::vector<RunArray> column_arrays(const std::string& folder, const std::string& shape) {
  std::vector<RunArray> arrays;
  record::for_each_field<Row>([&]<typename Value>(const record::Field<Row, Value>& field) {
    using Stored = typename record::ArrayCode<Value>::Stored;
    if (folder == "steps" && field.name == "step") return;  // the index of the row
    arrays.push_back({folder + "/" + std::string(field.name), core::npy_type<Stored>(), shape,
                      std::string(field.unit)});
  });
  return arrays;
}

inline void append(std::vector<RunArray>& all, std::vector<RunArray> more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// Returns the arrays of a list that each step has, such as its evictions.
template <typename Item>
std::vector<RunArray> list_arrays(const std::string& name) {
  if constexpr (std::is_same_v<Item, record::KnobChange>) return {};
  if constexpr (std::is_same_v<Item, record::LayerRecord>) {
    return column_arrays<Item>(name, "n, L");
  }
  const char* count = core::npy_type<std::int32_t>();
  std::vector<RunArray> arrays = {{"steps/" + name, count, "n"}};
  if constexpr (std::is_same_v<Item, int>) {
    arrays.push_back({name, count, name});
  } else if constexpr (!std::is_same_v<Item, record::KnobChange>) {
    append(arrays, column_arrays<Item>(name, name));
    arrays.push_back({name + "/step", count, name});
  }
  return arrays;
}

/// Returns the arrays of the records of all steps.
inline std::vector<RunArray> record_arrays() {
  std::vector<RunArray> all = column_arrays<record::StepRecord>("steps", "n");
  record::for_each_section(record::kRecordParts,
                           [&]<typename Part>(const record::RecordSection<Part>& part) {
                             append(all, column_arrays<Part>(std::string(part.name), "n"));
                           });
  record::for_each_section(
      record::kRecordLists,
      [&]<typename Item>(const record::RecordSection<std::vector<Item>>& list) {
        append(all, list_arrays<Item>(std::string(list.name)));
      });
  return all;
}

/// Returns the arrays of the state after the last step, of layer L and table T.
inline std::vector<RunArray> state_arrays() {
  std::vector<RunArray> all;
  const auto add = [&](const std::string& folder) {
    return [&all,
            folder]<typename Owner, typename Number>(const run::StateArray<Owner, Number>& array) {
      all.push_back({folder + std::string(array.name), core::npy_type<Number>(),
                     std::string(array.shape), std::string(array.unit), std::string(array.help)});
    };
  };
  run::for_each_state_array(run::kLayerArrays, add(run::layer_folder("L")));
  run::for_each_state_array(run::kTableArrays, add(run::table_folder("L", "T")));
  all.push_back({std::string(run::kVocabularyBytes), core::npy_type<std::uint8_t>(), "bytes", "",
                 "The texts of all tokens, one after another."});
  all.push_back({std::string(run::kVocabularyEnds), core::npy_type<std::int64_t>(), "V", "",
                 "Where the text of each token ends in them."});
  return all;
}

}  // namespace sketchscope::test
