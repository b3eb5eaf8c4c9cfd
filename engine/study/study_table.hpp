#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/settings/knobs.hpp"
#include "engine/study/study_folder.hpp"

namespace sketchscope {

/// The figures of one scored text by name: means over its steps.
struct StudyText {
  double steps = 0;
  std::map<std::string, double> figures;
};

/// One configuration with all its figures by name: "perplexity", "continuation.bleu4",
/// "memory.kv_bytes", "timing.step_ms_p50". A figure that was not measured is absent.
struct StudyRow {
  std::string name;
  std::string baseline;  ///< empty for a configuration of the grid
  Knobs knobs;
  std::map<std::string, double> figures;
  std::vector<StudyText> texts;  ///< equal texts in every row of a study

  [[nodiscard]] std::optional<double> figure(const std::string& figure_name) const;
};

/// Returns one row per result, in the order of the grid.
std::vector<StudyRow> study_rows(std::span<const nlohmann::json> results);

/// Writes summary.json and summary.csv, which repeat in every run, and times.csv, which does not.
void write_summary(const std::filesystem::path& folder, const StudyResults& results);

}  // namespace sketchscope
