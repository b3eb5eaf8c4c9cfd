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

TEST(ChatTemplate, WritesWhatTheTemplatesOfItsFamiliesWrite) {
  const json file = support::golden_tokenizers("chats.json");
  ASSERT_GT(file.size(), 5U);
  for (const auto& [name, example] : file.items()) {
    const auto chat =
        recognise_chat_template(example.at("template").get<std::string>(), "<s>", "</s>");
    EXPECT_EQ(apply_chat(chat, "", "Where is the lantern?"), example.at("alone").get<std::string>())
        << name;
    EXPECT_EQ(apply_chat(chat, "Answer in one word.", "Where is the lantern?"),
              example.at("with_system").get<std::string>())
        << name;
    EXPECT_EQ(apply_chat(chat, " Answer in one word.\n", " Where is the lantern?\n"),
              example.at("padded").get<std::string>())
        << name;
  }
}

TEST(ChatTemplate, BeginsALlama31SystemTextWithItsDates) {
  const auto chat = recognise_chat_template(
      "{{ bos_token }}<|start_header_id|>Cutting Knowledge Date: December 2023<|eot_id|>", "<s>",
      "</s>");
  EXPECT_EQ(
      apply_chat(chat, "Be brief.", "Hello"),
      "<s><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December "
      "2023\nToday Date: 26 Jul 2024\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_"
      "id|>\n\nHello<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n");
}

TEST(ChatTemplate, RefusesOthersAndSaysHowToGoOn) {
  for (const char* jinja :
       {"", "{{ messages }}", "[INST] <<SYS>> [/INST]", "<|user|><|end|><|assistant|>"}) {
    try {
      (void)recognise_chat_template(jinja, "<s>", "</s>");
      ADD_FAILURE() << jinja << " was accepted";
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("ChatML, Llama 3, Mistral, Zephyr"));
      EXPECT_THAT(error.what(), HasSubstr("as plain text"));
    }
  }
}

}  // namespace
}  // namespace sketchscope::text
