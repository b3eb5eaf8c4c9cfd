#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/record/record_log.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// The inputs of a run: tokens and knob changes. Together with the model they determine every step.
struct Recording {
  Knobs knobs;                             ///< at the start
  std::vector<int> prompt;                 ///< prompt tokens that were fed
  std::vector<int> generated;              ///< tokens fed after the prompt
  std::map<std::int64_t, Knobs> schedule;  ///< knobs that a person set, by step
  Knobs last;                              ///< in force at the end
  std::int64_t steps = 0;
  double last_entropy = 0;  ///< last step's entropy, which identifies the model
};

/// Reconstructs the recording of a run from its first knobs and its records from step 0 on.
Recording recording_of(const Knobs& first, std::span<const RecordPointer> records);

}  // namespace sketchscope
