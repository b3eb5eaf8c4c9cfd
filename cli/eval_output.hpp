#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "engine/measure/continuation.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// The results of `eval` for one text.
struct EvaluatedText {
  Knobs knobs;
  Evaluation evaluation;
  std::optional<LikenessMeans> likeness;  ///< agreement of continuations, if requested
  std::optional<Evaluation> oracle;       ///< the oracle's bound at equal capacity, if requested

  /// Other knobs on the same chunks, if requested.
  struct Other {
    Knobs knobs;
    Evaluation evaluation;
  };
  std::optional<Other> other;
};

nlohmann::json evaluated_text_json(const EvaluatedText& text);
void print_evaluated_text(std::ostream& stream, const EvaluatedText& text);

}  // namespace sketchscope
