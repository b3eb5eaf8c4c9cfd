#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/files.hpp"
#include "engine/text/streaming_decoder.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::support {

/// Reads a fixture of scripts/make_tokenizer_golden.py: small tokenizers, and what Hugging Face's
/// tokenizers, transformers and SentencePiece make of the same texts with them.
inline nlohmann::json golden_tokenizers(const std::string& name) {
  return nlohmann::json::parse(core::read_text_file(std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) /
                                                    "tests/golden/tokenizers" / name));
}

/// Decodes base64.
inline std::string bytes_of_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char digit : text.substr(0, text.find('='))) {
    bits = bits << 6 | static_cast<unsigned>(kDigits.find(digit));
    count += 6;
    if (count >= 8) bytes.push_back(static_cast<char>(bits >> (count -= 8) & 0xFF));
  }
  return bytes;
}

/// Decodes token by token, and fails where a character is split.
inline std::string streamed(const text::Tokenizer& tokenizer, const std::vector<int>& ids) {
  text::StreamingDecoder decoder(tokenizer);
  std::string text;
  for (const int id : ids) {
    const std::string more = decoder.push(id);
    EXPECT_EQ(text::utf8_unfinished_length(more), 0U) << "a character is split at " << id;
    text += more;
  }
  return text + decoder.flush();
}

}  // namespace sketchscope::support
