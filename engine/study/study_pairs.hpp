#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/measure/bootstrap.hpp"
#include "engine/study/study_table.hpp"

namespace sketchscope::study {

/// Returns the ratio of the perplexity to that of another configuration on the same texts, paired,
/// so that the difficulty of a text cancels. Empty if they were not scored on the same texts.
std::optional<measure::Estimate> perplexity_ratio(const StudyRow& row, const StudyRow& other);

/// Two configurations of a study on the same texts.
struct StudyPair {
  const StudyRow* row = nullptr;
  const StudyRow* reference = nullptr;
  std::optional<measure::Estimate> perplexity_ratio;     ///< row over reference
  std::optional<measure::Estimate> logit_kl_difference;  ///< row less reference, nats
};

/// Pairs every configuration with a reference. `reference` is a configuration's name, a baseline's,
/// or values of knobs ("policy=window"); where several are meant, the one that shares most knobs
/// with the configuration, first of all the capacity, and of equals the first. References are not
/// paired. Throws UsageError with the nearest names if none is meant.
std::vector<StudyPair> pairs_against(std::span<const StudyRow> rows, const std::string& reference);

}  // namespace sketchscope::study
