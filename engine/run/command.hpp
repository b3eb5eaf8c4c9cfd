#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/run/breakpoint.hpp"
#include "engine/run/compared_tokens.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// What the window, a script or a test may ask of the worker.
namespace command {
struct SetKnob {
  std::string name;
  std::string value;
};
/// Sets all knobs at once, so that none contradicts one that is still to come.
struct SetKnobs {
  Knobs knobs;
};
struct Play {};
struct Pause {};
/// Advances this many steps, then pauses.
struct Step {
  int count = 1;
};
/// Generates until this happens, then pauses.
struct RunUntil {
  Breakpoint breakpoint;
};
/// Begins a new run from step 0 with the wanted knobs; an empty prompt keeps the current one.
struct Restart {
  std::string prompt;
};
struct SetSpeed {
  double tokens_per_second = 0;  ///< 0 is unlimited
};
struct SetTwin {
  bool on = true;
};
struct SetAudit {
  bool on = true;
};
/// Begins the run anew under the wanted knobs and feeds it all its recorded tokens, so that no
/// table is approximate (docs/cache.md, "Going back and rebuilding"). It starts from step 0, not
/// from a keyframe, as a keyframe holds tables that were filled under other knobs.
struct RebuildExactly {};
/// Begins again at the prompt's end, branching where the model is unsure, with the wanted knobs.
struct Branch {};
/// Ends branching; the watched path goes on alone.
struct EndBranching {};
/// The run follows this path of the branching run from now on: all panels show its cache.
struct WatchPath {
  int path = 0;
};
/// Begins a new path that leaves `path` before its token number `index` and goes on with `token`;
/// that path is watched from now on.
struct ForkPath {
  int path = 0;
  int index = 0;
  int token = 0;
};
/// Begins again with a second run beside the first: the same prompt and, at first, the same knobs.
/// Both go on position by position; knobs change the first alone.
struct Compare {
  ComparedTokens tokens = ComparedTokens::own;  ///< what the second run is fed
};
struct EndCompare {};
/// The second run takes the place of the first.
struct Swap {};
/// Publishes the state as it was after this step beside the latest one; without a step, the latest
/// state alone.
struct LookAt {
  std::optional<std::int64_t> step;
};
/// Goes back to the state after this step and on from there with the wanted knobs. The run as it
/// is stays beside it, as the one that is compared.
struct ContinueFrom {
  std::int64_t step = 0;
};
/// Publishes what this position scored over the run; without a position, no position's scores.
struct Trace {
  std::optional<int> position;
};
}  // namespace command

using Command = std::variant<command::SetKnob, command::SetKnobs, command::Play, command::Pause,
                             command::Step, command::Restart, command::SetSpeed, command::SetTwin,
                             command::SetAudit, command::RebuildExactly, command::Branch,
                             command::EndBranching, command::WatchPath, command::ForkPath,
                             command::RunUntil, command::Compare, command::EndCompare,
                             command::Swap, command::LookAt, command::ContinueFrom, command::Trace>;

}  // namespace sketchscope
