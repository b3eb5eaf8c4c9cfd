#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/study/grid.hpp"

namespace sketchscope::study {

inline constexpr const char* kResultSchema = "sketchscope/study-result/1";
inline constexpr const char* kSummarySchema = "sketchscope/study-summary/1";

/// The origin of a study's results. A study can be resumed only if all of it is equal.
struct StudyIdentity {
  std::string version;  ///< program version
  std::string model;
  std::string material;  ///< StudyMaterial::fingerprint()
  int vocabulary = 0;    ///< V of the model
};

/// A folder of results. study.json describes the study; results/NAME.json holds one configuration
/// and appears when it is complete. Files are never overwritten or deleted.
class StudyFolder {
 public:
  enum class Existing : std::uint8_t { refuse, resume };

  /// Creates the folder, or resumes one of the same study. Throws Error if it holds results that
  /// may not be resumed, or those of another study or version.
  StudyFolder(std::filesystem::path path, const Grid& grid, const StudyIdentity& identity,
              Existing existing);

  /// Returns the configurations that have results.
  [[nodiscard]] const std::set<std::string>& finished() const { return finished_; }
  /// Returns a sentence for each damaged result, which was renamed to NAME.json.damaged.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  /// Saves the first prompt with the results, so that the window can run a configuration on it.
  void keep_prompt(const std::string& text) const;
  /// Adds one result. Throws Error if it cannot be written; existing results are not affected.
  void add(const std::string& name, const std::string& json);

 private:
  void take_up(const nlohmann::json& study);

  std::filesystem::path path_;
  std::vector<std::string> configurations_;
  std::set<std::string> finished_;
  std::vector<std::string> warnings_;
};

/// The contents of a study's folder.
struct StudyResults {
  nlohmann::json study;                 ///< study.json
  std::vector<nlohmann::json> results;  ///< in the order of the grid
  std::vector<std::string> missing;     ///< configurations without a result
  std::vector<std::string> warnings;    ///< a sentence for each result that was skipped
  std::string prompt;                   ///< the saved prompt; empty if there is none
};
/// Throws the Error for a study in which a value is none that sweep writes.
[[noreturn]] void refuse_study_value(const std::string& study, const char* why);

/// Returns what `use` makes of a study's JSON. Throws Error where it meets a value of another kind,
/// or a list of another length, than sweep writes; the message names it `study`.
template <typename Use>
auto with_study_json(const Use& use, const std::string& study = "the study") {
  try {
    return use();
  } catch (const nlohmann::json::exception& error) {
    refuse_study_value(study, error.what());
  } catch (const std::out_of_range& error) {
    refuse_study_value(study, error.what());
  }
}

/// Returns whether `path` is a folder that holds a study of any version.
bool is_study(const std::filesystem::path& path);
/// Reads a folder of results. Throws Error if it holds no study, or one of another version.
StudyResults read_study(const std::filesystem::path& folder);

}  // namespace sketchscope::study
