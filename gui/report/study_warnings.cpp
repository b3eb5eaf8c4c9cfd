#include "gui/report/study_warnings.hpp"

#include <algorithm>
#include <optional>

#include "engine/measure/evaluation.hpp"
#include "gui/view/sketch_map.hpp"

namespace sketchscope::report {
namespace {

// Returns the perplexity of the cache that loses nothing, or the lowest one without it.
std::optional<double> best_perplexity(const StudyView& study) {
  std::optional<double> lowest;
  for (const study::StudyRow& row : study.rows) {
    const auto perplexity = row.figure("perplexity");
    if (!perplexity) continue;
    if (row.baseline == "full") return perplexity;
    lowest = std::min(lowest.value_or(*perplexity), *perplexity);
  }
  return lowest;
}

std::optional<std::string> unread_text(const StudyView& study) {
  const int vocabulary = study.results.study.value("vocabulary", 0);
  const auto perplexity = best_perplexity(study);
  if (vocabulary == 0 || !perplexity) return std::nullopt;
  return measure::unread_text_warning("the full cache", *perplexity, vocabulary);
}

std::optional<std::string> dead_rows(const StudyView& study) {
  std::string first;
  int count = 0;
  for (const study::StudyRow& row : study.rows) {
    const std::string dead = view::nearly_dead_text(row.row_loads, row.knobs.sketch_width);
    if (dead.empty()) continue;
    if (count++ == 0) first = dead + " (" + row.name + ")";
  }
  if (count == 0) return std::nullopt;
  return "Warning: in " + std::to_string(count) +
         " configurations a sketch is less deep than it looks. In the first, " + first +
         ". Hashes of plain items do this to consecutive positions; sketch_hash mixed does not.";
}

}  // namespace

bool can_read_texts(const StudyView& study) {
  return !unread_text(study);
}

std::vector<std::string> warnings_of(const StudyView& study) {
  std::vector<std::string> warnings;
  for (const auto& warning : {unread_text(study), dead_rows(study)}) {
    if (warning) warnings.push_back(*warning);
  }
  return warnings;
}

}  // namespace sketchscope::report
