#pragma once

#include <map>
#include <span>
#include <vector>

namespace sketchscope {

/// How often each run of `order` tokens occurs.
using NgramCounts = std::map<std::vector<int>, int>;
NgramCounts count_ngrams(std::span<const int> tokens, int order);

/// BLEU (Papineni et al., 2002) over token ids: geometric mean of the clipped precisions of orders
/// 1 to `longest`, times the brevity penalty against the reference nearest in length. No smoothing,
/// so a candidate without a matching run of `longest` tokens scores 0. 0 to 1.
double bleu(std::span<const int> candidate, std::span<const std::vector<int>> references,
            int longest);

}  // namespace sketchscope
