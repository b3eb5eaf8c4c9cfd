#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/decode/lane.hpp"
#include "engine/record/step_record.hpp"
#include "engine/schedule/feeding.hpp"

namespace sketchscope::schedule {

/// The next-token distributions of lane and twin, kept from one step to the next.
struct Foresight {
  std::vector<float> lane;  // (V), empty before the first step
  std::vector<float> twin;  // (V), empty without a twin
};
/// Returns what both foresee after the tokens that they were fed.
Foresight foresight_of(const decode::Session& session, const LanePair& pair);

/// Facts about a step that the session does not know.
struct StepFacts {
  std::int64_t step = 0;
  std::span<const int> tokens;  ///< fed in this step
  int prompt_tokens = 0;
  std::vector<record::KnobChange> changes;
};

/// Describes the step that `session` has just made: takes over the lane's evictions, compares the
/// lane with its twin and fills in memory and times. On entry `foresight` holds the distributions
/// from before the step; on return it holds those after it.
record::StepRecord build_record(decode::Session& session, const LanePair& pair,
                                Foresight& foresight, StepFacts facts);

/// Describes every layer of `lane` after its last step.
std::vector<record::LayerRecord> describe_layers(const decode::Lane& lane);

/// Counts the bytes that `lane` takes now, by category (docs/cache.md, "Memory ledger").
record::MemoryLedger memory_of(const decode::Session& session, const decode::Lane& lane);

/// The error of a sketch's estimates against the exact masses, as a share of the total mass N that
/// the sketch counted.
struct EstimateError {
  double mean = 0;
  double largest = 0;
  double bound = 0;         ///< the sketch's guaranteed bound on overestimation
  double within_bound = 0;  ///< share of estimates whose error is at most `bound`
};

/// Compares a lane's sketches with the exact masses of its audit over all counted items, and
/// averages over layers. Returns nothing without a sketch or an audit, or where items are neither
/// positions nor tokens, because the audit keeps exact masses for these two alone.
std::optional<EstimateError> estimate_error_of(const decode::Lane& lane);

/// Returns the share of filled cells of each row of a lane's sketches, mean over layers, (R); empty
/// without a table.
std::vector<double> sketch_row_loads(const decode::Lane& lane);

}  // namespace sketchscope::schedule
