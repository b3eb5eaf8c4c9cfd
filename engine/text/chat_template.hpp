#pragma once

#include <string>
#include <string_view>

namespace sketchscope::text {

/// The texts of the special tokens that a chat template may write; empty where a model has none.
struct ChatTokens {
  std::string_view start = {};
  std::string_view end = {};
};

/// Returns a system text (empty: none, so that the template may put in its own) and a user's
/// message as a template in Jinja writes them, up to where the model answers. The result begins
/// with the start token where the template writes it, so it is encoded without another one. Throws
/// Error where there is no template, where it holds what is not understood, and where it raises an
/// exception.
std::string apply_chat_template(std::string_view jinja, const ChatTokens& tokens,
                                std::string_view system, std::string_view user);

/// Returns the text of the special token with which a template ends what one side says; empty where
/// it writes none that is known. `end_token` is the tokenizer's.
std::string_view end_of_turn(std::string_view jinja, std::string_view end_token);

}  // namespace sketchscope::text
