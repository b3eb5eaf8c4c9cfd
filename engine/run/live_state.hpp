#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/model_config.hpp"
#include "engine/model/start_token.hpp"
#include "engine/run/command.hpp"
#include "engine/run/pacing.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/sketch/sketch.hpp"
#include "engine/text/tokenizer.hpp"
#include "engine/trace/machine_speed.hpp"
#include "engine/trace/step_trace.hpp"

namespace sketchscope::branch {
struct BranchState;
}  // namespace sketchscope::branch

namespace sketchscope::decode {
class Lane;
struct PoolPages;
}  // namespace sketchscope::decode

namespace sketchscope::run {

struct AttentionRow;
struct EvictionInquiry;

/// The state of one slot table after a step. The table belongs to a layer or to one head.
struct TableState {
  std::vector<int> positions;     ///< slot → position, (S)
  std::vector<float> scores;      ///< (S): importance by the policy's present score
  std::vector<float> exact_mass;  ///< by position, (P); empty with the audit off
  std::vector<float> regret;      ///< by position, (P): mass it would have received since eviction
  /// The sketch's estimate of accumulated mass by position, (P); NaN if the position's item is not
  /// known any more, such as the code of an evicted key. Empty without a sketch.
  std::vector<float> estimates;
  /// The codes of keys by position, (P), as in ItemMap; empty unless the sketch counts codes.
  std::vector<std::uint32_t> codes;
};

/// The state of one layer's cache and sketch after a step.
struct LayerState {
  std::vector<TableState> tables;  ///< one, or one per head at granularity `head`
  std::vector<float> cells;        ///< sketch counters, (R, W)
  double total_mass = 0;           ///< total mass N of the sketch
  sketch::ErrorBound error_bound;  ///< bound on the error of its estimates
  std::size_t sketch_bytes = 0;
  std::size_t exact_bytes = 0;  ///< bytes of exact counters for the same items
  bool approximate = false;     ///< the table was seeded from estimates after a live change
  /// Attention of the last token's query by head and position, (H, P); NaN if a position is not
  /// stored. Empty after a prefill in one pass.
  std::vector<float> attention;
  std::vector<float> twin_attention;  ///< the twin's, (H, P); empty without a twin
};

/// The scores of one position in one slot table at the steps of a trace; NaN if unknown.
struct TableTrace {
  int layer = 0;
  std::optional<int> head;     ///< empty if all heads share the table
  std::vector<double> score;   ///< importance to the policy while the position was stored
  std::vector<double> exact;   ///< exact accumulated mass (audit)
  std::vector<double> regret;  ///< mass it would have received since it left (audit)
};

/// The scores of a position over a run, at the steps that have keyframes and at the latest.
struct PositionTrace {
  int position = 0;
  std::vector<double> steps;  ///< steps after which it was read, ascending
  std::vector<TableTrace> tables;
};

/// Copies what a lane stores, scores, counts and sketches now, layer by layer, and what the lane
/// and its twin (may be null) attended to in the last step. It is most of the cost of publishing:
/// per layer one score of each table, one batch of estimates, and (H, P) attention of lane and
/// twin.
std::vector<LayerState> layer_states(const decode::Lane& lane, const decode::Lane* twin = nullptr);

/// Returns what layer_states() tells of a lane's sketches and of the items that they count: the
/// members of the sketch, and each table's codes and exact masses. All else stays empty, and no
/// estimate is computed.
std::vector<LayerState> sketch_states(const decode::Lane& lane);

/// The phase of a watched run.
enum class RunPhase : std::uint8_t {
  starting,
  paused,
  running,
  at_context_end,
  failed,
  saved  ///< read from a file, so that no step will follow
};

/// The holders of pages of a watched run and of the one that is compared with it, by the numbers
/// that LiveState::pages has for them.
enum class PageHolder : std::uint8_t {
  lane,
  audit,
  twin,
  other_lane,
  other_audit,
  other_twin,
  kept = 7  ///< keyframes, and whatever else is not named
};

/// The latest state of the watched run. A newer state replaces it, so that readers may miss states;
/// the record log has every step.
struct LiveState {
  RunPhase phase = RunPhase::starting;
  std::size_t place = 0;    ///< of the run among those that are watched: 0 is in front
  std::uint64_t run = 0;    ///< counts restarts; records belong to one run
  std::int64_t steps = 0;   ///< records published in this run
  settings::Knobs applied;  ///< in force at the last step
  settings::Knobs wanted;   ///< last commanded; in force from the next step on
  std::map<std::string, std::int64_t> applied_at;  ///< knob → step at which it last changed
  bool twin = true;
  bool audit = true;
  model::StartToken start_token = model::StartToken::automatic;  ///< before the prompt
  double speed = 10;            ///< target in tokens per second; 0 is unlimited
  std::size_t text_tokens = 0;  ///< of the text that the run is given; 0 if it draws its own
  /// The time that publishing the state took, milliseconds by step; 0 if no state was published
  /// after the step. Null if not measured.
  std::shared_ptr<const std::vector<double>> publish_ms;
  std::vector<LayerState> layers;
  /// One sentence each, such as that the policy has no choice of victims.
  std::vector<std::string> warnings;
  int next_token = -1;  ///< the token that the next step feeds; −1 before one was drawn
  std::shared_ptr<const branch::BranchState> branching;  ///< null if not branching
  std::optional<Breakpoint> until;                       ///< breakpoint, if any
  std::string stopped;  ///< why the run stopped by itself, if it did
  /// The states of the runs compared with this one, in the order of their places. They have no
  /// layers, but for B's, which are sketch_states() while `shows_sketches`.
  std::vector<std::shared_ptr<const LiveState>> others;
  ComparedTokens other_tokens = ComparedTokens::own;  ///< token source of `others`
  /// The state after the past step that was requested, and among its `others` B's after the same
  /// step while `shows_sketches`; null if none was.
  std::shared_ptr<const LiveState> past;
  /// The latest state, where this one has the layers of an earlier step; else null.
  std::shared_ptr<const LiveState> later;
  /// The attention of the latest steps, ascending; empty for a run from a file.
  std::vector<std::shared_ptr<const AttentionRow>> attention;
  /// The scores of the position that is traced; null if none is.
  std::shared_ptr<const PositionTrace> trace;
  /// The latest steps taken apart, ascending; empty for a run from a file.
  std::vector<trace::StepTracePointer> step_traces;
  /// The pages of the session's pools and who holds them, numbered by PageHolder; null for a run
  /// from a file.
  std::shared_ptr<const std::vector<decode::PoolPages>> pages;
  bool shows_sketches = false;  ///< B's state has its sketches (command::ShowSketches)
  bool runs_apart = false;      ///< compared runs make a forward pass each (command::StepApart)
  /// The peak rates of this machine; null until they were measured (command::MeasureMachine).
  std::shared_ptr<const trace::MachineSpeed> machine;
  /// The cost, as computed so far, of the eviction that was asked about; null if there was no
  /// request.
  std::shared_ptr<const EvictionInquiry> cost;

  /// Returns the state of the compared run of a place, usually of B, which two-sided views show;
  /// null if there is none.
  [[nodiscard]] const LiveState* other(std::size_t at = kPlaceOfB) const {
    for (const auto& state : others) {
      if (state->place == at) return state.get();
    }
    return nullptr;
  }
};

/// Returns the table that a layer's head uses; null if the state has no such layer or head.
const TableState* table_of(const LiveState& state, int layer, int head);

/// Returns the time that publishing took after a step, milliseconds; empty if not measured.
std::optional<double> publish_ms_after(const LiveState& state, std::int64_t step);

/// Constant facts about a model, from which panels read names and shapes.
struct ModelInfo {
  std::string name;
  std::string directory;  ///< empty for the embedded model
  std::string dtype;
  std::size_t weight_bytes = 0;
  model::ModelConfig config;
  std::shared_ptr<const text::Tokenizer> tokenizer;  ///< null if the model has none
};

/// A message to the person: an error with its remedy, or a hint.
struct Notice {
  enum class Kind : std::uint8_t { information, error };
  std::uint64_t id = 0;
  Kind kind = Kind::information;
  std::string text;
};

}  // namespace sketchscope::run
