#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stop_token>
#include <string>

#include "engine/core/files.hpp"

namespace sketchscope::cli {

/// Where a command's result goes: JSON into the file of `--json` or to standard output, and words
/// for people. What was cut short by an interruption says so in both.
class ResultOutput {
 public:
  /// Where words go if JSON does not take standard output.
  enum class Words { to_standard_output, to_standard_error };

  /// `json` is empty for none, "-" for standard output, or a file that appears when complete. The
  /// file is opened at once, so that an unwritable folder is reported before the work.
  ResultOutput(const std::filesystem::path& json, std::stop_token stop,
               Words words = Words::to_standard_output);

  /// Returns whether JSON goes to standard output, which must then hold nothing else.
  [[nodiscard]] bool takes_standard_output() const { return json_on_standard_output_; }
  /// Returns whether JSON goes into a file, so that the work goes on although nobody reads standard
  /// output any more.
  [[nodiscard]] bool has_file() const { return file_ != nullptr; }

  /// Writes the JSON, with `"partial": true` after an interruption. Throws Error if that fails,
  /// ReaderGone if nobody reads standard output.
  void write(nlohmann::json json);
  /// Prints the words that `print` writes, or that nothing was measured. Throws Error if they
  /// cannot be written, ReaderGone if nobody reads them.
  void print(bool measured, const std::function<void(std::ostream&)>& print) const;

 private:
  std::stop_token stop_;
  bool json_on_standard_output_;
  bool words_on_standard_output_;
  std::unique_ptr<core::PendingFile> file_;
};

/// Returns `json` on one line; invalid UTF-8 becomes the replacement character.
std::string json_text(const nlohmann::json& json);

}  // namespace sketchscope::cli
