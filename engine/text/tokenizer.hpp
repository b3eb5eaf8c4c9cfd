#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// GPT-2's byte-level byte-pair encoding.
class Tokenizer {
 public:
  /// Reads vocab.json and merges.txt (or encoder.json and vocab.bpe, their older names), else
  /// tokenizer.json, of a model directory. Returns nullopt if the directory has none of them;
  /// throws Error on a damaged file.
  static std::optional<Tokenizer> open(const std::filesystem::path& directory);

  /// Makes a tokenizer that has the text of every id but no merges: it decodes, and encodes byte by
  /// byte.
  static Tokenizer decoding(std::vector<std::string> text_of);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  /// Returns the ids of `text`, which may hold any bytes. `<|endoftext|>` in it is the special
  /// token.
  [[nodiscard]] std::vector<int> encode(std::string_view text) const;
  /// Returns the concatenated bytes of `ids`; a single id may be a part of a UTF-8 character.
  /// Throws Error on an unknown id.
  [[nodiscard]] std::string decode(const std::vector<int>& ids) const;
  /// Returns the bytes of one id; empty for an id without text.
  [[nodiscard]] std::string_view bytes_of(int id) const;
  /// Returns the number of ids, the special tokens included.
  [[nodiscard]] int size() const;
  [[nodiscard]] std::optional<int> end_of_text() const;

 private:
  struct State;
  explicit Tokenizer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sketchscope
