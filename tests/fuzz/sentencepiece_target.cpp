#include "engine/text/sentencepiece_model.hpp"

#include "engine/text/tokenizer_lists.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_sentencepiece(std::string_view input) {
  const auto tokenizer = accepted([&] {
    return text::Tokenizer::from_lists(text::read_sentencepiece_model(input, "tokenizer.model"));
  });
  if (!tokenizer) return false;
  for (const char* text : {"a  bab <s>caf\xC3\xA9", "\xFF a", ""})
    check_tokenizer(*tokenizer, text);
  return true;
}

/// Returns a protobuf field with bytes, at most 127 of them.
std::string protobuf_bytes(int number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

std::string sentencepiece_piece(const std::string& text, int type, const std::string& score) {
  return protobuf_bytes(
      1, protobuf_bytes(1, text) + "\x15" + score + std::string{'\x18', static_cast<char>(type)});
}

std::vector<std::string> sentencepiece_seeds() {
  const std::string low(4, '\0');
  const std::string high("\0\0\x80\xBF", 4);
  std::string pieces = sentencepiece_piece("<unk>", 2, low) + sentencepiece_piece("<s>", 3, low) +
                       sentencepiece_piece("</s>", 3, low);
  for (const char* text : {"a", "b", "ab", "\xE2\x96\x81",
                           "\xE2\x96\x81"
                           "ab"}) {
    pieces += sentencepiece_piece(text, 1, high);
  }
  const std::string trainer = protobuf_bytes(2, "\x18\x02");
  const std::string bytes = sentencepiece_piece("<0x0A>", 6, low);
  return {pieces + trainer, pieces + bytes + trainer + protobuf_bytes(3, "\x20\x01")};
}

}  // namespace

Target sentencepiece_target() {
  return {"sentencepiece", "tokenizer.model of SentencePiece", run_sentencepiece,
          sentencepiece_seeds};
}

}  // namespace sketchscope::fuzz
