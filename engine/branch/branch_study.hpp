#pragma once

#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/branch/branch_measurement.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::branch {

/// One point of a branching study.
struct StudySetting {
  double x = 0;  ///< value of the varied quantity
  double y = 0;  ///< value of the second varied quantity, if any
  int prompt_tokens = 200;
  BranchOptions options;  ///< without a prompt
};

/// A built-in study of the cost of branching over one or two varied quantities (docs/branching.md,
/// "Studies").
struct BranchStudyKind {
  std::string_view name;
  std::string_view title;
  std::string_view x_name;
  std::string_view y_name;  ///< empty if only x is varied
  std::vector<StudySetting> (*settings)(const BranchOptions& base);
};
std::span<const BranchStudyKind> branch_study_kinds();

/// The costs of one prompt under one setting. A ratio above 1 means that branching is cheaper than
/// its baseline.
struct BranchStudyRow {
  double x = 0;
  double y = 0;
  int prompt = 0;
  int prompt_tokens = 0;
  int paths = 0;
  double sample_tokens = 0;  ///< total length of all samples of branching
  double distinct_2 = 0;
  BranchCost branching;
  BranchCost copies;
  std::map<SampleMethod, BranchCost> baselines;

  /// Returns the ratio of all rows that the forward passes computed.
  [[nodiscard]] double token_ratio(SampleMethod method) const;
  /// Returns the ratio as its authors count it: branching's count excludes the prompt and pruned
  /// paths, and includes a shared prefix once per sample.
  [[nodiscard]] double published_token_ratio() const;
  [[nodiscard]] double time_ratio(SampleMethod method) const;
  /// Returns the ratio of peak KV bytes, full copies at each fork to shared pages.
  [[nodiscard]] double copy_byte_ratio() const;
};

/// The prompts and base options of a branching study.
struct StudyRequest {
  BranchOptions base;     ///< without a prompt
  std::vector<int> text;  ///< source of the prompts
  int prompts = 3;        ///< prompts per setting
};

/// Runs every setting on every prompt. End-of-text ends no sample, so that all have equal length.
/// Settings that need a longer context or text are skipped. A stop request takes effect between
/// settings.
std::vector<BranchStudyRow> run_branch_study(const model::LoadedModel& model,
                                             const BranchStudyKind& kind,
                                             const StudyRequest& request,
                                             const core::ProgressSink& progress,
                                             const std::stop_token& stop);

/// The median of a figure over the rows of one setting. medians() keeps the order of the settings.
struct StudyMedian {
  double x = 0;
  double y = 0;
  double value = 0;
};
/// Returns the median of `value`, a figure of a row, for each setting.
std::vector<StudyMedian> medians(std::span<const BranchStudyRow> rows,
                                 const std::function<double(const BranchStudyRow&)>& value);

}  // namespace sketchscope::branch
