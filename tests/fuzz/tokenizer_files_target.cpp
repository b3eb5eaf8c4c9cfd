#include <algorithm>
#include <array>

#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

constexpr std::array<std::string_view, 12> kTokenizerFiles = {"vocab.json",
                                                              "merges.txt",
                                                              "encoder.json",
                                                              "vocab.bpe",
                                                              "tokenizer.json",
                                                              "tokenizer_config.json",
                                                              "special_tokens_map.json",
                                                              "added_tokens.json",
                                                              "generation_config.json",
                                                              "config.json",
                                                              "chat_template.jinja",
                                                              "chat_template.json"};

bool run_tokenizer_files(std::string_view input) {
  const Files files = split_files(input);
  const support::TemporaryDirectory folder;
  for (const auto& [name, content] : files) {
    if (std::ranges::find(kTokenizerFiles, name) != kTokenizerFiles.end()) {
      support::write_bytes(folder.path() / name, content);
    }
  }
  const auto tokenizer = accepted([&] { return text::Tokenizer::open(folder.path()); });
  if (!tokenizer || !*tokenizer) return false;
  check_tokenizer(**tokenizer, content_of(files, "text"));
  return true;
}

std::vector<std::string> tokenizer_files_seeds() {
  Files files = {{"vocab.json", R"({"a":0,"b":1,"ab":2,"<|endoftext|>":3})"},
                 {"merges.txt", "#version: 0.2\na b\n"},
                 {"text", "abba <|endoftext|>"}};
  std::vector<std::string> seeds = {join_files(files)};
  files["tokenizer_config.json"] =
      R"({"tokenizer_class":"GPT2TokenizerFast","bos_token":"<|endoftext|>","add_bos_token":true,)"
      R"("add_prefix_space":true,"added_tokens_decoder":{"4":{"content":"<x>","special":true}}})";
  files["special_tokens_map.json"] = R"({"eos_token":{"content":"<|endoftext|>"}})";
  files["added_tokens.json"] = R"({"<y>":5})";
  files["generation_config.json"] = R"({"eos_token_id":[3]})";
  files["chat_template.jinja"] = "{{ messages }}";
  seeds.push_back(join_files(files));
  return seeds;
}

}  // namespace

Target tokenizer_files_target() {
  return {"tokenizer-files", "vocab.json, merges.txt and the settings beside them",
          run_tokenizer_files, tokenizer_files_seeds};
}

}  // namespace sketchscope::fuzz
