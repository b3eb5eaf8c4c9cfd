#include "gui/app/runs_controller.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/settings/knob_changes.hpp"
#include "gui/app/run_sources.hpp"

namespace sketchscope::app {

void RunsController::add_actions(widgets::ActionTable& actions) {
  add_run_actions(actions);
  add_choice_actions(actions);
  for (std::size_t place = 0; place < run::kMostRuns; ++place) add_place_actions(actions, place);
}

bool RunsController::can_add() const {
  const run::RunPhase phase = parts_.run.state().phase;
  const bool live = phase != run::RunPhase::saved && phase != run::RunPhase::failed;
  return live && !parts_.run.state().branching && set_.runs.size() < run::kMostRuns;
}

void RunsController::add_run_actions(widgets::ActionTable& actions) {
  const auto can_add = [this] { return this->can_add(); };
  actions.add("add_run", "Add a run with these knobs",
              "It is fed the same tokens as A from the start, up to eight side by side; then turn "
              "the knobs of A",
              {.key = widgets::shift_key(platform::key_of('D')), .enabled = can_add, .run = [this] {
                 add_run(parts_.run.state().wanted);
               }});
  actions.add(
      "add_run_with", "Add a run with other knobs…",
      "Those of A, but for changes such as policy=window, max_cache_size=64",
      {.only_opens = true, .enabled = can_add, .run = [this] {
         line_editor_.open({.title = "Add a run",
                            .hint = "A's knobs but for these: max_cache_size=64, "
                                    "policy=window.",
                            .accept = [this](const std::string& changes) {
                              add_run(settings::with_changes(parts_.run.state().wanted, changes));
                              parts_.recorder.note_line("add_run_with", changes);
                            }});
       }});
  actions.add("add_seed", "Add a run with other seeds",
              "A's knobs but for seed and sketch_seed, for a band over seeds",
              {.enabled = can_add, .run = [this] { add_run(with_other_seeds()); }});
}

void RunsController::add_choice_actions(widgets::ActionTable& actions) {
  for (std::size_t index = 0; index < view::run_figure_kinds().size(); ++index) {
    const view::RunFigureKind& kind = view::run_figure_kinds()[index];
    actions.add("runs_" + std::string(kind.name), "Runs: " + std::string(kind.title),
                "The figure by which the runs are shown over each other",
                {.run = [this, index] { set_.choice.figure = index; }});
  }
  actions.add("runs_difference", "Runs: differences or values",
              "Less the run that others are compared with",
              {.run = [this] { set_.choice.difference = !set_.choice.difference; }});
  actions.add("runs_by_seed", "Runs: band over seeds, or each alone",
              "Runs that differ by their seeds alone as their mean, and a band from the least to "
              "the largest",
              {.run = [this] { set_.choice.by_seed = !set_.choice.by_seed; }});
  for (const int steps : view::kSmoothings) {
    const std::string count = std::to_string(steps);
    actions.add("smooth_" + count,
                steps == 1 ? "Runs: not smoothed" : "Runs: smoothed over " + count + " steps",
                "Each value is the mean of the latest ones",
                {.run = [this, steps] { set_.choice.smoothing = steps; }});
  }
}

void RunsController::add_place_actions(widgets::ActionTable& actions, std::size_t place) {
  const std::string name = view::run_name(place);
  const std::string title = "Run " + view::run_letter(place) + ": ";
  const auto is_there = [this, place] { return set_.at(place) != nullptr; };
  const auto is_live = [this, place] { return parts_.run.state().other(place) != nullptr; };
  actions.add("show_run_" + name, title + "hide or show", "In all charts over steps",
              {.enabled = is_there,
               .run = [this, place] { set_.choice.hidden[place] = !set_.choice.hidden[place]; }});
  actions.add("reference_run_" + name, title + "compare the others with it",
              "Differences of runs are to this one",
              {.enabled = is_there, .run = [this, place] { set_.choice.reference = place; }});
  if (place == 0) return;
  actions.add("remove_run_" + name, title + "remove", "The others stay in their places",
              {.enabled = is_there, .run = [this, place] { remove(place); }});
  // B comes to the front by the action that exchanges A and B.
  if (place == 1) return;
  actions.add("front_run_" + name, title + "exchange with A",
              "The panels show it, and the knobs change it",
              {.enabled = is_live, .run = [this, place] {
                 parts_.undo.clear();
                 parts_.send(run::command::Swap{place}, {});
               }});
}

void RunsController::add_run(const settings::Knobs& knobs) {
  if (set_.runs.size() >= run::kMostRuns) {
    throw core::UsageError({.what = "runs side by side",
                            .found = std::to_string(set_.runs.size() + 1),
                            .expected = "at most " + std::to_string(run::kMostRuns),
                            .remedy = "Remove one first"});
  }
  parts_.send(run::command::AddRun{knobs}, {});
  bring_to_front();
}

void RunsController::bring_to_front() {
  const bool only_a_and_b = set_.runs.size() < 2 && saved_.empty();
  if (only_a_and_b) return;
  parts_.workspace.set_layout(with_in_front(parts_.workspace.layout(), "runs"));
}

settings::Knobs RunsController::with_other_seeds() const {
  settings::Knobs knobs = parts_.run.state().wanted;
  const auto is_taken = [&] {
    return std::ranges::any_of(set_.runs, [&](const view::SetRun& run) {
      return run.knobs.seed == knobs.seed || run.knobs.sketch_seed == knobs.sketch_seed;
    });
  };
  while (is_taken()) {
    ++knobs.seed;
    ++knobs.sketch_seed;
  }
  return knobs;
}

void RunsController::remove(std::size_t place) {
  set_.choice.hidden[place] = false;
  if (set_.choice.reference == place) set_.choice.reference = 0;
  const auto is_here = [&](const auto& saved) { return saved->place == place; };
  if (std::erase_if(saved_, is_here) > 0) return update();
  parts_.send(run::command::RemoveRun{place}, {});
}

void RunsController::lay_over(const std::filesystem::path& file) {
  // Runs of the session take the first places, so saved ones take the last.
  std::size_t place = run::kMostRuns - 1;
  while (place > 0 && set_.at(place) != nullptr) --place;
  if (place == 0) {
    throw core::UsageError({.what = "runs over each other",
                            .found = std::to_string(set_.runs.size() + 1),
                            .expected = "at most " + std::to_string(run::kMostRuns),
                            .remedy = "Remove one first"});
  }
  const FileSource source(file);
  auto saved = std::make_unique<Saved>();
  saved->place = place;
  saved->file = file;
  saved->knobs = source.state()->applied;
  saved->history.update(source.log());
  saved_.push_back(std::move(saved));
  update();
  bring_to_front();
}

const std::string& RunsController::name_of(std::size_t place, const settings::Knobs& knobs) {
  Named& named = names_[place];
  const settings::Knobs& front = parts_.run.state().applied;
  if (named.name.empty() || named.own != knobs || named.in_front != front) {
    named = {knobs, front,
             place == 0
                 ? std::string(knobs.policy.name()) + " " + std::to_string(knobs.max_cache_size)
                 : view::run_differences(knobs, front)};
  }
  return named.name;
}

void RunsController::update() {
  set_.runs.clear();
  if (parts_.run.history().empty()) return;
  const run::LiveState& state = parts_.run.state();
  set_.runs.push_back({.place = 0,
                       .name = name_of(0, state.applied),
                       .history = &parts_.run.history(),
                       .knobs = state.applied});
  for (const auto& other : state.others) {
    set_.runs.push_back({.place = other->place,
                         .name = name_of(other->place, other->applied),
                         .history = &parts_.run.history_of(other->place),
                         .knobs = other->applied});
  }
  for (const auto& saved : saved_) {
    set_.runs.push_back(
        {.place = saved->place,
         .name = saved->file.stem().string() + ": " + name_of(saved->place, saved->knobs),
         .history = &saved->history,
         .knobs = saved->knobs,
         .file = saved->file.string()});
  }
  std::ranges::sort(set_.runs, {}, &view::SetRun::place);
  if (set_.at(set_.choice.reference) == nullptr) set_.choice.reference = 0;
}

std::vector<std::string> RunsController::looks() const {
  const view::RunSetChoice& choice = set_.choice;
  std::vector<std::string> looks;
  if (set_.runs.size() < 2) return looks;
  if (choice.figure != 0) {
    looks.push_back("runs_" + std::string(view::run_figure_kinds()[choice.figure].name));
  }
  if (choice.difference) looks.emplace_back("runs_difference");
  if (choice.by_seed) looks.emplace_back("runs_by_seed");
  if (choice.smoothing != 1) looks.push_back("smooth_" + std::to_string(choice.smoothing));
  if (choice.reference != 0) looks.push_back("reference_run_" + view::run_name(choice.reference));
  for (const view::SetRun& run : set_.runs) {
    if (!set_.shows(run)) looks.push_back("show_run_" + view::run_name(run.place));
  }
  return looks;
}

std::vector<std::filesystem::path> RunsController::saved_files() const {
  std::vector<std::filesystem::path> files;
  for (const auto& saved : saved_) files.push_back(saved->file);
  return files;
}

}  // namespace sketchscope::app
