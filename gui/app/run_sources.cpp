#include "gui/app/run_sources.hpp"

#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::app {

FileSource::FileSource(const std::filesystem::path& file) : file_(file), run_(run::load_run(file)) {
  run::LiveState state{.phase = run::RunPhase::saved,
                       .run = 1,
                       .steps = std::ssize(run_.records),
                       .applied = run_.knobs,
                       .twin = run_.twin,
                       .audit = run_.audit,
                       .layers = std::move(run_.layers)};
  log_.start_run(state.run);
  for (const record::RecordPointer& record : run_.records) {
    for (const record::KnobChange& change : record->changes) {
      settings::set_knob(state.applied, change.knob, change.to);
      state.applied_at[change.knob] = record->step;
    }
    log_.append(record);
  }
  state.wanted = state.applied;
  state_ = std::make_shared<const run::LiveState>(std::move(state));
}

void FileSource::send(run::Command, std::string) {
  if (std::exchange(refused_, true)) return;
  notices_.push_back({.id = 1,
                      .kind = run::Notice::Kind::information,
                      .text = "This run was read from " + file_.filename().string() +
                              " and stays as it is. Continue it (File menu), or open a model."});
}

run::SavedRun run_to_save(const view::RunSource& source, std::vector<run::StepNote> notes) {
  const auto state = source.state();
  view::History history;
  history.update(source.log());
  if (history.empty()) {
    throw core::Error({.what = "the run cannot be saved",
                       .found = "no step yet",
                       .expected = "at least one step",
                       .remedy = "Press play or step first"});
  }
  std::vector<record::RecordPointer> records(history.records().begin(), history.records().end());
  const bool newest = state->steps == std::ssize(records);
  constexpr std::int64_t kBeforeAll = -1;
  return {.version = std::string(core::program_version()),
          .prompt = source.prompt(),
          .knobs = view::knobs_at(history, state->applied, kBeforeAll),
          .twin = state->twin,
          .audit = state->audit,
          .model = source.model(),
          .records = std::move(records),
          .layers = newest ? state->layers : std::vector<run::LayerState>(),
          .notes = std::move(notes)};
}

}  // namespace sketchscope::app
