#pragma once

#include <span>
#include <string_view>

namespace sketchscope {

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

std::span<const FactTemplates> fact_templates();

SentenceTemplates opening_templates();    ///< first sentence; fields P, Q
SentenceTemplates arrival_templates();    ///< P joins Q and the others
SentenceTemplates filler_templates();     ///< sentences without facts; P, Q
SentenceTemplates dialogue_templates();   ///< dialogue around {question} and {answer}; Q, R
SentenceTemplates refrain_templates();    ///< lines of verse that recur verbatim
SentenceTemplates singing_templates();    ///< sentence around {refrain}; P, Q
SentenceTemplates quotation_templates();  ///< quotation of an earlier {sentence}; P
SentenceTemplates list_templates();       ///< introduction of a list of names; P, Q
SentenceTemplates list_again_templates();
SentenceTemplates ending_templates();

}  // namespace sketchscope
