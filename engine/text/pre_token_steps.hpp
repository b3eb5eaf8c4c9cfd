#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/text_pattern.hpp"

namespace sketchscope::text {

/// A part of a text on its way to the merges, which never cross from one part to the next.
struct PreToken {
  std::string_view text;
  bool starts_text = false;  ///< it begins where the whole text begins
};

using PreTokenUse = std::function<void(PreToken)>;

/// Cuts a part, which is never empty, into parts and hands them on in order.
using PreTokenStep = std::function<void(PreToken, const PreTokenUse&)>;

/// What becomes of the matches of a pattern at which a text is cut.
enum class MatchPlace { isolated, removed, merged_with_previous, merged_with_next, contiguous };

/// Returns the step that cuts at the matches of a pattern; with `invert` at what lies between them.
PreTokenStep split_at_pattern(TextPattern pattern, MatchPlace place, bool invert = false);

/// Returns the step that puts a space before a part that begins with none.
PreTokenStep prefix_space_step();

/// Returns the step that writes every byte as its printable character (byte_alphabet.hpp).
PreTokenStep printable_bytes_step();

/// When Metaspace puts its mark before a part.
enum class PrependScheme { never, first, always };

/// Options of metaspace_step().
struct MetaspaceOptions {
  std::string mark = "\xE2\x96\x81";  ///< stands for a space
  PrependScheme prepend = PrependScheme::always;
  bool split = true;  ///< cut before each mark
};

/// Returns the step that writes spaces as marks.
PreTokenStep metaspace_step(const MetaspaceOptions& options);

/// Runs the steps one after another, from the step `first` on, and hands what the last one gives to
/// `use`.
void run_steps(const std::vector<PreTokenStep>& steps, PreToken part, const PreTokenUse& use,
               std::size_t first = 0);

}  // namespace sketchscope::text
