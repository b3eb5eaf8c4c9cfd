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

/// One scored text: means over its steps, of each by name.
struct StudyText {
  double steps = 0;
  std::map<std::string, double> figures;
};

/// One configuration with all its figures by name: "perplexity", "continuation.bleu4",
/// "memory.kv_bytes", "timing.step_ms_p50". A figure that was not measured is absent.
struct StudyRow {
  std::string name;
  std::string baseline;  ///< empty for a point of the grid
  Knobs knobs;
  std::map<std::string, double> figures;
  std::vector<StudyText> texts;  ///< the same ones in every row of a study

  [[nodiscard]] std::optional<double> figure(const std::string& figure_name) const;
};

/// One row a result, in the order of the grid.
std::vector<StudyRow> study_rows(std::span<const nlohmann::json> results);

/// Writes summary.json and summary.csv, which are the same after every run, and times.csv, which is
/// not.
void write_summary(const std::filesystem::path& folder, const StudyResults& results);

}  // namespace sketchscope
