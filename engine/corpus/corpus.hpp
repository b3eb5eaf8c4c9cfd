#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus/sentence_templates.hpp"
#include "engine/measure/recall.hpp"
#include "engine/text/tokenizer.hpp"

namespace sketchscope::corpus {

/// The three parts of the corpus. They share no seed, and no combination of person, object and
/// hiding place.
enum class CorpusSplit { train, validation, test };

/// Returns the only split whose tales may let `person` hide `object` at `place`. A hash divides the
/// combinations 8 : 1 : 1.
CorpusSplit split_of_combination(std::string_view person, std::string_view object,
                                 std::string_view place);

/// One statement of a fact in a tale. The right answer to a question is the latest statement before
/// it.
struct Statement {
  std::size_t fact = 0;  ///< index of the fact in its tale
  TextSpan value;
};

/// A value that a question or a list asks for, so that it must be recalled from an earlier
/// statement.
struct AnswerSpan {
  std::size_t fact = 0;
  TextSpan value;
  TextSpan question;          ///< from the question to the value; empty in a list
  std::size_t mentioned = 0;  ///< end of the latest earlier mention
  std::size_t mentions = 0;   ///< statements and answers since it became true
  bool changed_fact = false;  ///< the tale also contains an outdated value
};

/// A generated tale with its statements of facts and the answers that must be recalled.
struct Tale {
  std::string text;  ///< ASCII, one or more paragraphs
  std::vector<Statement> statements;
  std::vector<AnswerSpan> answers;
};

/// The inputs that determine a tale.
struct TaleOptions {
  CorpusSplit split = CorpusSplit::train;
  std::uint64_t seed = 0;         ///< seed and split determine the whole text
  std::size_t characters = 1000;  ///< the tale ends with the sentence that exceeds it
};

/// Generates the tale that the options determine, the same one each time.
Tale make_tale(const TaleOptions& options);

/// Returns at least `tokens` tokens of consecutive tales of the test split, which the embedded
/// model was not trained on. A tale ends with the sentence that exceeds `characters` characters.
std::vector<int> tale_tokens(const text::Tokenizer& tokenizer, std::size_t tokens,
                             std::size_t characters);

/// Options of make_recall_items().
struct RecallItemOptions {
  int items = 150;         ///< divided among the distances; a third ask a changed fact
  std::uint64_t seed = 1;  ///< seed of the tales of the test split
  int context = 1024;      ///< upper limit of positions per item
};

/// Makes recall questions from tales of the test split, one per tale. Neither their seeds nor their
/// combinations of person, object and place occur in training. A distance gets fewer questions if
/// not enough are found for it.
std::vector<measure::RecallQuestion> make_recall_items(const text::Tokenizer& tokenizer,
                                                       const RecallItemOptions& options);

}  // namespace sketchscope::corpus
