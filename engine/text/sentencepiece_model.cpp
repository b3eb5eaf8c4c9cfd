#include "engine/text/sentencepiece_model.hpp"

#include <array>

#include "engine/text/protobuf_fields.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

// The numbers of fields are those of sentencepiece_model.proto.

/// The settings of a model file other than its pieces.
struct SentencePieceSettings {
  std::uint64_t model_type = 1;
  bool whitespace_as_suffix = false;
  bool escapes_whitespace = true;
  std::int32_t start = 1;
  std::int32_t end = 2;
};

constexpr std::array<std::string_view, 5> kModelTypes = {"0", "unigram", "bpe", "word", "char"};
constexpr std::uint64_t kBytePairs = 2;

void read_piece(std::string_view message, TokenizerLists& lists) {
  std::string text;
  float score = 0;
  int type = TokenizerLists::normal;
  ProtobufFields fields(message, lists.source);
  while (const auto field = fields.next()) {
    if (field->number == 1) text = field->bytes;
    if (field->number == 2) score = field->as_float();
    if (field->number == 3) type = static_cast<int>(field->value & 0xFF);
  }
  lists.tokens.push_back(text);
  lists.scores.push_back(score);
  lists.types.push_back(type);
}

void read_trainer(std::string_view message, const std::string& source,
                  SentencePieceSettings& settings) {
  ProtobufFields fields(message, source);
  while (const auto field = fields.next()) {
    if (field->number == 3) settings.model_type = field->value;
    if (field->number == 24) settings.whitespace_as_suffix = field->value != 0;
    if (field->number == 41) settings.start = static_cast<std::int32_t>(field->value);
    if (field->number == 42) settings.end = static_cast<std::int32_t>(field->value);
  }
}

void read_normalizer(std::string_view message, TokenizerLists& lists,
                     SentencePieceSettings& settings) {
  ProtobufFields fields(message, lists.source);
  while (const auto field = fields.next()) {
    if (field->number == 2) lists.character_map = field->bytes;
    if (field->number == 3) lists.adds_space_prefix = field->value != 0;
    if (field->number == 4) lists.removes_extra_spaces = field->value != 0;
    if (field->number == 5) settings.escapes_whitespace = field->value != 0;
  }
}

void require_supported(const SentencePieceSettings& settings, const std::string& source) {
  if (settings.model_type != kBytePairs) {
    const bool named = settings.model_type < kModelTypes.size();
    throw UnsupportedTokenizer(
        "trainer_spec.model_type", source,
        named ? std::string(kModelTypes[static_cast<std::size_t>(settings.model_type)])
              : std::to_string(settings.model_type),
        "bpe");
  }
  if (settings.whitespace_as_suffix) {
    throw UnsupportedTokenizer("trainer_spec.treat_whitespace_as_suffix", source, "true", "false");
  }
  if (!settings.escapes_whitespace) {
    throw UnsupportedTokenizer("normalizer_spec.escape_whitespaces", source, "false", "true");
  }
}

/// Throws UnsupportedTokenizer on lines of base64 and ranks, which Llama 3 has under the same name.
void refuse_tiktoken(std::string_view bytes, const std::string& source) {
  const std::string_view line = bytes.substr(0, bytes.substr(0, 200).find('\n'));
  const std::size_t space = line.find(' ');
  const bool ranks = space != std::string_view::npos && space > 0 && space + 1 < line.size() &&
                     line.find_first_not_of("0123456789", space + 1) == std::string_view::npos;
  if (!ranks) return;
  throw UnsupportedTokenizer("format", source, "tiktoken ranks",
                             "a SentencePiece model, or tokenizer.json beside it");
}

}  // namespace

TokenizerLists read_sentencepiece_model(std::string_view bytes, const std::string& source) {
  refuse_tiktoken(bytes, source);
  TokenizerLists lists;
  lists.source = source;
  lists.kind = TokenizerLists::Kind::llama;
  lists.removes_extra_spaces = true;  // the format's default, as are those of the settings
  SentencePieceSettings settings;
  ProtobufFields fields(bytes, source);
  while (const auto field = fields.next()) {
    if (field->number == 1) read_piece(field->bytes, lists);
    if (field->number == 2) read_trainer(field->bytes, source, settings);
    if (field->number == 3) read_normalizer(field->bytes, lists, settings);
  }
  require_supported(settings, source);
  if (settings.start >= 0) lists.start_token = settings.start;
  if (settings.end >= 0) lists.end_tokens = {settings.end};
  return lists;
}

}  // namespace sketchscope::text
