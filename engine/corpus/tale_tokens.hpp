#pragma once

#include <cstddef>
#include <vector>

#include "engine/text/tokenizer.hpp"

namespace sketchscope {

/// Tales of the test split, which the embedded model was not trained on, one after the other until
/// there are at least `tokens`; a tale ends with the first sentence beyond `characters`.
std::vector<int> tale_tokens(const Tokenizer& tokenizer, std::size_t tokens,
                             std::size_t characters);

}  // namespace sketchscope
