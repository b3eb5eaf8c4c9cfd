#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::text {

struct TokenizerLists;
struct TokenizerParts;

/// Options of Tokenizer::encode().
struct EncodeOptions {
  /// Also the special tokens that the tokenizer's files put before and after every text.
  bool add_special_tokens = false;
  /// No more than the first so many ids; the text behind them is not looked at.
  std::size_t most = std::numeric_limits<std::size_t>::max();
};

/// A byte-pair tokenizer, whose symbols are bytes (GPT-2) or characters (SentencePiece), with the
/// options that tokenizer.json has for either. Ids and texts are those of Hugging Face's
/// tokenizers, but for bytes that are no UTF-8, which stay as they are.
class Tokenizer {
 public:
  /// Reads tokenizer.json of a model directory, else vocab.json and merges.txt (or encoder.json and
  /// vocab.bpe, their older names), else tokenizer.model, and the settings beside them. Returns
  /// nullopt if the directory has none of them; throws UnsupportedTokenizer (tokenizer_parts.hpp)
  /// on a kind or option that cannot be followed, Error on a damaged file.
  static std::optional<Tokenizer> open(const std::filesystem::path& directory);

  /// Makes a tokenizer from the lists of a GGUF file. Throws as open().
  static Tokenizer from_lists(const TokenizerLists& lists);

  /// Makes a tokenizer that has the text of every id but no merges: it decodes, and encodes byte by
  /// byte.
  static Tokenizer decoding(std::vector<std::string> text_of);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  /// Returns the ids of `text`, which may hold any bytes. Special tokens in it are themselves.
  [[nodiscard]] std::vector<int> encode(std::string_view text, EncodeOptions options = {}) const;
  /// Returns the text of `ids`, special tokens included; a single id may be a part of a UTF-8
  /// character. Ids without text, such as those of a padded vocabulary, add nothing.
  [[nodiscard]] std::string decode(const std::vector<int>& ids) const;
  /// Returns the bytes that one id adds to a text which others precede; empty for an id without
  /// text.
  [[nodiscard]] std::string_view bytes_of(int id) const;
  /// Returns the number of ids, the special tokens included.
  [[nodiscard]] int size() const;

  /// Returns whether the tokenizer's files put a start token before every text.
  [[nodiscard]] bool adds_start_token() const;
  /// Returns all tokens that the tokenizer's files put before every text.
  [[nodiscard]] const std::vector<int>& tokens_before_text() const;
  /// Returns the token that starts a text, whether it is added or not.
  [[nodiscard]] std::optional<int> start_token() const;
  /// Returns the tokens that end a text: those of generation_config.json, else of config.json, else
  /// the tokenizer's own, else <|endoftext|>.
  [[nodiscard]] const std::vector<int>& end_tokens() const;
  /// Returns the end token that the tokenizer's own files name, which chat templates write, else
  /// end_of_text().
  [[nodiscard]] std::optional<int> end_token() const;
  /// Returns <|endoftext|>, else the first of end_tokens().
  [[nodiscard]] std::optional<int> end_of_text() const;
  /// Returns the chat template in Jinja (chat_template.hpp); empty if the files have none.
  [[nodiscard]] const std::string& chat_template() const;

 private:
  struct State;
  explicit Tokenizer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sketchscope::text
