#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/text_pattern.hpp"

namespace sketchscope::text {

/// Rewrites a text, which must be UTF-8 and is never empty, before it is cut into parts.
using NormalizerStep = std::function<std::string(std::string_view)>;

/// The normalization forms of Unicode (annex 15), with the tables of utf8proc (Unicode 15 in Debian
/// 12). Hugging Face's are older: 134 compatibility characters differ, all of them rare.
enum class NormalForm { nfc, nfd, nfkc, nfkd };

/// Returns the step that brings a text to a normalization form.
NormalizerStep normal_form_step(NormalForm form);

/// Returns the step that replaces every occurrence of a text.
NormalizerStep replace_step(std::string from, std::string to);

/// Returns the step that replaces every match of a pattern by one text.
NormalizerStep replace_pattern_step(TextPattern pattern, std::string to);

/// Returns the step that puts a text before another.
NormalizerStep prepend_step(std::string prefix);

/// Returns the step that writes every character in lower case, each by itself.
NormalizerStep lowercase_step();

/// Returns the step that removes combining marks, those newer than Hugging Face's tables too.
NormalizerStep strip_accents_step();

/// Returns the step that removes white space from the ends of a text.
NormalizerStep strip_step(bool left, bool right);

/// Returns the step that removes spaces at both ends and all but one of each run of spaces
/// (SentencePiece's remove_extra_whitespaces).
NormalizerStep single_spaces_step();

/// Returns the step that writes every byte as its printable character (byte_alphabet.hpp).
NormalizerStep printable_step();

/// Runs the steps one after another.
std::string run_steps(const std::vector<NormalizerStep>& steps, std::string_view text);

}  // namespace sketchscope::text
