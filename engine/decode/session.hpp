#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/decode/lane.hpp"
#include "engine/model/model.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::decode {

class DeviceStep;
struct StepWorkspace;

using LaneId = int;

/// A token for one lane to be fed in a step.
struct LaneInput {
  LaneId lane = 0;
  int token = 0;
};

/// Lanes of one model that advance together: a step is one forward pass, one row a lane, so every
/// weight is read once for all of them. A lane's result depends on neither the other lanes, nor the
/// number of threads, nor on whether its pages are shared.
class Session {
 public:
  Session(std::shared_ptr<const model::Model> model, int threads);
  ~Session();

  LaneId add_lane(LaneOptions options);
  /// Adds a copy of one of the session's lanes, which continues as the original would.
  LaneId adopt(Lane copy);
  /// Adds a lane that shares all pages of `lane` and continues as it would.
  LaneId fork(LaneId lane) { return adopt(this->lane(lane)); }
  void remove(LaneId lane);
  [[nodiscard]] Lane& lane(LaneId lane);
  [[nodiscard]] const Lane& lane(LaneId lane) const;

  /// Puts a lane back to an earlier copy of it.
  void restore(LaneId lane, const Lane& earlier) { this->lane(lane) = earlier; }

  /// Feeds the whole prompt of an empty lane in one pass with full attention, then cuts its tables
  /// to their capacity (docs/cache.md, "Prefill").
  void prefill(LaneId lane, std::span<const int> tokens);
  /// Prefills several empty lanes: the pass runs once, and each lane cuts its tables by
  /// its own knobs.
  void prefill(std::span<const LaneId> lanes, std::span<const int> tokens);
  /// Feeds one token to each lane named, each at most once. Throws Error at the context's end, and
  /// BrokenLogits, as prefill() does, where a logit is no finite number.
  void step(std::span<const LaneInput> inputs);
  /// Allocates all memory that a step needs, so that its pass allocates none; step() calls it
  /// first.
  void prepare(std::span<const LaneInput> inputs);

  /// Lets `recorder`, which is made for threads() threads, note the operations of later passes;
  /// null ends that.
  void trace_to(trace::Recorder* recorder);
  /// Returns the recorder; null if operations are not recorded.
  [[nodiscard]] trace::Recorder* recorder() const { return recorder_; }
  [[nodiscard]] int threads() const { return threads_.threads(); }

  /// Returns the times of the last prefill or step.
  [[nodiscard]] const record::PhaseTimes& times() const { return times_; }
  /// Returns the milliseconds that policy, statistics and sketch of the last step's `row`-th lane
  /// took.
  [[nodiscard]] double policy_ms(std::size_t row) const;
  /// Returns the number of rows of all forward passes so far, which is the session's cost in
  /// tokens.
  [[nodiscard]] std::int64_t tokens_forwarded() const { return tokens_forwarded_; }
  [[nodiscard]] const model::Model& model() const { return *model_; }
  /// Returns the page pools of all lanes, one for each shape and format of a page.
  [[nodiscard]] const cache::PagePools& pools() const { return *pages_; }
  /// Returns the bytes of all slabs of pages, whether a lane uses them or not.
  [[nodiscard]] std::size_t page_bytes_reserved() const { return pages_->bytes_reserved(); }
  [[nodiscard]] std::size_t activation_bytes() const;

 private:
  // Runs the forward pass of the rows that prepare() noted, which fills logits_ and updates the
  // caches of the lanes.
  record::PhaseTimes run_pass();

  std::shared_ptr<const model::Model> model_;
  kernels::ThreadPool threads_;
  std::shared_ptr<cache::PagePools> pages_;
  std::deque<std::optional<Lane>> lanes_;  // each stays where it is while others come
  model::Activations activations_;
  std::unique_ptr<StepWorkspace> workspace_;
  std::vector<Lane*> fed_;                   // lane of each row of a step
  std::vector<model::InputRow> rows_;        // input of each row of a step
  std::vector<float> logits_;                // (B, V)
  std::unique_ptr<DeviceStep> device_step_;  // null where steps run on the processor
  record::PhaseTimes times_;
  trace::Recorder* recorder_ = nullptr;
  std::int64_t tokens_forwarded_ = 0;
};

}  // namespace sketchscope::decode
