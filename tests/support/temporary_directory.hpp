#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sketchscope::support {

/// A new folder that the destructor deletes.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Returns the bytes of a whole file.
std::string read_bytes(const std::filesystem::path& file);
/// Replaces a file by these bytes.
void write_bytes(const std::filesystem::path& file, std::string_view bytes);

}  // namespace sketchscope::support
