#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/text/added_tokens.hpp"
#include "engine/text/byte_pair_model.hpp"
#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::text {

/// Turns a text into ids. Added tokens are found first; the text between them is normalized, cut by
/// the pre-tokenizer and byte-pair encoded.
class Encoder {
 public:
  /// Moves the normalizer and the pre-tokenizer out of `parts`.
  explicit Encoder(TokenizerParts& parts);

  /// Returns the first `most` ids of a text of any bytes. A run of bytes that are no UTF-8 is a
  /// word by itself.
  [[nodiscard]] std::vector<int> encode(const Vocabulary& vocabulary, std::string_view text,
                                        std::size_t most) const;

 private:
  class Words;
  void encode_all(std::string_view text, Words& words) const;
  void encode_normalized(std::string_view text, bool starts_text, Words& words) const;

  BytePairModel model_;
  AddedTokenFinder raw_tokens_;
  AddedTokenFinder normalized_tokens_;
  std::vector<NormalizerStep> normalizer_;
  std::vector<PreTokenStep> pre_tokenizer_;
};

}  // namespace sketchscope::text
