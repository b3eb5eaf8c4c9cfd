#pragma once

#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include "engine/core/random.hpp"
#include "engine/corpus/sentence_templates.hpp"

namespace sketchscope {

/// A half-open range of characters.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A sentence made from a template.
struct FilledTemplate {
  std::string text;
  TextSpan value;  ///< place of `{value}`; empty if the template has none
};

using FieldValues = std::map<std::string_view, std::string>;

/// Fills the fields of a sentence template: from `fields`, else with a random word of the table of
/// that name, without repeating a word. The first letter becomes a capital. Throws Error on an
/// unknown field.
FilledTemplate fill_template(SentenceTemplate pattern, const FieldValues& fields,
                             SplitMix64& random);

/// Returns one of `choices`, drawn uniformly.
template <typename Range>
const auto& pick(const Range& choices, SplitMix64& random) {
  return choices[random.below(std::size(choices))];
}

}  // namespace sketchscope
