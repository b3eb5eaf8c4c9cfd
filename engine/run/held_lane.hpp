#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "engine/decode/session.hpp"

namespace sketchscope::run {

/// A lane that leaves its session with its last holder. A twin may have several: the runs that were
/// fed the same tokens.
class HeldLane {
 public:
  HeldLane(std::shared_ptr<decode::Session> session, decode::LaneId id)
      : session_(std::move(session)), id_(id) {}
  ~HeldLane() { session_->remove(id_); }
  HeldLane(const HeldLane&) = delete;
  HeldLane& operator=(const HeldLane&) = delete;

  [[nodiscard]] decode::LaneId id() const { return id_; }
  [[nodiscard]] const decode::Lane& lane() const { return session_->lane(id_); }
  /// Returns a lane of its own that shares all pages of this one and continues as it would.
  [[nodiscard]] std::shared_ptr<HeldLane> fork() const {
    return std::make_shared<HeldLane>(session_, session_->fork(id_));
  }

 private:
  std::shared_ptr<decode::Session> session_;
  decode::LaneId id_;
};

/// The twin of a run that takes part in a pass, and what its bits follow from.
struct TwinFeed {
  std::shared_ptr<HeldLane>* twin = nullptr;  ///< the run's; never null, but may hold none
  std::size_t first_pass = 0;                 ///< number of tokens that its first pass fed
  std::span<const int> tokens;                ///< that this pass feeds
  bool keeps_attention = false;               ///< for layer_states()
};

/// Lets the runs of a pass whose twins are the same after it hold one twin, and gives each other
/// run one that nobody outside its group holds. Sums depend on neither, so that all results stay
/// the same.
void share_twins(std::span<const TwinFeed> feeds);

}  // namespace sketchscope::run
