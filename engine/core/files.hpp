#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace sketchscope::core {

/// Reads a whole file, byte for byte. Throws Error where it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Creates a folder and its missing parents. Throws Error.
void make_folder(const std::filesystem::path& folder);

/// A file that appears under its name only when it is complete: it is written under a temporary
/// name in the same folder and renamed on commit; without a commit it is removed. A path that is
/// not a regular file (a pipe, a terminal) is written directly.
class PendingFile {
 public:
  /// Throws Error where the folder is missing or not writable, so that this fails before the work
  /// is done.
  explicit PendingFile(std::filesystem::path path);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  [[nodiscard]] std::ostream& stream() { return stream_; }

  /// Gives the file its name; nothing may be written afterwards. Throws Error when the disk is
  /// full.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;  ///< temporary name; path_ itself if that is not a regular file
  std::ofstream stream_;
  bool committed_ = false;
};

/// Writes a whole file through a PendingFile. Throws Error.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// Parses a whole JSON file whose top level is an object. Throws Error naming the file and the
/// place of the first syntax error.
nlohmann::json read_json_object(const std::filesystem::path& file);

/// Parses JSON of any kind; a discarded value where the text is none, or where lists and objects
/// stand in more than 200 others, since many functions of the library call themselves for each.
nlohmann::json parse_json(std::string_view text);

/// Parses JSON text that came from `source`. Throws Error as read_json_object() does.
nlohmann::json parse_json_object(std::string_view text, const std::string& source);

/// Reads the bytes of a file. Throws Error if it cannot be read.
std::string read_text_file(const std::filesystem::path& file);

/// Returns a JSON value as text, shortened for a message.
std::string brief(const nlohmann::json& value);

}  // namespace sketchscope::core
