#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "engine/measure/continuation.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// What `eval` measured of one text.
struct EvaluatedText {
  Knobs knobs;
  Evaluation evaluation;
  std::optional<LikenessMeans> likeness;  ///< of continuations, where they were asked for
  std::optional<Evaluation> oracle;       ///< the bound at the same capacity, likewise

  /// Other knobs on the same chunks, likewise.
  struct Other {
    Knobs knobs;
    Evaluation evaluation;
  };
  std::optional<Other> other;
};

nlohmann::json evaluated_text_json(const EvaluatedText& text);
void print_evaluated_text(std::ostream& stream, const EvaluatedText& text);

}  // namespace sketchscope
