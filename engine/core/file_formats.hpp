#pragma once

#include <array>
#include <string>
#include <string_view>

namespace sketchscope::core {

/// A format of files that the program writes and reads again. Each file names its schema, and by
/// `read_by` the versions of the program that read it.
struct FileFormat {
  std::string_view files;         ///< what a person calls them
  std::string_view schema;        ///< what is written
  std::string_view first_reader;  ///< the first version that reads it
  std::string_view earlier = {};  ///< a schema that is read as well; empty if there is none

  /// Returns the versions that read what is written now, as "sketchscope 0.1.0 and later".
  [[nodiscard]] std::string read_by() const {
    return "sketchscope " + std::string(first_reader) + " and later";
  }
  [[nodiscard]] bool reads(std::string_view other) const {
    return other == schema || (!earlier.empty() && other == earlier);
  }
};

/// The key under which a file says who reads it.
inline constexpr const char* kReadBy = "read_by";

/// A saved run; before the model's family, key/value heads and head width were added, its schema
/// was the earlier one.
inline constexpr FileFormat kRunFormat{.files = "saved runs (.scope)",
                                       .schema = "sketchscope/run/2",
                                       .first_reader = "0.1.0",
                                       .earlier = "sketchscope/run/1"};
inline constexpr FileFormat kStudyFormat{
    .files = "studies", .schema = "sketchscope/study/1", .first_reader = "0.1.0"};
inline constexpr FileFormat kSettingsFormat{
    .files = "settings", .schema = "sketchscope/settings/1", .first_reader = "0.1.0"};

inline constexpr FileFormat kLayoutFormat{
    .files = "layouts", .schema = "sketchscope/layout/1", .first_reader = "0.1.0"};

/// All of them.
inline constexpr std::array kFileFormats = {kRunFormat, kStudyFormat, kSettingsFormat,
                                            kLayoutFormat};

}  // namespace sketchscope::core
