#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/view/data_table.hpp"

namespace sketchscope::view {

/// A reference score that the order of the policy in force is compared with.
enum class ReferenceScore : std::uint8_t {
  heavy_hitter,
  age_normalized,
  tova,
  sketch,
  window,
  full_cache,  ///< what the full cache's last query attends to
  hindsight    ///< what was attended to from an earlier step until now, stored or not
};

/// A reference score with its name in the window.
struct ReferenceScoreInfo {
  ReferenceScore kind;
  std::string_view name;
  std::string_view needs;  ///< what has to be switched on for it
};
std::span<const ReferenceScoreInfo> reference_scores();

/// The scores of the positions that one table stores, beside another measure of them. NaN where a
/// value is not known.
struct ScoreStrip {
  std::vector<double> positions;  ///< ascending
  std::vector<double> scores;     ///< of the policy in force
  std::vector<double> others;     ///< of the reference score; empty where it was not measured
  std::optional<double> correlation;
  int without_number = 0;          ///< scores that are NaN or −∞
  int candidates = 0;              ///< positions that may be evicted
  int compared = 0;                ///< next victims compared: half of the candidates, at most 16
  int alike = 0;                   ///< of these, those that the reference score would evict too
  std::optional<int> next_victim;  ///< the candidate that would leave first
};

/// Describes the table that a head of a layer uses; empty before the first step. `knobs` say which
/// positions are protected.
ScoreStrip score_strip(const run::LiveState& state, int layer, int head, ReferenceScore reference,
                       const settings::Knobs& knobs, int heads);

/// Returns position, score and the reference score, whose column is called `reference`, one row per
/// position.
DataTable scores_data(const ScoreStrip& strip, std::string_view reference);

}  // namespace sketchscope::view
