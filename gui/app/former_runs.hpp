#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/run/run_file.hpp"
#include "engine/run/worker.hpp"
#include "engine/settings/knobs.hpp"
#include "gui/app/shown_run.hpp"

namespace sketchscope::app {

/// What it takes to make a run again, step by step. Tokens and knob changes are enough, so that an
/// entry takes little memory however long the run was.
struct FormerRun {
  std::string title;  ///< what a person knows it by: prompt, steps, policy and capacity
  settings::Knobs wanted;
  std::string prompt;
  std::shared_ptr<const run::Recording> recording;  ///< null for a run from a file
  bool fed = false;                                 ///< it was given a text
  bool twin = true;
  bool audit = true;
  double speed = 10;
  std::filesystem::path model;  ///< its directory; empty for the embedded model
  std::filesystem::path file;   ///< the file of a saved run; empty for a live one
  std::vector<run::StepNote> notes;
};

/// Returns what makes the run on the screen again; without title and recording where it has made no
/// step.
FormerRun former_run_of(const ShownRun& run);
/// Sends what makes a live run of the present model again.
void make_again(const FormerRun& former, ShownRun& run, const panels::CommandSink& send);

/// The runs that were replaced by others, newest first, so that nothing that a person does drops a
/// run for good.
class FormerRuns {
 public:
  static constexpr std::size_t kMost = 8;

  /// Keeps a run that is about to be replaced; one without a step is not worth it.
  void keep(FormerRun run);
  /// Removes and returns an entry.
  FormerRun take(std::size_t index);
  [[nodiscard]] const std::deque<FormerRun>& all() const { return runs_; }
  /// Returns a number that changes with the list.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }

 private:
  std::uint64_t revision_ = 0;
  std::deque<FormerRun> runs_;
};

}  // namespace sketchscope::app
