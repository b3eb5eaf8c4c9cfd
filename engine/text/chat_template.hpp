#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::text {

/// The layout of special tokens and texts by which a model was trained to tell a user's message
/// from its own answer.
struct ChatTemplate {
  enum class Family { chatml, llama3, mistral, zephyr };

  Family family = Family::chatml;
  std::string start_token = {};     ///< text of the first token; empty if the template has none
  std::string end_token = {};       ///< text of the end token (mistral, zephyr)
  std::string default_system = {};  ///< used if no system text is given
  bool trims = false;               ///< texts lose the blanks at their ends
  bool dated = false;             ///< llama3: the system text begins with two dates (3.1 and later)
  bool space_before_user = true;  ///< mistral: "[INST] text" rather than "[INST]text"
  bool space_after_user = true;   ///< mistral: "text [/INST]" rather than "text[/INST]"

  friend bool operator==(const ChatTemplate&, const ChatTemplate&) = default;
};

/// Returns the names of the known families, as a list for messages.
std::string known_chat_families();

/// Recognises a template in Jinja by the marks that it writes. Throws Error on an empty or unknown
/// one, with how to give the text as the model expects it.
ChatTemplate recognise_chat_template(std::string_view jinja, std::string_view start_token,
                                     std::string_view end_token);

/// Returns the same, and nullopt where the template is empty or not known.
std::optional<ChatTemplate> find_chat_template(std::string_view jinja, std::string_view start_token,
                                               std::string_view end_token);

/// Returns the text of the special token with which a template ends what one side says.
std::string end_of_turn(const ChatTemplate& chat);

/// Returns a system text (empty: the template's own, if it has one) and a user's message with the
/// special tokens around them, up to where the model answers. The result begins with the start
/// token where the template writes it, so it is encoded without another one.
std::string apply_chat(const ChatTemplate& chat, std::string_view system, std::string_view user);

}  // namespace sketchscope::text
