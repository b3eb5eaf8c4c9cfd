#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/branch/branch_measurement.hpp"

namespace sketchscope {

/// One setting of a study.
struct StudySetting {
  double x = 0;  ///< what the study varies
  double y = 0;  ///< and the second thing, if it varies two
  int prompt_tokens = 200;
  BranchOptions options;  ///< without a prompt
};

/// A built-in experiment: what many samples cost as one thing is varied.
struct BranchStudyKind {
  std::string_view name;
  std::string_view title;
  std::string_view x_name;
  std::string_view y_name;  ///< empty where one thing is varied
  std::vector<StudySetting> (*settings)(const BranchOptions& base);
};
std::span<const BranchStudyKind> branch_study_kinds();
/// Throws UsageError with the names there are.
const BranchStudyKind& branch_study_kind(std::string_view name);

/// Ratios above 1 say that branching costs less than what it is compared with.
struct BranchStudyRow {
  double x = 0;
  double y = 0;
  int prompt = 0;
  int prompt_tokens = 0;
  int paths = 0;
  double sample_tokens = 0;  ///< of all branching's samples, each counted for itself
  double distinct_2 = 0;
  BranchCost branching;
  BranchCost copies;
  std::map<SampleMethod, BranchCost> baselines;

  /// Rows of forward passes: everything that was computed, each once.
  [[nodiscard]] double token_ratio(SampleMethod method) const;
  /// As it was published: the prompt left out of branching's own count, a shared beginning counted
  /// once a sample, and pruned paths not at all.
  [[nodiscard]] double published_token_ratio() const;
  [[nodiscard]] double time_ratio(SampleMethod method) const;
  /// Peak bytes of keys and values, full copies at each fork against shared pages.
  [[nodiscard]] double copy_byte_ratio() const;
};

struct StudyRequest {
  BranchOptions base;     ///< without a prompt
  std::vector<int> text;  ///< prompts are stretches of it
  int prompts = 3;        ///< for each setting
};

/// Runs every setting on every prompt; end-of-text ends no sample, so that all are of one length.
/// A setting that the context or the text is too short for is left out. Stops between settings.
std::vector<BranchStudyRow> run_branch_study(const LoadedModel& model, const BranchStudyKind& kind,
                                             const StudyRequest& request,
                                             const std::function<void(double)>& progress,
                                             const std::stop_token& stop);

/// Median over the rows of one setting, in the order of the settings.
struct StudyMedian {
  double x = 0;
  double y = 0;
  double value = 0;
};
std::vector<StudyMedian> medians(std::span<const BranchStudyRow> rows,
                                 const std::function<double(const BranchStudyRow&)>& value);

}  // namespace sketchscope
