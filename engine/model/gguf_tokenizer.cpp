#include "engine/model/gguf_tokenizer.hpp"

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/gguf_config.hpp"
#include "engine/text/tokenizer_lists.hpp"

namespace sketchscope::model {
namespace {

using checkpoint::GgufMetadata;
using text::TokenizerLists;

/// Access to the keys `tokenizer.ggml.<name>`.
class TokenizerKeys {
 public:
  explicit TokenizerKeys(const GgufMetadata& metadata) : metadata_(metadata) {}

  [[nodiscard]] bool has(std::string_view name) const { return metadata_.contains(key(name)); }
  [[nodiscard]] std::string text(std::string_view name) const {
    return has(name) ? std::string(metadata_.text(key(name))) : std::string();
  }
  [[nodiscard]] std::optional<bool> boolean(std::string_view name) const {
    return has(name) ? std::optional(metadata_.boolean(key(name))) : std::nullopt;
  }
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const {
    if (!has(name)) return {};
    const auto texts = metadata_.texts(key(name));
    return {texts.begin(), texts.end()};
  }
  template <typename Number>
  [[nodiscard]] std::vector<Number> integers(std::string_view name) const {
    std::vector<Number> numbers;
    if (!has(name)) return numbers;
    for (const std::int64_t number : metadata_.integers(key(name))) {
      if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max()) {
        metadata_.refuse(key(name), "numbers of 32 bits");
      }
      numbers.push_back(static_cast<Number>(number));
    }
    return numbers;
  }
  [[nodiscard]] std::vector<float> scores() const {
    if (!has("scores")) return {};
    const std::vector<double> numbers = metadata_.numbers(key("scores"));
    return {numbers.begin(), numbers.end()};
  }
  [[nodiscard]] std::optional<int> token(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    const auto id = metadata_.integer(key(name), -1, std::numeric_limits<int>::max());
    return id < 0 ? std::nullopt : std::optional(static_cast<int>(id));
  }

 private:
  static std::string key(std::string_view name) { return "tokenizer.ggml." + std::string(name); }

  const GgufMetadata& metadata_;
};

TokenizerLists::Kind kind_of(const std::string& model, const std::string& source) {
  if (model == "gpt2") return TokenizerLists::Kind::gpt2;
  if (model == "llama") return TokenizerLists::Kind::llama;
  throw text::UnsupportedTokenizer("tokenizer.ggml.model", source, "'" + model + "'",
                                   "gpt2 or llama");
}

TokenizerLists lists_of(const checkpoint::GgufFile& file, const TokenizerKeys& keys) {
  const std::vector<char> map = keys.integers<char>("precompiled_charsmap");
  TokenizerLists lists{
      .source = file.source(),
      .kind = kind_of(keys.text("model"), file.source()),
      .pre = keys.text("pre"),
      .tokens = keys.texts("tokens"),
      .scores = keys.scores(),
      .merges = keys.texts("merges"),
      .types = keys.integers<int>("token_type"),
      .start_token = keys.token("bos_token_id"),
      .end_tokens = gguf_end_tokens(file.metadata()),
      .adds_start_token = keys.boolean("add_bos_token"),
      .adds_end_token = keys.boolean("add_eos_token").value_or(false),
      .adds_space_prefix = keys.boolean("add_space_prefix").value_or(true),
      .removes_extra_spaces = keys.boolean("remove_extra_whitespaces").value_or(false),
      .character_map = {map.begin(), map.end()}};
  constexpr const char* kChat = "tokenizer.chat_template";
  if (file.metadata().contains(kChat)) lists.chat_template = file.metadata().text(kChat);
  return lists;
}

}  // namespace

std::optional<text::Tokenizer> read_gguf_tokenizer(const checkpoint::GgufFile& file) {
  const TokenizerKeys keys(file.metadata());
  if (!keys.has("model") || !keys.has("tokens")) return std::nullopt;
  return text::Tokenizer::from_lists(lists_of(file, keys));
}

}  // namespace sketchscope::model
