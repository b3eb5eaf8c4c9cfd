#include "engine/text/chat_template.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/text/text_replace.hpp"

namespace sketchscope::text {
namespace {

/// The family whose templates write all of some marks and none of others.
struct ChatMarks {
  ChatTemplate::Family family;
  std::string_view name;
  std::array<std::string_view, 2> present;
  std::array<std::string_view, 3> absent;  // unused places are empty
};

// Llama 2 writes [INST] as Mistral does, and Phi-3 <|user|> as Zephyr does.
constexpr ChatMarks kChatMarks[] = {
    {ChatTemplate::Family::chatml, "ChatML", {"<|im_start|>", "<|im_end|>"}, {}},
    {ChatTemplate::Family::llama3, "Llama 3", {"<|start_header_id|>", "<|eot_id|>"}, {}},
    {ChatTemplate::Family::mistral,
     "Mistral",
     {"[INST]", "[/INST]"},
     {"<<SYS>>", "[SYSTEM_PROMPT]", ""}},
    {ChatTemplate::Family::zephyr,
     "Zephyr",
     {"<|user|>", "<|assistant|>"},
     {"<|end|>", "[gMASK]", "<|endoftext|>"}},
};

bool writes(std::string_view jinja, std::string_view mark) {
  return jinja.find(mark) != std::string_view::npos;
}

bool fits(const ChatMarks& marks, std::string_view jinja) {
  const auto written = [&](std::string_view mark) { return writes(jinja, mark); };
  return std::ranges::all_of(marks.present, written) &&
         std::ranges::none_of(
             marks.absent, [&](std::string_view mark) { return !mark.empty() && written(mark); });
}

/// Returns the system text that a ChatML template holds itself: a text between its marks in which
/// nothing is put in.
std::string own_system_text(std::string_view jinja) {
  const std::string plain = replaced_text(jinja, "\\n", "\n");
  constexpr std::string_view kBegin = "<|im_start|>system\n";
  for (std::size_t at = plain.find(kBegin); at != std::string::npos;
       at = plain.find(kBegin, at + 1)) {
    const std::size_t begin = at + kBegin.size();
    const std::size_t end = plain.find("<|im_end|>", begin);
    if (end == std::string::npos) break;
    const std::string text = plain.substr(begin, end - begin);
    if (!text.empty() && text.find_first_of("'\"{}") == std::string::npos) return text;
  }
  return {};
}

std::string_view without_blank_ends(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

std::string chatml(const ChatTemplate& chat, std::string_view system, std::string_view user) {
  const std::string_view shown = system.empty() ? std::string_view(chat.default_system) : system;
  std::string text = chat.start_token;
  if (!shown.empty()) text += "<|im_start|>system\n" + std::string(shown) + "<|im_end|>\n";
  return text + "<|im_start|>user\n" + std::string(user) + "<|im_end|>\n<|im_start|>assistant\n";
}

std::string llama3(const ChatTemplate& chat, std::string_view system, std::string_view user) {
  const auto turn = [](std::string_view role, std::string_view said) {
    return "<|start_header_id|>" + std::string(role) + "<|end_header_id|>\n\n" + std::string(said) +
           "<|eot_id|>";
  };
  std::string text = chat.start_token;
  // The date is that of the template where no one gives another, so that a run can be repeated.
  const std::string dates = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n";
  if (chat.dated || !system.empty()) {
    text += turn("system", (chat.dated ? dates : "") + std::string(system));
  }
  return text + turn("user", user) + "<|start_header_id|>assistant<|end_header_id|>\n\n";
}

std::string mistral(const ChatTemplate& chat, std::string_view system, std::string_view user) {
  std::string text = chat.start_token + "[INST]";
  if (chat.space_before_user) text += ' ';
  if (!system.empty()) text += std::string(system) + "\n\n";
  text += user;
  if (chat.space_after_user) text += ' ';
  return text + "[/INST]";
}

std::string zephyr(const ChatTemplate& chat, std::string_view system, std::string_view user) {
  std::string text = chat.start_token;
  if (!system.empty()) text += "<|system|>\n" + std::string(system) + chat.end_token + "\n";
  return text + "<|user|>\n" + std::string(user) + chat.end_token + "\n<|assistant|>\n";
}

}  // namespace

std::string known_chat_families() {
  std::vector<std::string_view> names;
  for (const auto& marks : kChatMarks) names.push_back(marks.name);
  return core::join(names);
}

std::optional<ChatTemplate> find_chat_template(std::string_view jinja, std::string_view start_token,
                                               std::string_view end_token) {
  const auto* found =
      std::ranges::find_if(kChatMarks, [&](const ChatMarks& marks) { return fits(marks, jinja); });
  if (found == std::end(kChatMarks)) return std::nullopt;
  ChatTemplate chat{.family = found->family, .end_token = std::string(end_token)};
  const std::string_view quoted = start_token.empty() ? "bos_token" : start_token;
  if (writes(jinja, "bos_token") || writes(jinja, quoted)) chat.start_token = start_token;
  if (found->family == ChatTemplate::Family::chatml) chat.default_system = own_system_text(jinja);
  chat.trims = writes(jinja, "| trim") || writes(jinja, "|trim");
  chat.dated = writes(jinja, "Cutting Knowledge Date");
  chat.space_before_user = writes(jinja, "[INST] ");
  chat.space_after_user = writes(jinja, " [/INST]");
  return chat;
}

ChatTemplate recognise_chat_template(std::string_view jinja, std::string_view start_token,
                                     std::string_view end_token) {
  if (auto chat = find_chat_template(jinja, start_token, end_token)) return std::move(*chat);
  throw core::Error({.what = jinja.empty() ? "the model has no chat template"
                                           : "the model's chat template is not known",
                     .found = jinja.empty() ? "" : "'" + std::string(jinja.substr(0, 80)) + "…'",
                     .expected = "one of " + known_chat_families(),
                     .remedy =
                         "write the prompt with the model's special tokens in it and give it as "
                         "plain text, without a chat"});
}

std::string end_of_turn(const ChatTemplate& chat) {
  switch (chat.family) {
    case ChatTemplate::Family::chatml:
      return "<|im_end|>";
    case ChatTemplate::Family::llama3:
      return "<|eot_id|>";
    default:
      return chat.end_token;
  }
}

std::string apply_chat(const ChatTemplate& chat, std::string_view system, std::string_view user) {
  if (chat.trims) {
    system = without_blank_ends(system);
    user = without_blank_ends(user);
  }
  switch (chat.family) {
    case ChatTemplate::Family::chatml:
      return chatml(chat, system, user);
    case ChatTemplate::Family::llama3:
      return llama3(chat, system, user);
    case ChatTemplate::Family::mistral:
      return mistral(chat, system, user);
    default:
      return zephyr(chat, system, user);
  }
}

}  // namespace sketchscope::text
