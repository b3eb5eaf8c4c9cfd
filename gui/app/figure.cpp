#include "gui/app/figure.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/knob_changes.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::app {
namespace {

constexpr std::array<std::pair<FigureFormat, std::string_view>, 4> kFormatEndings = {
    {{FigureFormat::png, ".png"},
     {FigureFormat::svg, ".svg"},
     {FigureFormat::csv, ".csv"},
     {FigureFormat::pdf, ".pdf"}}};

/// Quotes a text as one word of a shell command.
std::string quoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char letter : text) word += letter == '\'' ? R"('\'')" : std::string(1, letter);
  return word + "'";
}

class CommandLine {
 public:
  void add(const std::string& word) { text_ += " " + quoted(word); }
  void add(const std::string& flag, const std::string& value) {
    add(flag);
    add(value);
  }
  void add(const std::string& flag, double value) { add(flag, core::number_text(value)); }
  [[nodiscard]] std::string text() const { return text_; }

 private:
  std::string text_ = "sketchscope view";
};

/// Returns the knobs with which a run began.
settings::Knobs first_knobs(const view::History& history, const run::LiveState& state) {
  constexpr std::int64_t kBeforeAll = -1;
  return view::knobs_at(history, state.applied, kBeforeAll);
}

bool compares(const FigureFacts& facts) {
  return facts.other != nullptr && facts.state.other() != nullptr;
}

/// Returns the knob changes as a flag's value: "100:max_cache_size=80,130:decay=0.9".
std::string changes_text(const view::History& history) {
  std::string text;
  for (const view::KnobMark& mark : history.marks()) {
    text += (text.empty() ? "" : ",") + std::to_string(mark.step) + ":" + mark.knob + "=" + mark.to;
  }
  return text;
}

/// Returns the runs beside A and B: those of the session, or saved ones.
std::vector<const view::SetRun*> further_runs(const FigureFacts& facts, bool saved) {
  std::vector<const view::SetRun*> further;
  if (facts.runs == nullptr) return further;
  for (const view::SetRun& run : facts.runs->runs) {
    const bool is_b = run.place == 1 && run.file.empty() && compares(facts);
    if (run.place != 0 && !is_b && run.file.empty() != saved) further.push_back(&run);
  }
  return further;
}

settings::Knobs first_knobs_of(const view::SetRun& run) {
  constexpr std::int64_t kBeforeAll = -1;
  return view::knobs_at(*run.history, run.knobs, kBeforeAll);
}

/// Adds the runs beside A and B. A run that differs in nothing is an empty part.
void add_further_runs(CommandLine& line, const FigureFacts& facts) {
  std::string runs;
  for (const view::SetRun* run : further_runs(facts, false)) {
    runs +=
        settings::changes_between(first_knobs(facts.history, facts.state), first_knobs_of(*run)) +
        ";";
  }
  if (!runs.empty()) line.add("--runs", runs);
}

void add_saved_runs(CommandLine& line, const FigureFacts& facts) {
  std::string files;
  for (const view::SetRun* run : further_runs(facts, true)) {
    files += (files.empty() ? "" : ",") + run->file;
  }
  if (!files.empty()) line.add("--lay-over", files);
}

void add_other_run(CommandLine& line, const FigureFacts& facts) {
  if (!compares(facts)) return;
  line.add("--compare", std::string(compared_tokens_name(facts.state.other_tokens)));
  const std::string knobs = settings::changes_between(
      first_knobs(facts.history, facts.state), first_knobs(*facts.other, *facts.state.other()));
  if (!knobs.empty()) line.add("--compare-knobs", knobs);
  if (!facts.other->marks().empty()) line.add("--compare-changes", changes_text(*facts.other));
}

