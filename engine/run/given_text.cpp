#include "engine/run/given_text.hpp"

#include "engine/schedule/feeding.hpp"

namespace sketchscope::run {

std::optional<std::string> GivenText::end_at(std::size_t fed) const {
  if (tokens == 0 || fed != tokens) return std::nullopt;
  const std::string given = std::to_string(tokens);
  if (!is_cut()) return "all " + given + " tokens of the text were given; play goes on from them";
  return "the first " + given + " of the text's " + std::to_string(whole) +
         " tokens were given, as many as the model has positions";
}

GivenText fit_text(std::vector<int>& tokens, const settings::Knobs& knobs,
                   const model::ModelConfig& config) {
  const std::size_t whole = tokens.size();
  const auto positions = static_cast<std::size_t>(config.positions);
  if (!schedule::may_outgrow_context(knobs, config) && whole > positions) tokens.resize(positions);
  return {.tokens = tokens.size(), .whole = whole};
}

}  // namespace sketchscope::run
