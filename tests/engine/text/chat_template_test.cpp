#include "engine/text/chat_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "tests/support/golden_tokenizers.hpp"

namespace sketchscope::text {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr ChatTokens kTokens = {.start = "<s>", .end = "</s>"};

std::string alone(std::string_view jinja, std::string_view user = "Hello") {
  return apply_chat_template(jinja, kTokens, "", user);
}

std::string with_system(std::string_view jinja) {
  return apply_chat_template(jinja, kTokens, "Be brief.", "Hello");
}

TEST(ChatTemplate, WritesWhatTransformersWrites) {
  const json file = support::golden_tokenizers("chats.json");
  ASSERT_GT(file.size(), 5U);
  for (const auto& [name, example] : file.items()) {
    const auto jinja = example.at("template").get<std::string>();
    EXPECT_EQ(apply_chat_template(jinja, kTokens, "", "Where is the lantern?"),
              example.at("alone").get<std::string>())
        << name;
    EXPECT_EQ(apply_chat_template(jinja, kTokens, "Answer in one word.", "Where is the lantern?"),
              example.at("with_system").get<std::string>())
        << name;
    EXPECT_EQ(
        apply_chat_template(jinja, kTokens, " Answer in one word.\n", " Where is the lantern?\n"),
        example.at("padded").get<std::string>())
        << name;
  }
}

TEST(ChatTemplate, WritesAnEndTokenOnlyWhereTheTemplateDoes) {
  const std::string jinja =
      "{% for message in messages %}{% if message['role'] == 'system' %}{{ '<|system|>\n' + "
      "message['content'] + '\n' }}{% elif message['role'] == 'user' %}{{ '<|user|>\n' + "
      "message['content'] + '\n' }}{% else %}{{ '<|assistant|>\n' + message['content'] + eos_token "
      "}}{% endif %}{% if loop.last and add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif "
      "%}{% endfor %}";
  EXPECT_EQ(alone(jinja), "<|user|>\nHello\n<|assistant|>\n");
  EXPECT_EQ(with_system(jinja), "<|system|>\nBe brief.\n<|user|>\nHello\n<|assistant|>\n");
}

TEST(ChatTemplate, FollowsFormsOfChatmlThatDifferInTheirDetails) {
  const std::string thinking =
      "{%- if messages[0].role == 'system' %}\n  {{- '<|im_start|>system\\n' + messages[0].content "
      "+ '<|im_end|>\\n' }}\n{%- endif %}\n{%- for message in messages %}\n  {%- if (message.role "
      "== \"user\") or (message.role == \"system\" and not loop.first) %}\n    {{- '<|im_start|>' "
      "+ message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n  {%- endif %}\n{%- "
      "endfor %}\n{%- if add_generation_prompt %}\n  {{- '<|im_start|>assistant\\n<think>\\n' "
      "}}\n{%- endif %}";
  EXPECT_EQ(alone(thinking), "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n<think>\n");
  EXPECT_EQ(with_system(thinking),
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n"
            "<|im_start|>assistant\n<think>\n");
  const std::string separated =
      "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '<|im_sep|>' + m['content'] + "
      "'<|im_end|>' }}{% endfor %}{{ '<|im_start|>assistant<|im_sep|>' }}";
  EXPECT_EQ(alone(separated),
            "<|im_start|>user<|im_sep|>Hello<|im_end|><|im_start|>assistant<|im_sep|>");
  const std::string bare =
      "{% if messages[0]['role'] == 'system' %}{% set s = messages[0]['content'] %}{% endif %}{% "
      "if s is defined %}{{ s }}{% endif %}{% for m in messages %}{% if m['role'] == 'user' %}{{ "
      "'<|im_start|>user\n' + m['content'] + '<|im_end|>\n<|im_start|>assistant\n' }}{% endif %}{% "
      "endfor %}";
  EXPECT_EQ(with_system(bare),
            "Be brief.<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n");
  EXPECT_EQ(alone(bare), "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n");
}

TEST(ChatTemplate, PutsATemplatesOwnTextsWhereItDoes) {
  const std::string jinja =
      "{%- if thinks is not defined -%}{%- set thinks = true -%}{%- endif -%}\n{{- "
      "\"<|im_start|>system\\n## Metadata\\nMode: \" + ('/think' if thinks else '/no') + \"\\n\" "
      "-}}\n{%- if messages[0].role == \"system\" -%}{{- messages[0].content | trim -}}{%- else "
      "-%}{{- \"You are ours.\" -}}{%- endif -%}\n{{- \"<|im_end|>\\n\" -}}\n{%- for m in messages "
      "if m.role == 'user' -%}{{ \"<|im_start|>user\\n\" + m.content }}{%- endfor -%}";
  EXPECT_EQ(alone(jinja),
            "<|im_start|>system\n## Metadata\nMode: /think\nYou are ours.<|im_end|>\n"
            "<|im_start|>user\nHello");
  EXPECT_EQ(with_system(jinja),
            "<|im_start|>system\n## Metadata\nMode: /think\nBe brief.<|im_end|>\n"
            "<|im_start|>user\nHello");
}

TEST(ChatTemplate, SaysWhatATemplateSaysWhereItRaisesAnException) {
  const std::string jinja =
      "{{ bos_token }}{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) "
      "%}{{ raise_exception('Roles must alternate') }}{% endif %}{{ ' [INST] ' + "
      "m['content'].strip() + ' [/INST]' }}{% endfor %}";
  EXPECT_EQ(alone(jinja, " Hi\u3000\n"), "<s> [INST] Hi [/INST]");
  try {
    (void)with_system(jinja);
    ADD_FAILURE() << "a system text that the template does not take";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Roles must alternate"));
    EXPECT_THAT(error.what(), HasSubstr("--system"));
  }
}

TEST(ChatTemplate, RefusesWhatItDoesNotUnderstandAndSaysHowToGoOn) {
  for (const auto& [jinja, named] :
       {std::pair("", "no chat template"), std::pair("{{ strftime_now('%Y') }}", "strftime_now"),
        std::pair("{{ messages | pprint }}", "pprint"), std::pair("{{ messages }}", "a list"),
        std::pair("{{ messages is odd }}", "odd"), std::pair("{{ unk_token }}", "unk_token"),
        std::pair("{% include 'x' %}", "include"), std::pair("{{ nothing.at_all }}", "undefined"),
        std::pair("{% if messages %}", "the end")}) {
    try {
      (void)alone(jinja);
      ADD_FAILURE() << jinja << " was accepted";
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(named));
      EXPECT_THAT(error.what(), HasSubstr("as plain text"));
    }
  }
}

TEST(ChatTemplate, KnowsTheTokenThatEndsATurn) {
  EXPECT_EQ(end_of_turn("<|im_start|> <|im_end|>", "</s>"), "<|im_end|>");
  EXPECT_EQ(end_of_turn("<|start_header_id|> <|eot_id|>", "</s>"), "<|eot_id|>");
  EXPECT_EQ(end_of_turn("[INST] [/INST]", "</s>"), "</s>");
  EXPECT_EQ(end_of_turn("<|user|><|end|><|assistant|>", "</s>"), "");
}

}  // namespace
}  // namespace sketchscope::text
