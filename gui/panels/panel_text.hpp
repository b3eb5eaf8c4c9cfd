#pragma once

#include <string_view>

#include "gui/panels/panel.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope {

/// The text styles of panels: words in sans, numbers in mono.
TextStyle label_style(const Theme& theme);                              ///< quiet words
TextStyle small_style(const Theme& theme, Align align = Align::left);   ///< faint, for ticks
TextStyle value_style(const Theme& theme, Align align = Align::right);  ///< numbers
TextStyle small_value_style(const Theme& theme, Align align = Align::right);
/// Returns the style with the point of a text in the middle of its height.
TextStyle in_middle(TextStyle style);

/// Draws the reason and the remedy in place of an empty picture.
void draw_empty_state(PanelContext& context, std::string_view why, std::string_view remedy);

/// Returns the display texts of the model's tokens; ids if it has no tokenizer.
TokenText token_text(const ModelInfo& model);

/// Returns as many leading parts of a text such as "layer 0 · 4 × 256, log scale" as fit. Parts end
/// at " · " or ", ". Empty if the first part does not fit.
std::string fitted_parts(const Canvas& canvas, std::string_view text, const TextStyle& style,
                         float width);

/// Returns the text, shortened with an ellipsis if necessary.
std::string fitted_text(const Canvas& canvas, std::string_view text, const TextStyle& style,
                        float width);

}  // namespace sketchscope
