#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace sketchscope::cli {

/// A path that a command line may give.
struct NamedFile {
  std::string flag;
  const std::filesystem::path* path = nullptr;  ///< empty where it is not given
  bool written = false;                         ///< a file is written there
};

/// Throws UsageError where a file that is written is one that another flag names too: it would
/// replace a text that is read, or one result the other. Standard streams and devices are left out.
void require_separate(std::span<const NamedFile> files);

}  // namespace sketchscope::cli
