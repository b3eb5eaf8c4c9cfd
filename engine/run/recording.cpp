#include "engine/run/recording.hpp"

#include <algorithm>

namespace sketchscope {
namespace {

/// Changes of capacity by a target are excluded, since the replay makes them again.
bool was_set_by_a_person(const KnobChange& change) {
  return !change.note.starts_with("target ");
}

}  // namespace

Recording recording_of(const Knobs& first, std::span<const RecordPointer> records) {
  Recording recording{.knobs = first, .last = first, .steps = std::ssize(records)};
  for (const RecordPointer& record : records) {
    for (const KnobChange& change : record->changes) {
      set_knob(recording.last, change.knob, change.to);
      if (was_set_by_a_person(change)) recording.schedule[record->step] = recording.last;
    }
    auto& tokens = record->prompt_tokens > 0 ? recording.prompt : recording.generated;
    tokens.insert(tokens.end(), record->tokens.begin(), record->tokens.end());
    recording.last_entropy = record->entropy;
  }
  return recording;
}

}  // namespace sketchscope
