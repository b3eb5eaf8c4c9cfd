#include "gui/app/view.hpp"

#include <chrono>
#include <iostream>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/app/app.hpp"
#include "gui/app/recovery.hpp"
#include "gui/app/run_sources.hpp"
#include "gui/driver/run_script.hpp"
#include "gui/platform/crash_log.hpp"
#include "gui/platform/platform.hpp"
#include "gui/view/paired_sheet.hpp"

namespace sketchscope::app {
namespace {

constexpr double kWaitSeconds = 0.02;              // between two looks at the run
constexpr std::chrono::seconds kLongestStep(120);  // A step that takes longer is given up.

/// Makes one step and waits for it. Returns false if the run cannot continue.
bool make_step(platform::Platform& platform, view::RunSource& source) {
  const std::int64_t before = source.state()->steps;
  source.send(run::command::Step{1}, {});
  const auto give_up = std::chrono::steady_clock::now() + kLongestStep;
  while (std::chrono::steady_clock::now() < give_up) {
    const bool idle = source.idle();
    const auto state = source.state();
    if (state->steps > before) return true;
    if (state->phase == run::RunPhase::failed) {
      // Notices are sentences of their own.
      std::string sentence = "the run failed";
      for (const run::Notice& notice : source.take_notices()) sentence += "; " + notice.text;
      throw core::Error(sentence);
    }
    if (idle && state->phase == run::RunPhase::at_context_end) return false;
    platform.wait(kWaitSeconds);
  }
  throw core::Error({.what = "no step came",
                     .found = "none in " + std::to_string(kLongestStep.count()) + " s",
                     .expected = "a step",
                     .remedy = "Try a smaller model or a shorter prompt"});
}

void wait_idle(platform::Platform& platform, const view::RunSource& source) {
  const auto give_up = std::chrono::steady_clock::now() + kLongestStep;
  while (!source.idle() && std::chrono::steady_clock::now() < give_up) platform.wait(kWaitSeconds);
}

void run_actions(const App& app, const std::vector<std::string>& wanted) {
  for (const std::string& name : wanted) {
    if (app.actions().find(name) == nullptr) {
      throw core::UsageError(
          {.what = "--do",
           .found = "'" + name + "'",
           .expected = "an action, nearest: " + core::join(app.actions().nearest(name))});
    }
    app.actions().run(name);
  }
}

/// Throws UsageError if there is no study, or none of its rows or columns is meant.
void check_choice(const view::StudySheet* study, const panels::PanelChoice& choice) {
  if (choice.reference.empty() && choice.columns.empty()) return;
  if (study == nullptr) {
    throw core::UsageError(
        {.what = choice.reference.empty() ? "--study-columns" : "--study-against",
         .expected = "--study beside it"});
  }
  if (choice.reference.empty()) {
    static_cast<void>(view::columns_named(*study, choice.columns));
  } else {
    static_cast<void>(
        view::columns_named(view::paired_sheet(*study, choice.reference), choice.columns));
  }
}

void open_study(App& app, const OffscreenOptions& wanted) {
  if (!wanted.study.empty()) app.open_study(wanted.study);
  check_choice(app.facts().study, wanted.study_choice);
  app.choose("study", wanted.study_choice);
}

/// Throws UsageError if the value of a flag is not from 0 to `count` − 1.
void check_below(const char* flag, std::int64_t value, std::int64_t count) {
  if (value >= 0 && value < count) return;
  throw core::UsageError({.what = flag,
                          .found = std::to_string(value),
                          .expected = "0 to " + std::to_string(count - 1)});
}

/// Throws UsageError if the run has not made this eviction.
void check_eviction(const widgets::EvictionKey& wanted, const view::History& history) {
  const auto place = history.eviction_of(wanted.layer, wanted.position, wanted.head);
  if (place && place->step == wanted.step) return;
  throw core::UsageError(
      {.what = "--eviction",
       .found = widgets::eviction_text(wanted),
       .expected = "an eviction of this run as STEP:LAYER:POSITION, or STEP:LAYER:POSITION:HEAD"});
}

/// Selects what the flags say is looked at.
void select_view(App& app, const LookedAt& wanted) {
  const auto steps = static_cast<std::int64_t>(app.history().size());
  const model::ModelConfig& config = app.source().model().config;
  if (wanted.at) check_below("--at", *wanted.at, steps);
  if (wanted.position) {
    check_below("--position", *wanted.position, std::ssize(app.history().tokens()));
  }
  if (wanted.eviction) check_eviction(*wanted.eviction, app.history());
  check_below("--layer", wanted.layer, config.layers);
  check_below("--head", wanted.head, config.kv_heads);
  widgets::Selection& selection = app.selection();
  selection.locked_step = wanted.at;
  selection.locked_position = wanted.position;
  selection.eviction = wanted.eviction;
  selection.layer = wanted.layer;
  selection.head = wanted.head;
  app.choose("evictions", wanted.evictions);
  if (wanted.range) selection.window.show(*wanted.range, steps);
  if (wanted.positions) {
    const int fed = static_cast<int>(app.history().tokens().size());
    selection.positions.show(*wanted.positions, view::position_span(fed, config.positions));
  }
}

/// Applies the requested view and saves the figure.
void take_figure(App& app, const OffscreenOptions& wanted) {
  select_view(app, wanted.look);
  for (const std::filesystem::path& file : wanted.laid_over) app.lay_over(file);
  run_actions(app, wanted.actions);
  // The figure may be of a panel that the layout hides.
  app.source().send(run::command::ShowSketches{}, {});
  // The first frame asks the engine for what is only looked up: the state at an earlier step, the
  // life of a position.
  app.frame();
  wait_idle(app.platform(), app.source());
  // A second frame is needed, since hover and measured sizes take effect one frame later.
  app.frame();
  app.frame();
  if (!wanted.screenshot) return;
  const WindowFigure figure{.panel = wanted.panel,
                            .format = figure_format_of(*wanted.screenshot),
                            .scale = wanted.scale,
                            .size = wanted.figure_size,
                            .print = wanted.print};
  const bool as_it_is =
      figure.format == FigureFormat::png && figure.panel.empty() && !figure.size && !figure.print;
  if (as_it_is && figure.scale == 1) return app.save_picture(app.screenshot(), *wanted.screenshot);
  app.save_figure(figure, *wanted.screenshot);
}

OffscreenResult result_of(const App& app, std::vector<double> frame_ms) {
  return {.frames = static_cast<int>(frame_ms.size()),
          .steps = app.state().steps,
          .frame_ms_median = app.frame_times().percentile(0.5).value_or(0),
          .frame_ms_p99 = app.frame_times().percentile(0.99).value_or(0),
          .frame_ms = std::move(frame_ms)};
}

/// What outlives a crash of a window: its run and its messages.
class SafetyNet {
 public:
  SafetyNet() {
    const std::filesystem::path folder = state_folder();
    if (folder.empty()) return;
    try {
      recovery_.emplace(folder);
      log_.emplace(recovery_->log_file(), "The run is kept as " + recovery_->run_file().string() +
                                              ", the messages as " +
                                              recovery_->log_file().string() +
                                              ". The next window offers the run in its File menu.");
    } catch (const core::Error& error) {
      // The window opens all the same.
      std::cerr << "sketchscope: " << error.what() << '\n';
    }
  }

