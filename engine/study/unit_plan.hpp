#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/measure/heads.hpp"
#include "engine/schedule/schedule.hpp"
#include "engine/study/batch_measurement.hpp"
#include "engine/study/material.hpp"

namespace sketchscope::study {

/// One independent part of the material, on which every configuration is measured.
struct Unit {
  enum class Kind : std::uint8_t { chunk, continuation, question };
  Kind kind;
  std::size_t index = 0;  ///< index in its list of the material
};
/// Returns all units of the material, in order.
std::vector<Unit> units_of(const StudyMaterial& material);

/// The measurements of a scored lane while it runs.
struct ScoredLane {
  schedule::RunTotals totals;
  std::vector<record::FieldTotals<record::LayerRecord>> layers;  ///< (L)
  std::optional<schedule::EstimateError> estimates;              ///< means over layers
  std::vector<double> row_loads;                                 ///< sketch_row_loads() at its end
  std::shared_ptr<measure::HeadWatch> heads;                     ///< null if heads are not observed

  void add(const schedule::LaneStep& step);
};

/// The lane requests of one unit for all configurations of a batch. They begin together and share
/// prompt and twin.
class UnitPlan {
 public:
  /// The indices of a configuration's lanes among the requests.
  struct Places {
    std::size_t own = 0;                   ///< the lane that is scored or asked
    std::shared_ptr<ScoredLane> scored;    ///< measurements of `own`; null for a question
    std::optional<std::size_t> drawn;      ///< the lane that generates a continuation
    std::optional<std::size_t> reference;  ///< the full-cache lane
  };

  UnitPlan(const StudyMaterial& material, const model::ModelConfig& config, Unit unit)
      : material_(material), config_(config), unit_(unit) {}

  /// Adds the next configuration.
  void add(const settings::Knobs& knobs);

  [[nodiscard]] Unit unit() const { return unit_; }
  /// Returns the lanes by configuration.
  [[nodiscard]] const std::vector<Places>& places() const { return places_; }
  [[nodiscard]] schedule::LaneGroup take_requests() { return std::move(requests_); }

 private:
  std::size_t push(schedule::LaneRequest request);
  // Returns the index of a full-cache lane whose prompt is fed in the same way, adding it if
  // necessary.
  std::size_t full_cache(const settings::Knobs& knobs, const schedule::Passage& passage);
  Places& add_scored(const settings::Knobs& knobs, const schedule::Passage& passage);
  void add_continuation(const settings::Knobs& knobs, const Continuation& continuation);
  void add_question(const settings::Knobs& knobs, const measure::RecallQuestion& question);

  const StudyMaterial& material_;
  const model::ModelConfig& config_;
  Unit unit_;
  schedule::LaneGroup requests_;
  std::vector<Places> places_;
  std::map<std::string, std::size_t> full_;  // by way of prefill and the tokens that follow
};

}  // namespace sketchscope::study
