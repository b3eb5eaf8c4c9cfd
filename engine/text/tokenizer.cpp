#include "engine/text/tokenizer.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/byte_alphabet.hpp"
#include "engine/text/encoder.hpp"
#include "engine/text/tokenizer_files.hpp"
#include "engine/text/tokenizer_lists.hpp"

namespace sketchscope::text {
namespace {

constexpr std::string_view kEndOfTextToken = "<|endoftext|>";

/// Returns the entries by id, those of added tokens in place of the vocabulary's.
std::vector<std::string> entries_of(const TokenizerParts& parts) {
  std::vector<std::string> entries;
  for (int id = 0; id < parts.vocabulary.size(); ++id)
    entries.push_back(parts.vocabulary.entry(id));
  for (const AddedToken& token : parts.added_tokens) {
    const auto index = static_cast<std::size_t>(token.id);
    const std::size_t known = entries.size() + parts.added_tokens.size();
    if (index > Vocabulary::largest_id(known)) {
      throw core::Error({.what = "the id of '" + token.text + "' in " + parts.source,
                         .found = std::to_string(token.id),
                         .expected = "at most " + std::to_string(Vocabulary::largest_id(known)),
                         .remedy = "fetch the tokenizer files again"});
    }
    if (entries.size() <= index) entries.resize(index + 1);
    entries[index] = token.text;
  }
  return entries;
}

}  // namespace

struct Tokenizer::State {
  explicit State(TokenizerParts whole)
      : parts(std::move(whole)), encoder(parts), entries(entries_of(parts)) {
    for (const std::string& entry : entries) {
      texts.push_back(entry.empty() ? entry : decode_token(parts.decoder, entry));
    }
    for (const AddedToken& token : parts.added_tokens) {
      if (token.text == kEndOfTextToken) end_of_text = token.id;
    }
    for (const std::vector<int>* around : {&parts.before_text, &parts.after_text}) {
      for (const int id : *around) require_token(id);
    }
    if (parts.end_tokens.empty() && end_of_text) parts.end_tokens = {*end_of_text};
    if (!end_of_text && !parts.end_tokens.empty()) end_of_text = parts.end_tokens.front();
  }

  /// Throws Error on the id of a token around every text that the tokenizer does not have.
  void require_token(int id) const {
    if (id >= 0 && static_cast<std::size_t>(id) < entries.size()) return;
    throw core::Error({.what = "the tokens that " + parts.source + " puts around a text",
                       .found = "id " + std::to_string(id),
                       .expected = "an id below " + std::to_string(entries.size()),
                       .remedy = "fetch the tokenizer files again"});
  }

  TokenizerParts parts;  // The steps are missing, since the encoder owns them.
  Encoder encoder;
  std::vector<std::string> entries;  // by id, as the files write them; empty for unused ids
  std::vector<std::string> texts;    // by id, inside a text
  std::optional<int> end_of_text;
};

std::optional<Tokenizer> Tokenizer::open(const std::filesystem::path& directory) {
  auto parts = read_tokenizer_files(directory);
  if (!parts) return std::nullopt;
  return Tokenizer(std::make_unique<State>(std::move(*parts)));
}

Tokenizer Tokenizer::from_lists(const TokenizerLists& lists) {
  return Tokenizer(std::make_unique<State>(parts_of_lists(lists)));
}

Tokenizer Tokenizer::decoding(std::vector<std::string> text_of) {
  TokenizerLists lists{.source = "a saved vocabulary", .pre = "gpt-2"};
  for (const std::string& text : text_of) lists.tokens.push_back(printable_from_bytes(text));
  return from_lists(lists);
}

Tokenizer::Tokenizer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

std::vector<int> Tokenizer::encode(std::string_view text, EncodeOptions options) const {
  std::vector<int> ids = state_->encoder.encode(state_->parts.vocabulary, text, options.most);
  if (options.add_special_tokens) {
    const auto& before = state_->parts.before_text;
    const auto& after = state_->parts.after_text;
    ids.insert(ids.begin(), before.begin(), before.end());
    ids.insert(ids.end(), after.begin(), after.end());
    ids.resize(std::min(ids.size(), options.most));
  }
  return ids;
}

std::string Tokenizer::decode(const std::vector<int>& ids) const {
  std::vector<std::string> entries;
  for (const int id : ids) {
    const bool known = id >= 0 && id < size();
    const auto index = static_cast<std::size_t>(id);
    if (known && !state_->entries[index].empty()) entries.push_back(state_->entries[index]);
  }
  return decode_sequence(state_->parts.decoder, std::move(entries));
}

std::string_view Tokenizer::bytes_of(int id) const {
  if (id < 0 || id >= size()) return {};
  return state_->texts[static_cast<std::size_t>(id)];
}

int Tokenizer::size() const {
  return static_cast<int>(state_->entries.size());
}

bool Tokenizer::adds_start_token() const {
  return !state_->parts.before_text.empty();
}

const std::vector<int>& Tokenizer::tokens_before_text() const {
  return state_->parts.before_text;
}

std::optional<int> Tokenizer::start_token() const {
  return state_->parts.start_token;
}

const std::vector<int>& Tokenizer::end_tokens() const {
  return state_->parts.end_tokens;
}

std::optional<int> Tokenizer::end_token() const {
  return state_->parts.end_token ? state_->parts.end_token : state_->end_of_text;
}

std::optional<int> Tokenizer::end_of_text() const {
  return state_->end_of_text;
}

const std::string& Tokenizer::chat_template() const {
  return state_->parts.chat_template;
}

}  // namespace sketchscope::text
