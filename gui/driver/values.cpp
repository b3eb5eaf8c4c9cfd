#include "gui/driver/values.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "engine/branch/branch_run.hpp"
#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/record/record_fields.hpp"
#include "engine/run/eviction_inquiry.hpp"
#include "gui/driver/driven_window.hpp"
#include "gui/driver/range_values.hpp"
#include "gui/driver/scope_values.hpp"
#include "gui/driver/step_values.hpp"
#include "gui/view/closeness.hpp"
#include "gui/view/comparison.hpp"

namespace sketchscope::driver {
namespace {

/// The names of the phases of a run, in the order of RunPhase.
constexpr std::array<std::string_view, 6> kPhaseNames = {"starting",       "paused", "running",
                                                         "at_context_end", "failed", "saved"};

template <typename Number>
std::string text_of(Number value) {
  if constexpr (std::is_same_v<Number, bool>) {
    return value ? "true" : "false";
  } else {
    return core::number_text(static_cast<double>(value));
  }
}

template <typename Number>
std::string text_of(const std::optional<Number>& value) {
  return value ? text_of(*value) : kAbsentValue;
}

void add_state(Values& values, const run::LiveState& state) {
  values["state.phase"] = kPhaseNames.at(static_cast<std::size_t>(state.phase));
  values["state.run"] = text_of(state.run);
  values["state.steps"] = text_of(state.steps);
  values["state.speed"] = text_of(state.speed);
  values["state.until"] = state.until ? run::breakpoint_text(*state.until) : kAbsentValue;
  values["state.stopped"] = state.stopped.empty() ? kAbsentValue : state.stopped;
  values["state.text_tokens"] = text_of(state.text_tokens);
  values["state.comparing"] = text_of(!state.others.empty());
  values["state.twin"] = text_of(state.twin);
  values["state.audit"] = text_of(state.audit);
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    const std::string name(knob.name);
    values["applied." + name] = settings::knob_text(state.applied, knob);
    values["wanted." + name] = settings::knob_text(state.wanted, knob);
    const auto at = state.applied_at.find(name);
    values["applied_at." + name] =
        at != state.applied_at.end() ? text_of(at->second) : kAbsentValue;
  }
}

void add_branching(Values& values, const run::LiveState& state) {
  const bool on = state.branching != nullptr;
  const branch::BranchState branching = on ? *state.branching : branch::BranchState();
  const auto add = [&](const std::string& name, auto value) {
    values["branching." + name] = on ? text_of(value) : kAbsentValue;
  };
  add("watched", branching.watched);
  add("live", std::ranges::count(branching.tree.paths(), branch::PathState::live,
                                 &branch::PathTree::Path::state));
  add("paths", branching.tree.paths().size());
  add("tokens_forwarded", branching.cost.tokens_forwarded);
  add("finished", branching.finished);
}

/// Adds what is known of the cost of the eviction that was asked for.
void add_cost(Values& values, const run::LiveState& state) {
  const run::EvictionInquiry* cost = state.cost.get();
  const auto add = [&](const std::string& name, const auto& value_of) {
    values["counterfactual." + name] = cost != nullptr ? text_of(value_of(*cost)) : kAbsentValue;
  };
  const auto summed = [](decode::SparedBy by) {
    return [by](const run::EvictionInquiry& of) { return of.cost.run(by).sum(); };
  };
  add("step", [](const auto& of) { return of.step; });
  add("layer", [](const auto& of) { return of.cost.eviction.layer; });
  add("position", [](const auto& of) { return of.cost.eviction.position; });
  add("done", [](const auto& of) { return of.done; });
  add("exact", [](const auto& of) { return of.repeated_exactly; });
  add("tokens", [](const auto& of) { return of.cost.runs.front().changes.size(); });
  add("regret", [](const auto& of) { return of.cost.regret; });
  add("sum", summed(decode::SparedBy::next));
  add("sum_extra", summed(decode::SparedBy::extra));
}

template <typename Row>
void add_fields(Values& values, const std::string& path, const Row& row) {
  record::for_each_field<Row>([&](const auto& field) {
    values[path + std::string(field.name)] = text_of(row.*field.member);
  });
}

int degenerate(const record::StepRecord& record) {
  int count = 0;
  for (const auto& eviction : record.evictions) count += eviction.degenerate ? 1 : 0;
  return count;
}

void add_record(Values& values, const record::StepRecord& record) {
  add_fields(values, "last.", record);
  add_fields(values, "last.", record.times);
  record::for_each_section(record::kRecordLists, [&](const auto& list) {
    values["last." + std::string(list.name)] = text_of((record.*list.member).size());
  });
  values["last.degenerate_evictions"] = text_of(degenerate(record));
  add_fields(values, "memory.", record.memory);
  for (std::size_t layer = 0; layer < record.layers.size(); ++layer) {
    add_fields(values, "layer." + std::to_string(layer) + ".", record.layers[layer]);
  }
}

/// Adds the fields of the record that all panels show.
void add_shown(Values& values, const WindowFacts& facts) {
  const auto step = facts.selection.step(static_cast<std::int64_t>(facts.history.size()));
  const record::StepRecord* shown = step ? facts.history.at(*step) : nullptr;
  if (shown == nullptr) return;
  add_fields(values, "shown.", *shown);
  add_fields(values, "shown.", shown->times);
}

void add_totals(Values& values, const view::History& history) {
  std::size_t evictions = 0;
  int degenerate_evictions = 0;
  std::size_t changes = 0;
  for (const auto& record : history.records()) {
    evictions += record->evictions.size();
    degenerate_evictions += degenerate(*record);
    changes += record->changes.size();
  }
  values["total.steps"] = text_of(history.size());
  values["total.evictions"] = text_of(evictions);
  values["total.degenerate_evictions"] = text_of(degenerate_evictions);
  values["total.changes"] = text_of(changes);
}

/// Adds the perplexities of all tokens fed so far, and of those that were given.
void add_perplexity(Values& values, const view::RunPerplexity& perplexity) {
  const auto latest = [](const view::StepSeries& series) {
    const double value = series.empty() ? plot::kMissing : series.back();
    return std::isfinite(value) ? text_of(value) : std::string(kAbsentValue);
  };
  values["last.perplexity"] = latest(perplexity.fed.lane());
  values["last.twin_perplexity"] = latest(perplexity.fed.twin());
  const auto change = perplexity.given.change();
  values["given.tokens"] = text_of(perplexity.given.tokens());
  values["given.perplexity"] = latest(perplexity.given.lane());
  values["given.twin_perplexity"] = latest(perplexity.given.twin());
  values["given.perplexity_ratio"] = change ? text_of(1 + *change) : kAbsentValue;
}

void add_closeness(Values& values, std::span<const record::RecordPointer> records) {
  const auto closeness = view::drawn_tokens(records).closeness();
  values["text.closeness"] =
      closeness ? std::string(view::closeness_text(*closeness)) : std::string(kAbsentValue);
}

void add_window(Values& values, const WindowFacts& facts) {
  const view::Preset* preset = view::preset_of(facts.state.wanted, facts.presets);
  values["preset"] = preset != nullptr ? preset->name : kAbsentValue;
  values["notes.count"] = text_of(facts.notes.size());
  values["notes.last"] = facts.notes.empty() ? kAbsentValue : facts.notes.back().text;
  const view::StudySheet* study = facts.study;
  values["study.name"] = study != nullptr ? study->name : kAbsentValue;
  values["study.rows"] = study != nullptr ? text_of(study->rows.size()) : kAbsentValue;
  values["errors.count"] = text_of(facts.errors.size());
  values["errors.last"] = facts.errors.empty() ? kAbsentValue : facts.errors.back();
  values["opening.name"] = facts.opening ? facts.opening->first : kAbsentValue;
  values["opening.share"] = facts.opening ? text_of(facts.opening->second) : kAbsentValue;
  values["recent.count"] = text_of(facts.recent.size());
  values["recent.latest"] = facts.recent.empty() ? kAbsentValue : facts.recent.front().string();
  const char* clipboard = ImGui::GetClipboardText();
  values["clipboard"] = clipboard != nullptr ? clipboard : kAbsentValue;
  values["settings.zoom"] = text_of(facts.zoom);
  values["settings.theme"] = facts.light ? "light" : "dark";
  const auto steps = static_cast<std::int64_t>(facts.history.size());
  const widgets::Selection& selection = facts.selection;
  values["selection.layer"] = text_of(selection.layer);
  values["selection.step"] = text_of(selection.step(steps));
  values["selection.locked_position"] = text_of(selection.locked_position);
  values["selection.locked_step"] = text_of(selection.locked_step);
  const view::StepRange range = selection.window.range(steps);
  values["window.first"] = text_of(range.first);
  values["window.last"] = text_of(range.last);
  values["window.follows"] = text_of(selection.window.follows());
  values["other.steps"] = text_of(facts.other_history.size());
  values["other.first_divergence"] =
      text_of(view::first_divergence(facts.history, facts.other_history));
  values["frame.median_ms"] = text_of(facts.frame_median_ms);
  values["frame.p99_ms"] = text_of(facts.frame_p99_ms);
}

void add_runs(Values& values, const view::RunSet& set) {
  std::string letters;
  for (const view::SetRun& run : set.runs) letters += view::run_letter(run.place);
  const view::RunSetChoice& choice = set.choice;
  values["runs.count"] = text_of(set.runs.size());
  values["runs.letters"] = letters.empty() ? std::string(kAbsentValue) : letters;
  values["runs.shown"] = text_of(
      std::ranges::count_if(set.runs, [&](const view::SetRun& run) { return set.shows(run); }));
  values["runs.figure"] = view::run_figure_kinds()[choice.figure].name;
  values["runs.reference"] = view::run_letter(choice.reference);
  values["runs.difference"] = text_of(choice.difference);
  values["runs.by_seed"] = text_of(choice.by_seed);
  values["runs.smoothing"] = text_of(choice.smoothing);
  for (std::size_t place = 0; place < run::kMostRuns; ++place) {
    const view::SetRun* run = set.at(place);
    values["runs." + view::run_name(place)] = run != nullptr ? run->name : kAbsentValue;
  }
}

/// Adds what depends on the model, and the range of positions on its context.
void add_source(Values& values, const view::RunSource& source, const WindowFacts& facts) {
  const run::ModelInfo& model = source.model();
  const int span =
      view::position_span(static_cast<int>(facts.history.tokens().size()), model.config.positions);
  const view::PositionRange shown = facts.selection.positions.range(span);
  values["positions.first"] = text_of(shown.first);
  values["positions.last"] = text_of(shown.end - 1);
  values["model.name"] = model.name;
  values["model.layers"] = text_of(model.config.layers);
  values["model.positions"] = text_of(model.config.positions);
  values["prompt"] = source.prompt();
}

}  // namespace

