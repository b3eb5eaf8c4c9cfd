#pragma once

#include <map>
#include <span>
#include <vector>

namespace sketchscope {

/// Occurrences of each n-gram of `order` tokens.
using NgramCounts = std::map<std::vector<int>, int>;
NgramCounts count_ngrams(std::span<const int> tokens, int order);

/// Returns BLEU (Papineni et al., 2002) over token ids, 0 to 1: the geometric mean of the clipped
/// precisions of orders 1 to `longest`, times the brevity penalty against the reference nearest in
/// length. There is no smoothing, so a candidate without a matching n-gram of `longest` tokens
/// scores 0.
double bleu(std::span<const int> candidate, std::span<const std::vector<int>> references,
            int longest);

}  // namespace sketchscope
