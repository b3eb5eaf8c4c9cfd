#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/model_config.hpp"
#include "engine/run/breakpoint.hpp"
#include "engine/run/compared_tokens.hpp"
#include "engine/run/position_trace.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/sketch/sketch.hpp"
#include "engine/text/tokenizer.hpp"

namespace sketchscope {

struct BranchState;

/// One slot table after a step. All heads of a layer share it, or it is that of one head.
struct TableState {
  std::vector<int> positions;     ///< slot → position, (S)
  std::vector<float> scores;      ///< (S): importance to the policy, as it would choose now
  std::vector<float> exact_mass;  ///< by position, (P); empty with the audit off
  std::vector<float> regret;      ///< by position, (P): mass each would have received since it left
  /// The sketch's estimate of accumulated mass by position, (P); NaN where the position's item is
  /// no longer known, as the code of an evicted key. Empty without a sketch.
  std::vector<float> estimates;
  /// Codes of the keys by position, (P), as ItemMap has them; empty unless the sketch counts codes.
  std::vector<std::uint32_t> codes;
};

/// One layer's cache and sketch after a step.
struct LayerState {
  std::vector<TableState> tables;  ///< one, or one per head at granularity `head`
  std::vector<float> cells;        ///< sketch counters, (R, W)
  double total_mass = 0;           ///< N of the sketch
  ErrorBound error_bound;          ///< of its estimates
  std::size_t sketch_bytes = 0;
  std::size_t exact_bytes = 0;  ///< what exact counters of the same items would take
  bool approximate = false;     ///< the table was seeded from estimates after a live change
  /// Attention under the last token's query by head and position, (H, P), NaN where a position is
  /// not stored; empty after a prompt in one pass.
  std::vector<float> attention;
  std::vector<float> twin_attention;  ///< the twin's, (H, P); empty without a twin
};

enum class RunPhase : std::uint8_t {
  starting,
  paused,
  running,
  at_context_end,
  failed,
  saved  ///< read from a file, so that no step will follow
};

/// The latest state of the run that is watched. Readers may miss states, as a newer one replaces
/// the one before; the record log misses no step.
struct LiveState {
  RunPhase phase = RunPhase::starting;
  std::uint64_t run = 0;   ///< counts restarts; records belong to one run
  std::int64_t steps = 0;  ///< records published in this run
  Knobs applied;           ///< in force at the last step
  Knobs wanted;            ///< last commanded; differs until the next step boundary
  std::map<std::string, std::int64_t> applied_at;  ///< knob → step at which it last changed
  bool twin = true;
  bool audit = true;
  double speed = 10;  ///< tokens per second aimed at; 0 is unlimited
  /// What describing the run for whoever looks took, milliseconds by step; 0 where nobody looked
  /// after that step. Null: not measured.
  std::shared_ptr<const std::vector<double>> publish_ms;
  std::vector<LayerState> layers;
  std::vector<std::string> warnings;  ///< sentences: where the policy decides nothing of its own
  int next_token = -1;  ///< the token that the next step feeds; −1 before one was drawn
  std::shared_ptr<const BranchState> branching;  ///< null: one sequence alone
  std::optional<Breakpoint> until;               ///< where the run is to stop; empty: nowhere
  std::string stopped;  ///< why the run stopped by itself; empty if it did not
  /// The run that this one is compared with, without its layers; null while nothing is compared.
  std::shared_ptr<const LiveState> other;
  ComparedTokens other_tokens = ComparedTokens::own;  ///< what the other run is fed
  /// The state after the step that a person asked to look at; null while nobody asks.
  std::shared_ptr<const LiveState> past;
  /// The scores of the position that a person asked to trace; null while nobody asks.
  std::shared_ptr<const PositionTrace> trace;
};

/// The table of a layer's head, or the one that all heads of the layer share; null where the state
/// has no such layer or head.
inline const TableState* table_of(const LiveState& state, int layer, int head) {
  const auto at = static_cast<std::size_t>(layer);
  if (layer < 0 || head < 0 || at >= state.layers.size()) return nullptr;
  const auto& tables = state.layers[at].tables;
  const std::size_t index = tables.size() == 1 ? 0 : static_cast<std::size_t>(head);
  return index < tables.size() ? &tables[index] : nullptr;
}

/// What describing the run for whoever looks took after a step, milliseconds; empty where that was
/// not measured.
inline std::optional<double> publish_ms_after(const LiveState& state, std::int64_t step) {
  const auto at = static_cast<std::size_t>(step);
  if (!state.publish_ms || step < 0 || at >= state.publish_ms->size()) return std::nullopt;
  return (*state.publish_ms)[at];
}

/// What stays the same for the life of a model; panels read names and shapes from it.
struct ModelInfo {
  std::string name;
  std::string directory;  ///< where it was opened; empty for the program's own
  std::string dtype;
  std::size_t weight_bytes = 0;
  ModelConfig config;
  std::shared_ptr<const Tokenizer> tokenizer;  ///< null: ids only
};

/// Something a person should read: an error with its remedy, or a hint.
struct Notice {
  enum class Kind : std::uint8_t { information, error };
  std::uint64_t id = 0;
  Kind kind = Kind::information;
  std::string text;
};

}  // namespace sketchscope
