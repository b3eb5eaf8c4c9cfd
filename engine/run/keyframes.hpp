#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "engine/decode/lane.hpp"
#include "engine/schedule/record_builder.hpp"

namespace sketchscope {

/// Steps between keyframes of a run that is watched: as many are made again, at most, to stand at
/// any step.
inline constexpr int kKeyframeInterval = 16;

/// A run as it stood between two steps. Pages are shared with the run and with other keyframes
/// until one of them writes.
struct Keyframe {
  Lane lane;
  std::optional<Lane> twin;
  Foresight foresight;
  std::optional<int> next_token;
};

/// Keyframes of one run by the number of steps made, within a budget of bytes. When it is
/// exceeded, keyframes go whose neighbours lie near each other for their age, so that what is long
/// ago is kept in coarser strides. The first and the newest stay.
class Keyframes {
 public:
  explicit Keyframes(std::size_t budget) : budget_(budget) {}

  void keep(std::int64_t steps, Keyframe keyframe);
  /// Forgets those of more than `steps` steps.
  void forget_after(std::int64_t steps);

  [[nodiscard]] bool empty() const { return kept_.empty(); }
  /// The latest of at most `steps` steps. Throws Error where there is none.
  [[nodiscard]] std::int64_t nearest(std::int64_t steps) const;
  [[nodiscard]] const Keyframe& at(std::int64_t steps) const { return *kept_.at(steps).keyframe; }
  /// By the number of steps, ascending.
  struct Kept {
    std::shared_ptr<const Keyframe> keyframe;  ///< a copy of all keyframes shares them
    std::size_t bytes = 0;                     ///< what it holds that the one before it does not
  };
  [[nodiscard]] const std::map<std::int64_t, Kept>& all() const { return kept_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  using Place = std::map<std::int64_t, Kept>::iterator;
  void thin(std::int64_t newest);
  void measure(Place place);
  void drop(Place place);

  std::map<std::int64_t, Kept> kept_;
  std::size_t budget_;
  std::size_t bytes_ = 0;
};

}  // namespace sketchscope
