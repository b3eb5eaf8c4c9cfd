#include "gui/app/former_runs.hpp"

#include <utility>

#include "engine/settings/knobs.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::app {
namespace {

constexpr std::size_t kTitleLetters = 28;

/// Returns the first letters of a text on one line.
std::string beginning_of(const std::string& text) {
  std::string line;
  for (const char letter : text) {
    const bool continues = (static_cast<unsigned char>(letter) & 0xC0U) == 0x80U;
    if (line.size() >= kTitleLetters && !continues) return line + "…";
    line += letter == '\n' || letter == '\t' ? ' ' : letter;
  }
  return line;
}

}  // namespace

FormerRun former_run_of(const ShownRun& run) {
  const run::LiveState& state = run.state();
  if (run.history().empty()) {
    return {.wanted = state.wanted, .prompt = run.source().prompt()};
  }
  constexpr std::int64_t kBeforeAll = -1;
  const settings::Knobs first = view::knobs_at(run.history(), state.applied, kBeforeAll);
  FormerRun former{.title = "\"" + beginning_of(run.source().prompt()) + "\" · " +
                            std::to_string(run.steps()) + " steps · " +
                            std::string(state.applied.policy.name()) + " " +
                            std::to_string(state.applied.max_cache_size),
                   .wanted = state.wanted,
                   .prompt = run.source().prompt(),
                   .fed = state.text_tokens > 0,
                   .twin = state.twin,
                   .audit = state.audit,
                   .speed = state.speed,
                   .model = run.model().directory,
                   .file = run.source().file(),
                   .notes = run.notes()};
  if (former.file.empty()) {
    former.recording =
        std::make_shared<const run::Recording>(run::recording_of(first, run.history().records()));
  }
  return former;
}

void make_again(const FormerRun& former, ShownRun& run, const panels::CommandSink& send) {
  const run::LiveState& state = run.state();
  if (!state.others.empty()) send(run::command::EndCompare{}, {});
  if (!former.recording) {
    send(run::command::SetKnobs{former.wanted}, {});
    return send(run::command::Restart{former.prompt}, {});
  }
  if (state.twin != former.twin) send(run::command::SetTwin{former.twin}, {});
  if (state.audit != former.audit) send(run::command::SetAudit{former.audit}, {});
  run.bring_notes(former.notes);
  send(
      run::command::Resume{
          .prompt = former.prompt, .recording = former.recording, .fed = former.fed},
      {});
  send(run::command::SetKnobs{former.wanted}, {});
}

void FormerRuns::keep(FormerRun run) {
  if (run.title.empty()) return;
  ++revision_;
  // Several commands in one frame may replace the same run.
  if (!runs_.empty() && runs_.front().title == run.title && runs_.front().file == run.file) {
    runs_.pop_front();
  }
  runs_.push_front(std::move(run));
  if (runs_.size() > kMost) runs_.pop_back();
}

FormerRun FormerRuns::take(std::size_t index) {
  ++revision_;
  FormerRun run = std::move(runs_.at(index));
  runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(index));
  return run;
}

}  // namespace sketchscope::app
