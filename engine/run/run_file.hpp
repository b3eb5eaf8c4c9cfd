#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/record/record_log.hpp"
#include "engine/run/live_state.hpp"

namespace sketchscope::run {

/// A person's note about a step.
struct StepNote {
  std::int64_t step = 0;
  std::string text;

  friend bool operator==(const StepNote&, const StepNote&) = default;
};

/// The contents of a `.scope` file: enough to view every step of a run without the model.
struct SavedRun {
  std::string version;  ///< version of the program that wrote it
  std::string prompt;
  settings::Knobs knobs;  ///< knobs at the start; the records have the changes
  bool twin = false;
  bool audit = false;
  ModelInfo model;  ///< its tokenizer can only decode
  std::vector<record::RecordPointer> records;
  std::vector<LayerState> layers;  ///< after the last step; may be empty
  std::vector<StepNote> notes;     ///< ordered by step, at most one each
};

/// Writes a zip of run.json and NPY arrays, which numpy.load reads: rows are the n steps, steps ×
/// layers (n, L), evictions or candidates; what was not measured is NaN, or the least value of a
/// whole number. Arrays are named like the fields in docs/records.md. Writes a temporary file and
/// renames it. Throws Error.
void save_run(const std::filesystem::path& path, const SavedRun& run);

/// Reads a run. Throws Error if the file is damaged or of a later version. Figures that are newer
/// than the file count as not measured.
SavedRun load_run(const std::filesystem::path& path);

}  // namespace sketchscope::run
