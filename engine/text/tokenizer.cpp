#include "engine/text/tokenizer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/text/byte_alphabet.hpp"
#include "engine/text/byte_pair_merges.hpp"
#include "engine/text/pre_tokenizer.hpp"
#include "engine/text/tokenizer_files.hpp"

namespace sketchscope {
namespace {

constexpr int kUnknown = -1;

/// Finds special tokens in a text from left to right, the longest one where several begin together.
class SpecialTokenScan {
 public:
  struct Found {
    std::size_t begin = std::string_view::npos;
    std::size_t length = 0;
    int id = kUnknown;
  };

  SpecialTokenScan(const std::vector<std::pair<std::string, int>>& tokens, std::string_view text)
      : tokens_(tokens), text_(text), next_(tokens.size()) {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      next_[i] = text_.find(tokens_[i].first);
    }
  }

  /// Returns the next one that begins at `from` or later; `from` never decreases from call to call.
  Found next(std::size_t from) {
    Found best;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const auto& [token, id] = tokens_[i];
      if (next_[i] < from) {
        next_[i] = text_.find(token, from);
      }
      const bool earlier = next_[i] < best.begin;
      const bool longer = next_[i] == best.begin && token.size() > best.length;
      if (next_[i] != std::string_view::npos && (earlier || longer)) {
        best = {next_[i], token.size(), id};
      }
    }
    return best;
  }

 private:
  const std::vector<std::pair<std::string, int>>& tokens_;
  std::string_view text_;
  std::vector<std::size_t> next_;  // where each token occurs next; npos when no more
};

}  // namespace

struct Tokenizer::State {
  explicit State(TokenizerFiles files)
      : texts(std::move(files.text_of)), special_tokens(std::move(files.special_tokens)) {
    for (std::size_t byte = 0; byte < byte_ids.size(); ++byte) {
      const auto found = files.id_of.find(std::string(1, static_cast<char>(byte)));
      byte_ids[byte] = found == files.id_of.end() ? kUnknown : found->second;
    }
    for (const auto& [left, right] : files.merges) {
      merges.add(id_of_part(files, left), id_of_part(files, right),
                 id_of_part(files, left + right));
    }
  }

  static int id_of_part(const TokenizerFiles& files, const std::string& part) {
    const auto found = files.id_of.find(part);
    if (found == files.id_of.end()) {
      throw Error({.what = "the merges of " + files.source + " do not fit the vocabulary",
                   .found = "'" + printable_from_bytes(part) + "'",
                   .expected = "an entry of the vocabulary",
                   .remedy = "fetch the tokenizer files of one model"});
    }
    return found->second;
  }

  /// Appends the ids of one pre-token.
  void append_word(std::string_view word, std::vector<int>& ids) const {
    std::vector<int> symbols;
    symbols.reserve(word.size());
    for (const char character : word) {
      const auto byte = static_cast<std::uint8_t>(character);
      if (byte_ids[byte] == kUnknown) {
        throw Error({.what = "the text cannot be written with this vocabulary",
                     .found = "byte " + std::to_string(byte),
                     .expected = "bytes that the vocabulary has an entry for",
                     .remedy = "use a complete vocabulary, or give token ids"});
      }
      symbols.push_back(byte_ids[byte]);
    }
    merges.apply(symbols);
    ids.insert(ids.end(), symbols.begin(), symbols.end());
  }

  PreTokenizer pre_tokenizer;
  BytePairMerges merges;
  std::array<int, 256> byte_ids{};
  std::vector<std::string> texts;  // by id
  std::vector<std::pair<std::string, int>> special_tokens;
};

std::optional<Tokenizer> Tokenizer::open(const std::filesystem::path& directory) {
  auto files = read_tokenizer_files(directory);
  if (!files) {
    return std::nullopt;
  }
  return Tokenizer(std::make_unique<State>(std::move(*files)));
}

Tokenizer::Tokenizer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tokenizer Tokenizer::decoding(std::vector<std::string> text_of) {
  TokenizerFiles files{.source = "a saved vocabulary", .text_of = std::move(text_of)};
  for (std::size_t id = 0; id < files.text_of.size(); ++id) {
    files.id_of.emplace(files.text_of[id], static_cast<int>(id));
  }
  return Tokenizer(std::make_unique<State>(std::move(files)));
}

Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

std::vector<int> Tokenizer::encode(std::string_view text) const {
  std::vector<int> ids;
  // Most words of a text are repetitions, whose ids are copied from their first occurrence in
  // `ids`.
  std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>> first_occurrence;
  const auto append = [&](std::string_view word) {
    const auto [seen, is_new] = first_occurrence.try_emplace(word, ids.size(), ids.size());
    auto& [begin, end] = seen->second;
    if (is_new) {
      state_->append_word(word, ids);
      end = ids.size();
    } else {
      for (std::size_t i = begin; i < end; ++i) {
        ids.push_back(ids[i]);
      }
    }
  };

  SpecialTokenScan special(state_->special_tokens, text);
  for (std::size_t begin = 0; begin < text.size();) {
    const SpecialTokenScan::Found next = special.next(begin);
    const std::size_t end = std::min(next.begin, text.size());
    state_->pre_tokenizer.split(text.substr(begin, end - begin), append);
    if (next.id != kUnknown) {
      ids.push_back(next.id);
    }
    begin = end + next.length;
  }
  return ids;
}

std::string Tokenizer::decode(const std::vector<int>& ids) const {
  std::string text;
  for (const int id : ids) {
    const std::string_view bytes = bytes_of(id);
    if (bytes.empty()) {
      throw Error({.what = "a token id has no text",
                   .found = std::to_string(id),
                   .expected = "an id of the vocabulary, 0 to " + std::to_string(size() - 1),
                   .remedy = "use ids of this model's tokenizer"});
    }
    text += bytes;
  }
  return text;
}

std::string_view Tokenizer::bytes_of(int id) const {
  if (id < 0 || id >= size()) {
    return {};
  }
  return state_->texts[static_cast<std::size_t>(id)];
}

int Tokenizer::size() const {
  return static_cast<int>(state_->texts.size());
}

std::optional<int> Tokenizer::end_of_text() const {
  for (const auto& [token, id] : state_->special_tokens) {
    if (token == "<|endoftext|>") {
      return id;
    }
  }
  return std::nullopt;
}

}  // namespace sketchscope
