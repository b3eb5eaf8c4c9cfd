#pragma once

#include <cstddef>
#include <memory>

#include "engine/branch/branch_run.hpp"
#include "engine/run/attention_trail.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/pacing.hpp"
#include "engine/run/run_group.hpp"
#include "engine/run/run_lookup.hpp"
#include "engine/run/worker.hpp"

namespace sketchscope::run {

/// The data of a RunControl that its published state is made from.
struct ControlParts {
  const WorkerOptions& options;
  const RunGroup& group;
  const Pacing& pacing;
  const RunLookup& lookup;
  const AttentionTrail& attention;
  std::shared_ptr<const branch::BranchState> branching;  ///< null if not branching
  RunPhase phase = RunPhase::paused;
  std::size_t text_tokens = 0;  ///< of the text that the run is given; 0 if it draws its own
  std::shared_ptr<const trace::MachineSpeed> machine;  ///< null until it was measured
};

/// Returns the state of the run in front with its layers, and of the runs that are compared with it
/// without them; that of B has its sketches if these are wanted. The publish times are left empty.
LiveState live_state_of(const ControlParts& parts);

}  // namespace sketchscope::run
