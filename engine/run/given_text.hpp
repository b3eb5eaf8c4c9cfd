#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/model_config.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::run {

/// How much of a text a run is given token by token, instead of drawing its own.
struct GivenText {
  std::size_t tokens = 0;  ///< given to the run; 0 if it draws its own
  std::size_t whole = 0;   ///< tokens of the whole text, also if only its beginning is given

  /// Returns whether only the beginning of the text is given.
  [[nodiscard]] bool is_cut() const { return whole > tokens; }
  /// Returns a message that the text has ended if exactly its last token was just fed, `fed` being
  /// the tokens fed so far; empty otherwise.
  [[nodiscard]] std::optional<std::string> end_at(std::size_t fed) const;
};

/// Cuts the tokens of a text in place to as many as the model has positions, unless a run under
/// these knobs may outgrow them (schedule::may_outgrow_context). Returns what is left.
GivenText fit_text(std::vector<int>& tokens, const settings::Knobs& knobs,
                   const model::ModelConfig& config);

}  // namespace sketchscope::run
