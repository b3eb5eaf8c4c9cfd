#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "cli/bench_kinds.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "cli/window/window_options.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/study/study_folder.hpp"
#include "gui/app/open_target.hpp"
#include "gui/app/view.hpp"

namespace sketchscope::cli {
namespace {

/// Throws UsageError that names the right flag if `view` is given a text or a model, which are no
/// runs.
void check_viewable(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return;  // Reading it says so.
  const app::OpenTarget target = app::open_target_at(path);
  const bool text = target.kind == app::OpenTargetKind::text;
  if (!text && target.kind != app::OpenTargetKind::model) return;
  // A saved run may have lost its ending.
  constexpr std::string_view kZip = "PK";
  if (text && core::read_file(path).starts_with(kZip)) return;
  const std::string name = path.string();
  throw core::UsageError(
      {.what = "view " + name,
       .found = "a " + std::string(app::target_kind_name(target.kind)),
       .expected = "a run that was saved (.scope), or a folder of results",
       .remedy = text ? "To start from it, view --prompt-file " + name +
                            "; to have it scored token by token, Give it a text… (Ctrl G) in the "
                            "window; for its perplexity without one, eval --text " +
                            name
                      : "To run it, view --model " + name});
}

/// The default without a subcommand: the window with a generating run.
class WindowCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override { window_.declare(flags); }

  void run(const std::stop_token& stop) override {
    const model::LoadedModel model = window_.open(stop);
    app::view_window(model, window_.worker(model, stop), window_.models(), stop);
  }

 private:
  WindowOptions window_;
};

/// `view`: opens the window on a live or saved run, offscreen on request.
class ViewCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.add_optional_argument("RUN", run_,
                                "a run that was saved (.scope), or a folder of results "
                                "to open beside a live one");
    flags.group("Offscreen");
    flags.add_switch("--offscreen", offscreen_, "draw into memory, without a display");
    figure_.declare(flags);
    window_.declare(flags);
  }

  void run(const std::stop_token& stop) override {
    if (shows_run()) check_viewable(run_);
    if (offscreen_) return draw_offscreen(stop);
    if (figure_.is_wanted()) {
      throw core::UsageError({.what = "--screenshot", .expected = "--offscreen beside it"});
    }
    if (shows_run()) return app::view_window(run_, window_.models(), stop, figure_.study());
    const model::LoadedModel model = window_.open(stop);
    app::view_window(model, window_.worker(model, stop), window_.models(), stop, study());
  }

 private:
  /// Returns whether `run_` is a saved run rather than a folder of results.
  bool shows_run() const { return !run_.empty() && !study::is_study(run_); }

  /// Returns the folder of results to open with the run; empty if none.
  std::filesystem::path study() const {
    if (run_.empty() || shows_run()) return figure_.study();
    if (!figure_.study().empty()) {
      throw core::UsageError({.what = "--study",
                              .found = figure_.study().string() + " beside " + run_.string(),
                              .expected = "one folder of results"});
    }
    return run_;
  }

  void draw_offscreen(const std::stop_token& stop) const {
    const app::OffscreenResult result = view(figure_.offscreen(stop));
    std::cerr << result.frames << " frames over " << result.steps << " steps; "
              << result.frame_ms_median << " ms of the processor to build one, p99 "
              << result.frame_ms_p99 << " ms\n";
    if (figure_.is_wanted()) {
      write_standard_output("  figure  " + figure_.file().string() + "\n");
    }
  }

  app::OffscreenResult view(const app::OffscreenOptions& offscreen) const {
    if (shows_run()) return app::view_offscreen(run_, offscreen);
    const model::LoadedModel model = window_.open(offscreen.stop);
    app::OffscreenOptions with_study = offscreen;
    with_study.study = study();
    return app::view_offscreen(model, window_.worker(model, offscreen.stop), with_study);
  }

  WindowOptions window_;
  FigureOptions figure_;
  std::filesystem::path run_;
  bool offscreen_ = false;
};

/// Prints a line per case. Throws Error when one failed, unless it was interrupted.
void report(const driver::ScriptResult& result, const std::filesystem::path& out,
            bool interrupted) {
  std::size_t failed = 0;
  for (const driver::ScriptCase& one : result.cases) {
    const bool passed = one.failure.empty();
    std::cerr << (passed ? "passed  " : "FAILED  ") << one.name
              << (passed ? "" : ": " + one.failure) << '\n';
    if (!passed) ++failed;
  }
  if (failed == 0 || interrupted) return;
  throw core::Error(
      {.what =
           std::to_string(failed) + " of " + std::to_string(result.cases.size()) + " cases failed",
       .remedy = "See " + (out / "log.txt").string() + " and the pictures beside it"});
}

