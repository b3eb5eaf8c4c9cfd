#include "engine/core/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "engine/core/error.hpp"

namespace sketchscope::core {
namespace {

constexpr int kDeepestJson = 200;

/// Returns whether lists and objects of a JSON text stand in too many others.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (quoted && letter == '\\') ++at;
    if (letter == '"') quoted = !quoted;
    if (quoted) continue;
    if ((letter == '[' || letter == '{') && ++depth > kDeepestJson) return true;
    if (letter == ']' || letter == '}') --depth;
  }
  return false;
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  std::error_code failure;
  if (std::filesystem::is_directory(path, failure)) {
    throw Error(
        {.what = "cannot read " + path.string(), .found = "a folder", .expected = "a file"});
  }
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  if (!stream.is_open() || stream.bad()) {
    throw Error({.what = "cannot read " + path.string(),
                 .found = std::strerror(errno),
                 .expected = "a readable file",
                 .remedy = "Check the path."});
  }
  return std::move(bytes).str();
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (!failure) return;
  throw Error({.what = "folder " + folder.string(),
               .found = failure.message(),
               .expected = "a folder that can be made",
               .remedy = "Name another one"});
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  PendingFile file(path);
  file.stream() << bytes;
  file.commit();
}

std::string read_text_file(const std::filesystem::path& file) {
  std::error_code failure;
  const bool regular = std::filesystem::is_regular_file(file, failure);
  std::ifstream stream(file, std::ios::binary);
  if (!regular || !stream) {
    throw Error({.what = "cannot read " + file.string(),
                 .found = failure   ? failure.message()
                          : regular ? "no permission"
                                    : "no such file",
                 .expected = "a readable file",
                 .remedy = "check the path of the model directory"});
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}

nlohmann::json parse_json(std::string_view text) {
  if (is_too_deep(text)) return nlohmann::json::value_t::discarded;
  return nlohmann::json::parse(text, nullptr, false);
}

std::string json_problem(std::string_view text) {
  if (is_too_deep(text)) {
    return "lists or objects in more than " + std::to_string(kDeepestJson) + " others";
  }
  try {
    (void)nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    // The parser counts bytes from 1, and stands behind the first one that it did not expect.
    const std::string_view good = text.substr(0, std::max<std::size_t>(error.byte, 1) - 1);
    const auto lines = std::ranges::count(good, '\n');
    const std::size_t column = good.size() - (lines == 0 ? 0 : good.rfind('\n') + 1) + 1;
    return "no JSON at line " + std::to_string(lines + 1) + ", column " + std::to_string(column);
  } catch (const nlohmann::json::exception&) {
    return "a number that is too large";
  }
  return "JSON";
}

nlohmann::json parse_json_object(std::string_view text, const std::string& source) {
  if (is_too_deep(text)) {
    throw Error(
        {.what = source + " cannot be read",
         .found = "lists or objects in more than " + std::to_string(kDeepestJson) + " others",
         .expected = "fewer",
         .remedy = "fetch the file again: it may be damaged"});
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error({.what = source + " cannot be read",
                 .found = "a text in UTF-16",
                 .expected = "JSON in UTF-8",
                 .remedy = "save it as UTF-8"});
  }
  try {
    nlohmann::json value = nlohmann::json::parse(text);
    if (value.is_object()) {
      return value;
    }
    throw Error({.what = source + " holds no JSON object", .found = brief(value)});
  } catch (const nlohmann::json::exception& error) {
    throw Error({.what = source + " is not valid JSON",
                 .found = error.what(),
                 .remedy = "fetch the file again: it may be cut short"});
  }
}

nlohmann::json read_json_object(const std::filesystem::path& file) {
  return parse_json_object(read_text_file(file), file.string());
}

std::string brief(const nlohmann::json& value) {
  constexpr std::size_t kLongest = 80;
  std::string text =
      value.dump(-1, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace);
  if (text.size() > kLongest) {
    text.resize(kLongest);
    text += "…";
  }
  return text;
}

}  // namespace sketchscope::core
