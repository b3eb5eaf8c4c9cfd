#include "engine/corpus/tale_tokens.hpp"

#include "engine/corpus/corpus.hpp"

namespace sketchscope {

std::vector<int> tale_tokens(const Tokenizer& tokenizer, std::size_t tokens,
                             std::size_t characters) {
  std::vector<int> text;
  for (std::uint64_t seed = 1; text.size() < tokens; ++seed) {
    const Tale tale =
        make_tale({.split = CorpusSplit::test, .seed = seed, .characters = characters});
    const std::vector<int> more = tokenizer.encode(tale.text);
    text.insert(text.end(), more.begin(), more.end());
  }
  return text;
}

}  // namespace sketchscope
