#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/schedule/feeding.hpp"

namespace sketchscope {

class RunTotals;

/// What one lane goes through from an empty cache. Whoever asks keeps the tokens until it is over.
struct Passage {
  std::span<const int> prompt;  ///< by the knob `prefill` in one pass or token by token
  std::span<const int> given;   ///< then these, each scored where something foretold it
  StopRule drawn;               ///< then tokens of its own choice
};

/// A lane after a pass that fed it.
struct LaneStep {
  Session& session;
  LanePair pair;
  bool whole_prompt = false;  ///< fed were all tokens of its prompt at once
  bool last = false;          ///< nothing follows; the lane leaves the session next
  std::optional<double> nll;  ///< of the given token that follows, nats

  [[nodiscard]] Lane& lane() const { return session.lane(pair.lane); }
};

/// Adds what a step's lane measured and, at its last step, what it comes to in all. Returns how its
/// layers stand.
std::vector<LayerRecord> add_step(RunTotals& totals, const LaneStep& step);

struct LaneRequest {
  LaneOptions lane;  ///< has_twin is taken from `twin`
  Passage passage;
  /// The request of the same group that is given the same tokens with a full cache.
  std::optional<std::size_t> twin;
  /// The request of the same group with the same prompt whose lane this one is a fork of once the
  /// prompt is in; its own knobs apply from there.
  std::optional<std::size_t> fork_of;
  /// Makes the lane's policy when its turn comes, where that is expensive.
  std::function<std::shared_ptr<const Policy>()> make_policy;
  std::function<void(const LaneStep&)> on_step;
};

/// Requests that start together: they may share a prompt's pass, a twin or a lane's pages.
using LaneGroup = std::vector<LaneRequest>;

/// What came of one request.
struct LaneOutcome {
  double nll = 0;  ///< sum over the scored tokens, nats
  int scored = 0;
  std::vector<int> drawn;          ///< a token that ended it among them
  std::optional<SequenceEnd> end;  ///< empty where it was stopped before
  std::size_t steps = 0;           ///< tokens fed one by one
  double policy_ms = 0;            ///< that its own policy took of those steps
};

/// One forward pass of a schedule.
struct SchedulePass {
  const PhaseTimes& times;
  std::size_t lanes = 0;         ///< that were fed
  bool prompt = false;           ///< nothing but tokens of prompts
  bool whole_prompt = false;     ///< all tokens of one prompt at once
  std::span<const LaneId> live;  ///< all lanes there are, fed in this pass or not
};

/// Adds a pass of lanes without twins; that of a whole prompt says nothing about the speed of
/// generation.
void add_pass(RunTotals& totals, const SchedulePass& pass);

struct Schedule {
  std::span<const LaneGroup> groups;
  std::size_t lanes = 8;  ///< that advance together, at most; a group is never parted
  std::function<void(const SchedulePass&)> on_pass;
  std::function<void(double)> progress;  ///< hears the share done
};

struct ScheduleOutcome {
  std::vector<std::vector<LaneOutcome>> groups;  ///< by group and request
  bool interrupted = false;
};

/// Takes every request from its first token to its last: the only loop over tokens there is.
/// Groups begin in their order as lanes become free. Requests of a group with the same prompt share
/// its one pass, and each step is one forward pass for all lanes there are. What comes of a request
/// depends on it alone, bit for bit, the times excepted. A stop request ends the schedule at the
/// next pass with what is there. Throws Error on a passage without tokens or longer than the
/// model's context.
ScheduleOutcome run_schedule(Session& session, const Schedule& schedule,
                             const std::stop_token& stop);

}  // namespace sketchscope
