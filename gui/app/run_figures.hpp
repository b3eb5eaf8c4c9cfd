#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/model/model_config.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::app {

/// A figure of the run in the run bar.
struct RunFigure {
  int rank = 0;       ///< figures of higher rank are left out first where space is short
  std::string label;  ///< may be empty
  std::string value;
  plot::Color color;
  std::string help;
};

/// Returns the figures from left to right. Perplexity is among them only for tokens that were
/// given: a lane finds the tokens likely that it drew, however broken they are. `text_tokens` is
/// the length of the text that is being given; 0 if none is.
std::vector<RunFigure> run_figures(const view::History& history, const model::ModelConfig& config,
                                   const plot::Theme& theme, std::size_t text_tokens = 0);

}  // namespace sketchscope::app
