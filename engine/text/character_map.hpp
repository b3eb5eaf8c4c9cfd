#pragma once

#include <string>

#include "engine/text/normalizer.hpp"

namespace sketchscope::text {

/// Returns the step that replaces, from left to right, the longest text that a SentencePiece
/// `precompiled_charsmap` knows: the length of a double-array trie (Darts-clone), the trie, and the
/// replacements, each ended by a zero byte. Throws Error naming `source` where it is damaged.
NormalizerStep character_map_step(const std::string& map, const std::string& source);

}  // namespace sketchscope::text
