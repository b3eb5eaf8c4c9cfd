// The handlers of RunControl's commands, and the branching run that some of them steer.
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/model/prompt.hpp"
#include "engine/run/run_control.hpp"
#include "engine/run/run_plan.hpp"
#include "engine/settings/capacity.hpp"

namespace sketchscope::run {
namespace {

constexpr int kBranchTokens = 60;  // per path; longer texts do not fit on a screen

/// Returns the unpruned path with the longest common prefix with `path`; of several, the most
/// likely.
int nearest_relative(const branch::BranchRun& run, int path) {
  const std::vector<int> nodes = run.tree().nodes_of(path);
  int nearest = path;
  std::ptrdiff_t most = -1;
  for (const int other : run.paths_by_probability()) {
    const std::vector<int> others = run.tree().nodes_of(other);
    const auto common = std::ranges::mismatch(nodes, others).in1 - nodes.begin();
    if (common <= most) continue;
    most = common;
    nearest = other;
  }
  return nearest;
}

branch::BranchOptions branching_of(const WatchedSlot& slot, int threads) {
  return {.knobs = slot.wanted,
          .prompt = slot.run->options().prompt,
          .max_new_tokens = kBranchTokens,
          .keep_prompt = true,
          .threads = threads};
}

/// Runs that are given a text, and the text.
struct FedRuns {
  std::vector<RunOptions> runs;
  std::string prompt;
  GivenText text;
};

FedRuns fed_runs(const model::LoadedModel& model, const WorkerOptions& options,
                 std::span<const WatchedSlot> slots, const command::Feed& feed) {
  std::vector<int> tokens = feed.tokens.empty()
                                ? model::prompt_tokens(model, feed.text, options.start_token)
                                : feed.tokens;
  FedRuns fed{.text = fit_text(tokens, slots.front().wanted, model.model->config())};
  fed.runs = new_runs(options, slots, tokens);
  for (RunOptions& run : fed.runs) run.knobs.prefill = settings::Prefill::stream;
  const bool as_written = feed.tokens.empty() && !fed.text.is_cut();
  fed.prompt = as_written ? feed.text : model::prompt_text(model, tokens);
  return fed;
}

[[noreturn]] void refuse_run_beside(bool branching) {
  throw core::UsageError({.what = "a run beside this one",
                          .found = branching ? "a branching run" : "no run yet",
                          .expected = "a run without branches"});
}

/// Throws UsageError where a run of the model cannot have these knobs.
void check_run(const WorkerOptions& options, const model::ModelConfig& config,
               const settings::Knobs& knobs) {
  settings::check_knobs(knobs);
  settings::check_target(knobs, options.audit, options.twin);
  settings::check_model(knobs, config);
}

void require_made(std::int64_t step, std::int64_t steps) {
  if (step >= 0 && step < steps) return;
  throw core::UsageError({.what = "step to continue from",
                          .found = std::to_string(step),
                          .expected = steps > 0 ? "0 to " + std::to_string(steps - 1) : "a run"});
}

}  // namespace

void WatchedBranching::watch(int path) {
  const auto count = static_cast<int>(run_.tree().paths().size());
  if (path < 0 || path >= count) {
    throw core::UsageError({.what = "path to watch",
                            .found = std::to_string(path),
                            .expected = "0 to " + std::to_string(count - 1)});
  }
  watched_ = path;
}

std::vector<int> WatchedBranching::tokens_to_follow() {
  if (run_.tree().path(watched_).state == branch::PathState::pruned) {
    watched_ = nearest_relative(run_, watched_);
  }
  return run_.tree().tokens_of(watched_);
}

std::shared_ptr<const branch::BranchState> WatchedBranching::state() const {
  branch::BranchState state = branch::state_of(run_);
  state.watched = watched_;
  return std::make_shared<const branch::BranchState>(std::move(state));
}

void RunControl::carry_out(const Command& command) {
  std::visit([this](const auto& one) { on(one); }, command);
}

void RunControl::on(const command::SetKnob& set) {
  settings::Knobs knobs = group_.front().wanted;
  settings::set_knob(knobs, set.name, set.value);
  on(command::SetKnobs{std::move(knobs)});
}

void RunControl::on(const command::SetKnobs& set) {
  settings::check_knobs(set.knobs);
  if (branching_) branching_->run().set_knobs(set.knobs);
  if (group_.started()) group_.front().run->set_knobs(set.knobs);
  group_.front().wanted = set.knobs;
}

void RunControl::on(const command::Restart& again) {
  const std::string prompt = again.prompt.empty() ? options_.prompt : again.prompt;
  group_.begin(new_runs(options_, group_.slots(),
                        model::prompt_tokens(model_, prompt, options_.start_token)));
  branching_.reset();
  options_.prompt = prompt;
  const bool streams = group_.front().wanted.prefill == settings::Prefill::stream;
  if (!again.prompt.empty() || !streams) text_ = {};
  forget_former_run();
}

void RunControl::on(const command::Feed& feed) {
  FedRuns fed = fed_runs(model_, options_, group_.slots(), feed);
  group_.begin(fed.runs);
  branching_.reset();
  options_.prompt = std::move(fed.prompt);
  text_ = fed.text;
  forget_former_run();
  pacing_.play();
}

void RunControl::on(const command::Resume& resume) {
  const std::string before = std::exchange(options_.prompt, resume.prompt);
  try {
    continue_recording(*resume.recording);
  } catch (...) {
    options_.prompt = before;
    throw;
  }
  options_.continued = *resume.recording;
  branching_.reset();
  const std::size_t prompt = group_.front().run->options().prompt.size();
  text_ = resume.fed ? GivenText{.tokens = prompt, .whole = prompt} : GivenText{};
  pacing_.pause();
}

void RunControl::measure(bool twin, bool audit) {
  settings::check_target(group_.front().wanted, audit, twin);
  options_.twin = twin;
  options_.audit = audit;
  if (!group_.started()) return;
  const std::int64_t steps = group_.front().run->steps();
  group_.replay(replayed_runs(options_, group_.slots()));
  forget_former_run(branching_ ? 0 : steps);
  if (branching_) follow_watched_path();
}

void RunControl::on(const command::RebuildExactly&) {
  if (!group_.started()) return;
  const std::int64_t steps = group_.front().run->steps();
  group_.replay_front(rebuilt_run(options_, group_.front()));
  forget_former_run(branching_ ? 0 : steps);
  if (branching_) follow_watched_path();
}

WatchedBranching& RunControl::branching() {
  if (branching_) return *branching_;
  throw core::UsageError({.what = "no branching run is on", .remedy = "Begin one with Branch"});
}

void RunControl::on(const command::Branch&) {
  if (!group_.started()) return;
  const WatchedSlot& slot = group_.front();
  auto branching =
      std::make_unique<WatchedBranching>(model_.model, branching_of(slot, options_.threads));
  group_.begin({new_run(options_, slot.wanted, slot.run->options().prompt)});
  branching_ = std::move(branching);
  text_ = {};
  forget_former_run();
  pacing_.play();
}

void RunControl::on(const command::WatchPath& path) {
  branching().watch(path.path);
  follow_watched_path();
}

void RunControl::on(const command::ForkPath& fork) {
  WatchedBranching& branching = this->branching();
  branching.watch(branching.run().fork_by_hand(fork.path, fork.index, fork.token));
  follow_watched_path();
}

void RunControl::on(const command::Compare& compare) {
  if (!group_.started()) return;
  const WatchedSlot& slot = group_.front();
  group_.compare(new_run(options_, slot.wanted, slot.run->options().prompt), compare.tokens);
  branching_.reset();
  forget_former_run();
}

void RunControl::on(const command::AddRun& add) {
  if (branching_ || !group_.started()) refuse_run_beside(branching_ != nullptr);
  check_run(options_, model_.model->config(), add.knobs);
  RunOptions run = new_run(options_, add.knobs, group_.front().run->options().prompt);
  // A text is scored token by token, so it is given as one to every run.
  if (text_.tokens > 0) run.knobs.prefill = settings::Prefill::stream;
  group_.add(std::move(run));
}

void RunControl::on(const command::Swap& swap) {
  group_.swap(swap.with);
  lookup_.forget();
  attention_.forget();
}

void RunControl::on(const command::ContinueFrom& past) {
  if (branching_) {
    throw core::UsageError({.what = "a branching run cannot go back to a step",
                            .remedy = "End branching first, or watch another path"});
  }
  require_made(past.step, group_.started() ? group_.front().run->steps() : 0);
  group_.continue_from(past.step);
  forget_former_run();
}

}  // namespace sketchscope::run
