#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/decode/spared_position.hpp"
#include "engine/measure/correlation.hpp"
#include "engine/model/model.hpp"
#include "engine/record/step_record.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::measure {

/// The outcome of a repeated run in which an evicted position stayed and all else was as it was.
struct SparedRun {
  /// By token that followed: ln of its probability, with the position minus without, nats. Positive
  /// is what the eviction cost.
  std::vector<double> changes;
  /// Which of these tokens was the first whose prediction could not read the position, since it
  /// had to leave all the same; empty if it stayed.
  std::optional<std::size_t> left_before;

  [[nodiscard]] double sum() const;
};

/// What one eviction cost the tokens that followed, beside what had been estimated.
struct EvictionCost {
  record::EvictionRecord eviction;
  /// Mass that it would have received in its table until the last token; empty without an audit.
  std::optional<double> regret = {};
  std::array<SparedRun, decode::kWaysToSpare.size()> runs;  ///< by SparedBy

  [[nodiscard]] const SparedRun& run(decode::SparedBy by) const {
    return runs[static_cast<std::size_t>(by)];
  }
  [[nodiscard]] SparedRun& run(decode::SparedBy by) { return runs[static_cast<std::size_t>(by)]; }
};

/// Returns the position that an eviction took, to be spared.
decode::SparedPosition spared_position(const record::EvictionRecord& eviction, decode::SparedBy by);

/// Throws UsageError where a repeated run would differ in more than the position: without a policy
/// that evicts, or where the capacity follows from a full-cache twin.
void check_counterfactual(const settings::Knobs& knobs);

/// Options of measure_counterfactuals().
struct CounterfactualOptions {
  settings::Knobs knobs;  ///< their `seed` draws the evictions
  int count = 0;          ///< evictions, or as many as there are
  int context = 0;        ///< of ChunkOptions
  std::optional<int> start_token = {};
  int lanes = 16;  ///< sequences that advance together
  int threads = 1;
};

/// One of the evictions that were drawn.
struct DrawnEviction {
  std::size_t chunk = 0;  ///< of the text
  int token = 0;          ///< position of the token that came in its place
  EvictionCost cost;
};

/// The results of measure_counterfactuals().
struct Counterfactuals {
  std::size_t evictions = 0;         ///< among which were drawn: those that a token followed
  std::vector<DrawnEviction> drawn;  ///< in the order of the text
  bool repeated_exactly =
      true;  ///< all repetitions equalled the run up to the eviction, bit for bit
  bool interrupted = false;

  /// Returns the correlations of the regret with the summed cost.
  [[nodiscard]] Correlations correlations(decode::SparedBy by) const;
};

/// Runs a text in chunks, as evaluate() does, draws some of its evictions, and runs the chunk of
/// each again with the position kept, in both ways, fed the same tokens. Throws UsageError as
/// check_counterfactual() and chunks_of() do, and where nothing was evicted before a chunk's last
/// token.
Counterfactuals measure_counterfactuals(const std::shared_ptr<const model::Model>& model,
                                        std::span<const int> tokens,
                                        const CounterfactualOptions& options,
                                        const core::ProgressSink& progress,
                                        const std::stop_token& stop);

}  // namespace sketchscope::measure
