#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope::report {

/// Returns the rows with a perplexity, the lowest first; of equal ones that with fewer bytes.
std::vector<const study::StudyRow*> ranked_by_perplexity(std::span<const study::StudyRow> rows);

/// Returns the bytes of a lane as a share of the full cache's.
std::optional<double> share_of_full(const study::StudyRow& row);

/// Formats a figure of a row and its interval, if any: "1.104 (1.084 to 1.127)".
TableCell interval_cell(const study::StudyRow& row, const std::string& figure);

/// Returns the section of all configurations by perplexity, with intervals and bytes; empty if none
/// was measured.
std::optional<Section> ranking_section(std::span<const study::StudyRow> rows);

}  // namespace sketchscope::report
