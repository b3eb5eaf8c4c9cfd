#pragma once

#include <string>
#include <vector>

#include "engine/text/tokenizer.hpp"

namespace sketchscope::text {

/// Decodes tokens one by one as a model generates them. The pieces together are the text that
/// Tokenizer::decode() returns for all tokens, and no piece ends inside a character. Tokenizers
/// with byte fallback (<0x00> to <0xFF>) are an exception: their decode() replaces a whole run of
/// bytes that holds an invalid one, but characters of the run that were returned before cannot be
/// taken back.
class StreamingDecoder {
 public:
  /// The tokenizer must outlive this object.
  explicit StreamingDecoder(const Tokenizer& tokenizer) : tokenizer_(&tokenizer) {}

  /// Returns the text that is complete with this token; possibly none.
  std::string push(int id);
  /// Returns the rest of the text, which was held back, once there are no more tokens.
  std::string flush();

 private:
  std::string take(std::string whole);

  const Tokenizer* tokenizer_;
  std::vector<int> given_;  ///< the last tokens whose text was returned; empty at the start
  std::string given_text_;  ///< their text when decoded alone
  std::vector<int> held_;   ///< tokens whose text has not been returned
};

}  // namespace sketchscope::text
