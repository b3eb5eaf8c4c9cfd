#include "engine/record/run_records.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "engine/record/record_fields.hpp"

namespace sketchscope::record {
namespace {

using Shape = std::vector<std::size_t>;

/// Returns pointers to the rows, or to a part of each.
template <typename Row, typename Part = std::identity>
auto pointers(std::vector<Row>& rows, Part part = {}) {
  std::vector<std::remove_reference_t<std::invoke_result_t<Part, Row&>>*> all;
  all.reserve(rows.size());
  for (Row& row : rows) all.push_back(&std::invoke(part, row));
  return all;
}

/// Writes or reads a column for each field of the rows, except the number of a step, which is the
/// index of its row.
template <typename Arrays, typename Row>
void walk(Arrays& arrays, std::string_view folder, const std::vector<Row*>& rows,
          const Shape& shape) {
  for_each_field<Row>([&](const auto& field) {
    if constexpr (std::same_as<Row, StepRecord>) {
      if (field.name == kFieldOf<&StepRecord::step>.name) return;
    }
    arrays.column(std::string(folder) + "/" + std::string(field.name), rows, field, shape);
  });
}

/// Writes or reads the parts that each record has once.
template <typename Arrays>
void walk_records(Arrays& arrays, std::vector<StepRecord>& records) {
  walk(arrays, "steps", pointers(records), {records.size()});
  for_each_section(kRecordParts, [&](const auto& part) {
    walk(arrays, part.name, pointers(records, part.member), {records.size()});
  });
}

/// Returns the concatenation of one list over all records.
template <typename Item>
std::vector<Item> joined(const std::vector<StepRecord>& records,
                         std::vector<Item> StepRecord::*list) {
  std::vector<Item> all;
  for (const StepRecord& record : records) {
    all.insert(all.end(), (record.*list).begin(), (record.*list).end());
  }
  return all;
}

// Lists of tokens, evictions and candidates differ in length from step to step, so a further array
// holds the length in each step, and another the step of each eviction and candidate. All steps
// have equally many layers. Knob changes are not stored in arrays.

template <typename Item>
void write_list(ArrayWriter& arrays, const std::vector<StepRecord>& records,
                const RecordSection<std::vector<Item>>& list) {
  std::vector<std::int32_t> counts;
  for (const StepRecord& record : records) {
    counts.push_back(static_cast<std::int32_t>((record.*list.member).size()));
  }
  auto all = joined(records, list.member);
  const std::string name(list.name);
  arrays.array("steps/" + name, counts);
  if constexpr (std::same_as<Item, int>) {
    arrays.array(name, all);
  } else {
    walk(arrays, name, pointers(all), {all.size()});
    // For readers that want a table; this program takes the steps from the lengths.
    std::vector<std::int32_t> steps;
    steps.reserve(all.size());
    for (std::size_t step = 0; step < counts.size(); ++step) {
      steps.insert(steps.end(), static_cast<std::size_t>(counts[step]),
                   static_cast<std::int32_t>(step));
    }
    arrays.array(name + "/step", steps);
  }
}

void write_list(ArrayWriter& arrays, const std::vector<StepRecord>& records,
                const RecordSection<std::vector<LayerRecord>>& list) {
  auto all = joined(records, list.member);
  const std::size_t each = records.empty() ? 0 : all.size() / records.size();
  walk(arrays, list.name, pointers(all), {records.size(), each});
}

void write_list(ArrayWriter&, const std::vector<StepRecord>&,
                const RecordSection<std::vector<KnobChange>>&) {}

/// The lengths of a list by step, and their sum.
struct Counts {
  std::vector<std::int32_t> by_step;
  std::size_t total = 0;
};

Counts read_counts(const ArrayReader& arrays, const std::string& name, std::size_t steps) {
  // No run has as many rows in all; a larger sum means that the file is damaged.
  constexpr std::int64_t kMost = 1'000'000'000;
  Counts counts{arrays.array<std::int32_t>(name)};
  const bool negative = std::ranges::any_of(counts.by_step, [](int count) { return count < 0; });
  const auto total = std::accumulate(counts.by_step.begin(), counts.by_step.end(), std::int64_t{0});
  if (negative || counts.by_step.size() != steps || total > kMost) {
    throw arrays.damaged(name + " does not fit " + std::to_string(steps) + " steps");
  }
  counts.total = static_cast<std::size_t>(total);
  return counts;
}

template <typename Item>
void deal_out(std::vector<StepRecord>& records, std::vector<Item> StepRecord::*list,
              const std::vector<Item>& all, const Counts& counts) {
  auto from = all.begin();
  for (std::size_t step = 0; step < records.size(); ++step) {
    (records[step].*list).assign(from, from + counts.by_step[step]);
    from += counts.by_step[step];
  }
}

/// Returns the length of the first column that a list of these rows always has.
template <typename Item>
std::size_t rows_of(const ArrayReader& arrays, const std::string& list) {
  std::optional<std::size_t> rows;
  for_each_field<Item>([&]<typename Field>(const Field& field) {
    using Code = ArrayCode<std::remove_cvref_t<decltype(Item{}.*field.member)>>;
    if (rows || Code::kMayBeAbsent) return;
    rows = arrays.array<typename Code::Stored>(list + "/" + std::string(field.name)).size();
  });
  return rows.value_or(0);
}

template <typename Item>
void read_list(const ArrayReader& arrays, std::vector<StepRecord>& records,
               const RecordSection<std::vector<Item>>& list) {
  const std::string name(list.name);
  const Counts counts = read_counts(arrays, "steps/" + name, records.size());
  std::vector<Item> all;
  if constexpr (std::same_as<Item, int>) {
    all = arrays.array<std::int32_t>(name);
    if (all.size() != counts.total) throw arrays.damaged(name + " that no step fed");
  } else {
    // Before room is made for as many rows as the counts claim.
    if (rows_of<Item>(arrays, name) != counts.total) {
      throw arrays.damaged(name + " that are not as many as their steps say");
    }
    all.resize(counts.total);
    walk(arrays, name, pointers(all), {});
  }
  deal_out(records, list.member, all, counts);
}

void read_list(const ArrayReader& arrays, std::vector<StepRecord>& records,
               const RecordSection<std::vector<LayerRecord>>& list) {
  const std::string name(list.name);
  const std::size_t rows = arrays.array<std::int32_t>(name + "/stored").size();
  if (records.empty() ? rows > 0 : rows % records.size() != 0) {
    throw arrays.damaged(name + " that are not the same in all steps");
  }
  std::vector<LayerRecord> all(rows);
  walk(arrays, name, pointers(all), {});
  const std::size_t each = records.empty() ? 0 : rows / records.size();
  deal_out(records, list.member, all,
           {std::vector(records.size(), static_cast<std::int32_t>(each)), rows});
}

void read_list(const ArrayReader&, std::vector<StepRecord>&,
               const RecordSection<std::vector<KnobChange>>&) {}

bool is_sound(const EvictionRecord& eviction, const StepRecord& record) {
  if (eviction.layer < 0 || std::cmp_greater_equal(eviction.layer, record.layers.size())) {
    return false;
  }
  const int tables = record.layers[static_cast<std::size_t>(eviction.layer)].tables;
  const int head = eviction.head.value_or(0);
  return head >= 0 && head < tables && eviction.position >= 0 &&
         eviction.position <= record.position && eviction.reason <= EvictionReason::budget_moved;
}

/// Throws Error unless the records satisfy what the views assume.
void check(const ArrayReader& arrays, const std::vector<StepRecord>& records) {
  constexpr int kMostTables = 4096;
  std::size_t fed = 0;
  for (const StepRecord& record : records) {
    fed += record.tokens.size();
    const std::string at = " in step " + std::to_string(record.step);
    const bool counted = !record.tokens.empty() && record.prompt_tokens >= 0 &&
                         std::cmp_less_equal(record.prompt_tokens, record.tokens.size());
    if (!counted || std::cmp_not_equal(std::int64_t{record.position} + 1, fed)) {
      throw arrays.damaged("tokens that do not lead to position " +
                           std::to_string(record.position) + at);
    }
    for (const LayerRecord& layer : record.layers) {
      if (layer.tables < 1 || layer.tables > kMostTables) {
        throw arrays.damaged("a layer of " + std::to_string(layer.tables) + " tables" + at);
      }
      for (const int stored :
           {layer.stored, layer.stored_least.value_or(0), layer.stored_most.value_or(0)}) {
        if (stored <= record.position + 1) continue;
        throw arrays.damaged(std::to_string(stored) + " positions in a table" + at + ", after " +
                             std::to_string(record.position + 1) + " tokens");
      }
    }
    for (const EvictionRecord& eviction : record.evictions) {
      if (!is_sound(eviction, record)) {
        throw arrays.damaged("an eviction of position " + std::to_string(eviction.position) +
                             " from layer " + std::to_string(eviction.layer) + at);
      }
    }
  }
}

}  // namespace

void write_records(ArrayWriter& arrays, std::vector<StepRecord> records) {
  walk_records(arrays, records);
  for_each_section(kRecordLists, [&](const auto& list) { write_list(arrays, records, list); });
}

std::vector<StepRecord> read_records(const ArrayReader& arrays) {
  std::vector<StepRecord> records(arrays.array<std::int32_t>("steps/position").size());
  for (std::size_t step = 0; step < records.size(); ++step) {
    records[step].step = static_cast<std::int64_t>(step);
  }
  walk_records(arrays, records);
  for_each_section(kRecordLists, [&](const auto& list) { read_list(arrays, records, list); });
  check(arrays, records);
  return records;
}

}  // namespace sketchscope::record
