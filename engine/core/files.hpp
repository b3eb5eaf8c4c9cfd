#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace sketchscope {

/// The whole file, byte for byte. Throws Error.
std::string read_file(const std::filesystem::path& path);

/// Makes a folder and those above it, where they are missing. Throws Error.
void make_folder(const std::filesystem::path& folder);

/// A file that appears under its name only when it is complete: written beside, then renamed. What
/// was not committed is removed. A path that is no regular file (a pipe, a terminal) is written
/// directly.
class PendingFile {
 public:
  /// Throws Error where the folder is missing or not writable, so that this shows before the work.
  explicit PendingFile(std::filesystem::path path);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  [[nodiscard]] std::ostream& stream() { return stream_; }

  /// Nothing may be written afterwards. Throws Error when the disk is full.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;  ///< what is being written; path_ itself if that is no regular file
  std::ofstream stream_;
  bool committed_ = false;
};

/// Writes a whole file through a PendingFile.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace sketchscope
