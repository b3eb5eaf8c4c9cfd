#include "cli/text_tokens.hpp"

#include <algorithm>

#include "engine/core/files.hpp"

namespace sketchscope {

std::vector<int> first_tokens(const LoadedModel& model, const std::filesystem::path& text,
                              int most) {
  std::vector<int> tokens = tokenizer_of(model).encode(read_file(text));
  tokens.resize(std::min(tokens.size(), static_cast<std::size_t>(most)));
  return tokens;
}

}  // namespace sketchscope
