#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/model_directory.hpp"

namespace sketchscope::cli {

/// The path that stands for standard input.
inline constexpr const char* kStandardInput = "-";

/// Returns the bytes of a file or, for "-", of standard input. Throws Error if they cannot be read,
/// Cancelled when a stop is requested while standard input is read.
std::string read_text(const std::filesystem::path& path, const std::stop_token& stop);

/// Throws UsageError where a command that needs a text was given none; `purpose` is what it wants,
/// such as "a text to score".
void require_text(const std::filesystem::path& path, std::string_view command,
                  std::string_view purpose);

/// Returns the token ids of a text such as "1 2" or "[1,2]", or of standard input where it is "-".
/// Throws UsageError on anything else, and as read_text() does.
std::vector<int> read_token_ids(const std::string& given, const std::stop_token& stop);

/// Returns the first `most` tokens of a text to measure on, from a file or standard input. Throws
/// Error, as read_text() does, on a model without a tokenizer, and on fewer than two tokens, in
/// which no token follows another.
std::vector<int> measured_tokens(const model::LoadedModel& model, const std::filesystem::path& path,
                                 int most, const std::stop_token& stop);

}  // namespace sketchscope::cli