void add_run(CommandLine& line, const FigureFacts& facts) {
  if (!facts.run_file.empty()) return line.add(facts.run_file.string());
  if (!facts.model.directory.empty()) line.add("--model", facts.model.directory);
  if (!facts.model.dtype.empty()) line.add("--dtype", facts.model.dtype);
  line.add("--prompt", facts.prompt);
  if (facts.state.start_token != model::StartToken::automatic) {
    line.add("--bos", core::name_of(facts.state.start_token));
  }
  const settings::Knobs knobs = first_knobs(facts.history, facts.state);
  const settings::Knobs usual;
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    // The temperature is always given, as the window's default differs from the knob's.
    const bool always = knob.name == "temperature";
    const std::string value = settings::knob_text(knobs, knob);
    if (always || value != settings::knob_text(usual, knob))
      line.add(settings::flag_of(knob), value);
  }
  if (!facts.state.twin) line.add("--no-twin");
  if (!facts.state.audit) line.add("--audit", "off");
  if (!facts.history.marks().empty()) line.add("--changes", changes_text(facts.history));
  add_other_run(line, facts);
  add_further_runs(line, facts);
}

/// Returns an order as a flag's value: "logit_kl:descending"; empty for the study's own order.
std::string order_text(const panels::PanelChoice& choice) {
  return choice.order.empty() || !choice.descending ? choice.order : choice.order + ":descending";
}

/// Adds the rows of a panel's table that are shown.
void add_choice(CommandLine& line, const std::string& panel, const panels::PanelChoice& choice) {
  const std::string flag = "--" + panel;
  if (!choice.filter.empty()) line.add(flag + "-filter", choice.filter);
  if (!choice.order.empty()) line.add(flag + "-order", order_text(choice));
  if (!choice.reference.empty()) line.add(flag + "-against", choice.reference);
  if (choice.columns.empty()) return;
  line.add(flag + "-columns", core::join({choice.columns.begin(), choice.columns.end()}, ","));
}

void add_study(CommandLine& line, const FigureFacts& facts) {
  if (facts.study == nullptr) return;
  line.add("--study", facts.study_folder.string());
  add_choice(line, "study", facts.study_choice);
}

void add_view(CommandLine& line, const FigureFacts& facts) {
  const auto steps = static_cast<std::int64_t>(facts.history.size());
  const widgets::Selection& selection = facts.selection;
  if (selection.locked_step) line.add("--at", std::to_string(*selection.locked_step));
  if (selection.locked_position) line.add("--position", std::to_string(*selection.locked_position));
  if (selection.eviction) line.add("--eviction", widgets::eviction_text(*selection.eviction));
  if (selection.layer != 0) line.add("--layer", std::to_string(selection.layer));
  if (selection.head != 0) line.add("--head", std::to_string(selection.head));
  if (!selection.window.shows_all()) {
    const view::StepRange range = selection.window.range(steps);
    line.add("--range", core::number_text(range.first) + ":" + core::number_text(range.last));
  }
  if (!selection.positions.shows_all()) {
    const int span = view::position_span(static_cast<int>(facts.history.tokens().size()),
                                         facts.model.config.positions);
    const view::PositionRange shown = selection.positions.range(span);
    line.add("--position-range", std::to_string(shown.first) + ":" + std::to_string(shown.end - 1));
  }
  add_choice(line, "evictions", facts.evictions_choice);
  std::vector<std::string_view> looks(facts.looks.begin(), facts.looks.end());
  if (selection.divergence_scale == plot::Scale::log10) looks.emplace_back("log_scale");
  if (!looks.empty()) line.add("--do", core::join(looks, ","));
}

using Json = nlohmann::json;

Json changes_json(const view::History& history) {
  Json changes = Json::array();
  for (const view::KnobMark& mark : history.marks()) {
    changes.push_back(
        {{"step", mark.step}, {"knob", mark.knob}, {"from", mark.from}, {"to", mark.to}});
  }
  return changes;
}

/// Describes the inputs of the run on the screen and of the compared one.
void describe_run(Json& json, const FigureFacts& facts) {
  const auto steps = static_cast<std::int64_t>(facts.history.size());
  json["model"] = facts.model.name;
  json["dtype"] = facts.model.dtype;
  json["prompt"] = facts.prompt;
  json["config"] = settings::knobs_to_json(first_knobs(facts.history, facts.state));
  json["changes"] = changes_json(facts.history);
  json["twin"] = facts.state.twin;
  json["audit"] = facts.state.audit;
  json["start_token"] = core::name_of(facts.state.start_token);
  json["steps"] = steps;
  if (const auto step = facts.selection.step(steps)) json["step"] = *step;
  for (const bool saved : {false, true}) {
    for (const view::SetRun* run : further_runs(facts, saved)) {
      Json one = {{"letter", view::run_letter(run->place)},
                  {"config", settings::knobs_to_json(first_knobs_of(*run))},
                  {"changes", changes_json(*run->history)},
                  {"steps", run->history->size()}};
      if (saved) one["file"] = run->file;
      json["runs"].push_back(std::move(one));
    }
  }
  if (!compares(facts)) return;
  json["other"] = {
      {"config", settings::knobs_to_json(first_knobs(*facts.other, *facts.state.other()))},
      {"changes", changes_json(*facts.other)},
      {"tokens", compared_tokens_name(facts.state.other_tokens)},
      {"steps", facts.other->size()}};
}