  /// Holds a window, which this must outlive.
  void hold(App& app) {
    if (recovery_) app.set_recovery(*recovery_);
    if (log_) app.set_log([this](std::string_view text) { log_->write(text); });
  }

 private:
  std::optional<Recovery> recovery_;
  std::optional<platform::CrashLog> log_;
};

void run_window(platform::Platform& platform, std::unique_ptr<view::RunSource> first,
                ModelAccess models, const std::filesystem::path& study = {}) {
  ReplaceableSource source(std::move(first));
  RunLoader loader(source, std::move(models), platform.waker());
  SafetyNet net;
  App app(platform, source, settings_file());
  app.set_loader(loader);
  net.hold(app);
  if (!study.empty()) app.open_study(study);
  app.run();
  app.finish_recovery();
}

void send_changes(view::RunSource& source, const std::vector<ScheduledChange>& changes, int step) {
  for (const ScheduledChange& change : changes) {
    if (change.step == step)
      source.send(run::command::SetKnob{change.set.knob, change.set.value}, {});
  }
}

/// Waits until a run that is not to play can be driven.
void wait_for_start(platform::Platform& platform, const view::RunSource& source) {
  const auto give_up = std::chrono::steady_clock::now() + kLongestStep;
  while (source.state()->phase == run::RunPhase::starting &&
         std::chrono::steady_clock::now() < give_up) {
    platform.wait(kWaitSeconds);
  }
}

/// The second run of a comparison that the command line requests.
class SecondRun {
 public:
  /// Restarts both runs; the first has the knobs `own`. Throws UsageError if the second's knobs
  /// contradict each other.
  SecondRun(platform::Platform& platform, view::RunSource& source, ComparedRun wanted,
            const settings::Knobs& own)
      : platform_(platform), source_(source), changes_(std::move(wanted.changes)) {
    settings::Knobs others = own;
    for (const settings::KnobValue& set : wanted.knobs)
      settings::set_knob(others, set.knob, set.value);
    settings::check_knobs(others);
    source_.send(run::command::SetKnobs{others}, {});
    source_.send(run::command::Compare{wanted.tokens}, {});
    source_.send(run::command::SetKnobs{own}, {});
    source_.send(run::command::Restart{}, {});
    wait_idle(platform_, source_);
  }

