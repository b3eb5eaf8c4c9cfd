#pragma once

#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/random.hpp"

namespace sketchscope::corpus {

/// Returns the words of one table ("town", "object", …), from which a template field of that name
/// is filled. Throws Error if there is no such table.
std::span<const std::string_view> word_table(std::string_view name);

/// Returns the names of all tables.
std::span<const std::string_view> word_table_names();

/// A sentence template. The field `{P}` is filled by name, `{town}` with a word of the table of
/// that name, and `[a|b]` with one of its alternatives. `{value}` marks what a question about the
/// fact asks for.
using SentenceTemplate = std::string_view;
using SentenceTemplates = std::span<const SentenceTemplate>;

/// The templates by which one kind of fact is stated, changed, asked for and answered. `P` is its
/// person, `O` its thing. Every template has the key directly before the value, so that an
/// induction head can find the value.
struct FactTemplates {
  std::string_view kind;
  std::string_view values;  ///< word table or template that generates a value
  std::string_view things;  ///< word table for O; empty if there is no thing
  SentenceTemplates statements;
  SentenceTemplates changes;  ///< empty if the fact never changes
  SentenceTemplates questions;
  SentenceTemplates answers;  ///< answers[i] answers questions[i]
};

/// Returns the templates of all kinds of facts.
std::span<const FactTemplates> fact_templates();

/// The templates of sentences that state no fact, and the names that fill them.
struct StoryTemplates {
  SentenceTemplates openings;    ///< first sentence; P, Q
  SentenceTemplates arrivals;    ///< P joins Q and the others
  SentenceTemplates fillers;     ///< P, Q
  SentenceTemplates dialogues;   ///< dialogue around {question} and {answer}; Q, R
  SentenceTemplates refrains;    ///< lines of verse that recur verbatim
  SentenceTemplates singing;     ///< sentence around {refrain}; P, Q
  SentenceTemplates quotations;  ///< quotation of an earlier {sentence}; P
  SentenceTemplates lists;       ///< introduction of a list of names; P, Q
  SentenceTemplates lists_again;
  SentenceTemplates endings;
};
const StoryTemplates& story_templates();

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
                             core::SplitMix64& random);

/// Returns one of `choices`, drawn uniformly.
template <typename Range>
const auto& pick(const Range& choices, core::SplitMix64& random) {
  return choices[random.below(std::size(choices))];
}

}  // namespace sketchscope::corpus
