#include "engine/run/run_file.hpp"

#include <algorithm>
#include <memory>

#include "engine/core/npz.hpp"
#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::fuzz {
namespace {

/// Derives from the run what the window derives when it opens it.
void view_run(const run::SavedRun& saved) {
  settings::Knobs applied = saved.knobs;
  view::History history;
  for (const auto& record : saved.records) {
    for (const auto& change : record->changes) {
      settings::set_knob(applied, change.knob, change.to);
    }
    history.append(record);
  }
  for (const auto& record : saved.records) {
    const auto knobs = view::knobs_at(history, applied, record->step);
    const auto occupancy = view::occupancy_at(history, record->step, knobs);
    require(occupancy.positions == record->position + 1, "a position is seen nowhere");
  }
}

bool run_run_file(std::string_view input) {
  Files files = split_files(input);
  // A zip archive takes no other names.
  std::erase_if(files, [](const auto& file) {
    return file.first.empty() ||
           !std::ranges::all_of(file.first, [](char c) { return c > ' ' && c < '\x7f'; });
  });
  if (files.empty()) return false;
  const InputFile file("run.scope", core::zip(files));
  const auto saved = accepted([&] { return run::load_run(file.path()); });
  if (!saved) return false;
  const model::ModelConfig& config = saved->model.config;
  require(
      config.layers > 0 && config.vocabulary > 0 && config.positions > 0 && config.head_width > 0,
      "a run of a model without a size");
  view_run(*saved);
  run::save_run(file.beside("first.scope"), *saved);
  run::save_run(file.beside("second.scope"), run::load_run(file.beside("first.scope")));
  require(support::read_bytes(file.beside("first.scope")) ==
              support::read_bytes(file.beside("second.scope")),
          "a run that was read and saved is another one when it is read again");
  return true;
}

run::SavedRun invented_saved_run(const test::InventedRunOptions& options, int steps) {
  test::InventedRun invented(options);
  run::SavedRun saved{.version = "1.2.3",
                      .prompt = "a",
                      .knobs = options.knobs,
                      .twin = options.twin,
                      .audit = options.audit};
  saved.model.name = "invented";
  saved.model.dtype = "f16";
  saved.model.config.layers = options.layers;
  saved.model.config.heads = options.heads;
  saved.model.config.kv_heads = options.heads;
  saved.model.config.positions = options.positions;
  saved.model.tokenizer = std::make_shared<const text::Tokenizer>(
      text::Tokenizer::decoding({"a", "", " brass", "\xE2\x82"}));
  for (int step = 0; step < steps; ++step) {
    if (step == steps / 2) invented.set("max_cache_size", "7");
    saved.records.push_back(invented.step());
  }
  saved.layers = invented.state().layers;
  saved.notes = {{1, "here"}};
  return saved;
}

std::vector<std::string> run_file_seeds() {
  std::vector<std::string> seeds;
  const support::TemporaryDirectory folder;
  const settings::Knobs small = {
      .max_cache_size = 8, .sinks = 1, .recent_window = 2, .sketch_width = 16, .sketch_depth = 1};
  for (const bool measured : {true, false}) {
    const auto path = folder.path() / "run.scope";
    run::save_run(path, invented_saved_run({.layers = 1,
                                            .prompt_tokens = 3,
                                            .positions = 32,
                                            .vocabulary = 4,
                                            .knobs = small,
                                            .twin = measured,
                                            .audit = measured},
                                           12));
    seeds.push_back(join_files(core::unzip(support::read_bytes(path), "run.scope")));
  }
  return seeds;
}

}  // namespace

Target run_file_target() {
  return {"run-file", "the files inside a saved run", run_run_file, run_file_seeds};
}

}  // namespace sketchscope::fuzz
