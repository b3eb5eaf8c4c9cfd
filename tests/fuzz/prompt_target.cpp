#include "engine/text/streaming_decoder.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::fuzz {
namespace {

const text::Tokenizer& byte_level_tokenizer() {
  static const text::Tokenizer kTokenizer = [] {
    const support::TemporaryDirectory folder;
    support::write_tiny_tokenizer(folder.path());
    return std::move(*text::Tokenizer::open(folder.path()));
  }();
  return kTokenizer;
}

bool run_prompt(std::string_view input) {
  const text::Tokenizer& tokenizer = byte_level_tokenizer();
  check_tokenizer(tokenizer, input);
  const std::vector<int> ids = tokenizer.encode(input);
  require(tokenizer.decode(ids) == input, "a prompt does not come back");
  text::StreamingDecoder decoder(tokenizer);
  std::string streamed;
  for (const int id : ids) streamed += decoder.push(id);
  require(streamed + decoder.flush() == input, "a prompt does not come back token by token");
  return true;
}

std::vector<std::string> prompt_seeds() {
  return {"the mill's 12 doors\n\n  <|endoftext|> caf\xC3\xA9 \xF0\x9F\x9A\xAA", "\xFF\xC3 the"};
}

}  // namespace

Target prompt_target() {
  return {"prompt", "a prompt, with a tokenizer over bytes", run_prompt, prompt_seeds};
}

}  // namespace sketchscope::fuzz