Values collect_values(const DrivenWindow& window) {
  Values values;
  const WindowFacts facts = window.facts();
  add_state(values, facts.state);
  add_branching(values, facts.state);
  add_cost(values, facts.state);
  if (const record::StepRecord* latest = facts.history.latest()) add_record(values, *latest);
  const std::int64_t last = static_cast<std::int64_t>(facts.history.size()) - 1;
  values["last.publish_ms"] = text_of(run::publish_ms_after(facts.state, last));
  add_shown(values, facts);
  add_totals(values, facts.history);
  add_perplexity(values, facts.history.perplexity());
  add_closeness(values, facts.history.records());
  add_window(values, facts);
  add_step_values(values, facts);
  if (facts.runs != nullptr) add_runs(values, *facts.runs);
  add_source(values, window.source(), facts);
  return values;
}

std::optional<std::string> find_value(const DrivenWindow& window, const std::string& word) {
  const Values values = collect_values(window);
  const auto found = values.find(word);
  if (found != values.end()) return found->second;
  if (auto value = range_value(word, window.facts().history, values)) return value;
  return scope_value(word, window.facts());
}

bool compare_values(const std::string& left, const std::string& op, const std::string& right) {
  if (op == "contains") return left.find(right) != std::string::npos;
  const auto a = core::parse_number<double>(left);
  const auto b = core::parse_number<double>(right);
  if (op == "==") return a && b ? *a == *b : left == right;
  if (op == "!=") return a && b ? *a != *b : left != right;
  if (op != "<" && op != "<=" && op != ">" && op != ">=") {
    throw core::UsageError({.what = "comparison",
                            .found = "'" + op + "'",
                            .expected = "one of ==, !=, <, <=, >, >=, contains"});
  }
  if (!a || !b) {
    throw core::UsageError({.what = "comparison '" + op + "'",
                            .found = "'" + left + "' and '" + right + "'",
                            .expected = "two numbers, or paths of values that are numbers"});
  }
  if (op == "<") return *a < *b;
  if (op == "<=") return *a <= *b;
  if (op == ">") return *a > *b;
  return *a >= *b;
}

}  // namespace sketchscope::driver
