#include "gui/view/panel_data.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "gui/plot/value_format.hpp"
#include "gui/view/evictions.hpp"
#include "gui/view/step_costs.hpp"

namespace sketchscope::view {
namespace {

std::string text_of(record::EvictionReason reason) {
  return std::string(record::reason_text(reason));
}

template <typename Number>
std::string text_of(Number number) {
  if constexpr (std::is_integral_v<Number>) {
    return std::to_string(number);
  } else {
    return exact_text(number);
  }
}

template <typename Number>
std::string text_of(const std::optional<Number>& number) {
  return exact_text(plot::or_missing(number));
}

// The column of a token's id is followed by one of its text.
constexpr std::string_view kToken = "token";

template <typename Row>
void add_columns(DataTable& table) {
  record::for_each_field<Row>([&](const auto& field) {
    table.columns.emplace_back(field.name);
    if (field.name == kToken) table.columns.emplace_back("text");
  });
}

template <typename Row>
void add_cells(std::vector<std::string>& cells, const Row& row, const TokenText& text) {
  record::for_each_field<Row>([&](const auto& field) {
    cells.push_back(text_of(row.*field.member));
    if (field.name == kToken) cells.push_back(text.of(row.token));
  });
}

std::string_view status_text(SlotStatus status) {
  static constexpr std::array<std::string_view, kSlotStatuses> kNames = {
      "unseen", "sink", "kept", "recent", "evicted", "evicted in this step"};
  return kNames[static_cast<std::size_t>(status)];
}

}  // namespace

DataTable series_data(const History& history, const NamedSeries& series) {
  DataTable table{.columns = {"step"}};
  for (const auto& [name, values] : series) table.columns.push_back(name);
  for (std::size_t step = 0; step < history.size(); ++step) {
    std::vector<std::string> row = {std::to_string(step)};
    for (const auto& [name, values] : series) row.push_back(exact_text((*values)[step]));
    table.rows.push_back(std::move(row));
  }
  return table;
}

DataTable steps_data(const History& history) {
  NamedSeries series = named_series(history.figures<record::StepRecord>());
  std::erase_if(series, [&](const auto& one) { return one.second == &history.steps(); });
  const RunPerplexity& perplexity = history.perplexity();
  series.emplace_back("perplexity", &perplexity.fed.lane());
  series.emplace_back("twin_perplexity", &perplexity.fed.twin());
  series.emplace_back("given_perplexity", &perplexity.given.lane());
  series.emplace_back("given_twin_perplexity", &perplexity.given.twin());
  return series_data(history, series);
}

DataTable layers_data(const History& history) {
  NamedSeries all;
  for (std::size_t layer = 0; layer < history.layers().size(); ++layer) {
    const NamedSeries series =
        named_series(history.layers()[layer].figures, "layer_" + std::to_string(layer) + "_");
    all.insert(all.end(), series.begin(), series.end());
  }
  return series_data(history, all);
}

DataTable memory_data(const History& history) {
  NamedSeries named;
  history.figures<record::MemoryLedger>().for_each(
      [&](const auto& field, const StepSeries& series) {
        named.emplace_back(field.run.name.empty() ? field.name : field.run.name, &series);
      });
  return series_data(history, named);
}

DataTable timeline_data(const History& history, std::span<const run::StepNote> notes) {
  DataTable table{.columns = {"step", "evictions", "changes", "note"}};
  for (const auto& record : history.records()) {
    std::string changes;
    for (const record::KnobChange& change : record->changes) {
      changes +=
          (changes.empty() ? "" : "; ") + change.knob + " " + change.from + " to " + change.to;
    }
    const auto note = std::ranges::find(notes, record->step, &run::StepNote::step);
    table.rows.push_back({text_of(record->step), std::to_string(record->evictions.size()), changes,
                          note != notes.end() ? note->text : ""});
  }
  return table;
}

DataTable evictions_data(const History& history, std::int64_t step, const run::LiveState& state,
                         const TokenText& text) {
  DataTable table{.columns = {"step"}};
  add_columns<record::EvictionRecord>(table);
  table.columns.emplace_back("regret");
  for (const EvictionPlace place : history.eviction_places()) {
    if (place.step > step) break;
    const record::EvictionRecord& eviction = *history.eviction(place);
    std::vector<std::string> row = {text_of(place.step)};
    add_cells(row, eviction, text);
    row.push_back(exact_text(
        regret_of(&state, eviction.layer, eviction.position, eviction.head.value_or(0))));
    table.rows.push_back(std::move(row));
  }
  return table;
}

DataTable victims_data(const VictimTrace& trace) {
  DataTable table{.columns = {"step", "score", "exact_mass"}};
  for (std::size_t i = 0; i < trace.steps().size(); ++i) {
    table.rows.push_back({exact_text(trace.steps()[i]), exact_text(trace.scores()[i]),
                          exact_text(trace.exact()[i])});
  }
  return table;
}

DataTable occupancy_data(const Occupancy& occupancy) {
  DataTable table{.columns = {"layer", "head", "position", "status"}};
  for (int row = 0; row < occupancy.rows; ++row) {
    for (int position = 0; position < occupancy.positions; ++position) {
      table.rows.push_back({text_of(occupancy.layer_of(row)), text_of(occupancy.head_of(row)),
                            text_of(position),
                            std::string(status_text(occupancy.at(row, position)))});
    }
  }
  return table;
}

DataTable text_data(const History& history, const Occupancy& occupancy, const TokenText& text) {
  DataTable table{.columns = {"position", "token", "text", "fed_at_step", "tables_storing"}};
  for (int position = 0; position < occupancy.positions; ++position) {
    const int token = history.tokens()[static_cast<std::size_t>(position)];
    table.rows.push_back({text_of(position), text_of(token), text.of(token),
                          text_of(history.fed_at(position)),
                          text_of(holding_of(occupancy, position).tables)});
  }
  return table;
}

DataTable counters_data(const std::vector<float>& cells, int rows) {
  DataTable table{.columns = {"row", "column", "counter"}};
  const std::size_t width = rows > 0 ? cells.size() / static_cast<std::size_t>(rows) : 0;
  for (std::size_t i = 0; i < cells.size() && width > 0; ++i) {
    table.rows.push_back(
        {std::to_string(i / width), std::to_string(i % width), exact_text(cells[i])});
  }
  return table;
}

DataTable accuracy_data(const Accuracy& accuracy) {
  DataTable table{.columns = {"position", "exact", "estimate", "stored"}};
  for (const AccuracyPoint& point : accuracy.points) {
    table.rows.push_back({text_of(point.position), exact_text(point.exact),
                          exact_text(point.estimate), point.stored ? "1" : "0"});
  }
  return table;
}

DataTable candidates_data(const record::StepRecord& record, const TokenText& text) {
  DataTable table;
  add_columns<record::Candidate>(table);
  for (const record::Candidate& candidate : record.candidates) {
    add_cells(table.rows.emplace_back(), candidate, text);
  }
  return table;
}

DataTable bytes_data(const record::MemoryLedger& memory) {
  DataTable table{.columns = {"category", "bytes", "of_policy"}};
  for (const MemoryPart& part : memory_parts(memory)) {
    table.rows.push_back(
        {std::string(part.name), exact_text(part.bytes), part.of_policy ? "1" : "0"});
  }
  table.rows.push_back({"full cache", std::to_string(memory.kv_full), "0"});
  return table;
}

DataTable paths_data(const branch::BranchState& branching, const TokenText& text) {
  DataTable table{.columns = {"path", "parent", "state", "tokens", "log_probability", "text"}};
  static constexpr std::array<std::string_view, 4> kStates = {"live", "pruned", "end_of_text",
                                                              "complete"};
  const branch::PathTree& tree = branching.tree;
  for (const branch::PathTree::Path& path : tree.paths()) {
    std::string words;
    const std::vector<int> tokens = tree.tokens_of(path.id);
    for (const int token : tokens) words += text.of(token);
    table.rows.push_back({text_of(path.id), text_of(path.parent),
                          std::string(kStates[static_cast<std::size_t>(path.state)]),
                          std::to_string(tokens.size()),
                          exact_text(tree.leaf(path.id).log_probability), words});
  }
  return table;
}

DataTable knobs_data(const run::LiveState& state) {
  DataTable table{.columns = {"knob", "applied", "wanted", "applied_at_step"}};
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    const std::string name(knob.name);
    const auto at = state.applied_at.find(name);
    table.rows.push_back({name, settings::knob_text(state.applied, knob),
                          settings::knob_text(state.wanted, knob),
                          at != state.applied_at.end() ? text_of(at->second) : ""});
  }
  return table;
}

}  // namespace sketchscope::view
