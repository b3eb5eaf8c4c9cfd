#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "engine/core/pending_file.hpp"

namespace sketchscope::core {

/// Reads a whole file, byte for byte. Throws Error where it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Creates a folder and its missing parents. Throws Error.
void make_folder(const std::filesystem::path& folder);

/// Writes a whole file through a PendingFile. Throws Error.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// Parses a whole JSON file whose top level is an object. Throws Error naming the file and the
/// place of the first syntax error.
nlohmann::json read_json_object(const std::filesystem::path& file);

/// Parses JSON of any kind; a discarded value where the text is none, or where lists and objects
/// stand in more than 200 others, since many functions of the library call themselves for each.
nlohmann::json parse_json(std::string_view text);

/// Says what is wrong with a text that parse_json() discards, and at which line and column, both
/// counted from 1, the column in bytes.
std::string json_problem(std::string_view text);

/// Parses JSON text that came from `source`. Throws Error as read_json_object() does.
nlohmann::json parse_json_object(std::string_view text, const std::string& source);

/// Reads the bytes of a file. Throws Error if it cannot be read.
std::string read_text_file(const std::filesystem::path& file);

/// Returns a JSON value as text, shortened for a message.
std::string brief(const nlohmann::json& value);

}  // namespace sketchscope::core