/// Describes the knobs that all configurations of a study share. The others are columns of the
/// table.
void describe_study(Json& json, const view::StudySheet& study) {
  Json config = Json::object();
  Json varying = Json::array();
  if (!study.rows.empty()) config = settings::knobs_to_json(study.rows.front().knobs);
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    const bool varies = std::ranges::any_of(study.rows, [&](const view::SheetRow& row) {
      return !settings::same_value(row.knobs, study.rows.front().knobs, knob);
    });
    if (!varies) continue;
    config.erase(std::string(knob.name));
    varying.push_back(knob.name);
  }
  json["model"] = study.model;
  json["config"] = std::move(config);
  json["study"]["varies"] = std::move(varying);
}

}  // namespace

std::string_view compared_tokens_name(run::ComparedTokens tokens) {
  return tokens == run::ComparedTokens::same ? "same" : "own";
}

std::optional<run::ComparedTokens> compared_tokens_of(std::string_view name) {
  for (const run::ComparedTokens tokens : {run::ComparedTokens::own, run::ComparedTokens::same}) {
    if (name == compared_tokens_name(tokens)) return tokens;
  }
  return std::nullopt;
}

FigureFormat figure_format_of(const std::filesystem::path& file) {
  for (const auto& [format, ending] : kFormatEndings) {
    if (file.extension() == ending) return format;
  }
  throw core::UsageError({.what = "figure " + file.string(),
                          .found = "'" + file.extension().string() + "'",
                          .expected = "a file that ends in .png, .svg, .pdf or .csv"});
}

std::string figure_ending(FigureFormat format) {
  return std::string(kFormatEndings.at(static_cast<std::size_t>(format)).second);
}

std::string figure_command(const FigureFacts& facts, const WindowFigure& figure,
                           const std::filesystem::path& file) {
  CommandLine line;
  add_run(line, facts);
  add_saved_runs(line, facts);
  line.add("--offscreen");
  add_study(line, facts);
  if (facts.run_file.empty()) line.add("--frames", std::to_string(facts.history.size()));
  line.add("--width", facts.window.width);
  line.add("--height", facts.window.height);
  add_view(line, facts);
  if (!figure.panel.empty()) line.add("--panel", figure.panel);
  if (figure.scale != 1 && !figure.print) line.add("--scale", figure.scale);
  if (figure.size) {
    line.add("--size",
             core::number_text(figure.size->width) + "x" + core::number_text(figure.size->height));
  }
  if (figure.print) {
    line.add("--mm", core::float_text(figure.print->width_mm) + "x" +
                         core::float_text(figure.print->height_mm));
    line.add("--pt", core::float_text(figure.print->text_pt));
    if (figure.format == FigureFormat::png) line.add("--dpi", figure.print->dpi);
  }
  line.add("--screenshot", file.filename().string());
  return line.text();
}

std::string figure_description(const FigureFacts& facts, const WindowFigure& figure,
                               const std::filesystem::path& file) {
  Json json = {{"schema", "sketchscope/figure/1"},
               {"version", core::program_version()},
               {"panel", figure.panel.empty() ? "window" : figure.panel},
               {"command", figure_command(facts, figure, file)}};
  if (facts.study != nullptr) {
    json["study"] = {{"name", facts.study->name},
                     {"folder", facts.study_folder.string()},
                     {"filter", facts.study_choice.filter},
                     {"order", order_text(facts.study_choice)},
                     {"against", facts.study_choice.reference}};
  }
  if (figure.panel == "study" && facts.study != nullptr) {
    describe_study(json, *facts.study);
  } else {
    describe_run(json, facts);
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sketchscope::app
