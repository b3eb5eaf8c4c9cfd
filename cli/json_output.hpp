#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "engine/core/files.hpp"

namespace sketchscope {

/// Where `--json` goes: nowhere, to standard output ("-"), or to a file that appears when complete.
class JsonOutput {
 public:
  /// Opens the file now, so that a folder that cannot be written shows before the work.
  explicit JsonOutput(const std::filesystem::path& target);

  /// Standard output then holds JSON alone.
  [[nodiscard]] bool takes_standard_output() const { return to_standard_output_; }
  /// Throws Error when it cannot be written.
  void write(const nlohmann::json& json);

 private:
  bool to_standard_output_;
  std::unique_ptr<PendingFile> file_;
};

/// One line; bytes that are not UTF-8 become the replacement character.
std::string json_text(const nlohmann::json& json);

/// Writes to standard output and checks that it arrived. Throws Error.
void write_standard_output(std::string_view bytes);

}  // namespace sketchscope
