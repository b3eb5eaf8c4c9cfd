#pragma once

#include <filesystem>
#include <memory>
#include <ostream>

#include "engine/core/descriptor_buffer.hpp"

namespace sketchscope::core {

/// A file that appears under its name only when it is complete. Until then it has no name at all
/// where the file system allows that, else a temporary one in the same folder, which is removed
/// without a commit. A path that is not a regular file (a pipe, a terminal) is written directly.
class PendingFile {
 public:
  /// Throws Error where the folder is missing or not writable, so that this fails before the work
  /// is done.
  explicit PendingFile(const std::filesystem::path& path);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  [[nodiscard]] std::ostream& stream() { return stream_; }

  /// Gives the file its name; nothing may be written afterwards. Throws Error when the disk is
  /// full.
  void commit();

 private:
  enum class Way { directly, unnamed, under_another_name };

  void open();
  [[nodiscard]] int give_name();

  std::filesystem::path path_;
  std::filesystem::path part_;  ///< the temporary name; empty while the file has none
  Way way_ = Way::directly;
  int descriptor_ = -1;
  std::unique_ptr<DescriptorBuffer> buffer_;
  std::ostream stream_{nullptr};
};

}  // namespace sketchscope::core
