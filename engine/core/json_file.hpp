#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace sketchscope {

/// Parses a whole JSON file whose top level is an object. Throws Error naming the file, and where
/// in it the text stops being JSON.
nlohmann::json read_json_object(const std::filesystem::path& file);

/// Parses JSON text that came from `source`, with the same errors.
nlohmann::json parse_json_object(std::string_view text, const std::string& source);

/// The bytes of a file. Throws Error if it cannot be read.
std::string read_text_file(const std::filesystem::path& file);

/// A JSON value cut short for a message.
std::string brief(const nlohmann::json& value);

}  // namespace sketchscope
