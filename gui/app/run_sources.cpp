#include "gui/app/run_sources.hpp"

#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

FileSource::FileSource(const std::filesystem::path& file) : file_(file), run_(load_run(file)) {
  LiveState state{.phase = RunPhase::saved,
                  .run = 1,
                  .steps = std::ssize(run_.records),
                  .applied = run_.knobs,
                  .twin = run_.twin,
                  .audit = run_.audit,
                  .layers = std::move(run_.layers)};
  log_.start_run(state.run);
  for (const RecordPointer& record : run_.records) {
    for (const KnobChange& change : record->changes) {
      set_knob(state.applied, change.knob, change.to);
      state.applied_at[change.knob] = record->step;
    }
    log_.append(record);
  }
  state.wanted = state.applied;
  state_ = std::make_shared<const LiveState>(std::move(state));
}

void FileSource::send(Command, std::string) {
  if (std::exchange(refused_, true)) return;
  notices_.push_back({.id = 1,
                      .kind = Notice::Kind::information,
                      .text = "This run was read from " + file_.filename().string() +
                              " and stays as it is. Continue it (File menu), or open a model."});
}

SavedRun run_to_save(const RunSource& source, std::vector<StepNote> notes) {
  const auto state = source.state();
  History history;
  history.update(source.log());
  if (history.empty()) {
    throw Error({.what = "the run cannot be saved",
                 .found = "no step yet",
                 .expected = "at least one step",
                 .remedy = "Press play or step first"});
  }
  std::vector<RecordPointer> records(history.records().begin(), history.records().end());
  const bool newest = state->steps == std::ssize(records);
  constexpr std::int64_t kBeforeAll = -1;
  return {.version = std::string(program_version()),
          .prompt = source.prompt(),
          .knobs = knobs_at(history, state->applied, kBeforeAll),
          .twin = state->twin,
          .audit = state->audit,
          .model = source.model(),
          .records = std::move(records),
          .layers = newest ? state->layers : std::vector<LayerState>(),
          .notes = std::move(notes)};
}

}  // namespace sketchscope