  /// Sends the knob changes that are due before its next step. Commands apply to the run in front,
  /// so the runs are exchanged meanwhile.
  void send_changes() {
    const auto state = source_.state();
    const std::int64_t next = state->other() != nullptr ? state->other()->steps : 0;
    bool sent = false;
    for (; sent_ < changes_.size() && changes_[sent_].step <= next; ++sent_) {
      const settings::KnobValue& set = changes_[sent_].set;
      source_.send(run::command::Swap{}, {});
      source_.send(run::command::SetKnob{set.knob, set.value}, {});
      source_.send(run::command::Swap{}, {});
      sent = true;
    }
    if (sent) wait_idle(platform_, source_);
  }

 private:
  platform::Platform& platform_;
  view::RunSource& source_;
  std::vector<ScheduledChange> changes_;
  std::size_t sent_ = 0;  ///< number of changes sent
};

/// Adds the further runs that the command line requests beside the first, whose knobs are `own`.
void add_runs(platform::Platform& platform, view::RunSource& source,
              const std::vector<std::string>& runs, const settings::Knobs& own) {
  for (const std::string& changes : runs) {
    source.send(run::command::AddRun{settings::with_changes(own, changes)}, {});
  }
  wait_idle(platform, source);
}

}  // namespace

void view_window(model::LoadedModel model, run::WorkerOptions options, ModelAccess models,
                 const std::stop_token& stop, const std::filesystem::path& study) {
  const auto platform = platform::open_desktop("SketchScope · " + model.name, kDefaultWindow, stop);
  run_window(
      *platform,
      std::make_unique<WorkerSource>(std::move(model), std::move(options), platform->waker()),
      std::move(models), study);
}

void view_window(const std::filesystem::path& run_file, ModelAccess models,
                 const std::stop_token& stop, const std::filesystem::path& study) {
  auto source = std::make_unique<FileSource>(run_file);
  const auto platform =
      platform::open_desktop("SketchScope · " + run_file.filename().string(), kDefaultWindow, stop);
  run_window(*platform, std::move(source), std::move(models), study);
}

OffscreenResult view_offscreen(model::LoadedModel model, run::WorkerOptions options,
                               const OffscreenOptions& offscreen) {
  const auto platform = platform::open_offscreen(offscreen.size, offscreen.stop);
  // The run advances one step per frame, so that a command gives equal pictures on all machines.
  options.running = false;
  const settings::Knobs own = options.knobs;
  WorkerSource source(std::move(model), std::move(options), platform->waker());
  App app(*platform, source);
  open_study(app, offscreen);
  run_actions(app, offscreen.first_actions);
  std::optional<SecondRun> second;
  if (offscreen.compare) second.emplace(*platform, source, *offscreen.compare, own);
  add_runs(*platform, source, offscreen.runs, own);
  std::vector<double> frame_ms;
  for (int frame = 0; frame < offscreen.frames; ++frame) {
    send_changes(source, offscreen.changes, frame);
    if (second) second->send_changes();
    make_step(*platform, source);
    app.frame();
    frame_ms.push_back(app.frame_times().latest());
  }
  take_figure(app, offscreen);
  return result_of(app, std::move(frame_ms));
}

OffscreenResult view_offscreen(const std::filesystem::path& run_file,
                               const OffscreenOptions& offscreen) {
  if (offscreen.compare || !offscreen.runs.empty()) {
    throw core::UsageError({.what = offscreen.compare ? "--compare" : "--runs",
                            .found = run_file.string(),
                            .expected = "a live run: a saved one is alone"});
  }
  FileSource source(run_file);
  const auto platform = platform::open_offscreen(offscreen.size, offscreen.stop);
  App app(*platform, source);
  open_study(app, offscreen);
  app.frame();
  std::vector<double> frame_ms = {app.frame_times().latest()};
  take_figure(app, offscreen);
  return result_of(app, std::move(frame_ms));
}

driver::ScriptResult run_script_offscreen(model::LoadedModel model, run::WorkerOptions options,
                                          ModelAccess models, const std::filesystem::path& script,
                                          const std::filesystem::path& out,
                                          const std::stop_token& stop, plot::Size size) {
  const auto platform = platform::open_offscreen(size, stop);
  // Every script begins with the same: a run without a step.
  options.running = false;
  ReplaceableSource source(
      std::make_unique<WorkerSource>(std::move(model), std::move(options), platform->waker()));
  RunLoader loader(source, std::move(models), platform->waker());
  App app(*platform, source);
  app.set_loader(loader);
  app.set_export_folder(out);
  wait_for_start(*platform, source);
  return driver::run_script(app, script, out);
}

}  // namespace sketchscope::app
