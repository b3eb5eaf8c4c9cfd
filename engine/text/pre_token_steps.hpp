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

/// The part to which each match of a pattern goes when a text is cut there, as tokenizer.json names
/// it.
enum class MatchPlace { isolated, removed, merged_with_previous, merged_with_next, contiguous };

/// Returns the step that cuts at the matches of a pattern; with `invert` at what lies between them.
PreTokenStep split_at_pattern(TextPattern pattern, MatchPlace place, bool invert = false);

/// Returns the step that puts a space before a part that begins with none.
PreTokenStep prefix_space_step();

/// Returns the step that writes every byte as its printable character (byte_alphabet.hpp).
PreTokenStep printable_bytes_step();

/// The parts before which Metaspace, a pre-tokenizer that writes spaces as a visible mark, puts a
/// mark.
enum class PrependScheme { never, first, always };

/// Options of metaspace_step().
struct MetaspaceOptions {
  std::string mark = "\xE2\x96\x81";  ///< U+2581, which replaces a space
  PrependScheme prepend = PrependScheme::always;
  bool split = true;  ///< cuts before each mark
};

/// Returns the step that writes spaces as marks.
PreTokenStep metaspace_step(const MetaspaceOptions& options);

/// Runs the steps one after another, from the step `first` on, and passes the parts that the last
/// one makes to `use`.
void run_steps(const std::vector<PreTokenStep>& steps, PreToken part, const PreTokenUse& use,
               std::size_t first = 0);

}  // namespace sketchscope::text
