#include "engine/core/files.hpp"

#include <unistd.h>

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

/// Resolves symbolic links, so that writing through a link replaces its target and not the link.
std::filesystem::path link_target(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto target = std::filesystem::weakly_canonical(path, ignored);
  return target.empty() ? path : target;
}

std::filesystem::path part_of(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return path;
  return path.parent_path() / ("." + path.filename().string() + "." + std::to_string(getpid()));
}

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

[[noreturn]] void refuse_writing(const std::filesystem::path& path) {
  throw Error({.what = "cannot write " + path.string(),
               .found = std::strerror(errno),
               .expected = "an existing, writable folder",
               .remedy = "Make the folder, free some space, or name another file."});
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

PendingFile::PendingFile(std::filesystem::path path)
    : path_(link_target(path)), part_(part_of(path_)), stream_(part_, std::ios::binary) {
  if (std::error_code ignored; std::filesystem::is_directory(path_, ignored)) {
    throw Error(
        {.what = "cannot write " + path_.string(), .found = "a folder", .expected = "a file name"});
  }
  if (!stream_) refuse_writing(path_);
}

PendingFile::~PendingFile() {
  if (committed_ || part_ == path_) return;
  stream_.close();
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
}

void PendingFile::commit() {
  stream_.close();
  if (!stream_) refuse_writing(path_);
  if (part_ != path_ && std::rename(part_.c_str(), path_.c_str()) != 0) refuse_writing(path_);
  committed_ = true;
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

nlohmann::json parse_json_object(std::string_view text, const std::string& source) {
  if (is_too_deep(text)) {
    throw Error(
        {.what = source + " cannot be read",
         .found = "lists or objects in more than " + std::to_string(kDeepestJson) + " others",
         .expected = "fewer",
         .remedy = "fetch the file again: it may be damaged"});
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