/// `script`: drives the window offscreen by a file of actions and expectations.
class ScriptCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.add_argument("FILE", script_, "the script");
    flags.group("Output");
    flags.add("--out", out_, "folder for screenshots, log.txt and junit.xml");
    window_.declare(flags);
  }

  void run(const std::stop_token& stop) override {
    if (out_.empty()) throw core::UsageError({.what = "script", .expected = "a folder: --out DIR"});
    core::make_folder(out_);
    const model::LoadedModel model = window_.open(stop);
    const driver::ScriptResult result = app::run_script_offscreen(
        model, window_.worker(model, stop), window_.models(), script_, out_, stop);
    // A case that an interruption has ended is in the files, and no failure of the script.
    report(result, out_, stop.stop_requested());
  }

 private:
  WindowOptions window_;
  std::filesystem::path script_;
  std::filesystem::path out_;
};

/// Times one frame of the window per step, with twin and audit, every panel on a large screen, and
/// a history that grows to a thousand steps, of one run and of `runs` beside it. Returns a row of
/// all frames and one of the 99th percentile.
std::vector<bench::BenchRow> time_frames(const BenchRun& run, std::vector<std::string> runs) {
  constexpr int kFrames = 1000;
  constexpr plot::Size kLargeScreen{2560, 1440};
  const settings::Knobs knobs = run.common.knobs();
  const auto lanes = static_cast<int>(runs.size()) + 1;
  const app::OffscreenOptions offscreen{
      .frames = run.request.rounds > 0 ? run.request.rounds : kFrames,
      .size = kLargeScreen,
      .runs = std::move(runs),
      .first_actions = {"all_panels"},
      .stop = run.stop};
  model::LoadedModel model = run.common.open(run.stop);
  const std::string dtype = model.model->dtype_name();
  const app::OffscreenResult result =
      app::view_offscreen(std::move(model),
                          {.knobs = knobs,
                           .prompt = run.common.uses_embedded_model() ? "One day" : "",
                           .audit = run.common.audit(),
                           .threads = run.common.threads()},
                          offscreen);
  bench::BenchRow row{.what = "ui", .lanes = lanes, .dtype = dtype, .policy = knobs.policy.name()};
  for (const double milliseconds : result.frame_ms) row.times.add(milliseconds);
  bench::BenchRow slowest = row;
  slowest.what = "ui, 99th percentile";
  slowest.times = {};
  slowest.times.add(result.frame_ms_p99);
  return {row, slowest};
}

std::vector<bench::BenchRow> run_ui(const BenchRun& run) {
  const std::vector<std::string> further = {
      "policy=window", "policy=tova", "policy=random", "seed=43", "seed=44", "seed=45", "seed=46"};
  const std::vector<int> both = {1, static_cast<int>(further.size()) + 1};
  const std::vector<int>& wanted = run.request.lanes.empty() ? both : run.request.lanes;
  if (const int most = std::ranges::max(wanted); most > both.back()) {
    throw core::UsageError({.what = "--lanes of bench ui",
                            .found = std::to_string(most),
                            .expected = "at most " + std::to_string(both.back()) + " runs"});
  }
  run.machine.measure();
  std::vector<bench::BenchRow> rows;
  for (const int lanes : wanted) {
    std::ranges::move(time_frames(run, {further.begin(), further.begin() + lanes - 1}),
                      std::back_inserter(rows));
  }
  return rows;
}

constexpr std::array kBenchKinds = {
    BenchKind{"ui", "building a frame of the window", run_ui},
};

constexpr std::array kKinds = {
    SubcommandKind{"", "",
                   "The window: a language model with a capped key/value cache, while it generates",
                   make_subcommand<WindowCommand>},
    SubcommandKind{"view", kWatching, "the window, or a picture of it without a display",
                   make_subcommand<ViewCommand>},
    SubcommandKind{"script", kWatching, "drive the window offscreen by a file of actions",
                   make_subcommand<ScriptCommand>},
};

}  // namespace

std::span<const BenchKind> window_bench_kinds() {
  return kBenchKinds;
}

std::span<const SubcommandKind> window_subcommand_kinds() {
  return kKinds;
}

}  // namespace sketchscope::cli
