#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/tokenizer_class.hpp"
#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::text {

/// The settings of a tokenizer in the other files of a model directory: tokenizer_config.json,
/// special_tokens_map.json, added_tokens.json, generation_config.json, config.json and the chat
/// template. All of these files are optional.
class TokenizerSettings {
 public:
  /// Throws Error on a damaged file, UnsupportedTokenizer on an option that would change ids and
  /// cannot be followed.
  explicit TokenizerSettings(const std::filesystem::path& directory);

  /// Returns tokenizer_class of tokenizer_config.json, else of config.json, without the "Fast" at
  /// its end; empty if it is absent from both.
  [[nodiscard]] std::string named_class() const;
  /// Returns the class that is named, else that of the model's family; null where it is not known.
  [[nodiscard]] const TokenizerClass* tokenizer_class() const;
  /// Returns an option of tokenizer_config.json; nullopt where it is absent or null.
  [[nodiscard]] std::optional<bool> option(const char* name) const;
  /// Returns an option; `otherwise` where it is absent, nullopt where it is null.
  [[nodiscard]] std::optional<bool> option_or(const char* name,
                                              std::optional<bool> otherwise) const;

  /// Adds the tokens, roles and the template to what the vocabulary's own file says.
  void apply(TokenizerParts& parts) const;

  /// Puts around every text what the tokenizer's class puts there in place of the template of
  /// tokenizer.json, after apply(). The template stays where the class has no such rule, or a start
  /// token that the tokenizer lacks.
  void follow_class(TokenizerParts& parts) const;

 private:
  [[nodiscard]] nlohmann::json role(const char* name) const;
  void add_listed_tokens(TokenizerParts& parts) const;
  void add_tokens_by_id(TokenizerParts& parts) const;
  void add_special_token(const nlohmann::json& token, TokenizerParts& parts) const;
  void add_roles(TokenizerParts& parts) const;
  void follow_start_and_end(TokenizerParts& parts) const;
  [[nodiscard]] std::string role_text(const char* name, std::string_view otherwise) const;
  [[nodiscard]] std::optional<int> role_id(const char* name, const TokenizerParts& parts) const;

  std::string source_;
  nlohmann::json config_;
  nlohmann::json special_tokens_;
  nlohmann::json added_tokens_;
  std::vector<nlohmann::json> extra_tokens_;
  nlohmann::json generation_;
  nlohmann::json model_;
  std::string chat_template_;
};

}  // namespace sketchscope::text
