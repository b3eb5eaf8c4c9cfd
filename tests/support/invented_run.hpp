#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/record/step_record.hpp"
#include "engine/run/live_state.hpp"

namespace sketchscope::test {

/// What an invented run looks like.
struct InventedRunOptions {
  int layers = 6;  // L
  int prompt_tokens = 24;
  int positions = 1024;  // T
  int vocabulary = 400;  // V
  Knobs knobs;
  bool twin = true;
  bool audit = true;
  std::uint64_t seed = 1;
};

/// Records and states for tests of views and panels: numbers from a random walk, but a cache that
/// keeps the rules (capacity, sinks, recent window, victim = lowest score), so that views which
/// rebuild the occupancy can be checked against it.
class InventedRun {
 public:
  explicit InventedRun(InventedRunOptions options = {});

  /// One more step: the prompt first, then a token at a time.
  std::shared_ptr<const StepRecord> step();
  /// Takes effect at the next step.
  void set(std::string_view knob, std::string_view value);

  /// After the last step.
  [[nodiscard]] LiveState state() const;
  [[nodiscard]] const std::vector<int>& stored(int layer) const;

 private:
  struct Layer {
    std::vector<int> positions;
    std::vector<float> exact;      // by position
    std::vector<float> regret;     // by position
    std::vector<float> estimates;  // by position
    std::vector<float> cells;      // (R, W)
  };

  void apply_changes(StepRecord& record);
  void evict(int index, EvictionReason reason, StepRecord& record);
  void attend(Layer& layer);
  void measure(StepRecord& record);
  void invent_attention(const Layer& layer, LayerState& now) const;

  InventedRunOptions options_;
  Knobs wanted_;
  std::map<std::string, std::int64_t> applied_at_;
  std::vector<int> tokens_;
  std::vector<Layer> layers_;
  std::int64_t steps_ = 0;
  SplitMix64 random_;
};

}  // namespace sketchscope::test
