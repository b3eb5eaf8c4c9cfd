#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "engine/decode/lane.hpp"
#include "engine/schedule/record_builder.hpp"

namespace sketchscope {

/// Steps between keyframes of a watched run, and so the most steps that are replayed to reach a
/// step.
inline constexpr int kKeyframeInterval = 16;

/// The state of a run between two steps. Pages are shared copy-on-write with the run and with other
/// keyframes.
struct Keyframe {
  Lane lane;
  std::optional<Lane> twin;
  Foresight foresight;
  std::optional<int> next_token;
};

/// The keyframes of one run, by number of steps, within a byte budget. If the budget is exceeded,
/// the keyframe with the smallest ratio of neighbour distance to age is dropped, so that the
/// spacing grows with age. The first and the newest keyframe are never dropped.
class Keyframes {
 public:
  explicit Keyframes(std::size_t budget) : budget_(budget) {}

  void keep(std::int64_t steps, Keyframe keyframe);
  /// Drops the keyframes after step `steps`.
  void forget_after(std::int64_t steps);

  [[nodiscard]] bool empty() const { return kept_.empty(); }
  /// Returns the latest keyframe of at most `steps` steps. Throws Error if there is none.
  [[nodiscard]] std::int64_t nearest(std::int64_t steps) const;
  [[nodiscard]] const Keyframe& at(std::int64_t steps) const { return *kept_.at(steps).keyframe; }
  /// One entry of kept(), which is ascending by number of steps.
  struct Kept {
    std::shared_ptr<const Keyframe> keyframe;  ///< shared, so that copying Keyframes is cheap
    std::size_t bytes = 0;                     ///< bytes not shared with the preceding keyframe
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
