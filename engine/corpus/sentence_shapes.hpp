#pragma once

#include <span>
#include <string_view>

namespace sketchscope {

/// A sentence with slots: `{P}` is filled by name, `{town}` from the word table of that name, and
/// `[a|b]` is one of its alternatives. `{value}` is what a question about the fact asks for.
using Shape = std::string_view;
using Shapes = std::span<const Shape>;

/// How one kind of fact is told, changed, asked for and answered. `P` is its person, `O` its thing;
/// every shape says the key directly before the value, so that one look back finds it.
struct FactShapes {
  std::string_view kind;
  std::string_view values;  ///< word table, or a shape, that makes a value
  std::string_view things;  ///< word table that fills O; empty when the kind has no thing
  Shapes statements;
  Shapes changes;  ///< empty: the fact never changes
  Shapes questions;
  Shapes answers;  ///< answers[i] answers questions[i]
};

std::span<const FactShapes> fact_shapes();

Shapes opening_shapes();    ///< first sentence; P, Q
Shapes arrival_shapes();    ///< P joins Q and the others
Shapes filler_shapes();     ///< sentences that state no fact; P, Q
Shapes dialogue_shapes();   ///< around a question and its answer: {question}, {answer}, Q, R
Shapes refrain_shapes();    ///< lines of verse, told again word for word
Shapes singing_shapes();    ///< around {refrain}; P, Q
Shapes quotation_shapes();  ///< around an earlier {sentence}; P
Shapes list_shapes();       ///< before the list of names is read; P, Q
Shapes list_again_shapes();
Shapes ending_shapes();

}  // namespace sketchscope
