#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace sketchscope::checkpoint {

/// A file mapped read-only: pages are read when they are touched.
class MappedFile {
 public:
  /// Maps a file. Throws Error if it is missing, empty, or not a regular file.
  static std::shared_ptr<const MappedFile> open(const std::filesystem::path& file);

  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::span<const std::byte> bytes_;
};

}  // namespace sketchscope::checkpoint
