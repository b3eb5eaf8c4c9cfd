#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/decode/page_map.hpp"
#include "engine/record/step_record.hpp"
#include "engine/run/live_state.hpp"

namespace sketchscope::test {

/// The shape of a synthetic run.
struct InventedRunOptions {
  int layers = 6;  // L
  int heads = 6;   // H
  int prompt_tokens = 24;
  int positions = 1024;  // T
  int vocabulary = 400;  // V
  settings::Knobs knobs;
  bool twin = true;
  bool audit = true;
  bool device = false;  ///< the records have a GPU's memory
  std::uint64_t seed = 1;
};

/// Synthetic records and states for tests of views and panels. Figures are random walks, but the
/// cache obeys the rules (capacity, sinks, recent window, victim = lowest score), so that views
/// which reconstruct the occupancy can be checked against it.
class InventedRun {
 public:
  explicit InventedRun(InventedRunOptions options = {});

  /// Makes a step: the prompt first, then one token at a time.
  std::shared_ptr<const record::StepRecord> step();
  /// Sets a knob from the next step on.
  void set(std::string_view knob, std::string_view value);

  /// Returns the state after the last step.
  [[nodiscard]] run::LiveState state() const;
  [[nodiscard]] const std::vector<int>& stored(int layer) const;

 private:
  struct Layer {
    std::vector<int> positions;
    std::vector<float> exact;      // by position
    std::vector<float> regret;     // by position
    std::vector<float> estimates;  // by position
    std::vector<float> cells;      // (R, W)
  };

  void apply_changes(record::StepRecord& record);
  void evict(int index, record::EvictionReason reason, record::StepRecord& record);
  void attend(Layer& layer);
  void measure(record::StepRecord& record);
  void invent_attention(const Layer& layer, run::LayerState& now) const;
  [[nodiscard]] std::vector<decode::PoolPages> invent_pages() const;

  InventedRunOptions options_;
  settings::Knobs wanted_;
  std::map<std::string, std::int64_t> applied_at_;
  std::vector<int> tokens_;
  std::vector<Layer> layers_;
  std::vector<trace::StepTracePointer> traces_;
  std::int64_t steps_ = 0;
  core::SplitMix64 random_;
};

}  // namespace sketchscope::test
