#pragma once

#include <string>
#include <vector>

#include "engine/study/study_table.hpp"

namespace sketchscope::support {

/// A row of a study with these total bytes, of 1,000 with a full cache, and this logit KL.
inline study::StudyRow study_row(const std::string& policy, double bytes, double kl) {
  return {.name = policy + std::to_string(bytes),
          .knobs = {.policy = policy},
          .figures = {{"memory.total_bytes", bytes},
                      {"memory.kv_bytes", bytes},
                      {"memory.kv_full_bytes", 1000},
                      {"evictions", 10},
                      {"logit_kl", kl}}};
}

/// A row with its logit KL in each of some texts, and their mean.
inline study::StudyRow study_row_over(const std::string& policy,
                                      const std::vector<double>& kl_by_text) {
  study::StudyRow made = study_row(policy, 300, 0);
  for (const double kl : kl_by_text) {
    made.texts.push_back({.steps = 10, .figures = {{"logit_kl", kl}}});
    made.figures["logit_kl"] += kl / static_cast<double>(kl_by_text.size());
  }
  return made;
}

}  // namespace sketchscope::support
