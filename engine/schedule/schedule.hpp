#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/schedule/feeding.hpp"

namespace sketchscope::schedule {

class RunTotals;

/// The tokens that one lane processes from an empty cache. The caller keeps the spans alive until
/// the schedule has ended.
struct Passage {
  std::span<const int> prompt;  ///< fed first, in one pass or token by token (knob `prefill`)
  std::span<const int> given;   ///< fed next; each is scored if logits precede it
  StopRule drawn;               ///< how many tokens the lane then draws
};

/// The state of a lane after a pass that fed it.
struct LaneStep {
  decode::Session& session;
  LanePair pair;
  bool whole_prompt = false;  ///< the pass fed the whole prompt
  bool last = false;          ///< the lane is removed after this step
  std::optional<double> nll;  ///< NLL (−ln probability) of the next given token, nats

  [[nodiscard]] decode::Lane& lane() const { return session.lane(pair.lane); }
};

/// Adds a step's measurements to `totals` and, at the lane's last step, those of the lane as a
/// whole. Returns one record per layer of the lane.
std::vector<record::LayerRecord> add_step(RunTotals& totals, const LaneStep& step);

/// A passage to run in a lane of its own, and what the lane shares with others of its group.
struct LaneRequest {
  decode::LaneOptions lane;  ///< `has_twin` is ignored and set from `twin`
  Passage passage;
  /// Index in the group of a request that feeds the same tokens to a full cache.
  std::optional<std::size_t> twin;
  /// Index in the group of a request with the same prompt. This lane is forked from that one after
  /// the prompt, and its own knobs apply from there.
  std::optional<std::size_t> fork_of;
  /// Makes the lane's policy when the group begins; for policies that are expensive to make.
  std::function<std::shared_ptr<const policy::Policy>()> make_policy;
  std::function<void(const LaneStep&)> on_step;
};

/// Requests that begin together, so that they may share a prefill pass, a twin or a lane's pages.
using LaneGroup = std::vector<LaneRequest>;

/// The result of one request.
struct LaneOutcome {
  double nll = 0;  ///< sum over the scored tokens, nats
  int scored = 0;
  std::vector<int> drawn;          ///< includes the end token
  std::optional<SequenceEnd> end;  ///< empty if it was stopped
  std::size_t steps = 0;           ///< decode steps
  double policy_ms = 0;            ///< milliseconds that its policy took in those steps
};

/// One forward pass of a schedule.
struct SchedulePass {
  const record::PhaseTimes& times;
  std::size_t lanes = 0;                 ///< number of lanes that were fed
  bool prompt = false;                   ///< the pass fed only prompt tokens
  bool whole_prompt = false;             ///< the pass fed one whole prompt
  std::span<const decode::LaneId> live;  ///< all lanes, fed in this pass or not
};

/// Adds the times of a pass whose lanes have no twins to `totals`. A prefill pass does not count
/// towards the generation speed.
void add_pass(RunTotals& totals, const SchedulePass& pass);

/// The inputs of run_schedule().
struct Schedule {
  std::span<const LaneGroup> groups;
  std::size_t lanes = 8;  ///< upper limit of live lanes; a larger group runs alone and exceeds it
  std::function<void(const SchedulePass&)> on_pass;
  std::function<void(double)> progress;  ///< receives the share done, 0 to 1
};

/// The results of run_schedule().
struct ScheduleOutcome {
  std::vector<std::vector<LaneOutcome>> groups;  ///< by group and request
  bool interrupted = false;
};

/// Runs every request from its first token to its last. All measurements use this loop. Groups
/// begin in order as lanes become free. Requests of a group with the same prompt share one prefill
/// pass, and each step is one forward pass for all live lanes. Except for times, a result is
/// bit-identical whatever other requests run beside it. A stop request ends the schedule at the
/// next pass with the results so far. Throws Error on a passage without tokens or longer than the
/// model's context.
ScheduleOutcome run_schedule(decode::Session& session, const Schedule& schedule,
                             const std::stop_token& stop);

}  // namespace sketchscope::schedule
