#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "engine/core/files.hpp"

namespace sketchscope {

/// The target of `--json`: none, standard output ("-"), or a file that appears when complete.
class JsonOutput {
 public:
  /// Opens the file at once, so that an unwritable folder is reported before the work.
  explicit JsonOutput(const std::filesystem::path& target);

  /// Returns whether JSON goes to standard output, which must then hold nothing else.
  [[nodiscard]] bool takes_standard_output() const { return to_standard_output_; }
  /// Writes the result. Throws Error if that fails.
  void write(const nlohmann::json& json);

 private:
  bool to_standard_output_;
  std::unique_ptr<PendingFile> file_;
};

/// Returns `json` on one line; invalid UTF-8 becomes the replacement character.
std::string json_text(const nlohmann::json& json);

/// Writes to standard output and flushes it. Throws Error if that fails.
void write_standard_output(std::string_view bytes);

}  // namespace sketchscope
