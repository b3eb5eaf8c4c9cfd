#include "engine/text/pre_tokenizer.hpp"

#include <string>

#include "engine/text/utf8.hpp"

namespace sketchscope::text {

std::string gpt2_pattern() {
  // The repeats are possessive where backtracking could not lead to a match.
  return "'(?:s|t|re|ve|m|ll|d)"
         R"(| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s+(?!\S)|\s++)";
}

PreTokenizer::PreTokenizer() : pattern_(gpt2_pattern(), "GPT-2") {}

void PreTokenizer::split(std::string_view text,
                         const std::function<void(std::string_view)>& use) const {
  while (!text.empty()) {
    const bool valid = utf8_character_length(text) > 0;
    const std::string_view run = text.substr(0, utf8_run_length(text, valid));
    if (valid) {
      pattern_.for_each_match(
          run, [&](std::size_t begin, std::size_t end) { use(run.substr(begin, end - begin)); });
    } else {
      use(run);
    }
    text.remove_prefix(run.size());
  }
}

}  // namespace sketchscope::text
