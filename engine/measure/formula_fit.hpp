#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/model/model.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::measure {

/// Options of fit_formula().
struct FitOptions {
  /// The capacity, the protected positions and the granularity for which the formula is meant.
  settings::Knobs knobs;
  int context = 0;                      ///< of ChunkOptions
  std::optional<int> start_token = {};  ///< of ChunkOptions
  int threads = 1;
};

/// A term of a fitted formula with its weight.
struct WeightedTerm {
  std::string term;
  double weight = 0;
};

/// A linear formula, and how well it foretells.
struct FittedFormula {
  std::string text;                 ///< for the knob `formula`
  std::vector<WeightedTerm> terms;  ///< the heaviest first
  double penalty = 0;               ///< the ridge that foretold left-out chunks best
  /// Share of the target's variance within a table that is explained in chunks left out of the
  /// fit.
  double explained = 0;
  std::size_t samples = 0;  ///< positions at moments that were learnt from
  std::size_t chunks = 0;
  bool interrupted = false;
};

/// Returns the terms that a fitted formula may have, each a formula itself.
std::span<const std::string_view> fit_terms();

/// Fits a linear formula of fit_terms() to the logarithm of the mass that stored positions will
/// still draw under the full cache: at every 16th token that would meet a full table, every
/// unprotected position is a sample. Least squares with a ridge (Hoerl and Kennard, 1970), whose
/// penalty is chosen by leaving out a fifth of the chunks in turn. Terms and target count by their
/// differences within a table alone, since only the order there decides. Throws UsageError on a
/// text of fewer than two chunks that outgrow the capacity.
FittedFormula fit_formula(const std::shared_ptr<const model::Model>& model,
                          std::span<const int> tokens, const FitOptions& options,
                          const core::ProgressSink& progress, const std::stop_token& stop);

}  // namespace sketchscope::measure
