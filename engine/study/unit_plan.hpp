#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/measure/head_shift.hpp"
#include "engine/schedule/schedule.hpp"
#include "engine/study/configuration_result.hpp"
#include "engine/study/material.hpp"

namespace sketchscope {

/// One thing that every configuration goes through.
struct Unit {
  enum class Kind : std::uint8_t { chunk, continuation, question };
  Kind kind;
  std::size_t index = 0;  ///< in the material
};
/// All of the material, in its order.
std::vector<Unit> units_of(const StudyMaterial& material);

/// What is gathered of a scored lane while it runs.
struct ScoredLane {
  RunTotals totals;
  std::vector<FieldTotals<LayerRecord>> layers;  ///< (L)
  std::optional<EstimateError> estimates;        ///< mean over layers
  std::shared_ptr<HeadWatch> heads;              ///< null where nobody looks at them

  void add(const LaneStep& step);
};

/// The lanes of one unit, which start together: they share a prompt and a twin.
class UnitPlan {
 public:
  /// Where a configuration's lanes are among the requests.
  struct Places {
    std::size_t own = 0;                   ///< scored, or asked
    std::shared_ptr<ScoredLane> scored;    ///< of `own`; null for a question
    std::optional<std::size_t> drawn;      ///< a continuation of its own
    std::optional<std::size_t> reference;  ///< the full cache's
  };

  UnitPlan(const StudyMaterial& material, const ModelConfig& config, Unit unit)
      : material_(material), config_(config), unit_(unit) {}

  /// The next configuration.
  void add(const Knobs& knobs);

  [[nodiscard]] Unit unit() const { return unit_; }
  /// By configuration.
  [[nodiscard]] const std::vector<Places>& places() const { return places_; }
  [[nodiscard]] LaneGroup take_requests() { return std::move(requests_); }

 private:
  std::size_t push(LaneRequest request);
  // A full cache whose prompt came in the same way.
  std::size_t full_cache(const Knobs& knobs, const Passage& passage);
  Places& add_scored(const Knobs& knobs, const Passage& passage);
  void add_continuation(const Knobs& knobs, const Continuation& continuation);
  void add_question(const Knobs& knobs, const RecallQuestion& question);

  const StudyMaterial& material_;
  const ModelConfig& config_;
  Unit unit_;
  LaneGroup requests_;
  std::vector<Places> places_;
  std::map<std::string, std::size_t> full_;  // by the way of the prompt and what follows it
};

}  // namespace sketchscope
