#include "engine/text/chat_template.hpp"

#include <algorithm>
#include <array>

#include "engine/core/error.hpp"
#include "engine/text/jinja_template.hpp"

namespace sketchscope::text {
namespace {

/// The token that ends a turn in templates that write all of some marks and none of others.
struct TurnMarks {
  std::array<std::string_view, 2> present;
  std::array<std::string_view, 3> absent;  // unused places are empty
  std::string_view end;                    // empty: the tokenizer's
};

// Llama 2 writes [INST] as Mistral does, and Phi-3 <|user|> as Zephyr does.
constexpr TurnMarks kTurnMarks[] = {
    {{"<|im_start|>", "<|im_end|>"}, {}, "<|im_end|>"},
    {{"<|start_header_id|>", "<|eot_id|>"}, {}, "<|eot_id|>"},
    {{"[INST]", "[/INST]"}, {"<<SYS>>", "[SYSTEM_PROMPT]", ""}, ""},
    {{"<|user|>", "<|assistant|>"}, {"<|end|>", "[gMASK]", "<|endoftext|>"}, ""},
};

bool fits(const TurnMarks& marks, std::string_view jinja) {
  const auto written = [&](std::string_view mark) {
    return jinja.find(mark) != std::string_view::npos;
  };
  return std::ranges::all_of(marks.present, written) &&
         std::ranges::none_of(
             marks.absent, [&](std::string_view mark) { return !mark.empty() && written(mark); });
}

JinjaValue message_of(const char* role, std::string_view content) {
  return {{"role", role}, {"content", std::string(content)}};
}

}  // namespace

std::string apply_chat_template(std::string_view jinja, const ChatTokens& tokens,
                                std::string_view system, std::string_view user) {
  if (jinja.empty()) {
    throw core::Error({.what = "the model has no chat template",
                       .found = {},
                       .expected = "chat_template.jinja, or chat_template in its tokenizer's files",
                       .remedy = "write the prompt with the model's special tokens in it and give "
                                 "it as plain text, without a chat"});
  }
  JinjaValue messages = JinjaValue::array();
  if (!system.empty()) messages.push_back(message_of("system", system));
  messages.push_back(message_of("user", user));
  std::map<std::string, JinjaValue> variables = {{"messages", std::move(messages)},
                                                 {"add_generation_prompt", true},
                                                 {"tools", nullptr},
                                                 {"documents", nullptr}};
  if (!tokens.start.empty()) variables["bos_token"] = std::string(tokens.start);
  if (!tokens.end.empty()) variables["eos_token"] = std::string(tokens.end);
  return write_jinja(jinja, std::move(variables));
}

std::string_view end_of_turn(std::string_view jinja, std::string_view end_token) {
  const auto* found =
      std::ranges::find_if(kTurnMarks, [&](const TurnMarks& marks) { return fits(marks, jinja); });
  if (found == std::end(kTurnMarks)) return {};
  return found->end.empty() ? end_token : found->end;
}

}  // namespace sketchscope::text
