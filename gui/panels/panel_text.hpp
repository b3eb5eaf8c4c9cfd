#pragma once

#include <string_view>

#include "gui/panels/panel.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope {

/// The styles of words and numbers in panels: words in sans, numbers in mono.
TextStyle label_style(const Theme& theme);  ///< quiet words
TextStyle small_style(const Theme& theme);  ///< faint, for ticks and hints
TextStyle value_style(const Theme& theme, Align align = Align::right);  ///< numbers
TextStyle small_value_style(const Theme& theme, Align align = Align::right);

/// In place of a picture that has nothing to show: why, and what to do about it.
void draw_empty_state(PanelContext& context, std::string_view why, std::string_view remedy);

/// How tokens of this model look; ids where it has no tokenizer.
TokenText token_text(const ModelInfo& model);

/// As many whole parts of "layer 0 · 4 × 256, log scale" as fit, from the first on; parts end at
/// " · " or ", ". Empty where not even the first fits.
std::string fitted_parts(const Canvas& canvas, std::string_view text, const TextStyle& style,
                         float width);

/// The text, shortened with an ellipsis until it fits.
std::string fitted_text(const Canvas& canvas, std::string_view text, const TextStyle& style,
                        float width);

}  // namespace sketchscope
