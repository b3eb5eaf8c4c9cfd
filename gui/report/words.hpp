#pragma once

#include <optional>
#include <string>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope {

/// A figure of a row as a table shows it; a dash where it was not measured.
TableCell number_cell(std::optional<double> value, int significant_digits);
TableCell bytes_cell(std::optional<double> value);
TableCell percent_cell(std::optional<double> value);

/// "3 prompts of 192 tokens, each continued by 64", a sentence a part.
std::string workload_text(const nlohmann::json& workload);

}  // namespace sketchscope
