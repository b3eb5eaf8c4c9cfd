// The single description of the arrays in which a `.scope` file holds the state after the last
// step. Writing, reading and docs/records.md are derived from it. A new array takes a member in
// live_state.hpp and a line here.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/record/field.hpp"
#include "engine/run/live_state.hpp"

namespace sketchscope::run {

/// An array of a layer or of one of its slot tables. All have one dimension, in row-major order.
template <typename Owner, typename Number>
struct StateArray {
  std::string_view name;
  std::string_view shape;  ///< "H·P": a row for each head, of a number for each position
  std::string_view unit;   ///< "mass"; empty for counts, positions and codes
  std::string_view help;   ///< one sentence
  std::vector<Number> Owner::*member;
  bool may_be_missing = false;  ///< in files of former versions
  record::Limits limits = {};   ///< of its numbers, beside NaN where `help` says so
  bool may_hold_nan = false;
};

inline constexpr std::tuple kTableArrays = {
    StateArray{"positions",
               "S",
               "",
               "The position in each slot.",
               &TableState::positions,
               false,
               {.least = -1}},
    StateArray{"scores", "S", "", "Its importance by the policy's score.", &TableState::scores,
               false, record::kAnyScore},
    StateArray{"exact_mass", "P", "mass",
               "Accumulated attention of each position; empty with the audit off.",
               &TableState::exact_mass},
    StateArray{"regret", "P", "mass",
               "Attention that each position would have received since it left.",
               &TableState::regret},
    StateArray{"estimates", "P", "mass",
               "The sketch's estimate of the accumulated attention; NaN where a key is gone, empty "
               "without a sketch.",
               &TableState::estimates, false, record::kFinite, true},
    StateArray{"codes", "P", "",
               "The codes of the keys; empty unless the sketch counts codes of keys.",
               &TableState::codes},
};

inline constexpr std::tuple kLayerArrays = {
    StateArray{"cells", "R·W", "mass", "The sketch's counters; empty without a sketch.",
               &LayerState::cells, false, record::kFinite},
    StateArray{"attention", "H·P", "share",
               "Attention of the last query; NaN where a position is not stored.",
               &LayerState::attention, true, record::kShares, true},
    StateArray{"twin_attention", "H·P", "share",
               "The same of the full cache; empty without a twin.", &LayerState::twin_attention,
               true, record::kShares, true},
};

/// The bytes of the tokens' texts, one after another, and where each text ends.
inline constexpr std::string_view kVocabularyBytes = "vocabulary/bytes";
inline constexpr std::string_view kVocabularyEnds = "vocabulary/ends";

/// Calls `visit` with each line of kTableArrays or kLayerArrays.
template <typename Arrays, typename Visit>
constexpr void for_each_state_array(const Arrays& arrays, Visit&& visit) {
  std::apply([&](const auto&... array) { (visit(array), ...); }, arrays);
}

/// Returns the folder of a layer's arrays, and of those of one of its tables.
inline std::string layer_folder(const std::string& layer) {
  return "last/layer_" + layer + "/";
}
inline std::string table_folder(const std::string& layer, const std::string& table) {
  return layer_folder(layer) + "table_" + table + "/";
}

}  // namespace sketchscope::run
