#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/record/record_log.hpp"
#include "engine/run/live_state.hpp"

namespace sketchscope {

/// What a person wrote about a step.
struct StepNote {
  std::int64_t step = 0;
  std::string text;

  friend bool operator==(const StepNote&, const StepNote&) = default;
};

/// A watched run as a `.scope` file keeps it: enough to look at every step again, on a machine that
/// lacks the model.
struct SavedRun {
  std::string version;  ///< of the program that wrote it
  std::string prompt;
  Knobs knobs;  ///< at the run's start; the records have the changes
  bool twin = false;
  bool audit = false;
  ModelInfo model;  ///< a tokenizer that was read from a file only decodes
  std::vector<RecordPointer> records;
  std::vector<LayerState> layers;  ///< after the last step; may be empty
  std::vector<StepNote> notes;     ///< by step; at most one each
};

/// Writes a zip of run.json and NPY arrays, which numpy.load reads: rows are steps, steps × layers
/// (n, L), evictions or candidates; what was not measured is NaN, or the least value of a whole
/// number. Arrays are called as the fields of docs/records.md. Written beside and renamed. Throws
/// Error.
void save_run(const std::filesystem::path& path, const SavedRun& run);

/// Throws Error on a file that is damaged, or of a later version of the format. Figures that were
/// described after the file was written are not measured.
SavedRun load_run(const std::filesystem::path& path);

}  // namespace sketchscope
