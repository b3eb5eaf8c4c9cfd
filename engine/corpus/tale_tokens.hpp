#pragma once

#include <cstddef>
#include <vector>

#include "engine/text/tokenizer.hpp"

namespace sketchscope {

/// Returns at least `tokens` tokens of consecutive tales of the test split, which the embedded
/// model was not trained on. A tale ends with the sentence that exceeds `characters` characters.
std::vector<int> tale_tokens(const Tokenizer& tokenizer, std::size_t tokens,
                             std::size_t characters);

}  // namespace sketchscope
