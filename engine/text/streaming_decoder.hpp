#pragma once

#include <string>
#include <vector>

#include "engine/text/tokenizer.hpp"

namespace sketchscope::text {

/// Gives the text of tokens as they come. What it gives in all is what Tokenizer::decode() gives
/// for all of them; a character that lies in several tokens comes whole. Where <0x00> to <0xFF>
/// stand for bytes and the characters before a bad byte have been given, those stay.
class StreamingDecoder {
 public:
  /// The tokenizer must outlive this object.
  explicit StreamingDecoder(const Tokenizer& tokenizer) : tokenizer_(&tokenizer) {}

  /// Returns the text that is complete with this token; possibly none.
  std::string push(int id);
  /// Returns what has been held back, at the end of a text.
  std::string flush();

 private:
  std::string take(std::string whole);

  const Tokenizer* tokenizer_;
  std::vector<int> given_;  ///< the last tokens whose text was given; empty at the start
  std::string given_text_;  ///< what decode() gives for them alone
  std::vector<int> held_;   ///< tokens since
};

}  // namespace sketchscope::text
