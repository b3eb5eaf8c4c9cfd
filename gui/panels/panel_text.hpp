#pragma once

#include <string_view>

#include "gui/panels/panel.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope::panels {

/// The text styles of panels: words in sans, numbers in mono.
plot::TextStyle label_style(const plot::Theme& theme);  ///< quiet words
plot::TextStyle small_style(const plot::Theme& theme,
                            plot::Align align = plot::Align::left);  ///< faint, for ticks
plot::TextStyle value_style(const plot::Theme& theme,
                            plot::Align align = plot::Align::right);  ///< numbers
plot::TextStyle small_value_style(const plot::Theme& theme, plot::Align align = plot::Align::right);
/// Returns the style with the point of a text in the middle of its height.
plot::TextStyle in_middle(plot::TextStyle style);

/// Draws the reason and the remedy in place of an empty picture.
void draw_empty_state(PanelContext& context, std::string_view why, std::string_view remedy);

/// Draws the reason and the remedy in place of a picture that the run has not come to, or does not
/// measure. A run that was read from a file makes no step, so there the remedy is another.
void draw_not_there(PanelContext& context, std::string_view why, std::string_view remedy);

/// Returns the display texts of the model's tokens; ids if it has no tokenizer.
view::TokenText token_text(const run::ModelInfo& model);

/// Returns as many leading parts of a text such as "layer 0 · 4 × 256, log scale" as fit. Parts end
/// at " · " or ", ". Empty if the first part does not fit.
std::string fitted_parts(const plot::Canvas& canvas, std::string_view text,
                         const plot::TextStyle& style, float width);

/// Returns the text, shortened with an ellipsis if necessary.
std::string fitted_text(const plot::Canvas& canvas, std::string_view text,
                        const plot::TextStyle& style, float width);

}  // namespace sketchscope::panels
