#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::text {

/// A step from the entries of tokens to their text.
struct DecoderStep {
  /// Rewrites the entries of a whole sequence of tokens.
  std::function<std::vector<std::string>(std::vector<std::string>)> of_sequence;
  /// Rewrites the entry of one token that stands inside a text.
  std::function<std::string(std::string)> of_token;
};

/// Returns the step that turns printable characters into the bytes they stand for.
DecoderStep printable_decoder();

/// Returns the step that turns entries <0x00> to <0xFF> into bytes; a run of them that is no UTF-8
/// becomes one U+FFFD for each.
DecoderStep byte_fallback_decoder();

/// Returns the step that joins all entries to one.
DecoderStep fuse_decoder();

/// Returns the step that replaces a text in every entry.
DecoderStep replace_decoder(std::string from, std::string to);

/// Returns the step that removes up to `start` and `stop` times a character from the ends of every
/// entry.
DecoderStep strip_decoder(std::string character, int start, int stop);

/// Returns the step that turns marks into spaces; with `drops_first` those of the first token
/// vanish.
DecoderStep metaspace_decoder(std::string mark, bool drops_first);

/// Returns the step that turns a suffix into a space, at the last token into nothing.
DecoderStep suffix_decoder(std::string suffix);

/// Returns the step for a tokenizer without a decoder: a space between tokens.
DecoderStep spaced_decoder();

/// Returns the text of a sequence of entries.
std::string decode_sequence(const std::vector<DecoderStep>& steps,
                            std::vector<std::string> entries);

/// Returns the bytes that an entry's token adds to a text when other tokens precede it. They may be
/// a part of a UTF-8 character.
std::string decode_token(const std::vector<DecoderStep>& steps, std::string entry);

}  // namespace sketchscope::text
