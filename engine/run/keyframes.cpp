#include "engine/run/watched_run.hpp"

#include <iterator>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope::run {
namespace {

std::size_t bytes_of(const Keyframe& keyframe, const Keyframe* earlier) {
  const auto twin_of = [](const Keyframe& one) { return one.twin ? &*one.twin : nullptr; };
  const std::size_t numbers = keyframe.foresight.lane.size() + keyframe.foresight.twin.size();
  std::size_t bytes = numbers * sizeof(float);
  bytes += keyframe.lane.bytes_beside(earlier ? &earlier->lane : nullptr);
  if (keyframe.twin) bytes += keyframe.twin->bytes_beside(earlier ? twin_of(*earlier) : nullptr);
  return bytes;
}

}  // namespace

void Keyframes::keep(std::int64_t steps, Keyframe keyframe) {
  if (const auto old = kept_.find(steps); old != kept_.end()) drop(old);
  const auto place =
      kept_.emplace(steps, Kept{std::make_shared<const Keyframe>(std::move(keyframe)), 0}).first;
  measure(place);
  thin(kept_.rbegin()->first);
}

void Keyframes::forget_after(std::int64_t steps) {
  while (!kept_.empty() && kept_.rbegin()->first > steps) drop(std::prev(kept_.end()));
}

std::int64_t Keyframes::nearest(std::int64_t steps) const {
  const auto after = kept_.upper_bound(steps);
  if (after == kept_.begin()) {
    throw core::Error({.what = "no keyframe before step",
                       .found = std::to_string(steps),
                       .expected = kept_.empty() ? "a run that keeps keyframes" : "a later step"});
  }
  return std::prev(after)->first;
}

void Keyframes::thin(std::int64_t newest) {
  while (bytes_ > budget_ && kept_.size() > 2) {
    Place densest = std::next(kept_.begin());
    double least = std::numeric_limits<double>::infinity();
    for (Place place = densest; std::next(place) != kept_.end(); ++place) {
      const auto gap = static_cast<double>(std::next(place)->first - std::prev(place)->first);
      const auto age = static_cast<double>(newest - place->first);
      if (gap / age >= least) continue;
      least = gap / age;
      densest = place;
    }
    drop(densest);
  }
}

void Keyframes::measure(Place place) {
  const Keyframe* earlier =
      place == kept_.begin() ? nullptr : std::prev(place)->second.keyframe.get();
  bytes_ -= place->second.bytes;
  place->second.bytes = bytes_of(*place->second.keyframe, earlier);
  bytes_ += place->second.bytes;
}

void Keyframes::drop(Place place) {
  bytes_ -= place->second.bytes;
  const Place next = kept_.erase(place);
  // Pages shared with the removed keyframe now count as the next one's.
  if (next != kept_.end()) measure(next);
}

}  // namespace sketchscope::run
