#pragma once

#include <span>
#include <string_view>

namespace sketchscope {

/// A sentence template. The field `{P}` is filled by name, `{town}` with a word of the table of
/// that name, and `[a|b]` with one of its alternatives. `{value}` marks what a question about the
/// fact asks for.
using Shape = std::string_view;
using Shapes = std::span<const Shape>;

/// The templates by which one kind of fact is stated, changed, asked for and answered. `P` is its
/// person, `O` its thing. Every template has the key directly before the value, so that an
/// induction head can find the value.
struct FactShapes {
  std::string_view kind;
  std::string_view values;  ///< word table or template that generates a value
  std::string_view things;  ///< word table for O; empty if there is no thing
  Shapes statements;
  Shapes changes;  ///< empty if the fact never changes
  Shapes questions;
  Shapes answers;  ///< answers[i] answers questions[i]
};

std::span<const FactShapes> fact_shapes();

Shapes opening_shapes();    ///< first sentence; fields P, Q
Shapes arrival_shapes();    ///< P joins Q and the others
Shapes filler_shapes();     ///< sentences without facts; P, Q
Shapes dialogue_shapes();   ///< dialogue around {question} and {answer}; Q, R
Shapes refrain_shapes();    ///< lines of verse that recur verbatim
Shapes singing_shapes();    ///< sentence around {refrain}; P, Q
Shapes quotation_shapes();  ///< quotation of an earlier {sentence}; P
Shapes list_shapes();       ///< introduction of a list of names; P, Q
Shapes list_again_shapes();
Shapes ending_shapes();

}  // namespace sketchscope
