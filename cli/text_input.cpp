#include "cli/text_input.hpp"

#include "cli/standard_streams.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/model/prompt.hpp"

namespace sketchscope::cli {

std::string read_text(const std::filesystem::path& path, const std::stop_token& stop) {
  return path == kStandardInput ? read_standard_input(stop) : core::read_file(path);
}

void require_text(const std::filesystem::path& path, std::string_view command,
                  std::string_view purpose) {
  if (!path.empty()) return;
  throw core::UsageError(
      {.what = std::string(command), .expected = std::string(purpose) + ": --text FILE"});
}

std::vector<int> read_token_ids(const std::string& given, const std::stop_token& stop) {
  return model::parse_token_ids(given == kStandardInput ? read_standard_input(stop) : given);
}

std::vector<int> measured_tokens(const model::LoadedModel& model, const std::filesystem::path& path,
                                 int most, const std::stop_token& stop) {
  std::vector<int> tokens = model::first_tokens(model, read_text(path, stop), most);
  if (tokens.size() >= 2) return tokens;
  const std::string name = path == kStandardInput ? "standard input" : path.string();
  throw core::Error({.what = name + " is too short to be measured",
                     .found = tokens.size() == 1 ? "1 token" : "0 tokens",
                     .expected = "at least 2",
                     .remedy = "Name a longer text with --text"});
}

}  // namespace sketchscope::cli
