#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace sketchscope::cli {

/// Reads a file of JSON that the command line names. Throws UsageError that says what is wrong with
/// it and where, and what was `expected`.
nlohmann::json read_json_file(const std::filesystem::path& file, const std::string& expected);

}  // namespace sketchscope::cli
