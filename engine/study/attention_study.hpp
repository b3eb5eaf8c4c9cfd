#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>

#include "engine/measure/head_shift.hpp"
#include "engine/model/model.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Options of study_attention().
struct AttentionStudyOptions {
  Knobs knobs;
  HeadSelection selection;  ///< queries are positions within a chunk
  int context = 0;          ///< tokens per chunk; 0 means n_positions
  int lanes = 8;            ///< chunks that advance together
  int threads = 1;
};

/// The results of study_attention().
struct AttentionStudy {
  HeadWatch heads;
  bool interrupted = false;
};

/// Feeds `tokens` in chunks, each token by token to an empty cache under the knobs, and compares
/// the attention of the selected heads with that over a full cache of the same keys and values.
/// `progress` receives the share done. Throws UsageError on a context outside 2 … n_positions or a
/// selection that contains no query of the text.
AttentionStudy study_attention(const std::shared_ptr<const Model>& model,
                               std::span<const int> tokens, const AttentionStudyOptions& options,
                               const std::function<void(double)>& progress,
                               const std::stop_token& stop);

}  // namespace sketchscope
