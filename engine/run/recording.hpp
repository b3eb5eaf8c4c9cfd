#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/record/record_log.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// What a run was fed and which knobs changed when: all that its steps depend on beside the model.
struct Recording {
  Knobs knobs;                             ///< at the start
  std::vector<int> prompt;                 ///< tokens, as far as they were fed
  std::vector<int> generated;              ///< fed after the prompt
  std::map<std::int64_t, Knobs> schedule;  ///< knobs a person set before these steps
  Knobs last;                              ///< in force at the end
  std::int64_t steps = 0;
  double last_entropy = 0;  ///< of the last step: another model would give another one
};

/// The recording of a run that began with the knobs `first` and published these records, from step
/// 0 on.
Recording recording_of(const Knobs& first, std::span<const RecordPointer> records);

}  // namespace sketchscope
