#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/study/grid.hpp"

namespace sketchscope {

/// What a study's results came from; a study goes on only where all of it is the same.
struct StudyIdentity {
  std::string version;  ///< of the program
  std::string model;
  std::string material;  ///< fingerprint of its tokens
};

/// A folder of results: study.json says what is studied; results/NAME.json holds one configuration
/// and appears when that is complete. Nothing in it is ever overwritten or deleted.
class StudyFolder {
 public:
  enum class Existing : std::uint8_t { refuse, resume };

  /// Makes the folder, or takes up one of the same study. Throws Error where it holds results and
  /// these are not wanted, or of another study or version.
  StudyFolder(std::filesystem::path path, const Grid& grid, const StudyIdentity& identity,
              Existing existing);

  /// Configurations whose results are there.
  [[nodiscard]] const std::set<std::string>& finished() const { return finished_; }
  /// A sentence about each damaged result, which was put aside as NAME.json.damaged.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  /// Keeps the first text that was continued beside the results, for whoever wants to see a
  /// configuration at work.
  void keep_prompt(const std::string& text) const;
  /// Adds one result. Throws Error where it cannot be written; what is there stays.
  void add(const std::string& name, const std::string& json);

 private:
  void take_up(const nlohmann::json& study);

  std::filesystem::path path_;
  std::vector<std::string> configurations_;
  std::set<std::string> finished_;
  std::vector<std::string> warnings_;
};

/// A study as its folder tells it.
struct StudyResults {
  nlohmann::json study;                 ///< study.json
  std::vector<nlohmann::json> results;  ///< in the order of the grid
  std::vector<std::string> missing;     ///< configurations without a result
  std::vector<std::string> warnings;    ///< a sentence about each result that was left out
  std::string prompt;                   ///< as kept; empty where none was
};
/// Whether `path` is a folder that holds a study, of whatever version.
bool is_study(const std::filesystem::path& path);
/// Throws Error on a folder that is none, or of another version.
StudyResults read_study(const std::filesystem::path& folder);

}  // namespace sketchscope
