#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus/shape_filler.hpp"

namespace sketchscope {

/// The three parts of the corpus. They share no seed, and no combination of person, object and
/// hiding place.
enum class CorpusSplit { train, validation, test };

/// The part that a tale may hide `object` at `place` by `person` in (8 : 1 : 1 by a hash).
CorpusSplit split_of_combination(std::string_view person, std::string_view object,
                                 std::string_view place);

/// A fact as the tale tells it: the latest telling before a question is what the answer must be.
struct Telling {
  std::size_t fact = 0;  ///< number of the fact within its tale
  TextSpan value;
};

/// A value that must be looked up further back, because a question or a list asks for it again.
struct AnswerSpan {
  std::size_t fact = 0;
  TextSpan value;
  TextSpan question;          ///< from the question's sentence to the value; empty in a list
  std::size_t mentioned = 0;  ///< where the latest earlier mention of the value ends
  std::size_t mentions = 0;   ///< how often it was told or answered since it became true
  bool changed_fact = false;  ///< an older value stands further back
};

struct Tale {
  std::string text;  ///< ASCII, one or several paragraphs
  std::vector<Telling> tellings;
  std::vector<AnswerSpan> answers;
};

struct TaleOptions {
  CorpusSplit split = CorpusSplit::train;
  std::uint64_t seed = 0;         ///< together with the split it fixes every character
  std::size_t characters = 1000;  ///< the tale ends with the first sentence beyond
};

Tale make_tale(const TaleOptions& options);

}  // namespace sketchscope
